#include "client/transport/detail/tftp_engine.hpp"

#include "client/transport/detail/failures.hpp"
#include "client/transport/detail/request_check.hpp"
#include "client/transport/detail/request_url.hpp"
#include "macro/try.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace provphone::client::transport::detail {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::milliseconds;
using Clock = TftpExchange::Clock;

// Many exchanges that wait are looked at together rather than each in its own microsecond.
constexpr milliseconds least_nap{5};

// What can be refused without a packet is: an address needs no look-up to be no target.
Result<std::string> checked_request(const Request& request, const Targets& targets) {
  TRY(check_url(request.url));
  TRY(check_target(targets, request.url.host));
  TRY(check_source(request));
  return tftp_request(request);
}

Clock::time_point end_of(Clock::time_point from, milliseconds limit) {
  return limit > milliseconds::zero() ? from + limit : Clock::time_point::max();
}

std::int64_t us_into(const TftpExchange& exchange, Clock::time_point point) {
  if (point == Clock::time_point{}) return 0;
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(point - exchange.started);
  return std::max<std::int64_t>(time.count(), 1);  // 0 is for what was not reached
}

Stamps stamps_of(const TftpExchange& exchange) {
  Stamps stamps;
  stamps.begun_us = us_into(exchange, exchange.begun);
  stamps.resolved_us = us_into(exchange, exchange.resolved);
  if (exchange.client)
    stamps.first_byte_us = us_into(exchange, exchange.client->first_content_at());
  stamps.done_us = us_into(exchange, Clock::now());
  return stamps;
}

Clock::time_point due_of(const TftpExchange& exchange) {
  return exchange.client ? exchange.client->due() : exchange.name_due;
}

// R-HTTP-03, over TFTP too: another address may have a server that answers.
bool is_worth_another(const TftpExchange& exchange) {
  if (exchange.client && exchange.client->was_answered()) return false;
  return exchange.tried < exchange.addresses.size() &&
         Clock::now() < end_of(exchange.begun, exchange.request.timeouts.total);
}

}  // namespace

TftpEngine::TftpEngine(asio::io_context& loop, const Targets& targets, NameService& names,
                       Stamps& last)
    : loop_(loop), targets_(targets), names_(names), last_(last), alarm_(loop) {}

void TftpEngine::close() {
  if (!std::exchange(is_open_, false)) return;
  for (const auto& [id, exchange] : exchanges_) drop(*exchange);
  exchanges_.clear();
  alarm_.close();
}

Fetcher::Id TftpEngine::start(Request request, Fetcher::OnResolved on_resolved,
                              Fetcher::OnDone on_done) {
  const auto exchange = std::make_shared<TftpExchange>(*this, loop_.get_executor());
  exchange->id = ++last_id_;
  exchange->request = std::move(request);
  exchange->on_resolved = std::move(on_resolved);
  exchange->on_done = std::move(on_done);
  exchange->started = Clock::now();
  exchanges_.emplace(exchange->id, exchange);
  asio::post(loop_, [exchange] {
    if (exchange->engine != nullptr) exchange->engine->begin(exchange);
  });
  return exchange->id;
}

void TftpEngine::cancel(Fetcher::Id id) {
  const auto found = exchanges_.find(id);
  if (found == exchanges_.end()) return;
  drop(*found->second);
  exchanges_.erase(found);
}

// Whoever still holds the exchange finds it over.
void TftpEngine::drop(TftpExchange& exchange) {
  exchange.engine = nullptr;
  error_code ignored;
  exchange.socket.close(ignored);
  exchange.on_resolved = nullptr;
  exchange.on_done = nullptr;
}

void TftpEngine::begin(const Exchange& exchange) {
  exchange->begun = Clock::now();
  auto packet = checked_request(exchange->request, targets_);
  if (!packet) return end(exchange, tl::unexpected(std::move(packet).error()));
  exchange->packet = *std::move(packet);
  const auto& timeouts = exchange->request.timeouts;
  exchange->name_due =
      std::min(end_of(exchange->begun, timeouts.connect), end_of(exchange->begun, timeouts.total));
  alarm_.ring_by(exchange->name_due, *this);
  names_.find(exchange->request.url.host, exchange->request.naming,
              [exchange](const Result<Addresses>& found) {
                if (exchange->engine != nullptr) exchange->engine->take_addresses(exchange, found);
              });
}

// Which addresses may be asked is looked at when they are known.
void TftpEngine::take_addresses(const Exchange& exchange, const Result<Addresses>& found) {
  if (!found) return end(exchange, tl::unexpected(found.error()));
  exchange->resolved = Clock::now();
  auto allowed = allowed_of(exchange->request.url.host, *found, targets_);
  if (!allowed) return end(exchange, tl::unexpected(std::move(allowed).error()));
  exchange->addresses = *std::move(allowed);
  // R-HTTP-18.
  if (const auto on_resolved = std::exchange(exchange->on_resolved, nullptr))
    on_resolved(exchange->addresses.front().to_string());
  if (exchange->engine != nullptr) try_next_address(exchange);
}

void TftpEngine::try_next_address(const Exchange& exchange) {
  auto& one = *exchange;
  one.server = {one.addresses[one.tried++], one.request.url.port};
  one.server_address = one.server.address().to_string();
  error_code ignored;
  one.socket.close(ignored);
  if (auto opened =
          open_tftp_socket(one.socket, one.server, one.request.source_address, one.request.tftp);
      !opened) {
    return end(exchange, tl::unexpected(std::move(opened).error()));
  }
  one.client.emplace(one.request, one.packet, end_of(one.begun, one.request.timeouts.total));
  if (follow(exchange, one.client->begin(Clock::now()))) listen(exchange);
}

