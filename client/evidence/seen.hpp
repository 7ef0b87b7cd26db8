#pragma once

#include "macro/mac_address.hpp"
#include "resync/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What servers in the field have seen of phones: requests and messages by phone, in the order of
// time, in little space. Made of logs, and what everything that judges logs goes by.
namespace provphone::client::evidence {

// UTC. Logs have local times with or without their offset; whoever reads them makes UTC of them.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

struct SeenRequest {
  // When the server wrote the line, less what the transfer took where the log says that.
  Instant at{};
  std::int32_t took_ms = -1;  // -1: the log does not say
  std::uint32_t what = 0;     // place in Seen::requested
  std::uint32_t agent = 0;    // place in Seen::agents
  std::int16_t status = 0;    // of HTTP; 0: over TFTP, or the log does not say
  std::int64_t bytes = -1;    // sent; -1: the log does not say
};

// A phone's own syslog message.
struct SeenMessage {
  Instant at{};
  std::string text;  // without time, host and tag
};

// How sure it is that all that a SeenPhone holds is of one phone, the surest first.
enum class Sureness : std::uint8_t {
  certificate,  // its subject has the MAC address
  named,        // path, query or user agent has the MAC address or the serial number
  leased,       // a lease file knows whose the address is
  by_address,   // one address is taken for one phone
  last = by_address,
};

struct SeenPhone {
  std::optional<MacAddress> mac{};
  std::string serial{};  // empty: nothing says it
  std::string address;   // as the log has it first; empty: none
  Sureness sureness = Sureness::by_address;
  std::vector<SeenRequest> requests;  // in the order of time
  std::vector<SeenMessage> messages;  // likewise
};

// What was asked for. Texts stand here once, however often they were asked for.
struct Requested {
  std::string method;    // GET, POST, PUT; RRQ, WRQ over TFTP
  std::string path;      // with its query
  std::string host;      // empty: the log does not say
  std::string scheme{};  // http, https, tftp; likewise
};

struct Seen {
  std::vector<Requested> requested;
  std::vector<std::string> agents;  // User-Agent headers; the first is empty
  // In the order of MAC address, those without one behind them by address.
  std::vector<SeenPhone> phones;
  // Of the times: a second where a log has whole seconds, which are rounded down.
  resync::Duration resolution{1};
};

}  // namespace provphone::client::evidence
