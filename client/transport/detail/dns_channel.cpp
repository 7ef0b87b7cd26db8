#include "client/transport/detail/dns_channel.hpp"

#include <ares.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netdb.h>

#include <algorithm>
#include <arpa/nameser.h>
#include <cstring>
#include <map>
#include <sys/socket.h>

namespace provphone::client::transport::detail {
namespace {

using boost::system::error_code;
using Outcome = NameAnswer::Outcome;

// R-NAME-09. Of the first round over the servers; c-ares doubles it with the second. Two silent
// servers are given up within the 10 s that a phone takes to connect.
constexpr int timeout_ms = 1'500;
constexpr int rounds = 2;

Outcome outcome_of(int status) {
  switch (status) {
    case ARES_SUCCESS:
      return Outcome::found;
    case ARES_ENOTFOUND:
    case ARES_ENODATA:
    case ARES_EBADNAME:
      return Outcome::none;
    default:
      return Outcome::silent;
  }
}

SrvAnswer srv_answer_of(int status, const unsigned char* answer, int length) {
  ares_srv_reply* first = nullptr;
  if (status == ARES_SUCCESS) status = ares_parse_srv_reply(answer, length, &first);
  SrvAnswer made{outcome_of(status), {}, {}};
  if (status != ARES_SUCCESS) {
    made.why = ares_strerror(status);
    return made;
  }
  for (const auto* each = first; each != nullptr; each = each->next)
    made.records.push_back({each->priority, each->weight, each->port, each->host});
  ares_free_data(first);
  if (made.records.empty()) made.outcome = Outcome::none;
  return made;
}

// R-NAME-07: what comes together goes together, so the shortest time to live counts, that of a
// CNAME on the way included.
NameAnswer answer_of(int status, ares_addrinfo* result) {
  const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> owner(result,
                                                                           ares_freeaddrinfo);
  NameAnswer made{outcome_of(status), {}, {}, {}, {}};
  if (status != ARES_SUCCESS) {
    made.why = ares_strerror(status);
    return made;
  }
  int ttl = INT32_MAX;
  for (const auto* each = result->nodes; each != nullptr; each = each->ai_next) {
    boost::asio::ip::udp::endpoint endpoint;
    if (each->ai_addrlen > endpoint.capacity()) continue;
    endpoint.resize(each->ai_addrlen);
    std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
    made.addresses.push_back(endpoint.address());
    ttl = std::min(ttl, each->ai_ttl);
  }
  for (const auto* each = result->cnames; each != nullptr; each = each->next)
    ttl = std::min(ttl, each->ttl);
  if (made.addresses.empty()) made.outcome = Outcome::none;
  made.time_to_live = std::chrono::seconds(std::max(ttl, 0));
  return made;
}

}  // namespace

// Handlers that wait in the event loop hold it weakly: they may run after the channel is gone.
struct DnsChannel::Impl : std::enable_shared_from_this<DnsChannel::Impl> {
  using Descriptor = boost::asio::posix::stream_descriptor;

  struct Socket {
    explicit Socket(boost::asio::io_context& loop) : descriptor(loop) {}
    Descriptor descriptor;
    bool reads = false, writes = false;
  };

  template <class Tell>
  struct Query {
    std::weak_ptr<Impl> owner;
    Tell tell;
  };

  explicit Impl(boost::asio::io_context& given) : loop(given), timer(given) {}
  ~Impl() {
    // Ends the queries, whose `owner` is gone by now, and takes the sockets that it closes off the
    // map.
    if (channel != nullptr) ares_destroy(channel);
    for (auto& [fd, socket] : sockets) socket->descriptor.release();
  }

  int open(const std::string& servers) {
    // The names of this machine's neighbours, its aliases and its search list are not a phone's.
    static char dns_alone[] = "b";
    ares_options options{};
    options.flags = ARES_FLAG_NOALIASES | ARES_FLAG_NOSEARCH;
    options.timeout = timeout_ms;
    options.tries = rounds;
    options.lookups = dns_alone;
    options.ndomains = 0;
    options.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
      static_cast<Impl*>(self)->socket_changed(fd, readable != 0, writable != 0);
    };
    options.sock_state_cb_data = this;
    constexpr int given = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_LOOKUPS |
                          ARES_OPT_DOMAINS | ARES_OPT_SOCK_STATE_CB | ARES_OPT_NOROTATE;
    const int opened = ares_init_options(&channel, &options, given);
    if (opened != ARES_SUCCESS || servers.empty()) return opened;
    return ares_set_servers_ports_csv(channel, servers.c_str());
  }

