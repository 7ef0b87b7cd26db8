#include "client/serve/tftp_agreement.hpp"

#include "macro/whole_number.hpp"

#include <algorithm>
#include <string>

namespace provphone::client::serve {
namespace {

// RFC 2348 and RFC 2349.
constexpr std::uint64_t smallest_block = 8;
constexpr std::uint64_t largest_block = 65464;
constexpr std::uint64_t longest_timeout = 255;

bool is_agreed(const Agreement& agreement, const std::string& name) {
  return std::any_of(agreement.options.begin(), agreement.options.end(),
                     [&](const auto& option) { return option.first == name; });
}

}  // namespace

std::uint64_t announced_octets(const transport::tftp::Request& request) {
  for (const auto& [name, value] : request.options) {
    if (name == "tsize") return parse_whole<std::uint64_t>(value).value_or(0);
  }
  return 0;
}

Agreement agree(const transport::tftp::Request& request, std::uint64_t file_octets) {
  Agreement agreement;
  for (const auto& [name, value] : request.options) {
    const auto asked = parse_whole<std::uint64_t>(value);
    // Of an option that comes twice the first counts (RFC 2347 allows one).
    if (!asked || is_agreed(agreement, name)) continue;
    if (name == "tsize") {
      agreement.options.emplace_back(name, std::to_string(file_octets));
    } else if (name == "blksize" && *asked >= smallest_block) {
      agreement.block_octets = static_cast<std::uint16_t>(std::min(*asked, largest_block));
      agreement.options.emplace_back(name, std::to_string(agreement.block_octets));
    } else if (name == "timeout" && *asked >= 1 && *asked <= longest_timeout) {
      agreement.timeout_seconds = static_cast<std::uint8_t>(*asked);
      agreement.options.emplace_back(name, std::to_string(*asked));
    }
  }
  return agreement;
}

}  // namespace provphone::client::serve
