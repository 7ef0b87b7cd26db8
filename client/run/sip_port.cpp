#include "client/run/sip_port.hpp"

#include "client/run/sip_desk.hpp"
#include "client/transport/listener.hpp"
#include "macro/try.hpp"
#include "resync/request_target.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sys/resource.h>
#include <utility>

namespace provphone::client::run {

namespace asio = boost::asio;

struct SipPort::Impl : std::enable_shared_from_this<SipPort::Impl> {
  explicit Impl(drive::RealDriver& driver) : desk(driver) {}

  using Datagrams = std::shared_ptr<asio::ip::udp::socket>;

  SipDesk desk;
  std::string address;  // of the place
  std::uint16_t port = 0;
  std::vector<std::shared_ptr<transport::Listener>> listeners;
  std::vector<Datagrams> datagrams;
  std::size_t connections = 0;
  std::array<char, face::most_sip_octets> buffer{};  // of one datagram, while it is taken
  bool is_over = false;

  Result<std::uint16_t> listen(asio::io_context& loop, const std::string& at, std::uint16_t port);
  void wait(const Datagrams& socket, const std::string& at);
  void take_datagrams(asio::ip::udp::socket& socket, const std::string& at);
};

namespace {

// Whoever keeps more open has others wait.
constexpr std::size_t most_connections = 256;
// What one socket may hold the others up for.
constexpr int most_datagrams_in_a_row = 64;

// A client over TCP. It lives as long as something is under way with it.
class Stream : public std::enable_shared_from_this<Stream> {
 public:
  Stream(std::shared_ptr<SipPort::Impl> port, asio::ip::tcp::socket socket, std::string at)
      : port_(std::move(port)), socket_(std::move(socket)), at_(std::move(at)) {
    ++port_->connections;
    boost::system::error_code error;
    const auto from = socket_.remote_endpoint(error);
    sender_ = {from.address().to_string(), from.port()};
  }
  ~Stream() { --port_->connections; }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  void read() {
    socket_.async_read_some(
        asio::buffer(part_),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
          if (error || self->port_->is_over) return;
          self->stream_.append(self->part_.data(), size);
          self->take();
        });
  }

 private:
  // One message after the other; what no message begins with ends the connection.
  void take() {
    // Keep-alives between messages (RFC 5626).
    stream_.erase(0, std::min(stream_.find_first_not_of("\r\n"), stream_.size()));
    const auto size = face::sip_message_size(stream_);
    if (!size) return;
    if (*size == 0) {
      read();
      return;
    }
    auto taken = port_->desk.take(std::string_view(stream_).substr(0, *size), at_, sender_);
    stream_.erase(0, *size);
    if (taken)
      write(*std::move(taken));
    else
      take_more();
  }

  void take_more() {
    asio::post(socket_.get_executor(), [self = shared_from_this()] {
      if (!self->port_->is_over) self->take();
    });
  }

  void write(SipTaken taken) {
    taken_ = std::move(taken);
    asio::async_write(
        socket_, asio::buffer(taken_.answer),
        [self = shared_from_this()](const boost::system::error_code& error, std::size_t /*size*/) {
          if (self->port_->is_over) return;
          self->port_->desk.act(self->taken_);
          if (!error) self->take();
        });
  }

  std::shared_ptr<SipPort::Impl> port_;
  asio::ip::tcp::socket socket_;
  std::string at_;  // the address that was called
  face::SipSender sender_;
  std::array<char, 4096> part_{};
  std::string stream_;
  SipTaken taken_;
};

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

// R-SIP-04: the answer goes first.
void SipPort::Impl::take_datagrams(asio::ip::udp::socket& socket, const std::string& at) {
  for (int i = 0; i < most_datagrams_in_a_row; ++i) {
    asio::ip::udp::endpoint from;
    boost::system::error_code error;
    const auto size = socket.receive_from(asio::buffer(buffer), from, 0, error);
    if (error) return;
    const auto taken = desk.take(std::string_view(buffer.data(), size), at,
                                 {from.address().to_string(), from.port()});
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

Result<std::uint16_t> SipPort::Impl::listen(asio::io_context& loop, const std::string& at,
                                            std::uint16_t wanted) {
  boost::system::error_code error;
  const auto ip = asio::ip::make_address(at, error);
  if (error) return tl::unexpected(cannot_listen(at, "that is no address"));
  TRY(auto listener,
      transport::Listener::open(
          loop, {ip, wanted}, [weak = weak_from_this(), at](asio::ip::tcp::socket socket) {
            const auto self = weak.lock();
            if (!self || self->is_over || self->connections >= most_connections) return;
            std::make_shared<Stream>(self, std::move(socket), at)->read();
          }));
  const auto taken = listener->port();
  listeners.push_back(std::move(listener));
  auto socket = std::make_shared<asio::ip::udp::socket>(loop);
  const asio::ip::udp::endpoint place{ip, taken};
  socket->open(place.protocol(), error);
  if (!error) socket->bind(place, error);
  if (!error) socket->non_blocking(true, error);
  if (error) return tl::unexpected(cannot_listen(at, error.message()));
  datagrams.push_back(socket);
  wait(socket, at);
  return taken;
}

Result<std::unique_ptr<SipPort>> SipPort::open(asio::io_context& loop, const WebPlace& place,
                                               drive::RealDriver& driver) {
  auto impl = std::make_shared<Impl>(driver);
  impl->address = place.address;
  for (std::size_t i = 0; i < driver.phone_count(); ++i) {
    const auto own = driver.phone(i).source_address;
    impl->desk.place(own.empty() ? place.address : own, i);
  }
  // Closes what it has opened, where it fails.
  std::unique_ptr<SipPort> port(new SipPort(impl));
  raise_limit_of_files(impl->desk.addresses().size());
  TRY(impl->port, impl->listen(loop, place.address, place.port));
  for (const auto& address : impl->desk.addresses()) {
    if (address == place.address) continue;
    TRY(impl->listen(loop, address, impl->port));
  }
  return port;
}

SipPort::SipPort(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

SipPort::~SipPort() {
  impl_->is_over = true;
  for (const auto& listener : impl_->listeners) listener->close();
  boost::system::error_code error;
  for (const auto& socket : impl_->datagrams) socket->close(error);
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
