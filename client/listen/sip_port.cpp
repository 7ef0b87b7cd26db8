#include "client/listen/sip_port.hpp"

#include "client/listen/registrar.hpp"
#include "client/listen/sip_desk.hpp"
#include "client/listen/sip_stream.hpp"
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
#include <utility>

namespace provphone::client::listen {

namespace asio = boost::asio;

struct SipPort::Impl final : SipCarrier, std::enable_shared_from_this<SipPort::Impl> {
  Impl(asio::io_context& its_loop, drive::RealDriver& driver, transport::Network network,
       trace::TraceSink tell, const PhonesByAddress& its_phones)
      : loop(its_loop),
        desk(driver, its_phones,
             [this](std::size_t phone, const std::string& from) {
               return registrar.is_registrar_of(phone, from);
             }),
        registrar(loop, driver, std::move(network), std::move(tell), *this),
        phones(its_phones) {}

  using Datagrams = std::shared_ptr<asio::ip::udp::socket>;

  asio::io_context& loop;
  SipDesk desk;
  Registrar registrar;
  PhonesByAddress phones;
  std::uint16_t port = 0;
  std::vector<std::shared_ptr<transport::Listener>> listeners;
  std::map<std::string, Datagrams> datagrams;             // by address
  std::map<PhoneLine, std::shared_ptr<SipStream>> calls;  // that phones have opened
  std::size_t connections = 0;                            // that others have
  std::array<char, face::most_sip_octets> buffer{};       // of one datagram, while it is taken
  bool is_over = false;

  Result<void> listen(const std::string& at);
  Result<bool> listen_for_datagrams(const asio::ip::udp::endpoint& place, const std::string& at);
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

// Besides one to each address: whoever keeps more open has others turned away.
constexpr std::size_t most_connections = 256;
// What one socket may hold the others up for.
constexpr int most_datagrams_in_a_row = 64;

// A free port of TCP's is now and then not free for UDP.
constexpr int most_tries = 100;

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
  if (is_over || connections >= most_connections + phones.size()) return;
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

// False: somebody else has the port.
Result<bool> SipPort::Impl::listen_for_datagrams(const asio::ip::udp::endpoint& place,
                                                 const std::string& at) {
  boost::system::error_code error;
  auto socket = std::make_shared<asio::ip::udp::socket>(loop);
  socket->open(place.protocol(), error);
  if (!error) socket->bind(place, error);
  if (error == asio::error::address_in_use) return false;
  if (!error) socket->non_blocking(true, error);
  if (error) return tl::unexpected(cannot_listen(at, error.message()));
  datagrams[at] = socket;
  wait(socket, at);
  return true;
}

Result<void> SipPort::Impl::listen(const std::string& at) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(at, error);
  if (error) return tl::unexpected(cannot_listen(at, "that is no address"));
  for (int tries = port == 0 ? most_tries : 1; tries > 0; --tries) {
    TRY(auto listener,
        transport::Listener::open(loop, {ip, port},
                                  [weak = weak_from_this(), at](asio::ip::tcp::socket socket) {
                                    if (const auto self = weak.lock())
                                      self->accept(std::move(socket), at);
                                  }));
    listeners.push_back(std::move(listener));
    const auto taken = listeners.back()->port();
    TRY(const auto has_both, listen_for_datagrams({ip, taken}, at));
    if (has_both) {
      port = taken;
      return {};
    }
    listeners.back()->close();
    listeners.pop_back();
  }
  return tl::unexpected(cannot_listen(resync::authority(at, port), "another program has the port"));
}

Result<std::unique_ptr<SipPort>> SipPort::open(asio::io_context& loop, const Place& place,
                                               const PhonesByAddress& phones,
                                               drive::RealDriver& driver,
                                               transport::Network network, trace::TraceSink tell) {
  auto impl = std::make_shared<Impl>(loop, driver, std::move(network), std::move(tell), phones);
  impl->port = place.port;
  // Closes what it has opened, where it fails.
  std::unique_ptr<SipPort> port(new SipPort(impl));
  std::vector<std::string> addresses(driver.phone_count());
  for (const auto& [address, at_it] : phones) {
    TRY(impl->listen(address));
    for (const auto phone : at_it) addresses[phone] = address;
  }
  impl->registrar.begin(std::move(addresses), impl->port);
  return port;
}

SipPort::SipPort(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

SipPort::~SipPort() {  // NOLINT(bugprone-exception-escape)
  impl_->is_over = true;
  for (const auto& listener : impl_->listeners) listener->close();
  boost::system::error_code error;
  for (const auto& [address, socket] : impl_->datagrams) socket->close(error);
  for (const auto& [of, call] : impl_->calls) call->finish();
}

void SipPort::observe(std::size_t phone, const trace::TraceEvent& event) {
  impl_->desk.observe(phone);
  impl_->registrar.observe(phone, event);
}

std::uint16_t SipPort::port() const {
  return impl_->port;
}

std::vector<std::string> SipPort::urls() const {
  std::vector<std::string> urls;
  for (const auto& [address, phones] : impl_->phones)
    urls.push_back("sip:" + resync::authority(address, impl_->port));
  return urls;
}

}  // namespace provphone::client::listen
