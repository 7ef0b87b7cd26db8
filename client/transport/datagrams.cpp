#include "client/transport/datagrams.hpp"

#include "macro/whole_number.hpp"

#include <boost/asio/ip/udp.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <utility>

namespace provphone::client::transport {
namespace {

using boost::asio::ip::udp;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto port = parse_whole<std::uint16_t>(text);
  return port && *port != 0 ? port : std::nullopt;
}

// One socket a thread and address family, since every resync of every phone logs twice.
class DatagramSocket {
 public:
  explicit DatagramSocket(int family)
      : fd_(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~DatagramSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  DatagramSocket(const DatagramSocket&) = delete;
  DatagramSocket& operator=(const DatagramSocket&) = delete;

  // R-LOG-03: nobody learns whether a datagram arrived. One that did not even leave was not sent:
  // the system's number says why, 0 where it did.
  int send(const std::string& datagram, const udp::endpoint& to) const {
    const auto sent = ::sendto(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL, to.data(),
                               static_cast<socklen_t>(to.size()));
    return sent < 0 ? errno : 0;
  }

 private:
  int fd_;
};

const DatagramSocket& datagram_socket(const udp::endpoint& to) {
  thread_local const DatagramSocket v4(AF_INET);
  if (to.address().is_v4()) return v4;
  thread_local const DatagramSocket v6(AF_INET6);
  return v6;
}

}  // namespace

std::optional<HostPort> parse_host_port(std::string_view text, std::uint16_t default_port) {
  std::string_view host = text;
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    const std::size_t closing = text.find(']');
    if (closing == std::string_view::npos) return std::nullopt;
    host = text.substr(1, closing - 1);
    const std::string_view behind = text.substr(closing + 1);
    if (!behind.empty() && behind.front() != ':') return std::nullopt;
    if (!behind.empty()) port = behind.substr(1);
  } else if (const auto colon = text.find(':');
             colon != std::string_view::npos && colon == text.rfind(':')) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (host.empty()) return std::nullopt;
  HostPort parsed{std::string(host), default_port};
  if (!port) return parsed;
  const auto number = parse_port(*port);
  if (!number) return std::nullopt;
  parsed.port = *number;
  return parsed;
}

Datagrams::Datagrams(const Targets& targets, NameService& names)
    : targets_(targets), names_(names) {}

void Datagrams::send(const HostPort& server, const resync::Naming& naming, std::string datagram,
                     OnSent on_sent) {
  names_.find(server.host, naming,
              [this, alive = std::weak_ptr(alive_), server, datagram = std::move(datagram),
               on_sent = std::move(on_sent)](const Result<Addresses>& addresses) {
                if (alive.expired()) return;
                if (!addresses) return on_sent(tl::unexpected(addresses.error()));
                const auto allowed = allowed_of(server.host, *addresses, targets_);
                if (!allowed) return on_sent(tl::unexpected(allowed.error()));
                const udp::endpoint to(allowed->front(), server.port);
                const int number = datagram_socket(to).send(datagram, to);
                if (number == 0) return on_sent({});
                on_sent(fail(Errc::host_unreachable,
                             fmt::format("{}: {}", server.host, std::strerror(number))));
              });
}

}  // namespace provphone::client::transport
