#include "client/fleet/lookout.hpp"

#include <algorithm>

namespace provphone::client::fleet {
namespace {

using SteadyClock = std::chrono::steady_clock;

// For all workers together: whoever shows the run has a screen and keys to look after.
constexpr std::chrono::milliseconds moment{20};

}  // namespace

Lookout::Lookout(const std::vector<std::unique_ptr<Worker>>& workers,
                 std::chrono::milliseconds late_after)
    : late_after_(late_after) {
  for (const auto& worker : workers) watched_.push_back({worker.get(), worker->view(), {}, {}});
}

void Lookout::look() {
  const auto take_until = [this](Instant end) {
    for (auto& each : watched_) {
      const bool has_come =
          each.answer.valid() && each.answer.wait_until(end) == std::future_status::ready;
      if (has_come) each.view = each.answer.get();
    }
  };
  // Late ones first, which the answers to come are newer than. All are asked before any is waited
  // for.
  const auto now = SteadyClock::now();
  take_until(now);
  for (auto& each : watched_) {
    if (each.answer.valid()) continue;
    each.answer = each.worker->look();
    each.asked_at = now;
  }
  take_until(now + moment);
}

WorkerView Lookout::sum() const {
  WorkerView sum;
  sum.is_at_rest = true;
  for (const auto& each : watched_) add(sum, each.view);
  return sum;
}

std::shared_ptr<const figures::Standing> Lookout::standing() const {
  auto sum = std::make_shared<figures::Standing>();
  for (const auto& each : watched_) {
    if (!each.view.standing) return nullptr;
    merge(*sum, *each.view.standing);
  }
  return sum;
}

Lookout::Late Lookout::late() const {
  Late late;
  const auto now = SteadyClock::now();
  for (const auto& each : watched_) {
    if (!each.answer.valid()) continue;
    const auto owed = std::chrono::duration_cast<std::chrono::milliseconds>(now - each.asked_at);
    if (owed < late_after_) continue;
    ++late.workers;
    late.longest = std::max(late.longest, owed);
  }
  return late;
}

}  // namespace provphone::client::fleet
