#include "client/trace/effects.hpp"

namespace provphone::client::trace {
namespace {

using trace::EventKind;
using trace::TraceEvent;

struct Trace {
  MacAddress phone;
  resync::Time now;

  TraceEvent line(EventKind kind) const { return {.at = now, .phone = phone, .event = kind}; }
  TraceEvent pass(EventKind event, resync::PassKind kind, resync::Reason reason) const {
    auto made = line(event);
    made.kind = kind;
    made.reason = reason;
    return made;
  }

  std::optional<TraceEvent> operator()(const resync::EvaluateRule&) const { return std::nullopt; }
  std::optional<TraceEvent> operator()(const resync::EvaluateUpgrade&) const {
    return std::nullopt;
  }
  std::optional<TraceEvent> operator()(const resync::SendReports&) const { return std::nullopt; }
  std::optional<TraceEvent> operator()(const resync::Booted& e) const {
    auto made = line(EventKind::powered_on);
    made.reason = e.reason;
    return made;
  }
  std::optional<TraceEvent> operator()(const resync::Restarting& e) const {
    auto made = line(EventKind::rebooted);
    made.reason = e.reason;
    return made;
  }
  std::optional<TraceEvent> operator()(const resync::TimerArmed& e) const {
    auto made = line(EventKind::timer_armed);
    made.timer = e.timer;
    made.due = e.due;
    made.reason = e.reason;
    return made;
  }
  std::optional<TraceEvent> operator()(const resync::PassDue& e) const {
    return pass(EventKind::pass_due, e.kind, e.reason);
  }
  std::optional<TraceEvent> operator()(const resync::PassGated& e) const {
    return pass(EventKind::pass_gated, e.kind, e.reason);
  }
  std::optional<TraceEvent> operator()(const resync::PassDeferred& e) const {
    auto made = pass(EventKind::pass_deferred, e.kind, e.reason);
    if (e.until != resync::Time::max()) made.due = e.until;
    return made;
  }
  std::optional<TraceEvent> operator()(const resync::PassStarted& e) const {
    return pass(EventKind::pass_started, e.kind, e.reason);
  }
  std::optional<TraceEvent> operator()(const resync::FileNotFoundForgiven& e) const {
    auto made = line(EventKind::rule_skipped);
    made.rule = resync::rule_parameter_name(e.slot);
    made.reason = resync::Reason::file_not_found_forgiven;
    return made;
  }
  std::optional<TraceEvent> operator()(const resync::PassSucceeded& e) const {
    return pass(EventKind::pass_succeeded, e.kind, e.reason);
  }
  std::optional<TraceEvent> operator()(const resync::PassFailed& e) const {
    auto made = pass(EventKind::pass_failed, e.kind, e.reason);
    made.error = e.error;
    if (e.reason == resync::Reason::rule_failed) made.rule = resync::rule_parameter_name(e.slot);
    return made;
  }
  std::optional<TraceEvent> operator()(const resync::UpgradeHeld& e) const {
    auto made = line(EventKind::rule_skipped);
    made.rule = "Upgrade_Rule";
    made.reason = e.reason;
    return made;
  }
};

struct Kind {
  std::optional<EventKind> operator()(const resync::EvaluateRule&) const { return std::nullopt; }
  std::optional<EventKind> operator()(const resync::EvaluateUpgrade&) const { return std::nullopt; }
  std::optional<EventKind> operator()(const resync::SendReports&) const { return std::nullopt; }
  std::optional<EventKind> operator()(const resync::Booted&) const { return EventKind::powered_on; }
  std::optional<EventKind> operator()(const resync::Restarting&) const {
    return EventKind::rebooted;
  }
  std::optional<EventKind> operator()(const resync::TimerArmed&) const {
    return EventKind::timer_armed;
  }
  std::optional<EventKind> operator()(const resync::PassDue&) const { return EventKind::pass_due; }
  std::optional<EventKind> operator()(const resync::PassGated&) const {
    return EventKind::pass_gated;
  }
  std::optional<EventKind> operator()(const resync::PassDeferred&) const {
    return EventKind::pass_deferred;
  }
  std::optional<EventKind> operator()(const resync::PassStarted&) const {
    return EventKind::pass_started;
  }
  std::optional<EventKind> operator()(const resync::FileNotFoundForgiven&) const {
    return EventKind::rule_skipped;
  }
  std::optional<EventKind> operator()(const resync::PassSucceeded&) const {
    return EventKind::pass_succeeded;
  }
  std::optional<EventKind> operator()(const resync::PassFailed&) const {
    return EventKind::pass_failed;
  }
  std::optional<EventKind> operator()(const resync::UpgradeHeld&) const {
    return EventKind::rule_skipped;
  }
};

}  // namespace

std::optional<EventKind> kind_of(const resync::Effect& effect) {
  return std::visit(Kind{}, effect);
}

std::optional<TraceEvent> trace_of(const resync::Effect& effect, MacAddress phone,
                                   resync::Time now) {
  return std::visit(Trace{phone, now}, effect);
}

}  // namespace provphone::client::trace
