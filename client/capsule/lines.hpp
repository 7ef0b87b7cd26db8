#pragma once

#include "client/capsule/capsule.hpp"

#include <string_view>
#include <utility>

namespace provphone::client::capsule {

// The line behind which the trace stands.
inline constexpr std::string_view trace_follows = R"({"trace":true})";

// Takes the lines of a capsule, the first one first, until the trace begins.
class CapsuleLines {
 public:
  // Whether another line is wanted: the next one is the trace's first otherwise. Fails with
  // bad_argument and `expected ...`.
  Result<bool> take(std::string_view line);
  Capsule finish() { return std::move(capsule_); }

 private:
  Result<void> take_object(std::string_view line);
  Result<void> take_entry(std::string_view line);

  Capsule capsule_;
  bool has_manifest_ = false;
};

}  // namespace provphone::client::capsule
