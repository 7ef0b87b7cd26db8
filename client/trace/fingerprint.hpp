#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace provphone::client::trace {

// 64-bit FNV-1a over numbers and texts: tells runs and scenarios apart, and is no defence against
// anybody.
class Fingerprint {
 public:
  void add(std::uint64_t number);
  void add(std::string_view text);  // where one text ends and the next begins counts
  std::string hex() const;          // 16 digits

 private:
  void fold(std::uint64_t octet) { state_ = (state_ ^ octet) * 1099511628211U; }

  std::uint64_t state_ = 14695981039346656037U;
};

}  // namespace provphone::client::trace
