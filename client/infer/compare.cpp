#include "client/infer/compare.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace provphone::client::infer {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t most_hours = std::int64_t{24} * 400;

void tell(ComparedPhone& phone, Verdict verdict) {
  phone.verdicts.push_back(verdict);
  ++phone.tally.observed;
  switch (verdict) {
    case Verdict::first:
      ++phone.tally.first;
      return;
    case Verdict::predicted:
      ++phone.tally.predicted;
      return;
    case Verdict::early:
      ++phone.tally.early;
      return;
    case Verdict::late:
      ++phone.tally.late;
      return;
    case Verdict::unexplained:
      ++phone.tally.unexplained;
      return;
  }
}

void add_tally(Tally& total, const Tally& more) {
  total.observed += more.observed;
  total.first += more.first;
  total.predicted += more.predicted;
  total.early += more.early;
  total.late += more.late;
  total.unexplained += more.unexplained;
  total.missing += more.missing;
}

bool is_occasion(const Prediction& prediction, Instant at, resync::Duration slack) {
  return std::any_of(
      prediction.occasions.begin(), prediction.occasions.end(),
      [&](const TimeSpan& each) { return at >= each.from - slack && at <= each.to + slack; });
}

struct Beside {
  const Courses& courses;
  resync::ZoneView zone;
  resync::Duration slack;
};

Verdict verdict_off_schedule(const Beside& beside, const Prediction& prediction, const Wait& wait,
                             const Pass& before) {
  if (wait.failures > 0) return Verdict::unexplained;
  const auto due = due_behind(prediction.expected, before.ended, beside.zone);
  const auto half = due ? (due->from - before.ended) / 2 : 0ms;
  return std::chrono::seconds(wait.seconds) > half ? Verdict::early : Verdict::unexplained;
}

Verdict verdict_of(const Beside& beside, const Prediction& prediction, const Wait& wait,
                   const Match& match) {
  const auto& passes = beside.courses.phones[wait.course].passes;
  if (match.standing == Standing::on_schedule || match.standing == Standing::behind_gap ||
      is_occasion(prediction, passes[wait.pass + 1].began, beside.slack))
    return Verdict::predicted;
  if (match.standing == Standing::late) return Verdict::late;
  if (match.standing == Standing::not_known) return Verdict::unexplained;
  return verdict_off_schedule(beside, prediction, wait, passes[wait.pass]);
}

// Dues that are past by the end of the log, behind the phone's last pass.
std::size_t missing_behind(const Beside& beside, const Prediction& prediction, const Pass& last) {
  if (last.outcome == PassOutcome::failed) return 0;
  const auto due = due_behind(prediction.expected, last.ended, beside.zone);
  if (!due || due->to <= last.ended) return 0;
  const auto past = beside.courses.to - beside.slack - last.ended;
  return past <= 0ms ? 0 : static_cast<std::size_t>(past / (due->to - last.ended));
}

ComparedPhone compare_phone(const Beside& beside, std::uint32_t course,
                            const Prediction& prediction) {
  const auto& passes = beside.courses.phones[course].passes;
  ComparedPhone phone;
  phone.course = course;
  phone.mac = prediction.mac;
  tell(phone, is_occasion(prediction, passes.front().began, beside.slack) ? Verdict::predicted
                                                                          : Verdict::first);
  for (const auto& wait : waits_of(beside.courses, course)) {
    const auto found = match(wait, prediction.expected, beside.courses, beside.zone);
    const auto verdict = verdict_of(beside, prediction, wait, found);
    tell(phone, verdict);
    const bool at_occasion = is_occasion(prediction, passes[wait.pass + 1].began, beside.slack);
    if (found.standing == Standing::behind_gap && !at_occasion)
      phone.tally.missing += found.waits - 1;
  }
  phone.tally.missing += missing_behind(beside, prediction, passes.back());
  return phone;
}

ComparedPhone unknown_phone(const Courses& courses, std::uint32_t course,
                            std::optional<MacAddress> mac) {
  ComparedPhone phone;
  phone.course = course;
  phone.mac = mac;
  for (std::size_t p = 0; p < courses.phones[course].passes.size(); ++p)
    tell(phone, Verdict::unexplained);
  return phone;
}

ComparedPhone absent_phone(const Courses& courses, const Prediction& prediction) {
  ComparedPhone phone;
  phone.mac = prediction.mac;
  phone.tally.missing = static_cast<std::size_t>(
      std::count_if(prediction.passes.begin(), prediction.passes.end(),
                    [&](Instant at) { return at >= courses.from && at <= courses.to; }));
  return phone;
}

std::vector<Hour> hours_of(const Courses& courses, const std::vector<Prediction>& predictions) {
  if (courses.phones.empty()) return {};
  const auto first = std::chrono::floor<std::chrono::hours>(courses.from);
  const auto count = (courses.to - first) / 1h + 1;
  // A line with a wrong year is no reason for a table of years.
  if (count > most_hours) return {};
  std::vector<Hour> hours(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < hours.size(); ++i)
    hours[i].from = first + std::chrono::hours(static_cast<std::int64_t>(i));
  const auto hour_at = [&](Instant at) { return static_cast<std::size_t>((at - first) / 1h); };
  for (const auto& course : courses.phones)
    for (const auto& pass : course.passes) ++hours[hour_at(pass.began)].observed;
  for (const auto& prediction : predictions)
    for (const auto at : prediction.passes)
      if (at >= courses.from && at <= courses.to) ++hours[hour_at(at)].predicted;
  return hours;
}

}  // namespace

std::string_view name(Verdict verdict) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Verdict::last) + 1> names{
      "first", "predicted", "early", "late", "unexplained"};
  return names[static_cast<std::size_t>(verdict)];
}

Comparison compare(const Courses& courses, const std::vector<std::optional<MacAddress>>& macs,
                   const std::vector<Prediction>& predictions, resync::ZoneView zone) {
  const Beside beside{courses, zone, std::chrono::seconds(slack_of(courses))};
  std::map<MacAddress, const Prediction*> left;
  for (const auto& each : predictions) left[each.mac] = &each;
  Comparison comparison;
  for (std::uint32_t c = 0; c < courses.phones.size(); ++c) {
    const auto known = macs[c] ? left.find(*macs[c]) : left.end();
    if (known == left.end()) {
      comparison.phones.push_back(unknown_phone(courses, c, macs[c]));
      continue;
    }
    comparison.phones.push_back(compare_phone(beside, c, *known->second));
    left.erase(known);
  }
  for (const auto& [mac, prediction] : left)
    comparison.phones.push_back(absent_phone(courses, *prediction));
  for (const auto& phone : comparison.phones) add_tally(comparison.total, phone.tally);
  comparison.hours = hours_of(courses, predictions);
  return comparison;
}

}  // namespace provphone::client::infer
