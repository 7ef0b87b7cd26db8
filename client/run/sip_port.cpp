#include "client/run/sip_port.hpp"

#include "client/run/registrar.hpp"
#include "client/run/sip_desk.hpp"
#include "client/run/sip_stream.hpp"
#include "client/transport/listener.hpp"
#include "macro/try.hpp"
#include "resync/request_target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <sys/resource.h>
#include <utility>

namespace provphone::client::run {

namespace asio = boost::asio;

struct SipPort::Impl final : SipCarrier, std::enable_shared_from_this<SipPort::Impl> {
  Impl(asio::io_context& its_loop, drive::RealDriver& driver, transport::Network network,
       trace::TraceSink tell)
      : loop(its_loop),
        desk(driver,
             [this](std::size_t phone, const std::string& from) {
               return registrar.is_registrar_of(phone, from);
             }),
        registrar(loop, driver, std::move(network), std::move(tell), *this) {}

  using Datagrams = std::shared_ptr<asio::ip::udp::socket>;

  asio::io_context& loop;
  SipDesk desk;
  Registrar registrar;
  std::string address;  // of the place
  std::uint16_t port = 0;
  std::vector<std::shared_ptr<transport::Listener>> listeners;
  std::map<std::string, Datagrams> datagrams;             // by address
  std::map<PhoneLine, std::shared_ptr<SipStream>> calls;  // that phones have opened
  std::size_t connections = 0;                            // that others have
  std::array<char, face::most_sip_octets> buffer{};       // of one datagram, while it is taken
  bool is_over = false;

  Result<std::uint16_t> listen(const std::string& at, std::uint16_t port);
  void accept(asio::ip::tcp::socket socket, const std::string& at);
  std::optional<SipTaken> take(std::string_view octets, const std::string& at,
                               const face::SipSender& sender);
  SipStream::Ways ways(const std::string& at, std::function<void(Impl&, const Error&)> over);
  void wait(const Datagrams& socket, const std::string& at);
  void take_datagrams(asio::ip::udp::socket& socket, const std::string& at);

  Result<void> send(SipOutgoing outgoing) override;
  Result<void> send_datagram(const SipOutgoing& outgoing);
  void hang_up(PhoneLine of) override;
};

namespace {

// Whoever keeps more open has others wait.
constexpr std::size_t most_connections = 256;
// What one socket may hold the others up for.
constexpr int most_datagrams_in_a_row = 64;

// Two sockets an address are more than the soft limit of most systems for a thousand phones.
void raise_limit_of_files(std::size_t addresses) {
  constexpr std::size_t others = 512;
  rlimit files{};
  const rlim_t wanted = 2 * addresses + others;
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted) return;
  files.rlim_cur = std::min<rlim_t>(files.rlim_max, wanted);
  setrlimit(RLIMIT_NOFILE, &files);
}

Error cannot_listen(const std::string& at, const std::string& why) {
  return {Errc::bad_argument, fmt::format("--sip: {}: {}", at, why)};
}

}  // namespace

// An answer is for who has asked, a request for who is called.
std::optional<SipTaken> SipPort::Impl::take(std::string_view octets, const std::string& at,
                                            const face::SipSender& sender) {
  if (!face::is_sip_response(octets)) return desk.take(octets, at, sender);
  if (const auto response = face::parse_sip_response(octets)) registrar.take(*response);
  return std::nullopt;
}

SipStream::Ways SipPort::Impl::ways(const std::string& at,
                                    std::function<void(Impl&, const Error&)> over) {
  const auto alive = [weak = weak_from_this()] {
    const auto self = weak.lock();
    return self && !self->is_over ? self : nullptr;
  };
  return {[alive, at](std::string_view octets, const face::SipSender& sender) {
            const auto self = alive();
            return self ? self->take(octets, at, sender) : std::nullopt;
          },
          [alive](const SipTaken& taken) {
            if (const auto self = alive()) self->desk.act(taken);
          },
          [alive, over = std::move(over)](const Error& why) {
            if (const auto self = alive()) over(*self, why);
          }};
}

void SipPort::Impl::accept(asio::ip::tcp::socket socket, const std::string& at) {
  if (is_over || connections >= most_connections) return;
  ++connections;
  auto gone = [](Impl& self, const Error&) { --self.connections; };
  std::make_shared<SipStream>(std::move(socket), ways(at, std::move(gone)))->begin();
}

Result<void> SipPort::Impl::send_datagram(const SipOutgoing& outgoing) {
  boost::system::error_code error;
  datagrams.at(outgoing.from)
      ->send_to(asio::buffer(outgoing.octets), {outgoing.to, outgoing.port}, 0, error);
  // One that the socket has no room for is lost as others are on their way.
  if (!error || error == asio::error::would_block) return {};
  return fail(Errc::host_unreachable, error.message());
}

