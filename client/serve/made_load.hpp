#pragma once

#include "client/serve/content.hpp"

#include <cstdint>
#include <optional>
#include <string>

// Firmware that is made while it is sent, so that nobody needs the real one, nor the disk for it
// (behaviour rules R-UPGRADE-05 and R-UPGRADE-11 say what a phone wants of it).
namespace provphone::client::serve {

struct MadeLoads {
  std::string folder;                // `/fw`: what is called as a load or a part there is one
  std::uint32_t parts = 1;           // that a .loads names, 1 to resync::most_parts
  std::uint64_t octets = 1'000'000;  // of each part, and of a load without a list
};

// Nothing where the path is not below the folder or is not called so.
std::optional<Content> made_load(const MadeLoads& loads, const std::string& path);

}  // namespace provphone::client::serve
