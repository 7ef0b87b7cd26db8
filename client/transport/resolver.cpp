#include "client/transport/resolver.hpp"

#include "macro/whole_number.hpp"

#include <ares.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <arpa/nameser.h>
#include <map>

namespace provphone::client::transport {
namespace {

using boost::system::error_code;

// Of the first try; c-ares doubles it with each round over the servers.
constexpr int timeout_ms = 2'000;
constexpr int tries = 3;

Result<std::vector<resync::SrvRecord>> records_of(const std::string& name, int status,
                                                  const unsigned char* answer, int length) {
  ares_srv_reply* first = nullptr;
  if (status == ARES_SUCCESS) status = ares_parse_srv_reply(answer, length, &first);
  if (status != ARES_SUCCESS) {
    return fail(Errc::name_not_resolved,
                fmt::format("SRV records of {}: {}", name, ares_strerror(status)));
  }
  std::vector<resync::SrvRecord> records;
  for (const auto* each = first; each != nullptr; each = each->next)
    records.push_back({each->priority, each->weight, each->port, each->host});
  ares_free_data(first);
  if (records.empty())
    return fail(Errc::name_not_resolved, fmt::format("{} has no SRV records", name));
  return records;
}

}  // namespace

// Handlers that wait in the event loop hold it weakly: they may run after the resolver is gone.
struct Resolver::Impl : std::enable_shared_from_this<Resolver::Impl> {
  using Descriptor = boost::asio::posix::stream_descriptor;

  struct Socket {
    explicit Socket(boost::asio::io_context& loop) : descriptor(loop) {}
    Descriptor descriptor;
    bool reads = false, writes = false;
  };

  struct Query {
    std::weak_ptr<Impl> owner;
    std::string name;
    OnRecords on_records;
  };

  explicit Impl(boost::asio::io_context& given) : loop(given), timer(given) {}
  ~Impl() {
    // Ends the queries, whose `owner` is gone by now, and takes the sockets that it closes off the
    // map.
    if (channel != nullptr) ares_destroy(channel);
    for (auto& [fd, socket] : sockets) socket->descriptor.release();
  }

  int open(const std::string& server) {
    ares_options options{};
    options.timeout = timeout_ms;
    options.tries = tries;
    options.sock_state_cb = [](void* self, ares_socket_t fd, int readable, int writable) {
      static_cast<Impl*>(self)->socket_changed(fd, readable != 0, writable != 0);
    };
    options.sock_state_cb_data = this;
    constexpr int given = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
    const int opened = ares_init_options(&channel, &options, given);
    if (opened != ARES_SUCCESS || server.empty()) return opened;
    return ares_set_servers_ports_csv(channel, server.c_str());
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

  static void answered(void* raw, int status, int /*timeouts*/, unsigned char* answer, int length) {
    const std::unique_ptr<Query> query(static_cast<Query*>(raw));
    const auto self = query->owner.lock();
    if (!self) return;  // the resolver goes
    self->tell(std::move(query->on_records), records_of(query->name, status, answer, length));
  }

  void tell(OnRecords on_records, Result<std::vector<resync::SrvRecord>> records) {
    boost::asio::post(loop, [weak = weak_from_this(), on_records = std::move(on_records),
                             records = std::move(records)]() mutable {
      if (weak.lock()) on_records(std::move(records));
    });
  }

  boost::asio::io_context& loop;
  boost::asio::steady_timer timer;
  ares_channel channel = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Socket>> sockets;
};

Resolver::Resolver(boost::asio::io_context& loop, const std::string& server)
    : impl_(std::make_shared<Impl>(loop)) {
  if (impl_->open(server) == ARES_SUCCESS) return;
  if (impl_->channel != nullptr) ares_destroy(impl_->channel);
  impl_->channel = nullptr;
}

Resolver::~Resolver() = default;

void Resolver::look_up(const std::string& name, OnRecords on_records) {
  if (impl_->channel == nullptr) {
    return impl_->tell(std::move(on_records),
                       fail(Errc::name_not_resolved, "no name server can be asked"));
  }
  auto query = std::make_unique<Impl::Query>(
      Impl::Query{impl_->weak_from_this(), name, std::move(on_records)});
  ares_query(impl_->channel, name.c_str(), ns_c_in, ns_t_srv, Impl::answered, query.release());
  impl_->arm_timer();
}

Result<void> check_name_server(const std::string& text, const Targets& targets) {
  const auto colon = text.find(':');
  const auto address = text.substr(0, colon);
  error_code no_address;
  boost::asio::ip::make_address_v4(address, no_address);
  bool is_good = !no_address;
  if (colon != std::string::npos) {
    const auto port = parse_whole<std::uint16_t>(std::string_view(text).substr(colon + 1));
    is_good = is_good && port && *port != 0;
  }
  if (!is_good) {
    return fail(Errc::bad_argument,
                fmt::format("name server \"{}\" is not an IPv4 address, or one with :PORT", text));
  }
  if (targets.allows_address(address)) return {};
  return fail(Errc::target_refused, fmt::format("{} is not among the allowed targets", address));
}

}  // namespace provphone::client::transport
