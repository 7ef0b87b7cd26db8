#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/names.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <chrono>
#include <functional>
#include <string_view>

namespace provphone::client::transport {

// Syslog datagrams to servers that phones name: `<134>Mmm dd hh:mm:ss [identifier ]text` (R-LOG-01
// to R-LOG-04). Used from the thread of the loop alone.
class Syslog {
 public:
  // Called once. From within send() where nothing has to be looked up (a literal address, a known
  // name, an error); else on the event loop, when the name has become an address or is known to
  // have none. The Syslog may be destroyed from within. Fails with bad_argument, name_not_resolved
  // (which one message too many gets as well, where Names::most_waiting wait for a name) or
  // target_refused; a lost datagram is no error.
  using OnSent = std::function<void(const Result<void>&)>;

  Syslog(boost::asio::io_context& loop, const Targets& targets);  // both must outlive it
  explicit Syslog(Names names);
  ~Syslog() = default;  // messages that still wait are dropped without calling back
  Syslog(const Syslog&) = delete;
  Syslog& operator=(const Syslog&) = delete;

  struct Message {
    std::string_view server;  // host[:port], port 514 by default
    std::string_view identifier, text;
    std::chrono::system_clock::time_point at;  // printed in UTC, also when the message has to wait
  };
  // Messages to one server are sent in the order of the calls.
  void send(const Message& message, OnSent on_sent);

 private:
  Names names_;
};

}  // namespace provphone::client::transport
