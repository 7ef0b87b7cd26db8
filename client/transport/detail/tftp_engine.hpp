#pragma once

#include "client/transport/detail/alarm.hpp"
#include "client/transport/detail/tftp_client.hpp"
#include "client/transport/detail/tftp_socket.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/targets.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>

namespace provphone::client::transport::detail {

class TftpEngine;

// One exchange over TFTP: the addresses of a server, tried in turn, and a transfer with each.
struct TftpExchange {
  using Clock = std::chrono::steady_clock;

  TftpExchange(TftpEngine& in, const boost::asio::io_context::executor_type& executor)
      : engine(&in), socket(executor) {}

  TftpEngine* engine;  // null: the exchange is over, and nobody waits for it
  Fetcher::Id id = 0;
  Request request;
  std::string packet;  // that asks
  Fetcher::OnResolved on_resolved;
  Fetcher::OnDone on_done;

  Addresses addresses;  // allowed ones
  std::size_t tried = 0;
  std::string server_address;  // tried last
  std::optional<TftpClient> client;
  TftpSocket socket;
  TftpEndpoint server;  // with the port that the next packet goes to
  TftpEndpoint sender;
  // An octet more than a packet has, so that a longer one is not taken for it.
  std::array<char, TftpClient::largest_packet + 1> buffer{};

  Clock::time_point started;
  Clock::time_point begun;
  Clock::time_point resolved;
  Clock::time_point name_due = Clock::time_point::max();  // the name is to have addresses by then
};

// TFTP transfers on an Asio loop: gives the packets and times to TftpClient that it wants, and
// takes its packets to the socket. Decides nothing about the protocol.
//
// Handlers that wait in Asio hold their exchange and do nothing when that is over. One timer is for
// all exchanges. After close() nothing happens any more.
class TftpEngine : public std::enable_shared_from_this<TftpEngine> {
 public:
  // `last` is where the stamps of the exchange go whose OnDone comes next. All of them outlive
  // close().
  TftpEngine(boost::asio::io_context& loop, const Targets& targets, NameService& names,
             Stamps& last);

  // As Fetcher has them.
  Fetcher::Id start(Request request, Fetcher::OnResolved on_resolved, Fetcher::OnDone on_done);
  void cancel(Fetcher::Id id);
  void close();

 private:
  using Clock = TftpExchange::Clock;
  using Exchange = std::shared_ptr<TftpExchange>;
  friend Alarm;  // calls on_alarm()

  void begin(const Exchange& exchange);
  void take_addresses(const Exchange& exchange, const Result<Addresses>& found);
  void try_next_address(const Exchange& exchange);
  void listen(const Exchange& exchange);
  void hear(const Exchange& exchange, const boost::system::error_code& failed, std::size_t size);
  static TftpClient::Step step_after(TftpExchange& exchange,
                                     const boost::system::error_code& failed);
  static TftpClient::Step step_after(TftpExchange& exchange, std::size_t size);
  // Whether the transfer with this address goes on. Where it does not, the exchange may be over,
  // and all of this gone.
  bool follow(const Exchange& exchange, const TftpClient::Step& step);
  std::optional<Error> tell_server(TftpExchange& exchange, std::string_view packet);
  void tell_stranger(TftpExchange& exchange, std::string_view packet);
  void conclude(const Exchange& exchange);
  void give_up_address(const Exchange& exchange, Error error);
  void end(const Exchange& exchange, Result<Response> result);
  void drop(TftpExchange& exchange);

  void on_alarm();

  boost::asio::io_context& loop_;
  const Targets& targets_;
  NameService& names_;
  Stamps& last_;
  bool is_open_ = true;
  Fetcher::Id last_id_ = 0;
  std::unordered_map<Fetcher::Id, Exchange> exchanges_;

  Alarm alarm_;
};

}  // namespace provphone::client::transport::detail
