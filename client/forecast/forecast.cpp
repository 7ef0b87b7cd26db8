#include "client/forecast/forecast.hpp"

#include "client/forecast/worker.hpp"
#include "macro/try.hpp"

#include <algorithm>
#include <future>

namespace provphone::client::forecast {
namespace {

constexpr std::uint32_t max_final_states = 100;

Result<std::vector<scenario::GroupSetup>> group_setups(const scenario::Scenario& scenario) {
  std::vector<scenario::GroupSetup> groups;
  for (std::size_t i = 0; i < scenario.phones.size(); ++i) {
    TRY(auto group, scenario::group_setup(scenario, i));
    groups.push_back(std::move(group));
  }
  return groups;
}

// A line that answers share, a trace, and a run that ends with its first lost expectation want the
// events of all phones in one order.
bool is_in_one_order(const VirtualRun& run) {
  return run.scenario.server.bandwidth || run.trace ||
         run.scenario.limits.abort_when == scenario::AbortWhen::lost;
}

bool do_workers_meet(const VirtualRun& run) {
  return run.scenario.server.capacity && !is_in_one_order(run);
}

unsigned workers_for(const VirtualRun& run) {
  if (is_in_one_order(run)) return 1;
  const auto phones = scenario::phone_count(run.scenario);
  const auto most = do_workers_meet(run) ? phones / std::max(run.fewest_phones, 1U) : phones;
  return std::clamp(run.workers, 1U, std::max(most, 1U));
}

}  // namespace

Result<VirtualResult> drive_virtually(const VirtualRun& run) {
  const auto groups = group_setups(run.scenario);
  if (!groups) return tl::unexpected(groups.error());
  const auto phones = scenario::phone_count(run.scenario);
  const auto workers = workers_for(run);
  Meeting meeting(workers);
  const auto place_of = [&](unsigned number) {
    return do_workers_meet(run) ? Worker::Place{&meeting, number} : Worker::Place{};
  };
  std::vector<std::future<VirtualResult>> parts;
  // The first part is this thread's own, so that one worker needs no thread.
  for (unsigned i = 1; i < workers; ++i) {
    const auto first = static_cast<std::uint32_t>(std::uint64_t{phones} * i / workers);
    const auto end = static_cast<std::uint32_t>(std::uint64_t{phones} * (i + 1) / workers);
    parts.push_back(
        std::async(std::launch::async, [&run, &groups, first, end, place = place_of(i)] {
          return Worker(run, *groups, {first, end}, place).work();
        }));
  }
  auto result = Worker(run, *groups, {0, phones / workers}, place_of(0)).work();
  for (auto& part : parts) {
    auto more = part.get();
    result.figures.merge(more.figures);
    std::move(more.final_states.begin(), more.final_states.end(),
              std::back_inserter(result.final_states));
    result.roll.merge(more.roll);
    if (result.judge) result.judge->merge(*more.judge);
    result.length = std::min(result.length, more.length);
    result.end = std::max(result.end, more.end);
  }
  // Each worker has told of its own first ones.
  if (phones > max_final_states) result.final_states.clear();
  result.outcome =
      outcome_of(result.roll, result.judge ? &*result.judge : nullptr,
                 {result.end, result.length, {run.length, false, result.judge.has_value()}});
  return result;
}

resync::Duration length_of(const scenario::Scenario& scenario) {
  if (scenario.limits.duration) return *scenario.limits.duration;
  resync::Duration last{};
  for (const auto& event : scenario.events) {
    const auto times = event.repeat ? event.repeat->times.value_or(1) : 1;
    const auto every = event.repeat ? event.repeat->every : resync::Duration{};
    last = std::max(last, event.at + event.over + every * (times - 1));
  }
  for (const auto& outage : scenario.server.outages) last = std::max(last, outage.to);
  for (const auto& profile : scenario.server.profiles) last = std::max(last, profile.from);
  return last + std::chrono::hours(24);
}

}  // namespace provphone::client::forecast
