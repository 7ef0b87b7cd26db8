#include "client/transport/servers_up.hpp"

#include "client/transport/detail/failures.hpp"
#include "client/transport/tftp_packet.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace provphone::client::transport {
namespace detail {

namespace asio = boost::asio;
using boost::system::error_code;
using resync::AskedServer;

// One server. Handlers hold it, so that it outlives whoever has dropped it.
class Knocking : public std::enable_shared_from_this<Knocking> {
 public:
  Knocking(asio::io_context& loop, const Targets& targets, NameService& names, AskedServer server,
           std::function<void()> on_settled)
      : targets_(targets),
        names_(names),
        tcp_(loop),
        udp_(loop),
        timer_(loop),
        unanswered_{std::move(server), {Errc::connect_timeout, "not asked yet"}},
        on_settled_(std::move(on_settled)) {}

  void begin();
  void drop();
  bool is_settled() const { return !is_wanted_; }
  bool has_answered() const { return has_answered_; }
  const Unanswered& unanswered() const { return unanswered_; }

 private:
  std::string whom() const { return format(unanswered_.server); }
  void attempt();
  void try_next();
  void connect(const asio::ip::tcp::endpoint& to);
  void ask_tftp(const asio::ip::udp::endpoint& to);
  void listen(const asio::ip::udp::endpoint& to);
  void heard(const asio::ip::udp::endpoint& to, std::size_t size);
  void failed(Error why);
  void settle(bool answered);
  // Calls `handle` unless the attempt is over by then.
  template <class Handle>
  auto in_attempt(Handle handle) {
    return [self = shared_from_this(), number = attempts_, handle](const error_code& error,
                                                                   std::size_t size = 0) {
      if (self->is_wanted_ && self->attempts_ == number) handle(error, size);
    };
  }

  const Targets& targets_;
  NameService& names_;
  asio::ip::tcp::socket tcp_;
  asio::ip::udp::socket udp_;
  asio::steady_timer timer_;
  asio::ip::udp::endpoint from_;
  std::array<char, 1'024> packet_{};
  Addresses addresses_;  // still to be tried in this attempt
  std::uint64_t attempts_ = 0;
  bool is_wanted_ = true, has_answered_ = false;
  Unanswered unanswered_;
  std::function<void()> on_settled_;
};

void Knocking::begin() {
  attempt();
}

void Knocking::drop() {
  is_wanted_ = false;
  error_code ignored;
  tcp_.close(ignored);
  udp_.close(ignored);
  timer_.cancel(ignored);
}

void Knocking::attempt() {
  ++attempts_;
  timer_.expires_after(ServersUp::patience);
  timer_.async_wait(in_attempt([this](const error_code& error, std::size_t) {
    if (error) return;
    failed({Errc::connect_timeout,
            fmt::format("{}: no answer within {} ms", whom(), ServersUp::patience.count())});
  }));
  const auto& server = unanswered_.server;
  names_.find(server.host, server.naming,
              [self = shared_from_this(), number = attempts_](const Result<Addresses>& found) {
                if (!self->is_wanted_ || self->attempts_ != number) return;
                if (!found) return self->failed(found.error());
                auto allowed = allowed_of(self->unanswered_.server.host, *found, self->targets_);
                if (!allowed) return self->failed(allowed.error());
                self->addresses_ = *std::move(allowed);
                self->try_next();
              });
}

void Knocking::try_next() {
  const auto address = addresses_.front();
  addresses_.erase(addresses_.begin());
  const auto port = unanswered_.server.port;
  if (unanswered_.server.scheme == macro::Scheme::tftp) return ask_tftp({address, port});
  connect({address, port});
}

void Knocking::connect(const asio::ip::tcp::endpoint& to) {
  error_code ignored;
  tcp_.close(ignored);
  tcp_.async_connect(to, in_attempt([this](const error_code& error, std::size_t) {
                       if (!error) return settle(true);
                       if (!addresses_.empty()) return try_next();
                       failed(not_connected(whom(), error.value()));
                     }));
}

// R-TFTP-02: the name is the path with its slash.
void Knocking::ask_tftp(const asio::ip::udp::endpoint& to) {
  error_code error;
  udp_.close(error);
  udp_.open(to.protocol(), error);
  if (error) return failed(no_socket(whom(), error.value()));
  const auto request =
      tftp::format_request({tftp::Opcode::read_request, unanswered_.server.path, {}, {}});
  udp_.send_to(asio::buffer(request), to, 0, error);
  if (error) return failed(not_connected(whom(), error.value()));
  listen(to);
}

void Knocking::listen(const asio::ip::udp::endpoint& to) {
  udp_.async_receive_from(asio::buffer(packet_), from_,
                          in_attempt([this, to](const error_code& error, std::size_t size) {
                            if (error) return failed(not_connected(whom(), error.value()));
                            heard(to, size);
                          }));
}

// The server answers from a port of the transfer's own (RFC 1350).
void Knocking::heard(const asio::ip::udp::endpoint& to, std::size_t size) {
  if (from_.address() != to.address()) return listen(to);
  const auto opcode = tftp::opcode_of({packet_.data(), size});
  if (opcode != tftp::Opcode::error) {
    const auto enough = tftp::format_error(tftp::ErrorCode::not_defined, "it was asked whether");
    error_code ignored;
    udp_.send_to(asio::buffer(enough), from_, 0, ignored);
  }
  settle(true);
}

void Knocking::failed(Error why) {
  // Nothing that the server does changes that.
  const bool is_final = why.code == Errc::target_refused;
  unanswered_.why = std::move(why);
  if (is_final) return settle(false);
  ++attempts_;
  error_code ignored;
  tcp_.close(ignored);
  udp_.close(ignored);
  timer_.expires_after(ServersUp::pause);
  timer_.async_wait(in_attempt([this](const error_code& error, std::size_t) {
    if (!error) attempt();
  }));
}

void Knocking::settle(bool answered) {
  has_answered_ = answered;
  drop();
  on_settled_();
}

}  // namespace detail