  void socket_changed(ares_socket_t fd, bool reads, bool writes) {
    auto& socket = sockets[fd];
    if (!reads && !writes) {  // c-ares closes it
      if (socket) socket->descriptor.release();
      sockets.erase(fd);
      return;
    }
    if (!socket) {
      socket = std::make_shared<Socket>(loop);
      socket->descriptor.assign(fd);
    }
    if (reads && !socket->reads) wait(fd, Descriptor::wait_read);
    if (writes && !socket->writes) wait(fd, Descriptor::wait_write);
    socket->reads = reads;
    socket->writes = writes;
  }

  void wait(ares_socket_t fd, Descriptor::wait_type what) {
    auto& socket = sockets.at(fd);
    socket->descriptor.async_wait(
        what, [weak = weak_from_this(), held = std::weak_ptr(socket), fd, what](error_code error) {
          const auto self = weak.lock();
          if (!self || error || held.expired()) return;
          self->ready(fd, what);
        });
  }

  void ready(ares_socket_t fd, Descriptor::wait_type what) {
    const bool reads = what == Descriptor::wait_read;
    ares_process_fd(channel, reads ? fd : ARES_SOCKET_BAD, reads ? ARES_SOCKET_BAD : fd);
    const auto still = sockets.find(fd);
    if (still != sockets.end() && (reads ? still->second->reads : still->second->writes))
      wait(fd, what);
    arm_timer();
  }

  void arm_timer() {
    timeval next{};
    if (ares_timeout(channel, nullptr, &next) == nullptr) {
      timer.cancel();
      return;
    }
    timer.expires_after(std::chrono::seconds(next.tv_sec) +
                        std::chrono::microseconds(next.tv_usec));
    timer.async_wait([weak = weak_from_this()](error_code error) {
      const auto self = weak.lock();
      if (!self || error) return;
      ares_process_fd(self->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      self->arm_timer();
    });
  }

  static void srv_came(void* raw, int status, int /*timeouts*/, unsigned char* answer, int length) {
    const std::unique_ptr<Query<OnSrv>> query(static_cast<Query<OnSrv>*>(raw));
    if (query->owner.lock()) query->tell(srv_answer_of(status, answer, length));
  }

  static void addresses_came(void* raw, int status, int /*timeouts*/, ares_addrinfo* result) {
    const std::unique_ptr<Query<TellAddresses>> query(static_cast<Query<TellAddresses>*>(raw));
    auto answer = answer_of(status, result);
    if (query->owner.lock()) query->tell(std::move(answer));
  }

  boost::asio::io_context& loop;
  boost::asio::steady_timer timer;
  ares_channel channel = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Socket>> sockets;
};

DnsChannel::DnsChannel(boost::asio::io_context& loop) : impl_(std::make_shared<Impl>(loop)) {}

DnsChannel::~DnsChannel() = default;

bool DnsChannel::open(const std::string& servers) {
  return impl_->open(servers) == ARES_SUCCESS;
}

void DnsChannel::ask_srv(const std::string& name, OnSrv on_srv) {
  // A call-back may end the channel.
  const auto self = impl_;
  auto query = std::make_unique<Impl::Query<OnSrv>>(
      Impl::Query<OnSrv>{impl_->weak_from_this(), std::move(on_srv)});
  ares_query(self->channel, name.c_str(), ns_c_in, ns_t_srv, Impl::srv_came, query.release());
  self->arm_timer();
}

void DnsChannel::ask_addresses(const std::string& name, int family, TellAddresses tell) {
  const auto self = impl_;
  auto query = std::make_unique<Impl::Query<TellAddresses>>(
      Impl::Query<TellAddresses>{impl_->weak_from_this(), std::move(tell)});
  ares_addrinfo_hints hints{};
  hints.ai_family = family;
  hints.ai_flags = ARES_AI_NOSORT;  // R-NAME-10: in the server's order
  ares_getaddrinfo(self->channel, name.c_str(), nullptr, &hints, Impl::addresses_came,
                   query.release());
  self->arm_timer();
}

Addresses DnsChannel::in_hosts_file(const std::string& name) const {
  Addresses found;
  for (const int family : {AF_INET, AF_INET6}) {
    hostent* raw = nullptr;
    if (ares_gethostbyname_file(impl_->channel, name.c_str(), family, &raw) != ARES_SUCCESS)
      continue;
    const std::unique_ptr<hostent, decltype(&ares_free_hostent)> host(raw, ares_free_hostent);
    for (char** each = host->h_addr_list; *each != nullptr; ++each) {
      if (family == AF_INET) {
        boost::asio::ip::address_v4::bytes_type bytes;
        std::memcpy(bytes.data(), *each, bytes.size());
        found.emplace_back(boost::asio::ip::address_v4(bytes));
      } else {
        boost::asio::ip::address_v6::bytes_type bytes;
        std::memcpy(bytes.data(), *each, bytes.size());
        found.emplace_back(boost::asio::ip::address_v6(bytes));
      }
    }
  }
  return found;
}

}  // namespace provphone::client::transport::detail
