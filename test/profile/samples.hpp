#pragma once

#include "profile/decode.hpp"

#include <optional>
#include <string>
#include <string_view>

// What the profile tests share: short ways to say a file and to ask what it says.
namespace provphone::profile::samples {

// What the file makes of `name`: its value, "(kept)" where only the right changes, "(none)" where
// it says nothing.
inline std::string value_of(const Decoded& decoded, std::string_view name) {
  const auto id = find_parameter(name);
  for (const auto& change : decoded.changes) {
    if (change.id == id) return change.value.value_or("(kept)");
  }
  return "(none)";
}

inline DecodeOptions reading(SelfClosed self_closed, std::string_view alias_map = {}) {
  DecodeOptions options;
  options.self_closed = self_closed;
  options.alias_map = alias_map;
  return options;
}

inline std::string error_of(const Result<Decoded>& decoded) {
  return decoded ? "no error" : std::string(name(decoded.error().code));
}

inline std::string in_profile(std::string_view inside) {
  return std::string("<flat-profile>").append(inside).append("</flat-profile>");
}

}  // namespace provphone::profile::samples
