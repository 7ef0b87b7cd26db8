#pragma once

#include "client/transport/detail/alarm.hpp"
#include "client/transport/detail/transfer.hpp"
#include "client/transport/name_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <curl/curl.h>

#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace provphone::client::transport::detail {

// curl's multi interface on an Asio event loop, for HTTP and HTTPS. engine.cpp holds the life of an
// exchange, engine_loop.cpp the glue.
//
// Invariants:
// - curl is never entered from within one of its call-backs: start() only queues, cancel() dooms
// what it may not remove.
// - An exchange's call-backs are gone before its end is reported, and its transfer is back in the
// pool by then.
// - A handler that waits in Asio names a socket and its generation; it does nothing when the socket
// has moved on.
// - After close() no member but open_ is looked at.
class Engine : public std::enable_shared_from_this<Engine> {
 public:
  // `last` is where the stamps of the exchange go whose OnDone comes next. All of them outlive
  // close().
  Engine(boost::asio::io_context& loop, const Targets& targets, NameService& names, Stamps& last);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Fetcher::Id start(Request request, Fetcher::OnResolved on_resolved, Fetcher::OnDone on_done);
  void cancel(Fetcher::Id id);
  void close();

 private:
  using Executor = boost::asio::io_context::executor_type;
  using Descriptor = boost::asio::posix::basic_stream_descriptor<Executor>;
  friend Alarm;  // calls on_alarm()

  // A descriptor that curl wants watched; pooled.
  struct Socket {
    explicit Socket(const Executor& executor) : descriptor(executor) {}

    Descriptor descriptor;
    Transfer* transfer = nullptr;
    std::uint64_t generation = 0;
    int wanted = CURL_POLL_NONE;
    bool reading = false;
    bool writing = false;
  };

  Transfer* find(Fetcher::Id id);
  Transfer& take_transfer();
  // --- the life of an exchange
  void begin_waiting();
  void begin(Transfer& transfer);
  void named(Fetcher::Id id, const Result<Addresses>& addresses);
  void run(Transfer& transfer);
  void hand_over(Transfer& transfer);
  void collect_finished();
  // R-TLS-18: what curl gave up for a name goes on, from its beginning, once that is looked up.
  void look_up_and_repeat(Transfer& transfer);
  void repeat(Transfer& transfer, CertificateName answer);
  void end(Transfer& transfer, Result<Response> result);
  void retire(Transfer& transfer);
  void bury_doomed();
  void schedule_begin();

  // --- what curl wants watched, and when it wants to be called
  static int on_socket_changed(CURL* easy, curl_socket_t fd, int what, void* user, void* assigned);
  static int on_timer_changed(CURLM* multi, long timeout_ms, void* user);
  void watch(Socket& socket, Transfer* transfer, int what);
  Socket& take_socket(curl_socket_t fd);
  void give_back(Socket& socket);
  void wait_again(Socket& socket);
  template <class Wait>
  void wait_for(Socket& socket, Wait what, int mask);
  void ready(Socket& socket, int mask);
  void act(curl_socket_t fd, int mask);
  void settle();
  void on_alarm();
  // --- exchanges that say nothing for too long (R-HTTP-11)
  void look_for_silence(Clock::time_point now);
  Clock::time_point next_look(const Transfer& transfer, Clock::time_point now) const;
  void handle_silence(Transfer& transfer, Clock::time_point now);

  boost::asio::io_context& loop_;
  const Targets& targets_;
  NameService& names_;
  bool open_ = true;
  bool in_curl_ = false;
  bool begin_scheduled_ = false;
  bool in_begin_ = false;
  CURLM* multi_ = nullptr;

  // Every transfer that there ever was, at its index.
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<std::uint32_t> free_transfers_;
  // Ids rather than pointers, because an exchange may end while it stands in a list. `beginning_`
  // and `silent_` are of one turn, and members to keep their memory.
  std::vector<Fetcher::Id> waiting_;
  std::vector<Fetcher::Id> beginning_;
  std::vector<Fetcher::Id> doomed_;
  std::vector<Fetcher::Id> silent_;

  Stamps& last_;

  std::deque<Socket> sockets_;
  std::vector<Socket*> free_sockets_;

  Alarm alarm_;
  Clock::time_point curl_deadline_ = Clock::time_point::max();
  Clock::time_point silence_deadline_ = Clock::time_point::max();
};

Fetcher::Id id_of(const Transfer& transfer);

}  // namespace provphone::client::transport::detail
