#pragma once

#include "client/listen/sip_desk.hpp"
#include "client/transport/loop.hpp"
#include "macro/error.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// One connection of SIP over TCP, whichever side has opened it. On the loop's thread alone.
namespace provphone::client::listen {

// One message after the other is taken, and the next one is read once its answer is gone; what no
// message begins with ends the connection. It lives as long as something is under way with it.
class SipStream : public std::enable_shared_from_this<SipStream> {
 public:
  // None may be empty.
  struct Ways {
    // Nothing where the message is not answered.
    std::function<std::optional<SipTaken>(std::string_view octets, const face::SipSender& sender)>
        take;
    std::function<void(const SipTaken&)> act;    // once the answer is on its way
    std::function<void(const Error& why)> over;  // once; not behind finish()
  };

  // So long a connection that somebody else has opened may be silent, and no longer (R-SIP-01).
  static constexpr std::chrono::minutes longest_silence{3};

  SipStream(boost::asio::ip::tcp::socket socket, Ways ways);

  // Of somebody who has connected; `silence` is longest_silence but for tests.
  void begin(std::chrono::milliseconds silence = longest_silence);
  // From that address; what is sent before it is connected goes out then.
  void connect(const boost::asio::ip::address& from, const boost::asio::ip::tcp::endpoint& to);

  void send(std::string octets);
  // Closes it once what was sent is on its way. Nothing is told any more.
  void finish();

 private:
  void read();
  void take();
  void write_next();
  void written(const boost::system::error_code& error);
  void wait_for_silence();
  void end(const boost::system::error_code& error);

  boost::asio::ip::tcp::socket socket_;
  Ways ways_;
  boost::asio::steady_timer silence_;
  std::optional<std::chrono::milliseconds> longest_;  // nothing: however long
  face::SipSender sender_;
  std::array<char, 4096> part_{};
  std::string stream_;
  std::deque<SipTaken> outbox_;  // the first one is being written
  bool is_connected_ = false;
  bool answers_ = false;  // the last one in the outbox is an answer that reading waits for
  bool is_finishing_ = false;
  bool is_over_ = false;
};

}  // namespace provphone::client::listen
