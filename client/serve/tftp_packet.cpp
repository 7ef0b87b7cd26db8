#include "client/serve/tftp_packet.hpp"

#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"

#include <algorithm>

namespace provphone::client::serve {
namespace {

// RFC 2348 and RFC 2349.
constexpr std::uint64_t smallest_block = 8;
constexpr std::uint64_t largest_block = 65464;
constexpr std::uint64_t longest_timeout = 255;

std::uint16_t number_at(std::string_view packet, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(packet[at]) * 256U +
                                    static_cast<unsigned char>(packet[at + 1]));
}

void append_number(std::string& packet, unsigned number) {
  packet += static_cast<char>(static_cast<unsigned char>(number / 256U));
  packet += static_cast<char>(static_cast<unsigned char>(number % 256U));
}

// Takes a text and the zero that ends it off the front.
std::optional<std::string_view> take_text(std::string_view& packet) {
  const auto end = packet.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  const auto text = packet.substr(0, end);
  packet.remove_prefix(end + 1);
  return text;
}

bool is_agreed(const Agreement& agreement, const std::string& name) {
  return std::any_of(agreement.options.begin(), agreement.options.end(),
                     [&](const auto& option) { return option.first == name; });
}

}  // namespace

std::optional<Opcode> opcode_of(std::string_view packet) {
  if (packet.size() < 2) return std::nullopt;
  // Any number: who asks compares it with those that it knows.
  return static_cast<Opcode>(number_at(packet, 0));
}

std::optional<TftpRequest> parse_tftp_request(std::string_view packet) {
  const auto opcode = opcode_of(packet);
  if (opcode != Opcode::read_request && opcode != Opcode::write_request) return std::nullopt;
  packet.remove_prefix(2);
  const auto file_name = take_text(packet);
  const auto mode = take_text(packet);
  if (!file_name || !mode || file_name->empty()) return std::nullopt;
  TftpRequest request{*opcode, std::string(*file_name), ascii::lowered(*mode), {}};
  // Some clients pad their requests: what does not make a pair at the end is left alone.
  while (!packet.empty()) {
    const auto name = take_text(packet);
    const auto value = take_text(packet);
    if (!name || !value) break;
    request.options.emplace_back(ascii::lowered(*name), *value);
  }
  return request;
}

std::optional<std::uint16_t> acknowledged_block(std::string_view packet) {
  if (packet.size() < 4 || opcode_of(packet) != Opcode::acknowledgement) return std::nullopt;
  return number_at(packet, 2);
}

std::optional<DataPacket> data_of(std::string_view packet) {
  if (packet.size() < 4 || opcode_of(packet) != Opcode::data) return std::nullopt;
  return DataPacket{number_at(packet, 2), packet.substr(4)};
}

std::uint64_t announced_octets(const TftpRequest& request) {
  for (const auto& [name, value] : request.options) {
    if (name == "tsize") return parse_whole<std::uint64_t>(value).value_or(0);
  }
  return 0;
}

Agreement agree(const TftpRequest& request, std::uint64_t file_octets) {
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

std::string format_data(std::uint16_t block, std::string_view content) {
  std::string packet;
  packet.reserve(content.size() + 4);
  append_number(packet, static_cast<unsigned>(Opcode::data));
  append_number(packet, block);
  return packet.append(content);
}

std::string format_acknowledgement(std::uint16_t block) {
  std::string packet;
  append_number(packet, static_cast<unsigned>(Opcode::acknowledgement));
  append_number(packet, block);
  return packet;
}

std::string format_options(const Agreement& agreement) {
  std::string packet;
  append_number(packet, static_cast<unsigned>(Opcode::options));
  for (const auto& [name, value] : agreement.options) {
    packet.append(name).append(1, '\0').append(value).append(1, '\0');
  }
  return packet;
}

std::string format_error(TftpError code, std::string_view text) {
  std::string packet;
  append_number(packet, static_cast<unsigned>(Opcode::error));
  append_number(packet, static_cast<unsigned>(code));
  return packet.append(text).append(1, '\0');
}

}  // namespace provphone::client::serve
