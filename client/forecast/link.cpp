#include "client/forecast/link.hpp"

#include <algorithm>
#include <cmath>

namespace provphone::client::forecast {
namespace {

using resync::Time;

double ms_of(Time time) {
  return static_cast<double>(time.time_since_epoch().count());
}

}  // namespace

double Link::rate() const {
  constexpr double ms_per_second = 1'000;
  const auto share = static_cast<double>(bandwidth_.total) /
                     static_cast<double>(std::max(ends_.size(), std::size_t{1}));
  const auto most = bandwidth_.each ? static_cast<double>(*bandwidth_.each) : share;
  return std::min(share, most) / ms_per_second;
}

void Link::end(const TransferId& id, bool is_given_up) {
  const auto it = transfers_.find(id);
  ends_.erase({it->second.end, id});
  given_up_.erase({it->second.transfer.until, id});
  arrivals_.push_back({it->second.transfer, is_given_up});
  transfers_.erase(it);
}

// Each end changes how fast the others are, so time is walked through from one to the next.
void Link::go_on(double until_ms) {
  while (!ends_.empty()) {
    const auto [carried, id] = *ends_.begin();
    const auto ends = now_ms_ + (carried - carried_) / rate();
    const auto given_up = ms_of(given_up_.begin()->first);
    if (std::min(ends, given_up) > until_ms) break;
    if (ends <= given_up) {
      carried_ = carried;
      now_ms_ = ends;
      end(id, false);
      continue;
    }
    carried_ += (given_up - now_ms_) * rate();
    now_ms_ = given_up;
    end(given_up_.begin()->second, true);
  }
  // A number that only grows loses its last digits; with nothing under way it may begin anew.
  carried_ = ends_.empty() ? 0 : carried_ + (until_ms - now_ms_) * rate();
  now_ms_ = until_ms;
}

void Link::begin(const Transfer& transfer, Time now) {
  go_on(ms_of(now));
  const auto end = carried_ + static_cast<double>(transfer.octets);
  transfers_.insert_or_assign(transfer.id, Going{transfer, end});
  ends_.insert({end, transfer.id});
  given_up_.insert({transfer.until, transfer.id});
}

void Link::drop(const TransferId& id, Time now) {
  go_on(ms_of(now));
  const auto it = transfers_.find(id);
  if (it == transfers_.end()) return;
  ends_.erase({it->second.end, id});
  given_up_.erase({it->second.transfer.until, id});
  transfers_.erase(it);
}

std::vector<Arrival> Link::take(Time now) {
  go_on(ms_of(now));
  return std::exchange(arrivals_, {});
}

Time Link::next() const {
  if (ends_.empty()) return Time::max();
  const auto ends = now_ms_ + (ends_.begin()->first - carried_) / rate();
  const auto rounded = Time{resync::Duration{static_cast<std::int64_t>(std::ceil(ends))}};
  return std::min(rounded, given_up_.begin()->first);
}

}  // namespace provphone::client::forecast
