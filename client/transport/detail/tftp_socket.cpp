#include "client/transport/detail/tftp_socket.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

// Behind <ctime>: the kernel's header wants struct timespec.
#include <linux/errqueue.h>

#include <netinet/in.h>
#include <sys/socket.h>

namespace provphone::client::transport::detail {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

// Words that are looked at in one go; what is left is looked at when more come.
constexpr int most_words = 16;

// A socket that is not connected hears of what became of its packets only if it asks to. It cannot
// be connected: the server answers from another port than it is asked at.
void ask_for_errors(TftpSocket& socket, const TftpEndpoint& server) {
  const int on = 1;
  const bool v6 = server.address().is_v6();
  ::setsockopt(socket.native_handle(), v6 ? IPPROTO_IPV6 : IPPROTO_IP,
               v6 ? IPV6_RECVERR : IP_RECVERR, &on, sizeof on);
}

tl::unexpected<Error> no_port(std::string_view which) {
  return fail(Errc::no_local_port, fmt::format("no local port {} is free", which));
}

Result<void> bind_to_range(TftpSocket& socket, const ip::address& source) {
  error_code error;
  for (auto port = first_client_port; port <= last_client_port; ++port) {
    socket.bind({source, port}, error);
    if (error != boost::asio::error::address_in_use) break;
  }
  if (!error) return {};
  if (error == boost::asio::error::address_in_use)
    return no_port(fmt::format("from {} to {}", first_client_port, last_client_port));
  return fail(Errc::bad_argument,
              fmt::format("source {}: {}", source.to_string(), error.message()));
}

Result<void> bind_to_any_port(TftpSocket& socket, const ip::address& source) {
  error_code error;
  socket.bind({source, 0}, error);
  if (!error) return {};
  if (error == boost::asio::error::address_in_use)
    return no_port(fmt::format("of {}", source.to_string()));
  return fail(Errc::bad_argument,
              fmt::format("source {}: {}", source.to_string(), error.message()));
}

// Whether the word in it is "port unreachable".
bool says_closed(const msghdr& message) {
  for (auto* part = CMSG_FIRSTHDR(&message); part != nullptr;
       part = CMSG_NXTHDR(const_cast<msghdr*>(&message), part)) {
    const bool is_word = (part->cmsg_level == SOL_IP && part->cmsg_type == IP_RECVERR) ||
                         (part->cmsg_level == SOL_IPV6 && part->cmsg_type == IPV6_RECVERR);
    if (!is_word) continue;
    const auto* word = reinterpret_cast<const sock_extended_err*>(CMSG_DATA(part));
    return word->ee_errno == ECONNREFUSED;
  }
  return false;
}

}  // namespace

Result<void> open_tftp_socket(TftpSocket& socket, const TftpEndpoint& server,
                              const std::string& source, const resync::TftpHabits& habits) {
  error_code error;
  socket.open(server.protocol(), error);
  if (error) return fail(Errc::no_socket, fmt::format("no socket: {}", error.message()));
  if (habits.port_unreachable == resync::TftpPortUnreachable::fails) ask_for_errors(socket, server);
  const bool has_range = habits.client_port == resync::TftpClientPort::range;
  if (source.empty() && !has_range) return {};  // the first packet takes a free port
  auto from = server.address().is_v6() ? ip::address(ip::address_v6::any())
                                       : ip::address(ip::address_v4::any());
  if (!source.empty()) {
    from = ip::make_address(source, error);
    if (error) return fail(Errc::bad_argument, fmt::format("source \"{}\" is no address", source));
  }
  return has_range ? bind_to_range(socket, from) : bind_to_any_port(socket, from);
}

Sent send_tftp(TftpSocket& socket, std::string_view packet, const TftpEndpoint& to,
               error_code& error) {
  const auto send = [&] {
    const auto size =
        ::sendto(socket.native_handle(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                 to.data(), static_cast<socklen_t>(to.size()));
    error.assign(size < 0 ? errno : 0, boost::system::system_category());
  };
  send();
  // Word about an earlier packet makes the system refuse the next one, once.
  if (error == boost::asio::error::connection_refused) {
    if (is_port_closed(socket, to)) return Sent::port_is_closed;
    send();
  }
  switch (error.value()) {
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EAFNOSUPPORT:
    case EACCES:
    case EPERM:
    case EINVAL:
      return Sent::unreachable;
    case EADDRNOTAVAIL:
    case EAGAIN:  // the first packet wants a port; of a later one it says that it is lost
      return Sent::lacks_port;
    default:
      return Sent::on_its_way;
  }
}

bool is_port_closed(TftpSocket& socket, const TftpEndpoint& server) {
  bool is_closed = false;
  for (int i = 0; i < most_words; ++i) {
    TftpEndpoint to;
    std::array<char, 4> content{};
    alignas(cmsghdr) std::array<char, 512> parts{};
    iovec place{content.data(), content.size()};
    msghdr message{};
    message.msg_name = to.data();
    message.msg_namelen = static_cast<socklen_t>(to.capacity());
    message.msg_iov = &place;
    message.msg_iovlen = 1;
    message.msg_control = parts.data();
    message.msg_controllen = parts.size();
    if (::recvmsg(socket.native_handle(), &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) break;
    if (message.msg_namelen == 0) continue;
    to.resize(message.msg_namelen);
    const bool is_server = to.address() == server.address() && to.port() == server.port();
    is_closed = is_closed || (is_server && says_closed(message));
  }
  return is_closed;
}

}  // namespace provphone::client::transport::detail
