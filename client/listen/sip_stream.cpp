#include "client/listen/sip_stream.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <utility>

namespace provphone::client::listen {

namespace asio = boost::asio;

namespace {

Error error_of(const boost::system::error_code& error, bool was_connected) {
  if (error == asio::error::connection_refused) return {Errc::connection_refused, error.message()};
  return {was_connected ? Errc::transfer_interrupted : Errc::host_unreachable, error.message()};
}

}  // namespace

SipStream::SipStream(asio::ip::tcp::socket socket, Ways ways)
    : socket_(std::move(socket)), ways_(std::move(ways)), silence_(socket_.get_executor()) {}

void SipStream::begin(std::chrono::milliseconds silence) {
  longest_ = silence;
  is_connected_ = true;
  boost::system::error_code error;
  const auto from = socket_.remote_endpoint(error);
  sender_ = {from.address().to_string(), from.port()};
  wait_for_silence();
  read();
}

void SipStream::connect(const asio::ip::address& from, const asio::ip::tcp::endpoint& to) {
  boost::system::error_code error;
  socket_.open(to.protocol(), error);
  if (!error) socket_.bind({from, 0}, error);
  if (error) {
    // Nothing is told from within.
    asio::post(socket_.get_executor(), [self = shared_from_this(), error] { self->end(error); });
    return;
  }
  sender_ = {to.address().to_string(), to.port()};
  socket_.async_connect(to, [self = shared_from_this()](const boost::system::error_code& failure) {
    if (failure) return self->end(failure);
    self->is_connected_ = true;
    self->write_next();
    self->read();
  });
}

void SipStream::wait_for_silence() {
  if (!longest_) return;
  silence_.expires_after(*longest_);
  silence_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (!error && self) self->end(asio::error::timed_out);
  });
}

void SipStream::read() {
  socket_.async_read_some(
      asio::buffer(part_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        if (error) return self->end(error);
        self->wait_for_silence();
        self->stream_.append(self->part_.data(), size);
        self->take();
      });
}

void SipStream::take() {
  if (is_over_) return;
  // Keep-alives between messages (RFC 5626).
  stream_.erase(0, std::min(stream_.find_first_not_of("\r\n"), stream_.size()));
  const auto size = face::sip_message_size(stream_);
  if (!size) return end(asio::error::invalid_argument);
  if (*size == 0) return read();
  auto taken = ways_.take(std::string_view(stream_).substr(0, *size), sender_);
  stream_.erase(0, *size);
  if (!taken) {
    asio::post(socket_.get_executor(), [self = shared_from_this()] { self->take(); });
    return;
  }
  answers_ = true;
  outbox_.push_back(*std::move(taken));
  if (outbox_.size() == 1) write_next();
}

void SipStream::send(std::string octets) {
  outbox_.push_back({std::move(octets), {}});
  if (outbox_.size() == 1 && is_connected_) write_next();
}

void SipStream::write_next() {
  if (outbox_.empty()) {
    if (std::exchange(answers_, false)) take();
    if (is_finishing_) end({});
    return;
  }
  asio::async_write(socket_, asio::buffer(outbox_.front().answer),
                    [self = shared_from_this()](const boost::system::error_code& error,
                                                std::size_t /*size*/) { self->written(error); });
}

// R-SIP-04: a phone obeys once it has answered, even if nobody heard.
void SipStream::written(const boost::system::error_code& error) {
  if (is_over_) return;
  const auto sent = std::move(outbox_.front());
  outbox_.pop_front();
  if (!sent.acts.empty()) ways_.act(sent);
  if (error) return end(error);
  write_next();
}

void SipStream::finish() {
  ways_.over = [](const Error&) {};
  is_finishing_ = true;
  if (outbox_.empty() || !is_connected_) end({});
}

void SipStream::end(const boost::system::error_code& error) {
  if (std::exchange(is_over_, true)) return;
  boost::system::error_code ignored;
  silence_.cancel();
  socket_.close(ignored);
  ways_.over(error_of(error, is_connected_));
}

}  // namespace provphone::client::listen
