#include "client/figures/fleet_result.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

namespace provphone::client::figures {
namespace {

std::string label(const FleetResult& result) {
  return result.shards.empty() ? result.title
                               : fmt::format("shard {} of {}", result.shards.front().number,
                                             result.shards.front().of);
}

Result<void> check_same_scenario(const FleetResult& first, const FleetResult& other) {
  if (other.scenario_hash != first.scenario_hash)
    return fail(Errc::bad_argument,
                fmt::format("results of two scenarios, {} ({}) and {} ({}), do not add up; "
                            "--compare puts two side by side",
                            first.title, first.scenario_hash, other.title, other.scenario_hash));
  const auto same_name = [](const GroupFigures& a, const GroupFigures& b) {
    return a.name == b.name;
  };
  if (!std::equal(first.figures.groups.begin(), first.figures.groups.end(),
                  other.figures.groups.begin(), other.figures.groups.end(), same_name))
    return fail(Errc::bad_argument,
                fmt::format("{}: the groups of phones are not those of the first result; was it "
                            "edited?",
                            other.title));
  return {};
}

Result<void> check_shards(const std::vector<FleetResult>& results) {
  std::set<Shard> seen;
  for (const auto& result : results) {
    if (result.seed != results.front().seed)
      return fail(Errc::bad_argument,
                  fmt::format("shards of one run have one seed, these have {} and {}",
                              results.front().seed, result.seed));
    for (const auto& shard : result.shards) {
      if (!seen.insert(shard).second)
        return fail(Errc::bad_argument,
                    fmt::format("shard {} of {} is there twice", shard.number, shard.of));
      if (shard.of != seen.begin()->of)
        return fail(Errc::bad_argument,
                    fmt::format("a shard of {} and one of {} are not of one run", seen.begin()->of,
                                shard.of));
    }
  }
  return {};
}

void add_resources(Resources& resources, const Resources& other) {
  resources.processors_used += other.processors_used;
  resources.processors += other.processors;
  resources.memory_peak = std::max(resources.memory_peak, other.memory_peak);
  // The fullest table of open files, and its own limit.
  if (other.open_files_peak > resources.open_files_peak) {
    resources.open_files_peak = other.open_files_peak;
    resources.open_files_limit = other.open_files_limit;
  }
  // The narrowest range, which runs out first.
  if (other.ports_last - other.ports_first < resources.ports_last - resources.ports_first) {
    resources.ports_first = other.ports_first;
    resources.ports_last = other.ports_last;
  }
  resources.longest_stall_us = std::max(resources.longest_stall_us, other.longest_stall_us);
}

void add_numbers(FleetResult& sum, const FleetResult& other) {
  sum.phones += other.phones;
  sum.workers += other.workers;
  // UTC in one spelling: the earlier text is the earlier time.
  sum.started = std::min(sum.started, other.started);
  sum.length = std::max(sum.length, other.length);
  sum.pauses.insert(sum.pauses.end(), other.pauses.begin(), other.pauses.end());
  std::sort(sum.pauses.begin(), sum.pauses.end());
  merge(sum.events, other.events);
  sum.figures.merge(other.figures);
  merge(sum.tested, other.tested);
  add_resources(sum.resources, other.resources);
}

std::vector<VoidReason> labelled(std::vector<VoidReason> reasons, const std::string& from) {
  for (auto& reason : reasons) reason.evidence = fmt::format("{}: {}", from, reason.evidence);
  return reasons;
}

// `label_of` is what void reasons of a result are told apart by; `join` puts its outcome to the
// sum's.
template <class LabelOf, class Join>
Result<FleetResult> add_up(std::vector<FleetResult> results, const LabelOf& label_of,
                           const Join& join) {
  if (results.empty()) return fail(Errc::bad_argument, "there is no result to merge");
  resync::Duration widest{};
  for (const auto& result : results) {
    TRY(check_same_scenario(results.front(), result));
    widest = std::max(widest, result.figures.series.width());
  }
  // As it is, its reasons without a label.
  if (results.size() == 1) return std::move(results.front());
  std::vector<VoidReason> reasons;
  for (std::size_t i = 0; i < results.size(); ++i) {
    // All before any is merged: see Series::widen_to.
    results[i].figures.series.widen_to(widest);
    auto own = labelled(std::move(results[i].outcome.void_reasons), label_of(results[i], i));
    reasons.insert(reasons.end(), std::make_move_iterator(own.begin()),
                   std::make_move_iterator(own.end()));
    if (i == 0) continue;
    add_numbers(results.front(), results[i]);
    TRY(join(results.front().outcome, results[i]));
  }
  auto sum = std::move(results.front());
  sum.outcome.void_reasons = std::move(reasons);
  return sum;
}

std::string missing_numbers(const std::vector<Shard>& shards) {
  constexpr std::size_t most_named = 10;
  std::vector<std::string> missing;
  for (unsigned number = 1; number <= shards.front().of; ++number) {
    const Shard wanted{number, shards.front().of};
    if (std::binary_search(shards.begin(), shards.end(), wanted)) continue;
    if (missing.size() == most_named) return fmt::format("{}, ...", fmt::join(missing, ", "));
    missing.push_back(std::to_string(number));
  }
  return fmt::format("{}", fmt::join(missing, ", "));
}

// Said anew at every merge: a set that is not complete can be merged further.
void look_for_shards(FleetResult& sum) {
  auto& reasons = sum.outcome.void_reasons;
  std::erase_if(reasons,
                [](const VoidReason& reason) { return reason.resource == missing_shards; });
  const auto missing = missing_numbers(sum.shards);
  if (missing.empty()) return;
  reasons.push_back({std::string(missing_shards),
                     fmt::format("{} of {} are here, without {}", sum.shards.size(),
                                 sum.shards.front().of, missing),
                     "give the results of all shards of the run"});
}

// Phones of a shard that begins later meet another server than those before them.
void look_for_late_shards(FleetResult& sum) {
  if (sum.starts.empty()) return;
  const auto [first, last] =
      std::minmax_element(sum.starts.begin(), sum.starts.end(),
                          [](const auto& a, const auto& b) { return a.began_ms < b.began_ms; });
  const auto apart_ms = last->began_ms - first->began_ms;
  if (apart_ms * 1000 <= longest_lateness_us) return;
  sum.outcome.void_reasons.push_back(
      {std::string(missing_shards),
       fmt::format("shard {} began {:.1f} s after shard {}", last->number,
                   static_cast<double>(apart_ms) / 1000, first->number),
       "let all begin together: give each the same --start-at, a time that is still to come"});
}

}  // namespace

Result<FleetResult> merge(std::vector<FleetResult> results) {
  TRY(check_shards(results));
  std::vector<Shard> shards;
  std::vector<ShardStart> starts;
  for (const auto& result : results) {
    shards.insert(shards.end(), result.shards.begin(), result.shards.end());
    starts.insert(starts.end(), result.starts.begin(), result.starts.end());
  }
  std::sort(shards.begin(), shards.end());
  std::sort(starts.begin(), starts.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  auto sum = add_up(
      std::move(results), [](const FleetResult& result, std::size_t) { return label(result); },
      [](Outcome& all, const FleetResult& part) {
        auto added = merge(all, part.outcome);
        if (!added) added.error().detail = part.title + ": " + added.error().detail;
        return added;
      });
  if (!sum) return sum;
  sum->shards = std::move(shards);
  sum->starts = std::move(starts);
  look_for_shards(*sum);
  look_for_late_shards(*sum);
  return sum;
}

Result<FleetResult> pool(std::vector<FleetResult> results) {
  unsigned runs = 0;
  std::set<std::pair<std::uint64_t, std::string>> seen;
  for (const auto& result : results) {
    runs += result.runs;
    if (result.shards != results.front().shards)
      return fail(Errc::bad_argument,
                  "some results are of one shard and some of another; merge the shards of each run "
                  "with --json first");
    // Runs may share a seed. With the second at which it started, too, it is one file given twice.
    if (!seen.emplace(result.seed, result.started).second)
      return fail(Errc::bad_argument,
                  fmt::format("the run that started at {} is there twice", result.started));
  }
  // Of several runs each is judged by itself, and told apart.
  for (std::size_t i = 0; results.size() > 1 && i < results.size(); ++i) {
    for (auto& evidence : results[i].outcome.evidence)
      evidence.title = fmt::format("run {}: {}", i + 1, evidence.title);
  }
  auto sum = add_up(
      std::move(results),
      [](const FleetResult&, std::size_t place) { return fmt::format("run {}", place + 1); },
      [](Outcome& all, const FleetResult& run) {
        lay_beside(all, run.outcome);
        return Result<void>{};
      });
  if (!sum) return sum;
  sum->runs = runs;
  look_for_shards(*sum);
  return sum;
}

}  // namespace provphone::client::figures