namespace asio = boost::asio;

struct ServersUp::Impl {
  Impl(asio::io_context& loop, Network reached)
      : network(std::move(reached)), names(loop, network.targets, network.names) {}

  bool is_over() const {
    const auto has_answered = [](const auto& each) { return each->has_answered(); };
    const auto was_refused = [](const auto& each) {
      return each->is_settled() && !each->has_answered();
    };
    return std::all_of(all.begin(), all.end(), has_answered) ||
           std::any_of(all.begin(), all.end(), was_refused);
  }

  Network network;
  NameService names;
  std::vector<std::shared_ptr<detail::Knocking>> all;
  bool has_told = false;
};

ServersUp::ServersUp(boost::asio::io_context& loop, Network network,
                     std::vector<resync::AskedServer> servers, std::function<void()> on_all)
    : impl_(std::make_shared<Impl>(loop, std::move(network))) {
  const auto settled = [weak = std::weak_ptr<Impl>(impl_), on_all = std::move(on_all)] {
    const auto impl = weak.lock();
    if (!impl || impl->has_told || !impl->is_over()) return;
    impl->has_told = true;
    on_all();
  };
  for (auto& server : servers)
    impl_->all.push_back(std::make_shared<detail::Knocking>(
        loop, impl_->network.targets, impl_->names, std::move(server), settled));
  asio::post(loop, [weak = std::weak_ptr<Impl>(impl_), settled] {
    const auto impl = weak.lock();
    if (!impl) return;
    for (const auto& each : impl->all) each->begin();
    if (impl->all.empty()) settled();
  });
}

ServersUp::~ServersUp() {
  for (const auto& each : impl_->all) each->drop();
}

std::vector<Unanswered> ServersUp::unanswered() const {
  std::vector<Unanswered> those;
  for (const auto& each : impl_->all) {
    if (!each->has_answered()) those.push_back(each->unanswered());
  }
  return those;
}

}  // namespace provphone::client::transport
