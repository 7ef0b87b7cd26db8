#pragma once

#include "macro/error.hpp"

#include <compare>
#include <cstdint>
#include <string_view>

// Firmware version literals and their order (behaviour rules R-COND-*).
namespace provphone::macro {

enum class VersionOrder : std::uint8_t {
  legacy,  // 2.0.6(b): Sipura, Linksys, SPA
  mpp,     // sip88xx.11-3-2MPP0001-609
};

// True where compare_versions() accepts `text`. No text is a version of both families.
bool is_version(std::string_view text, VersionOrder order);

// R-COND-13 and R-COND-17. Versions may be equal that are spelt differently. Fails with
// Errc::version_format when either text is not a version of that family; the detail says which
// side.
Result<std::strong_ordering> compare_versions(std::string_view left, std::string_view right,
                                              VersionOrder order);

}  // namespace provphone::macro