// The handler of an earlier address finds another count of them.
void TftpEngine::listen(const Exchange& exchange) {
  exchange->socket.async_receive_from(
      asio::buffer(exchange->buffer), exchange->sender,
      [exchange, tried = exchange->tried](const error_code& failed, std::size_t size) {
        if (exchange->engine == nullptr || exchange->tried != tried) return;
        exchange->engine->hear(exchange, failed, size);
      });
}

void TftpEngine::hear(const Exchange& exchange, const error_code& failed, std::size_t size) {
  const auto step = failed ? step_after(*exchange, failed) : step_after(*exchange, size);
  if (follow(exchange, step)) listen(exchange);
}

TftpClient::Step TftpEngine::step_after(TftpExchange& exchange, const error_code& failed) {
  const bool is_closed =
      failed == asio::error::connection_refused && is_port_closed(exchange.socket, exchange.server);
  return is_closed ? exchange.client->port_is_closed() : TftpClient::Step{};
}

TftpClient::Step TftpEngine::step_after(TftpExchange& exchange, std::size_t size) {
  const bool is_server = exchange.sender.address() == exchange.server.address();
  return exchange.client->hear({exchange.buffer.data(), size},
                               is_server ? TftpClient::Peer::server : TftpClient::Peer::stranger,
                               exchange.sender.port(), Clock::now());
}

bool TftpEngine::follow(const Exchange& exchange, const TftpClient::Step& step) {
  if (step.to == TftpClient::Peer::stranger) tell_stranger(*exchange, step.packet);
  if (step.to == TftpClient::Peer::server) {
    if (auto failure = tell_server(*exchange, step.packet); failure && !step.is_over) {
      give_up_address(exchange, *std::move(failure));
      return false;
    }
    if (!step.is_over) alarm_.ring_by(exchange->client->due(), *this);
  }
  if (step.is_over) conclude(exchange);
  return !step.is_over;
}

// What is wrong with the way to the server, where it is certain that no answer will come.
std::optional<Error> TftpEngine::tell_server(TftpExchange& exchange, std::string_view packet) {
  auto& client = *exchange.client;
  if (client.was_answered()) exchange.server.port(client.server_port());
  error_code error;
  const auto sent = send_tftp(exchange.socket, packet, exchange.server, error);
  if (sent == Sent::port_is_closed) {
    client.port_is_closed();
    return client.outcome().error();
  }
  // Once it has answered the way may come back: the next try will tell.
  if (sent == Sent::on_its_way || client.was_answered()) return std::nullopt;
  const auto code = sent == Sent::lacks_port ? Errc::no_local_port : Errc::host_unreachable;
  return Error{code, fmt::format("{}: {}", host_and_port(exchange.request.url), error.message())};
}

// R-HTTP-15, R-TFTP-07: error 5 is traffic too.
void TftpEngine::tell_stranger(TftpExchange& exchange, std::string_view packet) {
  if (!targets_.allows_address(exchange.sender.address().to_string())) return;
  error_code ignored;
  send_tftp(exchange.socket, packet, exchange.sender, ignored);
}

void TftpEngine::conclude(const Exchange& exchange) {
  auto& client = *exchange->client;
  if (!client.outcome()) return give_up_address(exchange, client.outcome().error());
  Response response;
  response.status = 200;
  response.body = client.take_body();
  response.body_bytes = client.body_octets();
  response.server_address = exchange->server_address;
  end(exchange, std::move(response));
}

void TftpEngine::give_up_address(const Exchange& exchange, Error error) {
  if (is_worth_another(*exchange)) return try_next_address(exchange);
  end(exchange, tl::unexpected(std::move(error)));
}

// The call-back may end the fetcher, and with it this: nothing follows it.
void TftpEngine::end(const Exchange& exchange, Result<Response> result) {
  // The reference may be to what erase() takes away.
  const auto keep = exchange;  // NOLINT(performance-unnecessary-copy-initialization)
  const auto on_done = std::move(keep->on_done);
  last_ = stamps_of(*keep);
  if (result) result->stamps = last_;
  drop(*keep);
  exchanges_.erase(keep->id);
  if (on_done) on_done(std::move(result));
}

void TftpEngine::on_alarm() {
  if (!is_open_) return;
  const auto now = Clock::now();
  // What follows from a time that is over calls back, which may change the table or end this.
  std::vector<Exchange> due;
  auto next = Clock::time_point::max();
  for (const auto& [id, exchange] : exchanges_) {
    const auto at = due_of(*exchange);
    if (at <= now) {
      due.push_back(exchange);
    } else {
      next = std::min(next, at);
    }
  }
  if (next != Clock::time_point::max()) alarm_.ring_by(std::max(next, now + least_nap), *this);
  for (const auto& exchange : due) {
    if (exchange->engine == nullptr) continue;
    if (!exchange->client) {
      const auto& host = exchange->request.url.host;
      end(exchange, tl::unexpected(no_answer_about('"' + host + '"')));
      continue;
    }
    follow(exchange, exchange->client->wake(now));
  }
}

}  // namespace provphone::client::transport::detail
