#include "client/scenario/phone_events.hpp"

#include "client/scenario/phones.hpp"
#include "client/scenario/selection.hpp"

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
    if (notify.kind == Notify::Kind::resync) now(Kind::notify);
    if (notify.kind == Notify::Kind::reboot) now(Kind::restart);
    if (notify.kind == Notify::Kind::report) now(Kind::report);
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
  void operator()(const RequestResync&) const { now(Kind::resync); }
  void operator()(const SetParameters&) const { now(Kind::set); }
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
      return resync::ResyncRequested{};
    case Kind::notify:
      return resync::ResyncRequested{resync::Origin::sip_notify};
    case Kind::restart:
      return resync::RestartRequested{};
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
    case Kind::report:
      return resync::ReportRequested{};
    case Kind::set:
      break;
  }
  return resync::ParametersChanged{};
}

std::vector<macro::Assignment> assignments_of(const Scenario& scenario, std::uint32_t phone,
                                              const PhoneEvent& event) {
  std::vector<macro::Assignment> assignments;
  if (event.kind != PhoneEvent::Kind::set) return assignments;
  const auto& action = std::get<SetParameters>(scenario.events[event.event].action);
  for (const auto& [parameter, value] : action.set) {
    assignments.push_back(
        {profile::parameter(parameter).name, expand(value, values_of(scenario, phone))});
  }
  return assignments;
}

resync::RequestMacros macros_set_by_hand(const Scenario& scenario) {
  resync::RequestMacros found;
  bool sets_texts = false;
  for (const auto& event : scenario.events) {
    const auto* action = std::get_if<SetParameters>(&event.action);
    if (action == nullptr) continue;
    sets_texts = true;
    for (const auto& [id, value] : action->set) {
      for (const auto& piece : value.pieces) found |= resync::request_macros_in(piece.text);
    }
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
