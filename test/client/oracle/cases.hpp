#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace provphone::test {

// Where a case may be played besides in memory.
enum class Wire : std::uint8_t {
  memory_only,  // it names servers that are not there, or failures that no server can be made to
                // have
  sockets,      // all that it asks is on one server on loopback
};

// A mechanism of retrievals, as one phone meets it. In all parts `@` stands for the address and
// port of a server, `@dead` for a port that nobody listens on.
struct OracleCase {
  std::string_view title;
  std::string_view set;     // parameters, `Profile_Rule: ..., ...`
  std::string_view server;  // keys of `server`, each on a line behind two blanks
  std::string_view phone;   // more keys of the group, `, dhcp: {...}`
  std::string_view events;  // besides power-on at the start, each on a line
  Wire wire = Wire::sockets;
};

std::span<const OracleCase> oracle_cases();

// For a server at 127.0.0.1:`port`.
std::string yaml_of(const OracleCase& it, std::uint16_t port);

}  // namespace provphone::test
