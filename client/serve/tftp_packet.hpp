#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Packets of RFC 1350 and the options of RFC 2347, 2348 and 2349, from the server's side.
namespace provphone::client::serve {

enum class Opcode : std::uint16_t {
  read_request = 1,
  write_request,
  data,
  acknowledgement,
  error,
  options,
};

enum class TftpError : std::uint16_t {
  not_defined = 0,
  file_not_found = 1,
  access_violation = 2,
  disk_full = 3,
  illegal_operation = 4,
  unknown_transfer = 5,
};

struct TftpRequest {
  Opcode opcode = Opcode::read_request;
  std::string file_name;
  std::string mode;                                          // in lower case
  std::vector<std::pair<std::string, std::string>> options;  // names in lower case

  friend bool operator==(const TftpRequest&, const TftpRequest&) = default;
};

// Nothing where the packet is too short to be of any kind.
std::optional<Opcode> opcode_of(std::string_view packet);

// Nothing where it is no well-formed request, to read or to write.
std::optional<TftpRequest> parse_tftp_request(std::string_view packet);

// The block number of an acknowledgement; nothing for any other packet.
std::optional<std::uint16_t> acknowledged_block(std::string_view packet);

struct DataPacket {
  std::uint16_t block;
  std::string_view content;  // part of the packet
};

// Nothing for any other packet.
std::optional<DataPacket> data_of(std::string_view packet);

// The size that a client says it will write; 0 where it says none.
std::uint64_t announced_octets(const TftpRequest& request);

// What the two sides agree on: the options this server knows, with values it can keep to (blksize
// from 8, timeout from 1 to 255 s, tsize). The rest is left unanswered, as RFC 2347 wants it.
struct Agreement {
  std::uint16_t block_octets = 512;
  std::optional<std::uint8_t> timeout_seconds;
  std::vector<std::pair<std::string, std::string>>
      options;  // to acknowledge, in the client's order
};

// `file_octets` answers tsize: the file's size, or what the client has announced.
Agreement agree(const TftpRequest& request, std::uint64_t file_octets);

std::string format_data(std::uint16_t block, std::string_view content);
std::string format_acknowledgement(std::uint16_t block);
std::string format_options(const Agreement& agreement);
std::string format_error(TftpError code, std::string_view text);

}  // namespace provphone::client::serve
