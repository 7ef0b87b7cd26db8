#pragma once

#include "client/serve/content.hpp"
#include "client/serve/state.hpp"
#include "client/serve/tftp_wire.hpp"
#include "client/transport/tftp_blocks.hpp"
#include "client/transport/tftp_packet.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::serve {

namespace tftp = transport::tftp;

// A request over TFTP, and whoever has sent it.
struct TftpAsked {
  tftp::Request request;
  boost::asio::ip::udp::endpoint client;
  std::optional<MatchedFault> met;
  std::chrono::milliseconds at;
};

Served what_is_served(const TftpAsked& asked);

// What the listener hands to a transfer; the caller starts it.
struct TftpOpening {
  std::shared_ptr<State> state;
  boost::asio::ip::udp::socket socket;
  TftpAsked asked;
};

// The server's side of one conversation with one client, from a port of its own. What was said last
// is said again until something else is said: five times altogether, then the transfer ends. It
// starts behind the delay of its fault and reports itself once.
class TftpTransfer : public Connection, public std::enable_shared_from_this<TftpTransfer> {
 public:
  explicit TftpTransfer(TftpOpening opening);

  void start();
  // The client's request came again: it has not seen the first packet. False where this is another
  // request.
  bool begin_again(const tftp::Request& request);
  void close() override;
  // Closes and, unless it has, reports. Nothing happens where it has ended.
  void end(int status);

 protected:
  virtual void begin() = 0;                          // says the first thing
  virtual void handle(std::string_view packet) = 0;  // from the client; no error
  virtual bool is_at_start() const = 0;              // the first thing is what was said last
  virtual void count_octets(Served& served) const = 0;

  void say(std::string packet);
  void say_again();                                      // at once; the timer goes on
  void say_last(const std::string& packet, int status);  // and that is the end
  // The client is to say something before so long, or hears the last packet again.
  void set_patience(std::chrono::seconds wait);
  // What the client has to say from now on is not answered.
  void fall_silent();
  // Reports, and stays for a client that has missed the last packet.
  void linger(int status);

  State& state() { return *state_; }
  bool stalls(Where where) const;
  const TftpAsked& asked() const { return asked_; }

 private:
  void send_packet();
  void receive();
  void hear(std::string_view packet);
  void report(int status);
  void close_in(std::chrono::seconds time);

  std::shared_ptr<State> state_;
  TftpWire wire_;
  boost::asio::steady_timer timer_;
  TftpAsked asked_;
  std::string packet_;  // what was said last
  tftp::Patience patience_;
  std::uint64_t turn_ = 0;  // packets said, repeated ones not counted
  int try_ = 0;
  bool reported_ = false;
  bool silent_ = false;
  std::vector<char> buffer_;
  TftpWire::Endpoint sender_;
};

// An error packet and the end. `status` is what is reported.
struct TftpRefusal {
  tftp::ErrorCode code;
  int status;
};
std::shared_ptr<TftpTransfer> make_refusal(TftpOpening opening, const TftpRefusal& refusal);
std::shared_ptr<TftpTransfer> make_sender(TftpOpening opening, Content content);
std::shared_ptr<TftpTransfer> make_receiver(TftpOpening opening, std::string path);

std::string error_packet(const TftpRefusal& refusal);

}  // namespace provphone::client::serve
