#include "client/serve/tftp_transfer.hpp"

#include <boost/asio/buffer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace provphone::client::serve {
namespace {

namespace asio = boost::asio;

// 1, 2, 4, 8 and 16 s where the client has not asked for a time of its own (RFC 2349).
constexpr tftp::Patience usual_patience{std::chrono::seconds{1}, tftp::Patience::Pace::doubling, 5};
// Longer than a phone asks again (R-TFTP-06), so that what it says meets nobody new.
constexpr std::chrono::seconds silence{60};
// Longer than a phone waits before it says something again (R-TFTP-06).
constexpr std::chrono::seconds lingering{6};
constexpr std::size_t acknowledgement_octets = 516;  // or an error with its text
constexpr std::size_t largest_packet = 65'464 + 4;

// File names come from the network and go to a log line.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return std::iscntrl(c) != 0; }, '?');
  return text;
}

class Refusal final : public TftpTransfer {
 public:
  Refusal(TftpOpening opening, const TftpRefusal& refusal)
      : TftpTransfer(std::move(opening)), refusal_(refusal) {}

 private:
  void begin() override { say_last(error_packet(refusal_), refusal_.status); }
  void handle(std::string_view /*packet*/) override {}
  bool is_at_start() const override { return true; }
  void count_octets(Served& /*served*/) const override {}

  TftpRefusal refusal_;
};

}  // namespace

Served what_is_served(const TftpAsked& asked) {
  Served served;
  served.at = asked.at;
  served.protocol = name(Protocol::tftp);
  served.method = asked.request.opcode == tftp::Opcode::write_request ? "WRQ" : "RRQ";
  served.path = printable(asked.request.file_name);
  served.client_address = asked.client.address().to_string();
  if (asked.met) served.fault = asked.met->fault->label;
  return served;
}

std::string error_packet(const TftpRefusal& refusal) {
  const auto text = [&]() -> std::string {
    switch (refusal.code) {
      case tftp::ErrorCode::file_not_found:
        return "file not found";
      case tftp::ErrorCode::access_violation:
        return "access violation";
      case tftp::ErrorCode::disk_full:
        return "disk full";
      case tftp::ErrorCode::illegal_operation:
        return "illegal operation";
      case tftp::ErrorCode::unknown_transfer:
        return "unknown transfer";
      case tftp::ErrorCode::not_defined:
      case tftp::ErrorCode::refused_options:
        break;
    }
    if (refusal.code == tftp::ErrorCode::not_defined)
      return fmt::format("status {}", refusal.status);
    return fmt::format("error {}", static_cast<int>(refusal.code));
  };
  return tftp::format_error(refusal.code, text());
}

std::shared_ptr<TftpTransfer> make_refusal(TftpOpening opening, const TftpRefusal& refusal) {
  return std::make_shared<Refusal>(std::move(opening), refusal);
}

TftpTransfer::TftpTransfer(TftpOpening opening)
    : Connection(connections_of(opening.state)),
      state_(std::move(opening.state)),
      wire_(std::move(opening.socket), opening.asked.client, opening.asked.met),
      timer_(wire_.socket().get_executor()),
      asked_(std::move(opening.asked)),
      patience_(usual_patience),
      buffer_(asked_.request.opcode == tftp::Opcode::write_request ? largest_packet
                                                                   : acknowledgement_octets) {}

void TftpTransfer::start() {
  receive();
  const auto delay = asked_.met ? asked_.met->fault->delay : std::chrono::milliseconds{};
  if (stalls(Where::head)) return fall_silent();
  if (delay.count() == 0) return begin();
  timer_.expires_after(delay);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error && self->wire_.socket().is_open()) self->begin();
  });
}

bool TftpTransfer::begin_again(const tftp::Request& request) {
  if (!is_at_start() || !(request == asked_.request) || !wire_.socket().is_open()) return false;
  say_again();
  return true;
}

void TftpTransfer::close() {
  boost::system::error_code ignored;
  wire_.socket().close(ignored);
  timer_.cancel();
}

void TftpTransfer::end(int status) {
  if (!wire_.socket().is_open()) return;
  close();
  report(status);
}

void TftpTransfer::report(int status) {
  if (std::exchange(reported_, true)) return;
  auto served = what_is_served(asked_);
  served.status = status;
  count_octets(served);
  state().report(served);
}

bool TftpTransfer::stalls(Where where) const {
  if (!asked_.met) return false;
  const auto* stall = std::get_if<StallFault>(&asked_.met->fault->failing);
  return stall != nullptr && stall->where == where;
}

void TftpTransfer::say(std::string packet) {
  packet_ = std::move(packet);
  ++turn_;
  try_ = 0;
  send_packet();
}

void TftpTransfer::set_patience(std::chrono::seconds wait) {
  patience_ = {wait, tftp::Patience::Pace::steady, usual_patience.tries};
}

void TftpTransfer::say_again() {
  // Empty while a fault's delay lasts.
  if (!silent_ && !packet_.empty()) wire_.send(packet_);
}

void TftpTransfer::say_last(const std::string& packet, int status) {
  wire_.send(packet);
  end(status);
}

void TftpTransfer::send_packet() {
  const auto wait = patience_.wait_behind(++try_);
  if (!wait) return end(0);
  wire_.send(packet_);
  timer_.expires_after(*wait);
  timer_.async_wait([self = shared_from_this(), turn = turn_,
                     attempt = try_](const boost::system::error_code& error) {
    // The packet may have been answered between the expiry and this call.
    if (error || !self->wire_.socket().is_open() || self->turn_ != turn || self->try_ != attempt)
      return;
    self->send_packet();
  });
}

void TftpTransfer::close_in(std::chrono::seconds time) {
  ++turn_;
  timer_.expires_after(time);
  timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->close();
  });
}

void TftpTransfer::fall_silent() {
  silent_ = true;
  report(0);
  close_in(silence);
}

void TftpTransfer::linger(int status) {
  report(status);
  close_in(lingering);
}

void TftpTransfer::receive() {
  wire_.socket().async_receive_from(
      asio::buffer(buffer_), sender_,
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        if (!self->wire_.socket().is_open()) return;
        if (!error) self->hear({self->buffer_.data(), size});
        if (self->wire_.socket().is_open()) self->receive();
      });
}

void TftpTransfer::hear(std::string_view packet) {
  const bool is_error = tftp::opcode_of(packet) == tftp::Opcode::error;
  if (sender_ != wire_.client()) {
    // An error is never answered with an error, or two servers could go on for ever.
    if (!is_error) wire_.send_to(error_packet({tftp::ErrorCode::unknown_transfer, 0}), sender_);
    return;
  }
  if (silent_) return;
  if (is_error) return end(0);
  handle(packet);
}

}  // namespace provphone::client::serve
