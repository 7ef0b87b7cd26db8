#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Packets of RFC 1350 with the options of RFC 2347, for whichever side reads or writes them.
namespace provphone::client::transport::tftp {

enum class Opcode : std::uint16_t {
  read_request = 1,
  write_request,
  data,
  acknowledgement,
  error,
  options,
};

enum class ErrorCode : std::uint16_t {
  not_defined = 0,
  file_not_found = 1,
  access_violation = 2,
  disk_full = 3,
  illegal_operation = 4,
  unknown_transfer = 5,
  refused_options = 8,  // RFC 2347
};

// In the order of the packet; names in lower case.
using Options = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Opcode opcode = Opcode::read_request;
  std::string file_name;
  std::string mode;  // in lower case
  Options options;

  friend bool operator==(const Request&, const Request&) = default;
};

// Nothing where the packet is too short to be of any kind.
std::optional<Opcode> opcode_of(std::string_view packet);

// Nothing where it is no well-formed request, to read or to write.
std::optional<Request> parse_request(std::string_view packet);

// The block number of an acknowledgement; nothing for any other packet.
std::optional<std::uint16_t> acknowledged_block(std::string_view packet);

struct Data {
  std::uint16_t block;
  std::string_view content;  // part of the packet
};

// Nothing for any other packet.
std::optional<Data> data_of(std::string_view packet);

struct ErrorPacket {
  std::uint16_t number;   // an ErrorCode, or one that has no name here
  std::string_view text;  // part of the packet, as it came
};

// Nothing for any other packet. A text without its end is the rest of the packet.
std::optional<ErrorPacket> error_of(std::string_view packet);

// The options that an acknowledgement of options (OACK) holds. Nothing for any other packet, nor
// where a name or a value has no end.
std::optional<Options> options_of(std::string_view packet);

// Of a request, its options included (RFC 2347).
inline constexpr std::size_t largest_request = 512;

// In octet mode.
std::string format_request(const Request& request);
std::string format_data(std::uint16_t block, std::string_view content);
std::string format_acknowledgement(std::uint16_t block);
std::string format_options(const Options& options);
std::string format_error(ErrorCode code, std::string_view text);

// The same into a packet that is there already, which keeps its memory.
void write_data(std::string& packet, std::uint16_t block, std::string_view content);
void write_acknowledgement(std::string& packet, std::uint16_t block);

}  // namespace provphone::client::transport::tftp
