#include "client/trace/effects.hpp"

#include "resync/custom_ca.hpp"
#include "resync/upgrade.hpp"

namespace provphone::client::trace {
namespace {

// The event that an effect is in a trace; nothing for a wish, which leaves lines of its own.
template <class Effect>
constexpr std::optional<EventKind> event_of = std::nullopt;
template <>
constexpr auto event_of<resync::Booted> = std::optional(EventKind::powered_on);
template <>
constexpr auto event_of<resync::Restarting> = std::optional(EventKind::rebooted);
template <>
constexpr auto event_of<resync::TimerArmed> = std::optional(EventKind::timer_armed);
template <>
constexpr auto event_of<resync::PassDue> = std::optional(EventKind::pass_due);
template <>
constexpr auto event_of<resync::PassGated> = std::optional(EventKind::pass_gated);
template <>
constexpr auto event_of<resync::PassDeferred> = std::optional(EventKind::pass_deferred);
template <>
constexpr auto event_of<resync::PassStarted> = std::optional(EventKind::pass_started);
template <>
constexpr auto event_of<resync::FileNotFoundForgiven> = std::optional(EventKind::rule_skipped);
template <>
constexpr auto event_of<resync::PassSucceeded> = std::optional(EventKind::pass_succeeded);
template <>
constexpr auto event_of<resync::PassFailed> = std::optional(EventKind::pass_failed);
template <>
constexpr auto event_of<resync::UpgradeHeld> = std::optional(EventKind::rule_skipped);
template <>
constexpr auto event_of<resync::CustomCaHeld> = std::optional(EventKind::rule_skipped);
template <>
constexpr auto event_of<resync::UpgradeDeferred> = std::optional(EventKind::upgrade_deferred);
template <>
constexpr auto event_of<resync::OnboardingRequested> =
    std::optional(EventKind::onboarding_requested);
template <>
constexpr auto event_of<resync::Migrated> = std::optional(EventKind::migrated);

// What effects and events call by the same name. A member that an effect gets later shows in its
// line without a change here.
template <class Effect>
void copy_members(TraceEvent& line, const Effect& effect) {
  if constexpr (requires { effect.kind; }) line.kind = effect.kind;
  if constexpr (requires { effect.reason; }) line.reason = effect.reason;
  if constexpr (requires { effect.timer; }) line.timer = effect.timer;
  if constexpr (requires { effect.due; }) line.due = effect.due;
  if constexpr (requires { effect.error; }) line.error = effect.error;
  if constexpr (requires { effect.has_file; }) line.has_file = effect.has_file;
}

void add_the_rest(TraceEvent& /*line*/, const auto& /*effect*/) {}
// A wait without an end, as that for a call, has no `due` at all: null would be a timer that is
// off.
void add_the_rest(TraceEvent& line, const resync::PassDeferred& effect) {
  if (effect.until != resync::Time::max()) line.due = effect.until;
}
// Only a rule that failed is to blame for it.
void add_the_rest(TraceEvent& line, const resync::PassFailed& effect) {
  if (effect.reason == resync::Reason::rule_failed)
    line.rule = resync::rule_parameter_name(effect.slot);
}
void add_the_rest(TraceEvent& line, const resync::FileNotFoundForgiven& effect) {
  line.rule = resync::rule_parameter_name(effect.slot);
  line.reason = resync::Reason::file_not_found_forgiven;
}
void add_the_rest(TraceEvent& line, const resync::UpgradeHeld& effect) {
  line.rule = effect.is_one_time ? resync::one_time_upgrade_name : "Upgrade_Rule";
}
void add_the_rest(TraceEvent& line, const resync::CustomCaHeld& /*effect*/) {
  line.rule = resync::one_time_custom_ca_name;
}
void add_the_rest(TraceEvent& line, const resync::UpgradeDeferred& /*effect*/) {
  line.rule = resync::one_time_upgrade_name;
}

}  // namespace

std::optional<EventKind> kind_of(const resync::Effect& effect) {
  return std::visit([](const auto& each) { return event_of<std::remove_cvref_t<decltype(each)>>; },
                    effect);
}

std::optional<TraceEvent> trace_of(const resync::Effect& effect, MacAddress phone,
                                   resync::Time now) {
  const auto kind = kind_of(effect);
  if (!kind) return std::nullopt;
  TraceEvent line{.at = now, .phone = phone, .event = *kind};
  std::visit(
      [&](const auto& each) {
        copy_members(line, each);
        add_the_rest(line, each);
      },
      effect);
  return line;
}

}  // namespace provphone::client::trace
