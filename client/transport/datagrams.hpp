#pragma once

#include "client/transport/loop.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "resync/naming.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace provphone::client::transport {

// `host`, `host:port`, `[address]:port`, or a bare IPv6 address, whose colons are not a port's.
struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

// Nothing: it is none of these.
std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port);

// UDP datagrams to servers that phones name, one way. Used from the thread of the loop alone.
class Datagrams {
 public:
  // Called once. From within send() where nothing has to be looked up (a literal address, a known
  // name, an error); else on the event loop, when the name has become an address or is known to
  // have none. The Datagrams may be destroyed from within. Fails as NameService::find(), or with
  // target_refused for a server none of whose addresses is a target (R-HTTP-15), or with
  // host_unreachable where the datagram did not leave this machine; one that is lost on its way is
  // no error.
  using OnSent = std::function<void(const Result<void>&)>;

  // All must outlive it.
  Datagrams(const Targets& targets, NameService& names);
  ~Datagrams() = default;  // what still waits is dropped without calling back
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  // To the first address of the server that may be sent to. Datagrams to one server are sent in the
  // order of the calls.
  void send(const HostPort& server, const resync::Naming& naming, std::string datagram,
            OnSent on_sent);

 private:
  const Targets& targets_;
  NameService& names_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace provphone::client::transport
