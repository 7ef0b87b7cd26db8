#include "client/expect/judge.hpp"

#include "client/expect/detail/trackers.hpp"
#include "client/scenario/phones.hpp"

#include <algorithm>
#include <cassert>

namespace provphone::client::expect {
namespace {

using namespace detail;
using scenario::Scenario;
using trace::EventKind;
using trace::TraceEvent;

bool is_about_power(EventKind kind) {
  return kind == EventKind::powered_on || kind == EventKind::pass_succeeded;
}

// A restart is no power-on: the phone has been at work since it got power.
void note_power(Power& power, const TraceEvent& event) {
  const auto now = event.at.time_since_epoch().count();
  if (event.event == EventKind::powered_on) {
    const bool had_none =
        event.reason.value_or(resync::Reason::power_on) == resync::Reason::power_on;
    if (had_none) power = {now, -1};
  } else if (event.has_file && power.is_known() && power.took < 0) {
    power.took = now - power.since;
  }
}

// Of a phone that two judges were told of: what happened later counts.
Power later_of(const Power& mine, const Power& others) {
  if (mine.since != others.since) return mine.since > others.since ? mine : others;
  return mine.took >= 0 ? mine : others;
}

}  // namespace

struct Judge::Case {
  std::string_view why_not_judged;  // empty: it is
  SelectedPhones selected;
  AnyTracker tracker;
};

struct Judge::Allowing {
  std::uint32_t number;  // of the case
  Allowance allowance;

  bool covers(figures::Work work, Errc code) const {
    return (!allowance.work || *allowance.work == work) &&
           (!allowance.code || *allowance.code == code);
  }
};

std::shared_ptr<const Identities> identities_for(const Scenario& scenario) {
  const bool is_needed = scenario::expects<scenario::NoForeignIdentity>(scenario.expect);
  return is_needed ? std::make_shared<const Identities>(scenario) : nullptr;
}

Judge::Judge(const Scenario& scenario, Capabilities capabilities, PhoneRange range,
             std::shared_ptr<const Identities> identities)
    : scenario_(&scenario), history_(scenario::phone_count(scenario), range) {
  if (identities) known_.emplace(std::move(identities));
  cases_.reserve(scenario.expect.size());
  for (std::size_t i = 0; i < scenario.expect.size(); ++i) add_case(i, capabilities, range);
  if (needs_power_) power_ = {range, {}};
}

Judge::Judge(const Scenario& scenario, Capabilities capabilities)
    : Judge(scenario, capabilities, {0, scenario::phone_count(scenario)},
            capabilities == Capabilities::real ? identities_for(scenario) : nullptr) {}

Judge::~Judge() = default;
Judge::Judge(Judge&& other) noexcept = default;
Judge& Judge::operator=(Judge&& other) noexcept = default;

void Judge::add_case(std::size_t number, Capabilities capabilities, PhoneRange range) {
  const auto make = [&](const auto& what) { return tracker_of(what, {*scenario_, range}); };
  auto tracker = std::visit(make, scenario_->expect[number].what);
  const auto needs = tracker->needs();
  const auto why_not =
      capabilities == Capabilities::modelled ? needs.beyond_model : std::string_view();
  cases_.push_back({why_not, SelectedPhones(*scenario_, number, range), std::move(tracker)});
  needs_power_ = needs_power_ || needs.power;
  // What cannot be judged need not be told of either.
  if (!why_not.empty()) return;
  const auto index = static_cast<std::uint32_t>(number);
  for (const auto kind : needs.events) by_kind_[kind].push_back(index);
  if (needs.final) finals_.push_back(index);
  if (needs.documents && known_) documents_.push_back(index);
  if (needs.profiles) profiles_.push_back(index);
  if (needs.allows) allowing_.push_back({index, *needs.allows});
  wants_headers_ = wants_headers_ || needs.headers;
}

bool Judge::wants(EventKind kind) const {
  return (needs_power_ && is_about_power(kind)) || history_.wants(kind) || !by_kind_[kind].empty();
}

bool Judge::expects_nothing() const {
  return scenario::expects<scenario::NothingProvisioned>(scenario_->expect);
}

Excuse Judge::excuse_of(std::uint32_t phone, figures::Work work, Errc code) const {
  auto excuse = Excuse::none;
  for (const auto& each : allowing_) {
    if (!each.covers(work, code) || !cases_[each.number].selected.contains(phone)) continue;
    // One that always allows for it is enough; else it is known in the end.
    if (each.allowance.when == Allowance::When::always) return Excuse::always;
    excuse = Excuse::if_held;
  }
  return excuse;
}

void Judge::observe(std::uint32_t phone, const TraceEvent& event) {
  // First of all, so that trackers see the power that the phone has by now.
  if (needs_power_ && is_about_power(event.event)) note_power(power_[phone], event);
  if (history_.wants(event.event)) history_.observe(phone, event);
  const auto& concerned = by_kind_[event.event];
  if (concerned.empty()) return;
  const Observation seen{phone, event, needs_power_ ? power_[phone] : Power{}};
  for (const auto index : concerned) {
    auto& [why_not, selected, tracker] = cases_[index];
    if (selected.contains(phone)) tracker->observe(seen);
  }
}

void Judge::document(std::uint32_t phone, std::string_view document) {
  const bool is_searched = !documents_.empty();
  this->document(phone, document,
                 is_searched ? known_->foreign_in(phone, document) : std::vector<Incident>{});
}

void Judge::document(std::uint32_t phone, std::string_view document,
                     const std::vector<Incident>& incidents) {
  for (const auto index : profiles_) {
    if (cases_[index].selected.contains(phone)) cases_[index].tracker->profile(phone, document);
  }
  for (const auto index : documents_) {
    if (cases_[index].selected.contains(phone)) cases_[index].tracker->document(phone, incidents);
  }
}

void Judge::final(std::uint32_t phone, const profile::ParameterSet& parameters) {
  for (const auto index : finals_) {
    if (cases_[index].selected.contains(phone)) cases_[index].tracker->final(phone, parameters);
  }
}

bool Judge::knows_of_a_loss() const {
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    if (is_lost(loss_of(i))) return true;
  }
  return false;
}

