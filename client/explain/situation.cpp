#include "client/explain/situation.hpp"

#include "client/explain/sentences.hpp"
#include "client/trace/sentence.hpp"

#include <fmt/format.h>

namespace provphone::client::explain {
namespace {

using resync::Reason;
using resync::Time;
using resync::Timer;
using trace::EventKind;
using Power = Situation::Power;

bool is_one_time(const Entry& entry) {
  return entry.reason == Reason::one_time_request;
}

void take_timer(Situation& now, const Entry& entry) {
  if (!entry.timer || !entry.due || *entry.timer == Timer::report) return;
  now.trigger_due = entry.facts.trigger_due;
  const bool is_off = *entry.due == Time::max();
  const auto* armed = is_off ? nullptr : &entry;
  switch (*entry.timer) {
    case Timer::resync_at:
      now.resync_at = armed;
      break;
    // Whether an upgrade is tried again says nothing about passes, so off_timer stays as it is.
    case Timer::upgrade_retry:
      now.upgrade = armed;
      return;
    default:
      now.timer = armed;
      break;
  }
  now.off_timer = is_off ? &entry : nullptr;
}

void pass_came_due(Situation& now, const Entry& entry) {
  now.trigger_due.reset();
  // Two timers may run, each for its own passes (R-RESYNC-20). A request takes neither away, since
  // it may still be refused (R-RESYNC-03).
  if (entry.reason == Reason::resync_at) {
    now.resync_at = nullptr;
  } else if (entry.kind != resync::PassKind::explicit_request) {
    now.timer = nullptr;
  }
}

void pass_started(Situation& now, const Entry& entry) {
  now.in_pass = true;
  // R-RESYNC-42: it leaves the schedule alone, and so what is known of it.
  if (is_one_time(entry)) return;
  now.timer = nullptr;
  now.off_timer = nullptr;
  now.gate = nullptr;
  now.no_boot_pass = nullptr;
  now.waiting = nullptr;
  now.trigger_due.reset();
}

// A refused request says nothing about what timers make due.
void pass_gated(Situation& now, const Entry& entry) {
  // What holds every pass that a timer makes due, until somebody changes it (R-RESYNC-03,
  // R-RESYNC-31).
  const bool holds_on =
      entry.reason == Reason::provisioning_disabled || entry.reason == Reason::trigger_false;
  if (holds_on) {
    now.gate = &entry;
    now.waiting = nullptr;
  } else if (entry.kind == resync::PassKind::boot) {
    now.no_boot_pass = &entry;
  }
}

void power_changed(Situation& now, Power power) {
  // R-RESYNC-02: calls, timers and waiting passes are forgotten with the power, and in a restart.
  // What was tried for its own roots and certificate is not.
  const Situation before = now;
  now = {};
  now.power = power;
  now.outage = before.outage;
  now.custom_ca = before.custom_ca;
  now.renewal = before.renewal;
}

// What is due next, each as a sentence, with its remedy.
void add_due(Section& section, const Situation& now) {
  for (const auto* each : {now.timer, now.resync_at, now.upgrade}) {
    if (each == nullptr) continue;
    section.sentences.push_back(armed_sentence(*each));
    if (now.gate == nullptr && each->reason) section.remedies.emplace_back(remedy(*each->reason));
  }
  // While a gate holds, an earlier pass would be held as well; what opens it is in add_gate().
  if (now.gate == nullptr) section.purpose = "For it to act sooner";
  const bool only_trigger = now.trigger_due && section.remedies.empty();
  if (only_trigger)
    section.remedies.emplace_back("ask for a resync, or make a Resync_Trigger true before that");
  if (now.trigger_due)
    section.sentences.push_back(
        fmt::format("A Resync_Trigger is true from {} on, which makes a pass due.",
                    time_text(*now.trigger_due)));
}

void add_nothing_due(Section& section, const Situation& now) {
  section.outcome = "nothing is due";
  if (now.awaits_code != nullptr) {
    section.sentences.emplace_back("It asks for an activation code.");
    section.remedies.emplace_back(remedy(Reason::awaits_code));
  } else if (now.off_timer != nullptr) {
    section.sentences.push_back(armed_sentence(*now.off_timer));
    if (now.off_timer->reason) section.remedies.emplace_back(remedy(*now.off_timer->reason));
  } else if (now.no_boot_pass != nullptr && now.no_boot_pass->reason) {
    const auto reason = *now.no_boot_pass->reason;
    section.sentences.push_back(fmt::format(
        "No timer runs: {}, and nothing else has started one since power-on.", sentence(reason)));
    section.remedies.emplace_back(remedy(reason));
  } else if (now.gate == nullptr) {
    section.sentences.emplace_back("The trace arms no timer, so nothing is known to come.");
    section.remedies.emplace_back("ask for a resync, or restart the phone");
  }
}

void add_gate(Section& section, const Entry& gate) {
  section.sentences.push_back(
      gate.reason == Reason::trigger_false
          ? "A pass that is due will be held again unless a Resync_Trigger is true by then."
          : fmt::format("A pass that is due will be held again: {}.", sentence(*gate.reason)));
  for (auto& remedy : gate_remedies(gate)) section.remedies.push_back(std::move(remedy));
}

void add_idle(Section& section, const Situation& now) {
  section.outcome = "idle";
  const bool has_due =
      now.timer != nullptr || now.resync_at != nullptr || now.upgrade != nullptr || now.trigger_due;
  has_due ? add_due(section, now) : add_nothing_due(section, now);
  if (now.gate != nullptr) add_gate(section, *now.gate);
}

}  // namespace

void Situation::take(const Entry& entry) {
  switch (entry.event) {
    case EventKind::powered_off:
      return power_changed(*this, Power::off);
    case EventKind::powered_on:
      return power_changed(*this, Power::on);
    case EventKind::rebooted:
      return power_changed(*this, Power::restarting);
    case EventKind::timer_armed:
      return take_timer(*this, entry);
    case EventKind::pass_due:
      pass_came_due(*this, entry);
      break;
    case EventKind::pass_gated:
      pass_gated(*this, entry);
      break;
    case EventKind::pass_deferred:
      waiting = &entry;
      break;
    case EventKind::pass_started:
      awaits_code = nullptr;
      pass_started(*this, entry);
      break;
    case EventKind::onboarding_requested:
      awaits_code = &entry;
      break;
    case EventKind::migrated:
      return power_changed(*this, Power::migrated);
    case EventKind::pass_succeeded:
    case EventKind::pass_failed:
      in_pass = false;
      break;
    case EventKind::call_started:
      if (entry.missed) return;
      ++calls;
      break;
    case EventKind::call_ended:
      if (calls > 0) --calls;
      break;
    case EventKind::custom_ca:
      custom_ca = entry.web_status.empty() ? nullptr : &entry;
      return;
    case EventKind::certificate_renewal:
      renewal = entry.web_status.empty() ? nullptr : &entry;
      return;
    case EventKind::outage_began:
      outage = &entry;
      return;
    case EventKind::outage_ended:
      outage = nullptr;
      return;
    default:
      return;
  }
  // Whoever does something has power.
  if (power == Power::unknown) power = Power::on;
}

Section describe(const Situation& now, Time at) {
  Section section;
  section.at = section.end = at;
  section.title = "then";
  // From what hides most to what hides least: a phone in a pass has timers and may have a pass
  // waiting, but neither is what it is about.
  if (now.power == Power::off) {
    section.outcome = "off";
    section.sentences.emplace_back("The phone has no power, and does nothing.");
    section.remedies.emplace_back("switch it on; it then makes its boot pass");
  } else if (now.power == Power::restarting) {
    section.outcome = "restarting";
    section.sentences.emplace_back("The phone is restarting.");
  } else if (now.power == Power::migrated) {
    section.outcome = "migrated";
    section.sentences.emplace_back(
        "It runs enterprise firmware, and is no phone of here any more.");
  } else if (now.in_pass) {
    section.outcome = "in a pass";
    section.sentences.emplace_back("A pass is under way.");
  } else if (now.waiting != nullptr) {
    section.outcome = "a pass waits";
    section.sentences.push_back(wait_sentence(*now.waiting));
    if (now.waiting->reason) section.remedies.emplace_back(remedy(*now.waiting->reason));
    if (now.waiting->reason == Reason::call_active && now.calls == 0)
      section.sentences.emplace_back("No line is in use any more.");
  } else {
    add_idle(section, now);
  }
  if (now.outage != nullptr && now.power != Power::off)
    section.sentences.push_back(fmt::format("The modelled server has had an outage since {}: {}.",
                                            time_text(now.outage->at),
                                            trace::outage_text(*now.outage)));
  if (now.custom_ca != nullptr)
    section.sentences.push_back(
        fmt::format("Its web page says of the custom CA: {}.", now.custom_ca->web_status));
  if (now.renewal != nullptr)
    section.sentences.push_back(
        fmt::format("Its web page says of its certificate: {}.", now.renewal->web_status));
  return section;
}

}  // namespace provphone::client::explain
