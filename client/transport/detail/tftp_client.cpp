#include "client/transport/detail/tftp_client.hpp"

#include "client/transport/detail/kept.hpp"
#include "client/transport/detail/request_url.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::client::transport::detail {
namespace {

using resync::TftpOptions;
using std::chrono::milliseconds;

constexpr std::uint16_t smallest_block_octets = 8;  // RFC 2348

// Without a text: the number says it all.
constexpr std::string_view unknown_transfer("\0\5\0\5\0", 5);

tftp::Patience patience_with(const resync::TftpHabits& habits) {
  return {resync::timeout_of(habits), tftp::Patience::Pace::steady,
          static_cast<int>(resync::tries_of(habits))};
}

// A server's words go to one line of an error.
std::string shown(std::string_view text) {
  constexpr std::size_t most_text = 120;
  std::string line(text.substr(0, most_text));
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c >= 0x7F; }, '?');
  return line;
}

// R-TFTP-08.
Errc code_of_number(std::uint16_t number) {
  switch (static_cast<tftp::ErrorCode>(number)) {
    case tftp::ErrorCode::file_not_found:
      return Errc::file_not_found;
    case tftp::ErrorCode::access_violation:
      return Errc::tftp_access_violation;
    case tftp::ErrorCode::disk_full:
      return Errc::tftp_disk_full;
    case tftp::ErrorCode::illegal_operation:
      return Errc::tftp_illegal_operation;
    default:
      return Errc::tftp_error;
  }
}

}  // namespace

Result<std::string> tftp_request(const Request& request) {
  const auto opcode =
      request.method == Method::get ? tftp::Opcode::read_request : tftp::Opcode::write_request;
  // R-TFTP-02: a file's name has the slash.
  const auto& path = request.url.path;
  tftp::Request asked{opcode, path.starts_with('/') ? path : "/" + path, {}, {}};
  if (request.tftp.options == TftpOptions::blksize_tsize) {
    asked.options = {{"blksize", std::to_string(TftpClient::wanted_block_octets)},
                     {"tsize", std::to_string(request.body.size())}};
  }
  if (path.find('\0') != std::string::npos)
    return fail(Errc::url_syntax, "a TFTP request holds no name with a zero octet in it");
  auto packet = tftp::format_request(asked);
  if (packet.size() > tftp::largest_request) {
    return fail(Errc::url_syntax, fmt::format("{}: the file name is too long for a TFTP request",
                                              host_and_port(request.url)));
  }
  return packet;
}

TftpClient::TftpClient(const Request& request, std::string packet, Time give_up_at)
    : request_(request),
      give_up_at_(give_up_at),
      patience_(patience_with(request.tftp)),
      incoming_(tftp::usual_block_octets),
      outgoing_(request.body.size(), tftp::usual_block_octets),
      packet_(std::move(packet)) {}

TftpClient::Step TftpClient::begin(Time now) {
  return say(now);
}

TftpClient::Step TftpClient::hear(std::string_view packet, Peer from, std::uint16_t port,
                                  Time now) {
  // R-TFTP-07.
  if (from == Peer::stranger || (was_answered() && port != server_port_)) {
    // An error is never answered with an error, or two sides could go on for ever.
    if (tftp::opcode_of(packet) == tftp::Opcode::error) return {};
    return {Peer::stranger, unknown_transfer};
  }
  heard_port_ = port;
  return hear_server(packet, now);
}

// What cannot be meant for this transfer is no answer: it fixes no port, and nothing follows.
TftpClient::Step TftpClient::hear_server(std::string_view packet, Time now) {
  if (const auto error = tftp::error_of(packet)) return hear_error(*error);
  if (tftp::opcode_of(packet) == tftp::Opcode::options) return hear_options(packet, now);
  if (writes()) {
    const auto block = tftp::acknowledged_block(packet);
    return block ? hear_acknowledgement(*block, now) : Step{};
  }
  const auto data = tftp::data_of(packet);
  return data ? hear_data(*data, now) : Step{};
}

TftpClient::Step TftpClient::hear_error(const tftp::ErrorPacket& error) {
  server_port_ = heard_port_;
  const auto text = shown(error.text);
  const auto step =
      end_with(code_of_number(error.number),
               fmt::format("TFTP error {}{}{}", error.number, text.empty() ? "" : ": ", text));
  outcome_.error().number = error.number;
  return step;
}

TftpClient::Step TftpClient::hear_data(const tftp::Data& data, Time now) {
  const auto place = incoming_.place_of(data);
  if (place == tftp::IncomingBlocks::Place::repeated) return say_again();
  if (place == tftp::IncomingBlocks::Place::stray) return {};
  server_port_ = heard_port_;
  // R-HTTP-12. `body_octets_` never exceeds the limit, so that the difference is one.
  if (data.content.size() > request_.max_body_bytes - body_octets_) return refuse_for_size();
  if (body_octets_ == 0 && !data.content.empty()) first_content_at_ = now;
  body_octets_ += data.content.size();
  body_.append(data.content, 0, kept_of(request_.keep, body_.size(), data.content.size()));
  incoming_.take(data);
  tftp::write_acknowledgement(packet_, data.block);
  if (incoming_.is_complete()) return {Peer::server, packet_, true};
  return say(now);
}

