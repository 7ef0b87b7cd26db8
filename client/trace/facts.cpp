#include "client/trace/facts.hpp"

#include "client/trace/shown_value.hpp"
#include "resync/notify.hpp"
#include "resync/restart.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

namespace provphone::client::trace {
namespace {

using resync::Reason;
using resync::Time;

struct EventLine {
  TraceEvent line;

  std::optional<TraceEvent> as(EventKind kind) {
    line.event = kind;
    return std::move(line);
  }
  std::optional<TraceEvent> operator()(const resync::PoweredOff&) {
    return as(EventKind::powered_off);
  }
  std::optional<TraceEvent> operator()(const resync::ResyncRequested& request) {
    line.origin = origin_names[request.origin];
    return as(EventKind::resync_requested);
  }
  std::optional<TraceEvent> operator()(const resync::RestartRequested& request) {
    if (request.notified) line.origin = origin_names[resync::Origin::sip_notify];
    return as(EventKind::restart_requested);
  }
  std::optional<TraceEvent> operator()(const resync::UpgradeRequested& request) {
    line.origin = origin_names[request.origin];
    return as(EventKind::upgrade_requested);
  }
  std::optional<TraceEvent> operator()(const resync::FactoryResetRequested&) {
    return as(EventKind::factory_reset);
  }
  std::optional<TraceEvent> operator()(const resync::CustomCaRequested& request) {
    line.origin = origin_names[request.origin];
    return as(EventKind::custom_ca_requested);
  }
  std::optional<TraceEvent> operator()(const resync::CodeEntered&) {
    return as(EventKind::code_entered);
  }
  std::optional<TraceEvent> operator()(const resync::LinkLost&) { return as(EventKind::link_lost); }
  std::optional<TraceEvent> operator()(const resync::LinkRestored&) {
    return as(EventKind::link_restored);
  }
  std::optional<TraceEvent> operator()(const resync::LeaseChanged&) {
    return as(EventKind::lease_changed);
  }
  std::optional<TraceEvent> operator()(const resync::Notified&) { return as(EventKind::notified); }
  std::optional<TraceEvent> operator()(const resync::CallStarted&) {
    return as(EventKind::call_started);
  }
  std::optional<TraceEvent> operator()(const resync::CallEnded&) {
    return as(EventKind::call_ended);
  }
  std::optional<TraceEvent> operator()(const resync::ClockSet&) { return as(EventKind::clock_set); }
  std::optional<TraceEvent> operator()(const resync::ClockMoved& moved) {
    line.detail = fmt::format("put {} {} minutes", moved.by.count() < 0 ? "back" : "forward",
                              std::abs(moved.by.count()));
    return as(EventKind::clock_set);
  }
  std::optional<TraceEvent> operator()(const resync::ParametersChanged& changed) {
    if (changed.how != resync::ByHand::set) line.origin = origin_names[resync::Origin::web];
    if (changed.how == resync::ByHand::pushed) line.detail = "a profile sent to the phone";
    return as(EventKind::parameters_set);
  }
  std::optional<TraceEvent> operator()(const resync::ReportRequested&) {
    return as(EventKind::report_requested);
  }
  std::optional<TraceEvent> operator()(const resync::RegistrationLost& lost) {
    line.line = lost.line + 1;  // machines count from 0, people from 1
    return as(EventKind::registration_lost);
  }
  std::optional<TraceEvent> operator()(const resync::RegistrationRestored& back) {
    line.line = back.line + 1;
    return as(EventKind::registration_restored);
  }
  template <class Other>
  std::optional<TraceEvent> operator()(const Other&) {
    return std::nullopt;
  }
};

std::string clock_text(const resync::PhoneClock& clock, Time at) {
  const auto local = clock.local(at);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{local - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

resync::PhoneClock clock_of(const Scene& scene) {
  return resync::clock_of(scene.machine, scene.settings, scene.source.personality, scene.wall,
                          scene.lease);
}

void add_clock(TraceEvent& line, const Scene& scene) {
  if (!scene.machine.clock_is_known) return;
  const auto clock = clock_of(scene);
  line.facts.clock = clock_text(clock, line.at);
  if (line.due && *line.due != Time::max()) line.facts.due_clock = clock_text(clock, *line.due);
}

// The triggers as they were looked at: for a pass of that kind. A pass that was asked for
// explicitly does not come again by itself, and without a timer nothing will look at the trigger:
// both have no `holds_from`.
void add_triggers(TraceEvent& line, const Scene& scene) {
  const auto facts = resync::lookup_of(scene.source);
  auto origins = resync::timer_origins_of(scene.machine);
  origins.prvst = static_cast<std::int64_t>(*line.kind);
  const auto& personality = scene.source.personality;
  line.facts.conditions =
      resync::describe_triggers(scene.settings, origins.at(line.at), facts, personality);
  if (line.reason != Reason::trigger_false || line.kind == resync::PassKind::explicit_request)
    return;
  // A boot pass that was held is followed by periodic ones, for which a trigger may read otherwise.
  const bool retries = scene.machine.timer == resync::Timer::error_retry;
  origins.prvst = static_cast<std::int64_t>(retries ? resync::PassKind::error_retry
                                                    : resync::PassKind::periodic);
  const bool waits =
      scene.machine.timer_due != Time::max() || scene.machine.resync_at_due != Time::max();
  if (waits)
    line.facts.holds_from =
        resync::next_trigger(scene.settings, origins, facts, personality, line.at);
}

// resync::rule_slots where no rule has that name.
std::size_t slot_named(std::string_view rule) {
  std::size_t slot = 0;
  while (slot < resync::rule_slots && resync::rule_parameter_name(slot) != rule) ++slot;
  return slot;
}

}  // namespace

std::optional<TraceEvent> trace_of(const resync::Event& event, MacAddress phone, Time now) {
  // The kind is a placeholder until as() says which one it is.
  EventLine made{{.at = now, .phone = phone, .event = EventKind::powered_off}};
  if (const auto notified = resync::notify_behind(event)) made.line.text = name(*notified);
  return std::visit(made, event);
}

void add_settings(TraceEvent& line, const std::vector<macro::Assignment>& assignments,
                  const profile::ParameterSet& parameters) {
  for (const auto& [name, value] : assignments) {
    const auto id = profile::find_parameter(name);
    if (!id) continue;
    line.set.push_back({profile::parameter(*id).name, shown_value(*id, parameters.get(*id)),
                        shown_value(*id, value)});
  }
}

void add_facts(TraceEvent& line, const Scene& scene) {
  add_clock(line, scene);
  if (line.timer) {
    line.facts.settings =
        resync::settings_behind(*line.timer, *line.reason, scene.machine, scene.source);
    if (*line.timer == resync::Timer::resync_at && *line.due != Time::max()) {
      resync::add_zone(line.facts.settings, scene.settings, scene.source, scene.lease);
      resync::note_skipped_time(line.facts.settings, *scene.settings.resync_at, clock_of(scene),
                                *line.due);
    }
    if (scene.machine.trigger_due != Time::max())
      line.facts.trigger_due = scene.machine.trigger_due;
    return;
  }
  const bool says_why = line.event == EventKind::pass_gated ||
                        line.event == EventKind::pass_deferred ||
                        line.event == EventKind::rule_skipped || line.error == Errc::file_not_found;
  if (says_why) line.facts.settings = resync::settings_behind(*line.reason, scene.source);
  const bool trigger_made_due =
      line.event == EventKind::pass_due && line.reason == Reason::trigger_holds;
  if (line.reason == Reason::trigger_false || trigger_made_due) add_triggers(line, scene);
  if (line.event == EventKind::pass_failed && !line.rule.empty())
    line.facts.not_evaluated = resync::rules_behind(slot_named(line.rule), scene.source);
}

void add_restart_facts(TraceEvent& line, const resync::Personality& personality) {
  for (const auto& name : line.changed) {
    const auto id = profile::find_parameter(name);
    const std::array one{id.value_or(profile::ParameterId{})};
    if (id && resync::needs_restart(one, personality)) line.facts.restart_for.push_back(name);
  }
}

}  // namespace provphone::client::trace