std::vector<figures::Loss> Judge::losses() const {
  std::vector<figures::Loss> all;
  all.reserve(cases_.size());
  for (std::size_t i = 0; i < cases_.size(); ++i) all.push_back(loss_of(i));
  return all;
}

figures::Loss Judge::loss_of(std::size_t expectation) const {
  const auto& each = cases_[expectation];
  return each.why_not_judged.empty() ? each.tracker->loss() : figures::Loss();
}

void Judge::merge(const Judge& other) {
  // Numbers of cases and phones mean the same in both.
  assert(scenario_ == other.scenario_);
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    cases_[i].selected.merge(other.cases_[i].selected);
    cases_[i].tracker->merge(*other.cases_[i].tracker);
  }
  power_.merge(other.power_, later_of);
  history_.merge(other.history_);
}

figures::Evidence Judge::evidence(std::size_t number, const RollCall& roll,
                                  const Hour& hour) const {
  const auto& expectation = scenario_->expect[number];
  const auto& [why_not, selected, tracker] = cases_[number];
  figures::Evidence evidence;
  evidence.title = expectation.title;
  evidence.line = expectation.line;
  evidence.beyond_driver = why_not;
  const auto allows = tracker->needs().allows;
  evidence.excuses_failures = allows && allows->when == Allowance::When::if_it_holds;
  tracker->collect({*scenario_, selected, power_, history_, roll, hour}, evidence);
  return evidence;
}

std::vector<figures::Evidence> Judge::evidence(const RollCall& roll, const Hour& hour) const {
  std::vector<figures::Evidence> all;
  all.reserve(cases_.size());
  for (std::size_t i = 0; i < cases_.size(); ++i) all.push_back(evidence(i, roll, hour));
  return all;
}

}  // namespace provphone::client::expect
