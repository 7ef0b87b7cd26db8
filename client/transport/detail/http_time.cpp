#include "client/transport/detail/http_time.hpp"

#include <algorithm>

namespace provphone::client::transport::detail {
namespace {

using Time = HttpExchange::Clock::time_point;
using std::chrono::milliseconds;

// Where there is no limit, libcurl's own counts.
constexpr milliseconds longest_connect{300'000};

milliseconds connect_limit(const Timeouts& timeouts) {
  return timeouts.connect > milliseconds::zero() ? timeouts.connect : longest_connect;
}

std::int64_t us_since_start(const HttpExchange& exchange, Time point) {
  if (point == Time{}) return 0;
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(point - exchange.started);
  return std::max<std::int64_t>(time.count(), 1);  // 0 is for what was not reached
}

}  // namespace

Time end_of_limit(Time from, milliseconds limit) {
  return limit > milliseconds::zero() ? from + limit : Time::max();
}

Time connect_due_of(const HttpExchange& exchange, Time now) {
  const auto end = exchange.begun + connect_limit(exchange.request.timeouts);
  const bool is_last = exchange.next_address == exchange.addresses.size();
  return std::max(is_last ? end : now + (end - now) / 2, now + milliseconds(1));
}

Time due_of(const HttpExchange& exchange) {
  const auto& timeouts = exchange.request.timeouts;
  const auto end = end_of_limit(exchange.begun, timeouts.total);
  switch (exchange.phase) {
    case HttpExchange::Phase::naming:
      return std::min(end, exchange.begun + connect_limit(timeouts));
    case HttpExchange::Phase::connecting:
      return std::min(end, exchange.connect_due);
    default:
      return std::min(end, end_of_limit(exchange.last_activity, timeouts.idle));
  }
}

Stamps stamps_of(const HttpExchange& exchange) {
  Stamps stamps;
  stamps.begun_us = us_since_start(exchange, exchange.begun);
  stamps.resolved_us = us_since_start(exchange, exchange.named);
  stamps.connected_us = us_since_start(exchange, exchange.connected);
  stamps.first_byte_us = us_since_start(exchange, exchange.heard);
  stamps.done_us = us_since_start(exchange, HttpExchange::Clock::now());
  return stamps;
}

}  // namespace provphone::client::transport::detail