Result<void> SipPort::Impl::send(SipOutgoing outgoing) {
  if (outgoing.transport == face::SipTransport::udp) return send_datagram(outgoing);
  auto& call = calls[outgoing.of];
  if (!call) {
    auto gone = [of = outgoing.of](Impl& self, const Error& why) {
      self.calls.erase(of);
      self.registrar.broke(of, why);
    };
    call = std::make_shared<SipStream>(asio::ip::tcp::socket(loop),
                                       ways(outgoing.from, std::move(gone)));
    call->connect(asio::ip::make_address(outgoing.from), {outgoing.to, outgoing.port});
  }
  call->send(std::move(outgoing.octets));
  return {};
}

void SipPort::Impl::hang_up(PhoneLine of) {
  const auto call = calls.extract(of);
  if (call) call.mapped()->finish();
}

// R-SIP-04: the answer goes first.
void SipPort::Impl::take_datagrams(asio::ip::udp::socket& socket, const std::string& at) {
  for (int i = 0; i < most_datagrams_in_a_row; ++i) {
    asio::ip::udp::endpoint from;
    boost::system::error_code error;
    const auto size = socket.receive_from(asio::buffer(buffer), from, 0, error);
    if (error) return;
    const auto taken =
        take(std::string_view(buffer.data(), size), at, {from.address().to_string(), from.port()});
    if (!taken) continue;
    socket.send_to(asio::buffer(taken->answer), from, 0, error);
    desk.act(*taken);
  }
}

void SipPort::Impl::wait(const Datagrams& socket, const std::string& at) {
  socket->async_wait(asio::ip::udp::socket::wait_read,
                     [weak = weak_from_this(), socket, at](const boost::system::error_code& error) {
                       const auto self = weak.lock();
                       if (error || !self || self->is_over) return;
                       self->take_datagrams(*socket, at);
                       self->wait(socket, at);
                     });
}

Result<std::uint16_t> SipPort::Impl::listen(const std::string& at, std::uint16_t wanted) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(at, error);
  if (error) return tl::unexpected(cannot_listen(at, "that is no address"));
  TRY(auto listener,
      transport::Listener::open(loop, {ip, wanted},
                                [weak = weak_from_this(), at](asio::ip::tcp::socket socket) {
                                  if (const auto self = weak.lock())
                                    self->accept(std::move(socket), at);
                                }));
  const auto taken = listener->port();
  listeners.push_back(std::move(listener));
  auto socket = std::make_shared<asio::ip::udp::socket>(loop);
  const asio::ip::udp::endpoint place{ip, taken};
  socket->open(place.protocol(), error);
  if (!error) socket->bind(place, error);
  if (!error) socket->non_blocking(true, error);
  if (error) return tl::unexpected(cannot_listen(at, error.message()));
  datagrams[at] = socket;
  wait(socket, at);
  return taken;
}

Result<std::unique_ptr<SipPort>> SipPort::open(asio::io_context& loop, const WebPlace& place,
                                               drive::RealDriver& driver,
                                               transport::Network network, trace::TraceSink tell) {
  auto impl = std::make_shared<Impl>(loop, driver, std::move(network), std::move(tell));
  impl->address = place.address;
  std::vector<std::string> addresses;
  for (std::size_t i = 0; i < driver.phone_count(); ++i) {
    const auto own = driver.phone(i).source_address;
    addresses.push_back(own.empty() ? place.address : own);
    impl->desk.place(addresses.back(), i);
  }
  // Closes what it has opened, where it fails.
  std::unique_ptr<SipPort> port(new SipPort(impl));
  raise_limit_of_files(impl->desk.addresses().size());
  TRY(impl->port, impl->listen(place.address, place.port));
  for (const auto& address : impl->desk.addresses()) {
    if (address == place.address) continue;
    TRY(impl->listen(address, impl->port));
  }
  impl->registrar.begin(std::move(addresses), impl->port);
  return port;
}

SipPort::SipPort(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

SipPort::~SipPort() {
  impl_->is_over = true;
  for (const auto& listener : impl_->listeners) listener->close();
  boost::system::error_code error;
  for (const auto& [address, socket] : impl_->datagrams) socket->close(error);
  for (const auto& [of, call] : impl_->calls) call->finish();
}

void SipPort::observe(const trace::TraceEvent& event) {
  impl_->registrar.observe(event);
}

std::vector<std::string> SipPort::urls() const {
  const auto url = [&](const std::string& address) {
    return "sip:" + resync::authority(address, impl_->port);
  };
  std::vector<std::string> urls;
  for (const auto& address : impl_->desk.addresses()) urls.push_back(url(address));
  return urls;
}

}  // namespace provphone::client::run
