#pragma once

#include "client/transport/datagrams.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <chrono>
#include <functional>
#include <string_view>

namespace provphone::client::transport {

// Syslog datagrams to servers that phones name: `<134>Mmm dd hh:mm:ss [identifier ]text` (R-LOG-01
// to R-LOG-04), or as RFC 5424 begins them: `<134>1 YYYY-MM-DDThh:mm:ssZ ...` (R-LOG-19). Used from
// the thread of the loop alone.
class Syslog {
 public:
  // As Datagrams::OnSent, and with bad_argument for what is no server.
  using OnSent = Datagrams::OnSent;

  Syslog(const Targets& targets, NameService& names);  // both must outlive it
  ~Syslog() = default;  // messages that still wait are dropped without calling back
  Syslog(const Syslog&) = delete;
  Syslog& operator=(const Syslog&) = delete;

  struct Message {
    std::string_view server;  // host[:port], port 514 by default
    std::string_view identifier, text;
    std::chrono::system_clock::time_point at;  // printed in UTC, also when the message has to wait
    resync::Naming naming{};                   // how the server's name becomes an address
    resync::SyslogForm form = resync::SyslogForm::bare;  // of the time and what stands before it
  };
  // Messages to one server are sent in the order of the calls.
  void send(const Message& message, OnSent on_sent);

 private:
  Datagrams datagrams_;
};

}  // namespace provphone::client::transport
