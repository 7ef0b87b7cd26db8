#pragma once

#include "macro/fnv1a.hpp"

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
  macro::Fnv1a<std::uint64_t> hash_;
};

}  // namespace provphone::client::trace
