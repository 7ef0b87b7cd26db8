#include "client/transport/dhcp_port.hpp"

#include "client/transport/dhcp6_packet.hpp"
#include "client/transport/dhcp_packet.hpp"
#include "macro/try.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>

namespace provphone::client::transport {
namespace {

using boost::asio::ip::udp;
using resync::DhcpVersion;

// Closed unless it is handed over.
class RawSocket {
 public:
  explicit RawSocket(DhcpVersion version)
      : fd_(::socket(version == DhcpVersion::v4 ? AF_INET : AF_INET6,
                     SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~RawSocket() {
    if (fd_ >= 0) ::close(fd_);
  }
  RawSocket(const RawSocket&) = delete;
  RawSocket& operator=(const RawSocket&) = delete;

  int fd() const { return fd_; }
  int hand_over() { return std::exchange(fd_, -1); }
  bool set(int level, int option, int value) const {
    return ::setsockopt(fd_, level, option, &value, sizeof value) == 0;
  }

 private:
  int fd_;
};

tl::unexpected<Error> no_dhcp_port(const std::string& interface, DhcpVersion version) {
  const int why = errno;
  const auto port = version == DhcpVersion::v4 ? dhcp::client_port : dhcp6::client_port;
  auto text = fmt::format("DHCP at {}, port {}: {}", interface, port, std::strerror(why));
  if (why == EPERM || why == EACCES) {
    text +=
        "; run it as root, or give the program the rights: "
        "setcap cap_net_bind_service,cap_net_raw+ep";
  }
  return fail(Errc::no_socket, std::move(text));
}

udp::endpoint own_end(DhcpVersion version) {
  return version == DhcpVersion::v4 ? udp::endpoint(udp::v4(), dhcp::client_port)
                                    : udp::endpoint(udp::v6(), dhcp6::client_port);
}

// Bound to the interface before it has a port, so that no other one is ever listened at. A client
// of this machine's own may have the port as well: both hear what is broadcast.
Result<int> bound_socket(const std::string& interface, DhcpVersion version) {
  RawSocket socket(version);
  const bool is_ready = socket.fd() >= 0 &&
                        ::setsockopt(socket.fd(), SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(),
                                     static_cast<socklen_t>(interface.size() + 1)) == 0 &&
                        socket.set(SOL_SOCKET, SO_REUSEADDR, 1) &&
                        socket.set(SOL_SOCKET, SO_BROADCAST, 1) &&
                        (version == DhcpVersion::v4 || socket.set(IPPROTO_IPV6, IPV6_V6ONLY, 1));
  if (!is_ready) return no_dhcp_port(interface, version);
  auto end = own_end(version);
  if (::bind(socket.fd(), end.data(), static_cast<socklen_t>(end.size())) != 0)
    return no_dhcp_port(interface, version);
  return socket.hand_over();
}

udp::endpoint all_servers(unsigned interface, DhcpVersion version) {
  using namespace boost::asio::ip;
  if (version == DhcpVersion::v4) return {address_v4::broadcast(), dhcp::server_port};
  auto everybody = make_address_v6(dhcp6::everybody);
  everybody.scope_id(interface);
  return {everybody, dhcp6::server_port};
}

}  // namespace

struct DhcpPort::Impl {
  Impl(boost::asio::io_context& loop, DhcpVersion asked, OnAnswer told)
      : version(asked), on_answer(std::move(told)), socket(loop) {}

  void receive() {
    socket.async_receive(boost::asio::buffer(packet),
                         [this](const boost::system::error_code& error, std::size_t size) {
                           if (error == boost::asio::error::operation_aborted) return;
                           // What went wrong with one datagram is over with it.
                           if (!error) take({packet.data(), size});
                           if (!error || error != boost::asio::error::bad_descriptor) receive();
                         });
  }
  void take(std::string_view octets) const {
    on_answer(version == DhcpVersion::v4 ? dhcp::parse_packet(octets)
                                         : dhcp6::parse_packet(octets));
  }

  DhcpVersion version;
  OnAnswer on_answer;
  udp::socket socket;
  udp::endpoint servers;
  std::array<char, 4096> packet{};
};

DhcpPort::DhcpPort(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DhcpPort::~DhcpPort() = default;

Result<std::unique_ptr<DhcpPort>> DhcpPort::open(boost::asio::io_context& loop,
                                                 const std::string& interface, DhcpVersion version,
                                                 OnAnswer on_answer) {
  const auto number = ::if_nametoindex(interface.c_str());
  if (number == 0)
    return fail(Errc::bad_argument, fmt::format("there is no network interface '{}'", interface));
  TRY(const int fd, bound_socket(interface, version));
  auto impl = std::make_unique<Impl>(loop, version, std::move(on_answer));
  impl->servers = all_servers(number, version);
  boost::system::error_code error;
  impl->socket.assign(version == DhcpVersion::v4 ? udp::v4() : udp::v6(), fd, error);
  if (error) {
    ::close(fd);
    return fail(Errc::no_socket, error.message());
  }
  impl->receive();
  return std::unique_ptr<DhcpPort>(new DhcpPort(std::move(impl)));
}

Result<void> DhcpPort::send(const dhcp::Asker& asker, const dhcp::Question& question) {
  const auto packet = impl_->version == DhcpVersion::v4 ? dhcp::format_packet(asker, question)
                                                        : dhcp6::format_packet(asker, question);
  boost::system::error_code error;
  impl_->socket.send_to(boost::asio::buffer(packet), impl_->servers, 0, error);
  if (error) return fail(Errc::host_unreachable, fmt::format("DHCP, asking: {}", error.message()));
  return {};
}

std::string DhcpPort::address_of(const std::string& interface, DhcpVersion version) {
  const int family = version == DhcpVersion::v4 ? AF_INET : AF_INET6;
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return {};
  std::string found;
  for (const auto* each = all; each != nullptr && found.empty(); each = each->ifa_next) {
    if (each->ifa_addr == nullptr || each->ifa_addr->sa_family != family ||
        interface != each->ifa_name)
      continue;
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* octets = nullptr;
    if (family == AF_INET) {
      octets = &reinterpret_cast<const sockaddr_in*>(each->ifa_addr)->sin_addr;
    } else {
      octets = &reinterpret_cast<const sockaddr_in6*>(each->ifa_addr)->sin6_addr;
    }
    if (::inet_ntop(family, octets, text.data(), text.size()) != nullptr) found = text.data();
  }
  ::freeifaddrs(all);
  return found;
}

}  // namespace provphone::client::transport
