#include "client/expect/detail/trackers.hpp"

#include "client/report/shown.hpp"
#include "client/report/timeline.hpp"
#include "client/scenario/phones.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace provphone::client::expect::detail {
namespace {

using report::format_duration;
using resync::Duration;
using Microseconds = std::chrono::microseconds;

// Values may be as long as a file.
std::string spoken(const std::string& value) {
  constexpr std::size_t longest = 160;
  if (value.empty()) return "an empty value";
  return value.size() <= longest ? value : value.substr(0, longest) + "...";
}

std::string duration_text(std::int64_t us) {
  if (us < 1'000) return fmt::format("{} us", us);
  return format_duration(std::chrono::duration_cast<Duration>(Microseconds(us)));
}

// Of a stage; nothing where the event does not have it.
std::optional<std::int64_t> time_of(scenario::LatencyStage stage, const report::StageTimes& times) {
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
  if (!times.first_byte && !times.body) return std::nullopt;
  return times.resolve.value_or(0) + times.connect.value_or(0) + times.tls.value_or(0) +
         times.first_byte.value_or(0) + times.body.value_or(0);
}

}  // namespace

// --- converged

void ConvergenceTracker::conclude(const Context& context, report::ExpectationResult& result) const {
  FirstOffenders offenders;
  context.for_each_powered([&](std::uint32_t phone) {
    ++result.phones;
    const auto took = context.power[phone].took;
    if (took >= 0 && took <= what_.within.count()) return;
    ++result.failed;
    offenders.add(phone, [&] {
      return Offence{
          fmt::format("a pass that succeeds within {} of power-on", format_duration(what_.within)),
          took < 0 ? "none" : fmt::format("one after {}", format_duration(Duration(took)))};
    });
  });
  if (result.phones == 0) return not_judged(result, "none of these phones ever had power");
  const auto done = result.phones - result.failed;
  const bool enough = done * scenario::whole_ppm >= result.phones * what_.share.ppm;
  if (!enough) offenders.describe(context, result);
}

// --- no_request_before

void QuietTracker::observe(const Seen& seen) {
  const auto passed = seen.event.at.time_since_epoch().count() - seen.power.since;
  if (!seen.power.is_known() || passed >= wait_.count()) return;
  offenders_.add(seen.phone, [&] {
    return Offence{fmt::format("no request in the first {} of power", format_duration(wait_)),
                   fmt::format("{} {} after {}", seen.event.method, seen.event.url,
                               format_duration(Duration(passed)))};
  });
}

void QuietTracker::conclude(const Context& context, report::ExpectationResult& result) const {
  context.for_each_powered([&](std::uint32_t) { ++result.phones; });
  if (result.phones == 0) return not_judged(result, "none of these phones ever had power");
  offenders_.describe(context, result);
}

// --- parameters

ParameterTracker::ParameterTracker(const scenario::Scenario& scenario,
                                   const scenario::ParameterValue& what)
    : parameter_(what.parameter) {
  using Value = scenario::ParameterValue;
  if (const auto* equals = std::get_if<Value::Equals>(&what.is))
    texts_.emplace_back(scenario, equals->text);
  if (const auto* one_of = std::get_if<Value::OneOf>(&what.is)) {
    for (const auto& text : one_of->texts) texts_.emplace_back(scenario, text);
  }
  if (const auto* matches = std::get_if<Value::Matches>(&what.is)) {
    pattern_ = *scenario::parse_pattern(matches->pattern);
    pattern_text_ = matches->pattern;
  }
}

bool ParameterTracker::is_as_expected(std::uint32_t phone, std::string_view value) const {
  if (pattern_) return pattern_->is_found_in(value);
  if (texts_.empty()) return value.empty();
  return std::any_of(texts_.begin(), texts_.end(), [&](const GroupText& text) {
    std::string buffer;
    return text.of(phone, buffer) == value;
  });
}

std::string ParameterTracker::expected_text(std::uint32_t phone) const {
  const bool is_secret = profile::parameter(parameter_).secret;
  if (pattern_) {
    return is_secret ? fmt::format("something like {}", macro::hidden_value)
                     : fmt::format("something that matches {}", pattern_text_);
  }
  std::vector<std::string> values;
  for (const auto& text : texts_)
    values.push_back(spoken(report::shown_value(parameter_, text.of(phone))));
  return values.empty() ? spoken({}) : fmt::format("{}", fmt::join(values, " or "));
}

void ParameterTracker::final(std::uint32_t phone, const profile::ParameterSet& parameters) {
  ++looked_at_;
  const auto value = parameters.get(parameter_);
  if (is_as_expected(phone, value)) return;
  ++failed_;
  offenders_.add(phone, [&] {
    auto got = spoken(report::shown_value(parameter_, value));
    const auto expected = expected_text(phone);
    if (got == expected) got = "another one";
    return Offence{expected, std::move(got)};
  });
}

void ParameterTracker::merge(const ParameterTracker& other) {
  looked_at_ += other.looked_at_;
  failed_ += other.failed_;
  offenders_.merge(other.offenders_);
}

void ParameterTracker::conclude(const Context& context, report::ExpectationResult& result) const {
  result.phones = looked_at_;
  result.failed = failed_;
  if (looked_at_ == 0) return not_judged(result, "no phone's parameters were looked at");
  if (failed_ > 0) offenders_.describe(context, result);
}

// --- latency

void LatencyTracker::observe(const Seen& seen) {
  if (const auto us = time_of(what_.stage, seen.event.times)) taken_.add(*us);
}

void LatencyTracker::conclude(const Context& context, report::ExpectationResult& result) const {
  result.phones = context.chosen.count();
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
  result.status = report::Judgement::failed;
  result.failures.push_back(
      {std::nullopt,
       fmt::format("{}", fmt::join(expected, ", ")),
       fmt::format("{} of {} retrievals", fmt::join(got, ", "), taken_.count()),
       {fmt::format("the slowest took {}", duration_text(taken_.largest()))}});
}

// --- foreign identities

void ForeignTracker::incident(const scenario::Scenario& scenario, const Incident& incident) {
  offenders_.add(incident.phone, [&] {
    return Offence{"nothing of other phones in what it is sent",
                   fmt::format("the {} of {}", name(incident.datum),
                               format_lower(scenario::mac_of(scenario, incident.owner)))};
  });
}

void ForeignTracker::merge(const ForeignTracker& other) {
  documents_ += other.documents_;
  offenders_.merge(other.offenders_);
}

void ForeignTracker::conclude(const Context& context, report::ExpectationResult& result) const {
  result.phones = context.chosen.count();
  if (documents_ == 0) return not_judged(result, "no profile was read");
  offenders_.describe(context, result);
}

}  // namespace provphone::client::expect::detail
