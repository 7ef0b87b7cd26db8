#pragma once

#include "client/transport/detail/alarm.hpp"
#include "client/transport/detail/http_answer.hpp"
#include "client/transport/detail/poller.hpp"
#include "client/transport/detail/tcp_connection.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/targets.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::transport::detail {

// One GET over HTTP: the addresses of a server, tried in turn, a request and its answer. Pooled: a
// place of its own as long as its engine lives, and its generation tells one use from the next.
struct HttpExchange {
  using Clock = std::chrono::steady_clock;

  enum class Phase : std::uint8_t {
    free,     // in the pool
    waiting,  // started, not yet begun
    naming,   // its server's name is being looked up
    connecting,
    asking,  // the connection stands, and the request is on its way
    hearing,
  };

  std::uint32_t index = 0;
  std::uint32_t generation = 1;
  Phase phase = Phase::free;
  Request request;
  Fetcher::OnResolved on_resolved;
  Fetcher::OnDone on_done;

  Addresses addresses;           // allowed ones
  std::size_t next_address = 0;  // of those that are still to be tried
  std::shared_ptr<TcpConnection> connection;
  bool is_kept = false;  // the connection is an earlier answer's
  std::string text;      // that asks
  std::size_t sent = 0;  // of it
  HttpAnswer answer;

  Clock::time_point started;
  Clock::time_point begun;
  Clock::time_point named;
  Clock::time_point connected;
  Clock::time_point heard;          // the first octet
  Clock::time_point last_activity;  // an octet went or came
  Clock::time_point connect_due;    // the address that is tried has no longer
};

// Plain HTTP, as nearly all phones of a fleet speak it: GET without a proxy. What is unusual is
// libcurl's (engine.hpp), by the same rules.
//
// Invariants:
// - Nobody is called back from within start(); an exchange is back in the pool before its end is
// reported.
// - A readiness that is told names an exchange and its generation; it does nothing when that has
// moved on.
// - After close() nothing happens any more.
class HttpEngine : public std::enable_shared_from_this<HttpEngine> {
 public:
  // `last` is where the stamps of the exchange go whose OnDone comes next. All of them outlive
  // close().
  HttpEngine(boost::asio::io_context& loop, const Targets& targets, NameService& names,
             Stamps& last);

  // As Fetcher has them.
  Fetcher::Id start(Request request, Fetcher::OnResolved on_resolved, Fetcher::OnDone on_done);
  void cancel(Fetcher::Id id);
  void close();

 private:
  using Clock = HttpExchange::Clock;
  friend Alarm;  // calls on_alarm()

  HttpExchange* find(Fetcher::Id id);
  HttpExchange& take_exchange();
  // --- the life of an exchange
  void begin_waiting();
  void begin(HttpExchange& exchange);
  void take_addresses(Fetcher::Id id, const Result<Addresses>& found);
  bool goes_on_kept(HttpExchange& exchange);
  void try_next_address(HttpExchange& exchange);
  // Whether the exchange is still there.
  bool tell_address(HttpExchange& exchange, const std::string& address);
  void ask_and_watch(HttpExchange& exchange);
  void ready(Fetcher::Id id, std::uint32_t events);
  void ask(HttpExchange& exchange);
  void hear(HttpExchange& exchange, std::uint32_t events);
  void connection_failed(HttpExchange& exchange, Error error);
  void talk_failed(HttpExchange& exchange, int system_error);
  void conclude(HttpExchange& exchange, HttpAnswer::State state);
  void end(HttpExchange& exchange, Result<Response> result);
  void retire(HttpExchange& exchange);

  // --- limits of time (R-HTTP-11)
  void on_alarm();
  void time_is_up(HttpExchange& exchange);

  boost::asio::io_context& loop_;
  const Targets& targets_;
  NameService& names_;
  Stamps& last_;
  bool is_open_ = true;
  bool begin_scheduled_ = false;

  // Every exchange that there ever was, at its index.
  std::vector<std::unique_ptr<HttpExchange>> exchanges_;
  std::vector<std::uint32_t> free_;
  // Ids, because an exchange may end while it stands in a list. `beginning_` and `late_` are of one
  // turn, and members to keep their memory.
  std::vector<Fetcher::Id> waiting_, beginning_, late_;

  std::shared_ptr<Poller> poller_;
  std::vector<char> octets_;  // that were received last

  Alarm alarm_;
};

}  // namespace provphone::client::transport::detail
