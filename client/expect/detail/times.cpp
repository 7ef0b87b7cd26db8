#include "client/expect/detail/trackers.hpp"
#include "client/figures/histogram.hpp"
#include "client/scenario/phone_events.hpp"
#include "client/trace/sentence.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

// Expectations on times.
namespace provphone::client::expect::detail {
namespace {

using resync::Duration;
using trace::format_duration;
using Microseconds = std::chrono::microseconds;

// Of a stage; nothing where the event does not have it.
std::optional<std::int64_t> time_of(scenario::LatencyStage stage, const trace::StageTimes& times) {
  switch (stage) {
    case scenario::LatencyStage::resolve:
      return times.resolve;
    case scenario::LatencyStage::connect:
      return times.connect;
    case scenario::LatencyStage::tls:
      return times.tls;
    case scenario::LatencyStage::first_byte:
      return times.first_byte;
    case scenario::LatencyStage::body:
      return times.body;
    case scenario::LatencyStage::decode:
      return times.decode;
    case scenario::LatencyStage::fetch:
      break;
  }
  // No octet came: what failed before is no time of a fetch.
  if (!times.first_byte && !times.body) return std::nullopt;
  return times.resolve.value_or(0) + times.connect.value_or(0) + times.tls.value_or(0) +
         times.first_byte.value_or(0) + times.body.value_or(0);
}

// All that it looks at is when phones got power and how long they took.
class ConvergenceTracker : public Tracker {
 public:
  explicit ConvergenceTracker(const scenario::Converged& what) : what_(what) {}

  Needs needs() const override {
    Needs needs;
    needs.power = true;
    needs.allows = Allowance{figures::Work::pass, std::nullopt, Allowance::When::if_it_holds};
    return needs;
  }

  // Power is the judge's to merge.
  void merge(const Tracker& /*other*/) override {}

  void collect(const Context& context, figures::Evidence& evidence) const override {
    evidence.criterion.kind = figures::Criterion::Kind::share;
    evidence.criterion.share_ppm = what_.share.ppm;
    evidence.is_of_times = true;
    evidence.without = no_power;
    const auto to_power = phones_to_power(context.scenario, context.hour.now.time_since_epoch());
    FirstOffenders offenders;
    context.for_each_selected([&](std::uint32_t phone) {
      const auto& power = context.power[phone];
      // Those that the run has not come to count, too, or half a run would do.
      if (!power.is_known() && !to_power[phone]) return;
      ++evidence.phones;
      ++evidence.chances;
      if (power.took >= 0 && power.took <= what_.within.count()) return;
      if (!context.hour.is_over && has_time(power, context.hour.now)) {
        ++evidence.pending;
        return;
      }
      ++evidence.failed;
      offenders.add(phone, [&] { return too_late(power, context.roll.is_under_way(phone)); });
    });
    offenders.testify(context, evidence);
  }

 private:
  bool has_time(const Power& power, resync::Time now) const {
    if (!power.is_known()) return true;
    return power.took < 0 && power.since + what_.within.count() > now.time_since_epoch().count();
  }

  Offence too_late(const Power& power, bool is_under_way) const {
    const auto never =
        is_under_way ? "never: it still waits for an answer in its first pass" : "it never was";
    return {fmt::format("to be provisioned within {} of power-on", format_duration(what_.within)),
            power.took < 0 ? never
                           : fmt::format("it was after {}", format_duration(Duration(power.took)))};
  }

  scenario::Converged what_;
};

// A request that comes too soon.
class NoRequestBeforeTracker : public Tracker {
 public:
  NoRequestBeforeTracker(const scenario::NoRequestBefore& what, const Part& part)
      : wait_(what.wait), offenders_(part.phones) {}

  Needs needs() const override {
    Needs needs;
    needs.events = {trace::EventKind::request};
    needs.power = true;
    return needs;
  }

  void observe(const Observation& seen) override {
    ++chances_;
    // Behind a restart power goes on, so that `since` may be long ago.
    const auto passed = seen.event.at.time_since_epoch().count() - seen.power.since;
    if (!seen.power.is_known() || passed >= wait_.count()) return;
    offenders_.add(seen.phone, [&] {
      return Offence{fmt::format("no request in the first {} of power", format_duration(wait_)),
                     fmt::format("{} {} after {}", seen.event.method,
                                 macro::hide_query_secrets(seen.event.url),
                                 format_duration(Duration(passed)))};
    });
  }

  void merge(const Tracker& other) override {
    const auto& theirs = dynamic_cast<const NoRequestBeforeTracker&>(other);
    chances_ += theirs.chances_;
    offenders_.merge(theirs.offenders_);
  }

  figures::Loss loss() const override { return {!offenders_.empty(), 0, {}}; }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    context.for_each_powered([&](std::uint32_t) { ++evidence.phones; });
    evidence.chances = chances_;
    evidence.without = "these phones asked for nothing at all";
    evidence.nobody = no_power;
    offenders_.testify(context, evidence);
  }

 private:
  Duration wait_;
  std::uint64_t chances_ = 0;  // requests
  RepeatOffenders offenders_;
};

class LatencyTracker : public Tracker {
 public:
  explicit LatencyTracker(const scenario::LatencyLimit& what) : what_(what) {}

  Needs needs() const override {
    using Stage = scenario::LatencyStage;
    Needs needs;
    needs.events = {what_.stage == Stage::decode ? trace::EventKind::applied
                                                 : trace::EventKind::response};
    if (what_.stage != Stage::fetch) needs.beyond_model = "a modelled server has no such stage";
    return needs;
  }

  void observe(const Observation& seen) override {
    if (const auto us = time_of(what_.stage, seen.event.times)) taken_.add(*us);
  }

  void merge(const Tracker& other) override {
    taken_.merge(dynamic_cast<const LatencyTracker&>(other).taken_);
  }

  void collect(const Context& context, figures::Evidence& evidence) const override {
    auto& criterion = evidence.criterion;
    criterion.kind = figures::Criterion::Kind::quantiles;
    evidence.is_of_times = true;
    evidence.phones = context.selected_count();
    evidence.chances = taken_.count();
    evidence.without = "no retrieval had this stage";
    evidence.times_us = taken_;
    evidence.stage = scenario::stage_names[what_.stage];
    const std::array limits{what_.p50, what_.p90, what_.p99};
    std::vector<std::string> expected;
    for (std::size_t i = 0; i < limits.size(); ++i) {
      if (!limits[i]) continue;
      criterion.limits_us[i] = std::chrono::duration_cast<Microseconds>(*limits[i]).count();
      expected.push_back(fmt::format("p{:.0f} at most {}", figures::Criterion::quantiles[i] * 100,
                                     format_duration(*limits[i])));
    }
    evidence.expected = fmt::format("{}", fmt::join(expected, ", "));
  }

 private:
  scenario::LatencyLimit what_;
  figures::Histogram taken_;
};

}  // namespace

AnyTracker tracker_of(const scenario::Converged& what, const Part& /*part*/) {
  return std::make_unique<ConvergenceTracker>(what);
}

AnyTracker tracker_of(const scenario::NoRequestBefore& what, const Part& part) {
  return std::make_unique<NoRequestBeforeTracker>(what, part);
}

AnyTracker tracker_of(const scenario::LatencyLimit& what, const Part& /*part*/) {
  return std::make_unique<LatencyTracker>(what);
}

}  // namespace provphone::client::expect::detail
