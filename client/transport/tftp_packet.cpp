#include "client/transport/tftp_packet.hpp"

#include "macro/ascii.hpp"

namespace provphone::client::transport::tftp {
namespace {

constexpr std::size_t header_octets = 4;  // opcode, and a number

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

void append_text(std::string& packet, std::string_view text) {
  packet.append(text).append(1, '\0');
}

void append_options(std::string& packet, const Options& options) {
  for (const auto& [name, value] : options) {
    append_text(packet, name);
    append_text(packet, value);
  }
}

}  // namespace

std::optional<Opcode> opcode_of(std::string_view packet) {
  if (packet.size() < 2) return std::nullopt;
  // Any number: who asks compares it with those that it knows.
  return static_cast<Opcode>(number_at(packet, 0));
}

std::optional<Request> parse_request(std::string_view packet) {
  const auto opcode = opcode_of(packet);
  if (opcode != Opcode::read_request && opcode != Opcode::write_request) return std::nullopt;
  packet.remove_prefix(2);
  const auto file_name = take_text(packet);
  const auto mode = take_text(packet);
  if (!file_name || !mode || file_name->empty()) return std::nullopt;
  Request request{*opcode, std::string(*file_name), ascii::lowered(*mode), {}};
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
  if (packet.size() < header_octets || opcode_of(packet) != Opcode::acknowledgement)
    return std::nullopt;
  return number_at(packet, 2);
}

std::optional<Data> data_of(std::string_view packet) {
  if (packet.size() < header_octets || opcode_of(packet) != Opcode::data) return std::nullopt;
  return Data{number_at(packet, 2), packet.substr(header_octets)};
}

std::optional<ErrorPacket> error_of(std::string_view packet) {
  if (packet.size() < header_octets || opcode_of(packet) != Opcode::error) return std::nullopt;
  const auto text = packet.substr(header_octets);
  return ErrorPacket{number_at(packet, 2), text.substr(0, text.find('\0'))};
}

std::optional<Options> options_of(std::string_view packet) {
  if (opcode_of(packet) != Opcode::options) return std::nullopt;
  packet.remove_prefix(2);
  Options options;
  while (!packet.empty()) {
    const auto name = take_text(packet);
    const auto value = take_text(packet);
    if (!name || !value) return std::nullopt;
    options.emplace_back(ascii::lowered(*name), *value);
  }
  return options;
}

std::string format_request(const Request& request) {
  std::string packet;
  append_number(packet, static_cast<unsigned>(request.opcode));
  append_text(packet, request.file_name);
  append_text(packet, "octet");
  append_options(packet, request.options);
  return packet;
}

void write_data(std::string& packet, std::uint16_t block, std::string_view content) {
  packet.clear();
  append_number(packet, static_cast<unsigned>(Opcode::data));
  append_number(packet, block);
  packet.append(content);
}

void write_acknowledgement(std::string& packet, std::uint16_t block) {
  packet.clear();
  append_number(packet, static_cast<unsigned>(Opcode::acknowledgement));
  append_number(packet, block);
}

std::string format_data(std::uint16_t block, std::string_view content) {
  std::string packet;
  packet.reserve(header_octets + content.size());
  write_data(packet, block, content);
  return packet;
}

std::string format_acknowledgement(std::uint16_t block) {
  std::string packet;
  write_acknowledgement(packet, block);
  return packet;
}

std::string format_options(const Options& options) {
  std::string packet;
  append_number(packet, static_cast<unsigned>(Opcode::options));
  append_options(packet, options);
  return packet;
}

std::string format_error(ErrorCode code, std::string_view text) {
  std::string packet;
  append_number(packet, static_cast<unsigned>(Opcode::error));
  append_number(packet, static_cast<unsigned>(code));
  append_text(packet, text);
  return packet;
}

}  // namespace provphone::client::transport::tftp
