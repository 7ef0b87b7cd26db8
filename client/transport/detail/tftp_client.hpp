#pragma once

#include "client/transport/fetcher.hpp"
#include "client/transport/tftp_blocks.hpp"
#include "client/transport/tftp_packet.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace provphone::client::transport::detail {

// The packet that asks for what `request` names, with the options that its habits have (R-TFTP-01,
// R-TFTP-02). Fails with url_syntax where that is more than a packet holds.
Result<std::string> tftp_request(const Request& request);

// The phone's side of one TFTP transfer with one server address (R-TFTP-*), without a socket and
// without a clock: packets and times go in, packets come out. A GET reads, every other method
// writes. The server's side is client/serve/tftp_transfer.hpp; both count blocks with
// tftp_blocks.hpp.
class TftpClient {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Who sent a packet, or is sent one.
  enum class Peer : std::uint8_t {
    nobody,
    server,  // the server's address; to send: at server_port(), or at the known port where it is 0
    stranger,  // the sender of the packet that was heard last
  };

  // What follows from what happened. The packet is valid until the next call.
  struct Step {
    Peer to = Peer::nobody;
    std::string_view packet{};
    bool is_over = false;  // outcome() is there; `packet` is still to be sent
  };

  // `request` must outlive it and stay as it is; `packet` is its tftp_request(). It lasts no longer
  // than until `give_up_at`; max(): as long as it takes.
  TftpClient(const Request& request, std::string packet, Time give_up_at);

  // Once, and first of all.
  Step begin(Time now);
  // A packet came from that port of the server's address, or from elsewhere (`from` stranger).
  // Longer ones than largest_packet may come cut to one octet more.
  Step hear(std::string_view packet, Peer from, std::uint16_t port, Time now);
  // At due() or later; too early is no harm.
  Step wake(Time now);
  // The server's machine says that nobody listens where the last packet went. Where the knob
  // tftp_port_unreachable says `ignored` this is not to be called.
  Step port_is_closed();

  Time due() const { return due_; }
  std::uint16_t server_port() const { return server_port_; }  // 0: it has not answered yet
  bool was_answered() const { return server_port_ != 0; }
  Time first_content_at() const { return first_content_at_; }  // Time{}: none came

  // What is_over came to. The file of a read is in take_body() then.
  const Result<void>& outcome() const { return outcome_; }
  std::string take_body() { return std::move(body_); }
  std::size_t body_octets() const { return body_octets_; }

  static constexpr std::uint16_t wanted_block_octets = 1428;  // fits a frame
  static constexpr std::size_t largest_packet = wanted_block_octets + 4;

 private:
  bool writes() const { return request_.method != Method::get; }
  bool has_begun() const { return incoming_.block() > 0 || outgoing_.block() > 0; }
  Step hear_server(std::string_view packet, Time now);
  Step hear_data(const tftp::Data& data, Time now);
  Step hear_acknowledgement(std::uint16_t block, Time now);
  Step hear_options(std::string_view packet, Time now);
  Step hear_error(const tftp::ErrorPacket& error);
  Step begin_with_options(Time now);
  Step next_block(Time now);
  Step say(Time now);
  Step say_again() const;
  Step end_with(Errc code, std::string_view what);
  Step refuse(tftp::ErrorCode number, Errc code, std::string_view what);
  Step fail_for_silence();
  Step fail_for_time();
  Step refuse_for_size();
  bool accept(const tftp::Options& options);
  void wait_until(Time try_ends);

  const Request& request_;
  Time give_up_at_;
  tftp::Patience patience_;
  tftp::IncomingBlocks incoming_;
  tftp::OutgoingBlocks outgoing_;
  std::uint16_t block_octets_ = tftp::usual_block_octets;
  bool has_options_ = false;  // the server has acknowledged some
  std::uint64_t announced_octets_ = 0;
  std::uint16_t server_port_ = 0;
  std::uint16_t heard_port_ = 0;  // of the packet that is being judged

  std::string packet_;  // said last
  int said_ = 0;        // how often
  Time progress_{};     // when something new came, or went out first
  Time due_{};

  std::string body_;
  std::size_t body_octets_ = 0;
  Time first_content_at_{};
  Result<void> outcome_;
};

}  // namespace provphone::client::transport::detail
