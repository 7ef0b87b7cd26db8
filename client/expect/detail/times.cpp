#include "client/expect/detail/trackers.hpp"
#include "client/figures/histogram.hpp"
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

std::string duration_text(std::int64_t us) {
  if (us < 1'000) return fmt::format("{} us", us);
  return format_duration(std::chrono::duration_cast<Duration>(Microseconds(us)));
}

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
    needs.allows = Allowance{std::nullopt, Allowance::When::if_it_holds};
    return needs;
  }

  // Power is the judge's to merge.
  void merge(const Tracker& /*other*/) override {}

  void conclude(const Context& context, figures::ExpectationResult& result) const override {
    FirstOffenders offenders;
    context.for_each_powered([&](std::uint32_t phone) {
      ++result.phones;
      const auto took = context.power[phone].took;
      if (took >= 0 && took <= what_.within.count()) return;
      ++result.failed;
      offenders.add(phone, [&] {
        return Offence{
            fmt::format("a pass that succeeds within {} of power-on",
                        format_duration(what_.within)),
            took < 0 ? "none" : fmt::format("one after {}", format_duration(Duration(took)))};
      });
    });
    if (result.phones == 0) return not_judged(result, "none of these phones ever had power");
    const auto done = result.phones - result.failed;
    // In whole numbers, so that 100 % is all and not nearly all.
    const bool enough = done * scenario::whole_ppm >= result.phones * what_.share.ppm;
    if (!enough) offenders.describe(context, result);
  }

 private:
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
    offenders_.merge(dynamic_cast<const NoRequestBeforeTracker&>(other).offenders_);
  }

  void conclude(const Context& context, figures::ExpectationResult& result) const override {
    context.for_each_powered([&](std::uint32_t) { ++result.phones; });
    if (result.phones == 0) return not_judged(result, "none of these phones ever had power");
    offenders_.describe(context, result);
  }

 private:
  Duration wait_;
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

  void conclude(const Context& context, figures::ExpectationResult& result) const override {
    result.phones = context.selected.count();
    if (taken_.count() == 0) return not_judged(result, "no retrieval had this stage");
    struct Row {
      const char* name;
      std::optional<Duration> limit;
      double quantile;
    };
    const std::array<Row, 3> rows{
        {{"p50", what_.p50, 0.5}, {"p90", what_.p90, 0.9}, {"p99", what_.p99, 0.99}}};
    std::vector<std::string> expected, got;
    for (const auto& [name, limit, quantile] : rows) {
      if (!limit) continue;
      const auto us = taken_.quantile(quantile);
      if (us <= std::chrono::duration_cast<Microseconds>(*limit).count()) continue;
      expected.push_back(fmt::format("{} at most {}", name, format_duration(*limit)));
      got.push_back(fmt::format("{} {}", name, duration_text(us)));
    }
    if (got.empty()) return;
    result.status = figures::Judgement::failed;
    result.failures.push_back(
        {std::nullopt,
         fmt::format("{}", fmt::join(expected, ", ")),
         fmt::format("{} of {} retrievals", fmt::join(got, ", "), taken_.count()),
         {fmt::format("the slowest took {}", duration_text(taken_.largest()))}});
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
