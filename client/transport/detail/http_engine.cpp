#include "client/transport/detail/http_engine.hpp"

#include "client/transport/detail/answer_headers.hpp"
#include "client/transport/detail/failures.hpp"
#include "client/transport/detail/http_request.hpp"
#include "client/transport/detail/http_time.hpp"
#include "client/transport/detail/request_check.hpp"
#include "client/transport/detail/request_url.hpp"
#include "client/transport/detail/tcp_socket.hpp"
#include "macro/try.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

namespace provphone::client::transport::detail {
namespace {

// A file of usual size comes in one or two portions.
constexpr std::size_t portion = std::size_t{64} << 10;

// The topmost bits of an id are the fetcher's, and no id is 0.
std::uint32_t generation_after(std::uint32_t generation) {
  constexpr std::uint32_t last = (1U << 30U) - 1;
  return generation == last ? 1 : generation + 1;
}

Fetcher::Id id_of_exchange(const HttpExchange& exchange) {
  return Fetcher::Id{exchange.generation} << 32U | exchange.index;
}

Result<void> check_request(const Request& request, const Targets& targets) {
  TRY(check_url(request.url));
  TRY(check_target(targets, request.url.host));
  return check_source(request);
}

std::string whom(const HttpExchange& exchange) {
  return host_and_port(exchange.request.url);
}

}  // namespace

HttpEngine::HttpEngine(boost::asio::io_context& loop, const Targets& targets, NameService& names,
                       Stamps& last)
    : loop_(loop),
      targets_(targets),
      names_(names),
      last_(last),
      poller_(std::make_shared<Poller>(
          loop, [this](std::uint64_t id, std::uint32_t events) { ready(id, events); })),
      octets_(portion),
      alarm_(loop) {}

void HttpEngine::close() {
  if (!std::exchange(is_open_, false)) return;
  poller_->close();
  exchanges_.clear();
  alarm_.close();
}

HttpExchange* HttpEngine::find(Fetcher::Id id) {
  const std::size_t index = id & 0xFFFFFFFFU;
  if (index >= exchanges_.size()) return nullptr;
  auto& exchange = *exchanges_[index];
  return exchange.generation == id >> 32U && exchange.phase != HttpExchange::Phase::free ? &exchange
                                                                                         : nullptr;
}

HttpExchange& HttpEngine::take_exchange() {
  if (!free_.empty()) {
    auto& exchange = *exchanges_[free_.back()];
    free_.pop_back();
    return exchange;
  }
  auto& exchange = *exchanges_.emplace_back(std::make_unique<HttpExchange>());
  exchange.index = static_cast<std::uint32_t>(exchanges_.size() - 1);
  return exchange;
}

Fetcher::Id HttpEngine::start(Request request, Fetcher::OnResolved on_resolved,
                              Fetcher::OnDone on_done) {
  auto& exchange = take_exchange();
  exchange.phase = HttpExchange::Phase::waiting;
  exchange.request = std::move(request);
  exchange.on_resolved = std::move(on_resolved);
  exchange.on_done = std::move(on_done);
  exchange.started = Clock::now();
  waiting_.push_back(id_of_exchange(exchange));
  if (!std::exchange(begin_scheduled_, true))
    boost::asio::post(loop_, [self = shared_from_this()] { self->begin_waiting(); });
  return waiting_.back();
}

void HttpEngine::cancel(Fetcher::Id id) {
  if (auto* const exchange = find(id)) retire(*exchange);
}

// Takes what has been started since; what a call-back starts meanwhile is for the next turn of the
// loop.
void HttpEngine::begin_waiting() {
  if (!is_open_) return;
  begin_scheduled_ = false;
  beginning_.swap(waiting_);
  for (std::size_t i = 0; i < beginning_.size() && is_open_; ++i) {
    auto* const exchange = find(beginning_[i]);
    if (exchange != nullptr && exchange->phase == HttpExchange::Phase::waiting) begin(*exchange);
  }
  if (is_open_) beginning_.clear();
}

void HttpEngine::begin(HttpExchange& exchange) {
  if (auto checked = check_request(exchange.request, targets_); !checked)
    return end(exchange, tl::unexpected(std::move(checked).error()));
  exchange.begun = Clock::now();
  exchange.phase = HttpExchange::Phase::naming;
  const auto& host = exchange.request.url.host;
  const auto literal = address_in(host);
  const auto id = id_of_exchange(exchange);
  if (literal && uses(exchange.request.naming.families, *literal))
    return take_addresses(id, Addresses{*literal});
  alarm_.ring_by(due_of(exchange), *this);
  names_.find(host, exchange.request.naming,
              [weak = weak_from_this(), id](const Result<Addresses>& found) {
                const auto self = weak.lock();
                if (self && self->is_open_) self->take_addresses(id, found);
              });
}

// Which addresses may be asked is looked at when they are known (R-HTTP-15).
void HttpEngine::take_addresses(Fetcher::Id id, const Result<Addresses>& found) {
  auto* const exchange = find(id);
  if (exchange == nullptr || exchange->phase != HttpExchange::Phase::naming) return;
  if (!found) return end(*exchange, tl::unexpected(found.error()));
  auto allowed = allowed_of(exchange->request.url.host, *found, targets_);
  if (!allowed) return end(*exchange, tl::unexpected(std::move(allowed).error()));
  exchange->named = Clock::now();
  exchange->addresses = *std::move(allowed);
  exchange->text = http_request_text(exchange->request);
  if (!goes_on_kept(*exchange)) try_next_address(*exchange);
}

// R-HTTP-02: on the connection that the answer before it came on, where that is open still.
bool HttpEngine::goes_on_kept(HttpExchange& exchange) {
  auto kept = std::dynamic_pointer_cast<TcpConnection>(std::move(exchange.request.connection));
  const auto& url = exchange.request.url;
  if (!kept || !kept->leads_to(url.host, url.port) || !kept->is_idle()) return false;
  exchange.connection = std::move(kept);
  exchange.is_kept = true;
  exchange.phase = HttpExchange::Phase::asking;
  exchange.connected = exchange.last_activity = Clock::now();
  if (tell_address(exchange, exchange.connection->address())) ask_and_watch(exchange);
  return true;
}

// R-HTTP-18. The call-back may cancel the exchange.
bool HttpEngine::tell_address(HttpExchange& exchange, const std::string& address) {
  const auto id = id_of_exchange(exchange);
  if (const auto on_resolved = std::exchange(exchange.on_resolved, nullptr)) on_resolved(address);
  return find(id) != nullptr;
}

void HttpEngine::try_next_address(HttpExchange& exchange) {
  const auto& request = exchange.request;
  const auto& address = exchange.addresses[exchange.next_address++];
  exchange.phase = HttpExchange::Phase::connecting;
  exchange.is_kept = false;
  exchange.sent = 0;
  exchange.last_activity = Clock::now();
  exchange.connect_due = connect_due_of(exchange, exchange.last_activity);
  const int socket = open_tcp_socket(address.is_v6());
  if (socket < 0) return end(exchange, tl::unexpected(no_socket(whom(exchange), errno)));
  exchange.connection = std::make_shared<TcpConnection>(socket, request.url.host, request.url.port,
                                                        address.to_string());
  if (!request.source_address.empty()) {
    const auto error = bind_source(socket, request.source_address);
    if (error != 0)
      return end(exchange, tl::unexpected(unusable_source(request.source_address, error)));
  }
  if (!tell_address(exchange, exchange.connection->address())) return;
  if (const auto error = begin_connecting(socket, address, request.url.port); error != 0)
    return connection_failed(exchange, not_connected(whom(exchange), error));
  ask_and_watch(exchange);
}

// On the loopback a connection often stands at once; then there is nothing to wait for but the
// answer.
void HttpEngine::ask_and_watch(HttpExchange& exchange) {
  const auto id = id_of_exchange(exchange);
  const auto connection = exchange.connection;
  exchange.answer.begin(exchange.request);
  ask(exchange);
  if (find(id) == nullptr || exchange.connection != connection) return;
  alarm_.ring_by(due_of(exchange), *this);
  const auto wanted =
      exchange.phase == HttpExchange::Phase::hearing ? Readiness::read : Readiness::both;
  poller_->add(connection->socket(), id, wanted);
}

void HttpEngine::ready(Fetcher::Id id, std::uint32_t events) {
  const auto self = shared_from_this();  // the fetcher may go meanwhile
  auto* const exchange = find(id);
  if (exchange == nullptr || exchange->connection == nullptr) return;
  if (exchange->phase == HttpExchange::Phase::hearing) return hear(*exchange, events);
  ask(*exchange);
  // The answer, or the end, may have come with the same edge.
  if (find(id) == exchange && exchange->phase == HttpExchange::Phase::hearing)
    hear(*exchange, events);
}

// Sends what is left of the request, which ends the wait for a connection, too.
void HttpEngine::ask(HttpExchange& exchange) {
  const int socket = exchange.connection->socket();
  const bool is_connecting = exchange.phase == HttpExchange::Phase::connecting;
  while (exchange.sent < exchange.text.size()) {
    const auto size = ::send(socket, exchange.text.data() + exchange.sent,
                             exchange.text.size() - exchange.sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0) {
      const int error = errno;
      if (error == EINTR) continue;
      if (error == EAGAIN || error == EWOULDBLOCK) return;
      // Before it is connected a socket may be written to as little as behind its end: what came of
      // connecting stands in its error.
      const int connecting = exchange.sent == 0 && is_connecting ? connect_error(socket) : 0;
      if (exchange.sent == 0 && is_connecting)
        return connection_failed(
            exchange, not_connected(whom(exchange), connecting != 0 ? connecting : error));
      return talk_failed(exchange, error);
    }
    exchange.last_activity = Clock::now();
    if (exchange.phase == HttpExchange::Phase::connecting)
      exchange.connected = exchange.last_activity;
    exchange.phase = HttpExchange::Phase::asking;
    exchange.sent += static_cast<std::size_t>(size);
  }
  exchange.phase = HttpExchange::Phase::hearing;
}

// Reads until there is no more: where a portion was not filled and the other side's end has not
// been told, whatever comes later is told anew.
void HttpEngine::hear(HttpExchange& exchange, std::uint32_t events) {
  const bool may_have_ended = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
  if ((events & EPOLLIN) == 0 && !may_have_ended) return;
  for (;;) {
    const auto size =
        ::recv(exchange.connection->socket(), octets_.data(), octets_.size(), MSG_DONTWAIT);
    if (size < 0) {
      if (errno == EINTR) continue;  // what is ready is told once
      if (errno != EAGAIN && errno != EWOULDBLOCK) talk_failed(exchange, errno);
      return;
    }
    if (size == 0) return conclude(exchange, exchange.answer.end());
    exchange.last_activity = Clock::now();
    if (!exchange.answer.has_begun()) exchange.heard = exchange.last_activity;
    const auto state = exchange.answer.read({octets_.data(), static_cast<std::size_t>(size)});
    if (state != HttpAnswer::State::going_on) return conclude(exchange, state);
    if (static_cast<std::size_t>(size) < octets_.size() && !may_have_ended) return;
  }
}

// R-NAME-10: another address may have a server that answers.
void HttpEngine::connection_failed(HttpExchange& exchange, Error error) {
  exchange.connection.reset();
  const bool has_time =
      Clock::now() < end_of_limit(exchange.begun, exchange.request.timeouts.total);
  if (exchange.next_address < exchange.addresses.size() && has_time)
    return try_next_address(exchange);
  end(exchange, tl::unexpected(std::move(error)));
}

// A kept connection that its server was about to close is no failure: nobody has answered on it.
void HttpEngine::talk_failed(HttpExchange& exchange, int system_error) {
  if (exchange.is_kept && !exchange.answer.has_begun()) {
    exchange.connection.reset();
    return try_next_address(exchange);
  }
  const bool is_reset = system_error == ECONNRESET || system_error == EPIPE;
  const auto* const what =
      is_reset ? "the server reset the connection" : std::strerror(system_error);
  end(exchange, fail(Errc::transfer_interrupted, fmt::format("{}: {}", whom(exchange), what)));
}

void HttpEngine::conclude(HttpExchange& exchange, HttpAnswer::State state) {
  auto& answer = exchange.answer;
  if (state == HttpAnswer::State::failed) {
    if (!answer.has_begun() && exchange.is_kept) return talk_failed(exchange, ECONNRESET);
    return end(exchange, tl::unexpected(answer.failure(whom(exchange))));
  }
  const bool keeps = answer.keeps_connection();
  Response response = answer.take();
  response.server_address = exchange.connection->address();
  if (keeps && may_be_followed(response.status)) {
    poller_->remove(exchange.connection->socket());
    response.connection = std::move(exchange.connection);
  }
  end(exchange, std::move(response));
}

// The call-back may start an exchange that takes the very same place, and end the fetcher: nothing
// follows it.
void HttpEngine::end(HttpExchange& exchange, Result<Response> result) {
  const auto on_done = std::move(exchange.on_done);
  last_ = stamps_of(exchange);
  if (result) result->stamps = last_;
  retire(exchange);
  if (on_done) on_done(std::move(result));
}

void HttpEngine::retire(HttpExchange& exchange) {
  exchange.phase = HttpExchange::Phase::free;
  exchange.generation = generation_after(exchange.generation);  // the old id finds nothing
  exchange.on_resolved = nullptr;
  exchange.on_done = nullptr;
  exchange.connection.reset();
  exchange.request = Request{};
  exchange.addresses.clear();
  exchange.next_address = 0;
  exchange.sent = 0;
  exchange.is_kept = false;
  exchange.begun = exchange.named = exchange.connected = exchange.heard = {};
  free_.push_back(exchange.index);
}

void HttpEngine::on_alarm() {
  if (!is_open_) return;
  const auto now = Clock::now();
  // What follows from a time that is over calls back, which may change the list or end this.
  late_.clear();
  auto next = Clock::time_point::max();
  for (const auto& exchange : exchanges_) {
    if (exchange->phase == HttpExchange::Phase::free ||
        exchange->phase == HttpExchange::Phase::waiting)
      continue;
    const auto due = due_of(*exchange);
    if (due <= now) {
      late_.push_back(id_of_exchange(*exchange));
    } else {
      next = std::min(next, due);
    }
  }
  // Many that wait are looked at together rather than each in its own microsecond.
  constexpr std::chrono::milliseconds least_nap{5};
  if (next != Clock::time_point::max()) alarm_.ring_by(std::max(next, now + least_nap), *this);
  for (std::size_t i = 0; i < late_.size() && is_open_; ++i) {
    if (auto* const exchange = find(late_[i])) time_is_up(*exchange);
  }
}

void HttpEngine::time_is_up(HttpExchange& exchange) {
  const auto& timeouts = exchange.request.timeouts;
  switch (exchange.phase) {
    case HttpExchange::Phase::naming:
      return end(exchange, tl::unexpected(no_answer_about('"' + exchange.request.url.host + '"')));
    case HttpExchange::Phase::connecting:
      return connection_failed(exchange, not_connected_in_time(whom(exchange), timeouts));
    default:
      break;
  }
  const bool is_total = Clock::now() >= end_of_limit(exchange.begun, timeouts.total);
  end(exchange, tl::unexpected(is_total ? not_finished_in_time(whom(exchange), timeouts)
                                        : silent_too_long(whom(exchange), timeouts)));
}

}  // namespace provphone::client::transport::detail
