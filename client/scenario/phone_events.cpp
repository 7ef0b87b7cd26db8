#include "client/scenario/phone_events.hpp"

#include "client/scenario/phones.hpp"
#include "client/scenario/selection.hpp"
#include "resync/notify.hpp"

#include <algorithm>

namespace provphone::client::scenario {
namespace {

using Kind = PhoneEvent::Kind;
using resync::Time;

// Tells what an event's action is to one phone, from `at` on.
struct Planner {
  const OnPhoneEvent& tell;
  std::size_t event;
  Time at;
  std::uint32_t phone;

  void now(Kind kind, std::uint8_t line = 0) const { tell(at, phone, {kind, line, 0, event}); }
  void later(Duration wait, Kind kind) const { tell(at + wait, phone, {kind, 0, 0, event}); }

  void operator()(const PowerOn&) const { now(Kind::power_on); }
  void operator()(const PowerOff&) const { now(Kind::power_off); }
  void operator()(const PowerCycle& cycle) const {
    now(Kind::power_off);
    later(cycle.off, Kind::power_on);
  }
  void operator()(const Notify& notify) const {
    PhoneEvent told{Kind::notify, 0, 0, event};
    told.notified = notify.event;
    tell(at, phone, told);
  }
  void operator()(const Call& call) const {
    now(Kind::call_start);
    later(call.length, Kind::call_end);
  }
  void operator()(const Registration& registration) const {
    const bool lost = registration.state == Registration::State::lost;
    // Scenarios count lines from 1, machines from 0.
    now(lost ? Kind::registration_lost : Kind::registration_restored,
        static_cast<std::uint8_t>(registration.line - 1));
  }
  void operator()(const SetClock&) const { now(Kind::clock_set); }
  // The reader bounds it.
  void operator()(const MoveClock& moved) const {
    tell(at, phone, {Kind::clock_moved, 0, static_cast<std::int16_t>(moved.by.count()), event});
  }
  void operator()(const RequestResync& wanted) const {
    PhoneEvent told{Kind::resync, 0, 0, event};
    told.request.origin = wanted.by;
    if (wanted.rule) told.request.scope = resync::Scope::one_time_rule;
    tell(at, phone, told);
  }
  void operator()(const RequestUpgrade&) const { now(Kind::upgrade); }
  void operator()(const RequestCustomCa&) const { now(Kind::update_ca); }
  void operator()(const EnterCode&) const { now(Kind::code_entered); }
  void operator()(const Link& link) const {
    now(link.state == Link::State::down ? Kind::link_lost : Kind::link_restored);
  }
  void operator()(const FactoryReset&) const { now(Kind::factory_reset); }
  void operator()(const GrantLease&) const { now(Kind::lease); }
  void operator()(const SetParameters& set) const {
    now(set.how == resync::ByHand::submitted ? Kind::submit : Kind::set);
  }
};

void plan_occurrence(const Scenario& scenario, std::size_t event, std::uint32_t occurrence,
                     const OnPhoneEvent& tell) {
  const auto& described = scenario.events[event];
  const auto picked = phones_of_event(scenario, event, occurrence);
  for (std::size_t position = 0; position < picked.size(); ++position) {
    const auto at = time_of(described, occurrence, position, picked.size());
    std::visit(Planner{tell, event, at, picked[position]}, described.action);
  }
}

// That comes with a request: its rule, or a code; null: nothing does.
const Template* rule_of(const Action& action) {
  if (const auto* entered = std::get_if<EnterCode>(&action)) return &entered->code;
  if (const auto* upgrade = std::get_if<RequestUpgrade>(&action)) return &upgrade->rule;
  if (const auto* roots = std::get_if<RequestCustomCa>(&action)) return &roots->rule;
  const auto* asked = std::get_if<RequestResync>(&action);
  return asked != nullptr && asked->rule ? &*asked->rule : nullptr;
}

bool is_endless(const ScheduledEvent& event) {
  return event.repeat && !event.repeat->times;
}

}  // namespace

resync::Event machine_event_of(const PhoneEvent& event) {
  switch (event.kind) {
    case Kind::power_on:
      return resync::PoweredOn{};
    case Kind::power_off:
      return resync::PoweredOff{};
    case Kind::resync:
      return event.request;
    case Kind::notify:
      return resync::machine_event_of(event.notified);
    case Kind::call_start:
      return resync::CallStarted{};
    case Kind::call_end:
      return resync::CallEnded{};
    case Kind::registration_lost:
      return resync::RegistrationLost{event.line};
    case Kind::registration_restored:
      return resync::RegistrationRestored{event.line};
    case Kind::clock_set:
      return resync::ClockSet{};
    case Kind::clock_moved:
      return resync::ClockMoved{std::chrono::minutes(event.by)};
    case Kind::upgrade:
      return resync::UpgradeRequested{};
    case Kind::factory_reset:
      return resync::FactoryResetRequested{};
    case Kind::update_ca:
      return resync::CustomCaRequested{};
    case Kind::link_lost:
      return resync::LinkLost{};
    case Kind::link_restored:
      return resync::LinkRestored{};
    case Kind::code_entered:
      return resync::CodeEntered{};
    case Kind::lease:
      return resync::LeaseChanged{};
    case Kind::set:
      break;
    case Kind::submit:
      return resync::ParametersChanged{resync::ByHand::submitted};
  }
  return resync::ParametersChanged{};
}

std::shared_ptr<const resync::Brought> brought_with(const Scenario& scenario, std::uint32_t phone,
                                                    const PhoneEvent& event) {
  const auto& action = scenario.events[event.event].action;
  if (const auto* rule = rule_of(action)) {
    return std::make_shared<resync::Brought>(
        resync::Brought{{}, expand(*rule, values_of(scenario, phone))});
  }
  if (const auto* lease = std::get_if<GrantLease>(&action)) {
    const auto values = values_of(scenario, phone);
    resync::Lease granted;
    if (lease->options) granted.options = options_of(*lease->options, values);
    if (lease->ip) granted.ip = expand(*lease->ip, values);
    return std::make_shared<resync::Brought>(resync::Brought{{}, {}, std::move(granted)});
  }
  const auto* set = std::get_if<SetParameters>(&action);
  if (set == nullptr) return nullptr;
  auto brought = std::make_shared<resync::Brought>();
  for (const auto& [parameter, value] : set->set) {
    brought->set.push_back(
        {profile::parameter(parameter).name, expand(value, values_of(scenario, phone))});
  }
  return brought;
}

resync::RequestMacros macros_set_by_hand(const Scenario& scenario) {
  resync::RequestMacros found;
  bool sets_texts = false;
  const auto look_at = [&](const Template& text) {
    sets_texts = true;
    for (const auto& piece : text.pieces) found |= resync::request_macros_in(piece.text);
  };
  for (const auto& event : scenario.events) {
    if (const auto* action = std::get_if<SetParameters>(&event.action)) {
      for (const auto& [id, value] : action->set) look_at(value);
    }
    if (const auto* rule = rule_of(event.action)) look_at(*rule);
    const auto* lease = std::get_if<GrantLease>(&event.action);
    if (lease == nullptr || !lease->options) continue;
    for (const auto& option : *lease->options) look_at(option.value);
  }
  // A text that is set may hold variables of any group.
  if (!sets_texts) return found;
  for (const auto& group : scenario.phones) {
    for (const auto& [name, value] : group.variables) found |= resync::request_macros_in(value);
  }
  return found;
}

void plan_phone_events(const Scenario& scenario, Duration length, const OnPhoneEvent& tell) {
  for (std::size_t number = 0; number < scenario.events.size(); ++number) {
    const auto& event = scenario.events[number];
    // For ever means until `length`.
    const auto times = !event.repeat ? 1 : event.repeat->times.value_or(UINT32_MAX);
    for (std::uint32_t occurrence = 0; occurrence < times; ++occurrence) {
      const auto begins = event.at + (event.repeat ? event.repeat->every * occurrence : Duration{});
      if (begins > length) break;
      plan_occurrence(scenario, number, occurrence, tell);
    }
  }
}

std::vector<bool> phones_to_power(const Scenario& scenario, Duration length) {
  std::vector<bool> powered(phone_count(scenario), false);
  for (std::size_t number = 0; number < scenario.events.size(); ++number) {
    const auto& event = scenario.events[number];
    const bool gives_power = std::holds_alternative<PowerOn>(event.action) ||
                             std::holds_alternative<PowerCycle>(event.action);
    if (!gives_power) continue;
    const auto times = !event.repeat ? 1 : event.repeat->times.value_or(UINT32_MAX);
    for (std::uint32_t occurrence = 0; occurrence < times; ++occurrence) {
      if (event.repeat && event.at + event.repeat->every * occurrence > length) break;
      for (const auto phone : phones_of_event(scenario, number, occurrence)) powered[phone] = true;
    }
  }
  return powered;
}

std::optional<std::size_t> endless_event(const Scenario& scenario) {
  const auto found = std::find_if(scenario.events.begin(), scenario.events.end(), is_endless);
  if (found == scenario.events.end()) return std::nullopt;
  return static_cast<std::size_t>(found - scenario.events.begin());
}

}  // namespace provphone::client::scenario
