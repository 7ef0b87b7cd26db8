#include "client/transport/syslog.hpp"

#include "macro/whole_number.hpp"

#include <boost/asio/ip/udp.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <utility>

namespace provphone::client::transport {
namespace {

using boost::asio::ip::udp;

constexpr std::uint16_t syslog_port = 514;

struct HostPort {
  std::string host;
  std::uint16_t port = syslog_port;
};

tl::unexpected<Error> bad_server(std::string_view server) {
  return fail(Errc::bad_argument,
              fmt::format("syslog server \"{}\": expected host or host:port", server));
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  const auto port = parse_whole<std::uint16_t>(text);
  return port && *port != 0 ? port : std::nullopt;
}

// `host`, `host:port`, `[address]:port`, or a bare IPv6 address, whose colons are not a port's.
Result<HostPort> parse_server(std::string_view server) {
  std::string_view host = server;
  std::optional<std::string_view> port;
  if (server.starts_with('[')) {
    const std::size_t closing = server.find(']');
    if (closing == std::string_view::npos) return bad_server(server);
    host = server.substr(1, closing - 1);
    const std::string_view behind = server.substr(closing + 1);
    if (!behind.empty() && behind.front() != ':') return bad_server(server);
    if (!behind.empty()) port = behind.substr(1);
  } else if (const auto colon = server.find(':');
             colon != std::string_view::npos && colon == server.rfind(':')) {
    host = server.substr(0, colon);
    port = server.substr(colon + 1);
  }
  HostPort parsed{std::string(host), syslog_port};
  if (host.empty()) return bad_server(server);
  if (port) {
    const auto number = parse_port(*port);
    if (!number) return bad_server(server);
    parsed.port = *number;
  }
  return parsed;
}

// R-LOG-02: month and day as RFC 3164 prints them, a day below 10 behind a second space.
std::string timestamp(std::chrono::system_clock::time_point now) {
  using namespace std::chrono;
  static constexpr std::array<const char*, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(now);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(now - day));
  return fmt::format("{} {:>2} {:02}:{:02}:{:02}", months.at(unsigned{date.month()} - 1),
                     unsigned{date.day()}, time.hours().count(), time.minutes().count(),
                     time.seconds().count());
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

  // R-LOG-03: nobody learns whether a datagram arrived, so its loss on this machine is no error
  // either.
  void send(const std::string& datagram, const udp::endpoint& to) const {
    const auto sent = ::sendto(fd_, datagram.data(), datagram.size(), MSG_NOSIGNAL, to.data(),
                               static_cast<socklen_t>(to.size()));
    static_cast<void>(sent);
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

// R-LOG-01: facility local0, severity info; the identifier stands behind the time stamp.
std::string datagram_of(const Syslog::Message& message) {
  return fmt::format("<134>{} {}{}{}", timestamp(message.at), message.identifier,
                     message.identifier.empty() ? "" : " ", message.text);
}

Error about_server(Error error) {
  if (error.code == Errc::target_refused) error.detail.insert(0, "syslog server ");
  return error;
}

}  // namespace

Syslog::Syslog(boost::asio::io_context& loop, const Targets& targets)
    : Syslog(Names(loop, targets)) {}

Syslog::Syslog(Names names) : names_(std::move(names)) {}

void Syslog::send(const Message& message, OnSent on_sent) {
  const auto server = parse_server(message.server);
  if (!server) return on_sent(tl::unexpected(server.error()));
  names_.find(server->host, [port = server->port, datagram = datagram_of(message),
                             on_sent = std::move(on_sent)](const Result<Addresses>& addresses) {
    if (!addresses) return on_sent(tl::unexpected(about_server(addresses.error())));
    const udp::endpoint to(addresses->front(), port);
    datagram_socket(to).send(datagram, to);
    on_sent({});
  });
}

}  // namespace provphone::client::transport