TftpClient::Step TftpClient::hear_acknowledgement(std::uint16_t block, Time now) {
  if (!outgoing_.is_acknowledged_by(block)) return {};
  server_port_ = heard_port_;
  if (outgoing_.is_last()) return {Peer::nobody, {}, true};
  return next_block(now);
}

TftpClient::Step TftpClient::hear_options(std::string_view packet, Time now) {
  if (has_begun()) return {};  // late: content is on its way already
  if (has_options_) return say_again();
  if (request_.tftp.options == TftpOptions::none) {
    return refuse(tftp::ErrorCode::refused_options, Errc::protocol_error,
                  "the server acknowledged options that nobody asked for");
  }
  const auto options = tftp::options_of(packet);
  if (!options || !accept(*options)) {
    return refuse(tftp::ErrorCode::refused_options, Errc::protocol_error,
                  "the server acknowledged other options than it was asked for");
  }
  server_port_ = heard_port_;
  has_options_ = true;
  return begin_with_options(now);
}

// A server may take less than was asked for, not more (RFC 2348).
bool TftpClient::accept(const tftp::Options& options) {
  for (const auto& [name, value] : options) {
    const auto number = parse_whole<std::uint64_t>(value);
    if (!number) return false;
    if (name == "tsize") {
      announced_octets_ = *number;
    } else if (name == "blksize" && *number >= smallest_block_octets &&
               *number <= wanted_block_octets) {
      block_octets_ = static_cast<std::uint16_t>(*number);
    } else {
      return false;
    }
  }
  return true;
}

TftpClient::Step TftpClient::begin_with_options(Time now) {
  if (writes()) {
    outgoing_ = tftp::OutgoingBlocks(request_.body.size(), block_octets_);
    return next_block(now);
  }
  if (announced_octets_ > request_.max_body_bytes) return refuse_for_size();
  // The server's word, and within the limit: no more is set aside than may come.
  if (request_.keep == Keep::body) body_.reserve(announced_octets_);
  incoming_ = tftp::IncomingBlocks(block_octets_);
  tftp::write_acknowledgement(packet_, 0);
  return say(now);
}

TftpClient::Step TftpClient::next_block(Time now) {
  outgoing_.advance();
  const auto content = std::string_view(request_.body).substr(outgoing_.offset(), outgoing_.size());
  tftp::write_data(packet_, tftp::on_the_wire(outgoing_.block()), content);
  return say(now);
}

TftpClient::Step TftpClient::say(Time now) {
  said_ = 1;
  progress_ = now;
  wait_until(now + *patience_.wait_behind(said_));
  return {Peer::server, packet_};
}

// The wait for an answer goes on as it was.
TftpClient::Step TftpClient::say_again() const {
  return {Peer::server, packet_};
}

// R-TFTP-06, R-HTTP-11.
void TftpClient::wait_until(Time try_ends) {
  due_ = std::min(try_ends, give_up_at_);
  const auto idle = request_.timeouts.idle;
  if (was_answered() && idle > milliseconds::zero()) due_ = std::min(due_, progress_ + idle);
}

TftpClient::Step TftpClient::wake(Time now) {
  if (now < due_) return {};
  if (now >= give_up_at_) return fail_for_time();
  const auto idle = request_.timeouts.idle;
  const bool was_idle = idle > milliseconds::zero() && now >= progress_ + idle;
  if (was_answered() && was_idle) return fail_for_silence();
  const auto wait = patience_.wait_behind(++said_);
  if (!wait) return fail_for_silence();
  wait_until(now + *wait);
  return {Peer::server, packet_};
}

TftpClient::Step TftpClient::port_is_closed() {
  if (was_answered()) return end_with(Errc::transfer_interrupted, "the server has closed its port");
  return end_with(Errc::connection_refused, "connection refused");
}

// R-TFTP-09.
TftpClient::Step TftpClient::fail_for_silence() {
  if (!was_answered()) return end_with(Errc::connect_timeout, "no TFTP server answered");
  const auto idle = request_.timeouts.idle;
  const auto own = resync::patience_of(request_.tftp);
  const auto limit = idle > milliseconds::zero() ? std::min(idle, own) : own;
  return end_with(Errc::transfer_stalled, fmt::format("nothing arrived for {} ms", limit.count()));
}

TftpClient::Step TftpClient::fail_for_time() {
  if (!was_answered()) return end_with(Errc::connect_timeout, "no TFTP server answered");
  return end_with(Errc::transfer_timeout,
                  fmt::format("not finished within {} ms", request_.timeouts.total.count()));
}

// The server would repeat its block for long, if it were not told.
TftpClient::Step TftpClient::refuse_for_size() {
  return refuse(tftp::ErrorCode::disk_full, Errc::body_too_large,
                fmt::format("the body exceeds {} octets", request_.max_body_bytes));
}

TftpClient::Step TftpClient::refuse(tftp::ErrorCode number, Errc code, std::string_view what) {
  server_port_ = heard_port_;
  auto step = end_with(code, what);
  packet_ = tftp::format_error(number, what);
  step.to = Peer::server;
  step.packet = packet_;
  return step;
}

TftpClient::Step TftpClient::end_with(Errc code, std::string_view what) {
  outcome_ = fail(code, fmt::format("{}: {}", host_and_port(request_.url), what));
  return {Peer::nobody, {}, true};
}

}  // namespace provphone::client::transport::detail
