#include "client/trace/sentence.hpp"

#include "macro/hide.hpp"
#include "profile/catalogue.hpp"
#include "profile/name_standing.hpp"
#include "resync/custom_ca.hpp"
#include "resync/notify.hpp"
#include "resync/upgrade.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <vector>

namespace provphone::client::trace {
namespace {

using namespace std::chrono_literals;

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 4;
  if (names.size() <= shown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + shown, ", "),
                     names.size() - shown);
}

bool is_stored(const std::string& name) {
  const auto id = profile::find_parameter(name);
  return id && profile::parameter(*id).role == profile::Role::stored;
}

// R-PARAM-01: what nothing hangs on is not called a change.
std::string changes(std::vector<std::string> names) {
  if (names.empty()) return "nothing changed";
  const auto stored = std::stable_partition(names.begin(), names.end(), std::not_fn(is_stored));
  const std::vector<std::string> rest(stored, names.end());
  names.erase(stored, names.end());
  auto text = names.empty() ? std::string() : "changed " + listed(names);
  if (rest.empty()) return text;
  return fmt::format("{}{}stored, not acted on: {}", text, text.empty() ? "" : " · ", listed(rest));
}

Line timer_armed(const TraceEvent& event) {
  if (event.due && *event.due == resync::Time::max()) {
    return {fmt::format("  no {} timer: {}", name(*event.timer), sentence(*event.reason)),
            Tone::held};
  }
  const auto wait = *event.due - event.at;
  switch (*event.timer) {
    case resync::Timer::boot_delay:
      return {fmt::format("  boot pass in {}", format_duration(wait)), Tone::minor};
    case resync::Timer::error_retry:
      return {fmt::format("  retry in {}", format_duration(wait)), Tone::held};
    case resync::Timer::upgrade_retry:
      return {fmt::format("  upgrade again in {}", format_duration(wait)), Tone::held};
    case resync::Timer::report:
      return {fmt::format("  report in {}", format_duration(wait)), Tone::minor};
    default:
      return {fmt::format("  next periodic pass in {}", format_duration(wait)), Tone::minor};
  }
}

Line response(const TraceEvent& event) {
  if (event.error) return {};  // the failed pass will say it
  const auto size = format_bytes(event.bytes.value_or(0));
  auto text = event.status ? fmt::format("  status {} · {}", *event.status, size) : "  " + size;
  if (!event.detail.empty()) text.append(" · ").append(event.detail);
  if (!event.said.empty()) text.append(" · said: ").append(event.said);
  return {text, Tone::plain};
}

Line applied(const TraceEvent& event) {
  if (event.unchanged_body) return {"  the same file as before", Tone::minor};
  std::string text = "  ";
  if (!event.layers.empty()) text += fmt::format("{} · ", fmt::join(event.layers, " → "));
  text += changes(event.changed);
  if (!event.ignored.empty()) text += fmt::format(" · ignored {}", listed(event.ignored));
  for (const auto& name : event.ignored) {
    const auto remark = profile::remark_on_name(name);
    if (remark.standing != profile::NameStanding::in_no_source && !remark.text.empty())
      text += fmt::format(" · {} {}", name, remark.text);
  }
  return {text, Tone::plain};
}

Line failed(const TraceEvent& event) {
  std::string text = fmt::format("✘ {} pass failed", name(*event.kind));
  if (!event.rule.empty()) text += fmt::format(" at {}", event.rule);
  text += fmt::format(": {}", name(*event.error));
  if (!event.detail.empty()) text += fmt::format(", {}", event.detail);
  return {text, Tone::bad};
}

// What went well, or why not.
Line outcome(const TraceEvent& event, std::string well, std::string_view badly) {
  if (!event.error) return {std::move(well), Tone::good};
  auto text = fmt::format("✘ {}: {}", badly, name(*event.error));
  if (!event.detail.empty()) text.append(", ").append(event.detail);
  return {std::move(text), Tone::bad};
}

// Values may be rules, a line wide each.
std::string short_value(const std::string& value) {
  constexpr std::size_t most = 40;
  if (value.empty()) return "nothing";
  auto end = std::min(value.size(), most);
  const auto continues = [&] {
    return end < value.size() && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U;
  };
  while (end > 0 && continues()) --end;
  return value.substr(0, end) + (end < value.size() ? "…" : "");
}

// R-PARAM-01: what nothing hangs on comes last, and is called that.
std::string settings(const TraceEvent& event) {
  std::vector<std::string> acting, stored;
  const bool is_undone = event.missed || event.reason;
  for (const auto& [name, from, to] : event.set) {
    auto& clauses = !is_undone && is_stored(std::string(name)) ? stored : acting;
    clauses.push_back(is_undone
                          ? fmt::format("{} → {}", name, short_value(to))
                          : fmt::format("{} {} → {}", name, short_value(from), short_value(to)));
  }
  auto text = listed(acting);
  if (stored.empty()) return text;
  return text.append(text.empty() ? "" : " · ")
      .append("stored, not acted on: ")
      .append(listed(stored));
}

std::string settled_how(const TraceEvent& event) {
  if (!event.detail.empty()) return "set by " + event.detail;
  return event.origin.empty() ? "set at the phone" : "submitted on its web page";
}

// R-RESYNC-40: where the page is closed it says why nothing was set.
Line parameters_set(const TraceEvent& event) {
  const auto what = event.set.empty() ? std::string("no value") : settings(event);
  if (event.reason)
    return {fmt::format("■ not submitted, since {}: {}", sentence(*event.reason), what),
            Tone::held};
  if (event.set.empty() && event.origin.empty()) return {};
  return {fmt::format("● {}: {}", settled_how(event), what), Tone::turn};
}

std::string_view what_is_asked(EventKind kind) {
  if (kind == EventKind::upgrade_requested) return "an upgrade";
  return kind == EventKind::custom_ca_requested ? "an update of the roots" : "a resync";
}

// A SIP NOTIFY with its answer, or a request that brings a rule; others show in what comes of them.
Line asked(const TraceEvent& event) {
  if (event.text.empty()) return {};
  if (!event.status)
    return {fmt::format("● {} asked for {}, with the rule {}", what_is_asked(event.event),
                        asked_by(event.origin), macro::hide_query_secrets(event.text)),
            Tone::turn};
  constexpr int first_refusal = 400;
  auto text = fmt::format("● SIP NOTIFY {}: answered {}", event.text, *event.status);
  const auto nothing = resync::why_nothing(resync::notify_event_named(event.text));
  if (!nothing.empty()) text.append("; ").append(nothing);
  const bool is_held = *event.status >= first_refusal || !nothing.empty();
  return {std::move(text), is_held ? Tone::held : Tone::turn};
}

// What a phone that is up would have taken notice of; empty where nobody would ask for it.
std::string missed_text(const TraceEvent& event) {
  switch (event.event) {
    case EventKind::resync_requested:
    case EventKind::upgrade_requested:
    case EventKind::custom_ca_requested:
      return fmt::format("{} asked for {}", what_is_asked(event.event), asked_by(event.origin));
    case EventKind::restart_requested:
      return "a restart that was asked for";
    case EventKind::report_requested:
      return "a report that was asked for";
    case EventKind::notified:
      return "a SIP NOTIFY " + event.text;
    case EventKind::factory_reset:
      return "a factory reset that was asked for";
    case EventKind::code_entered:
      return "an activation code that was entered";
    case EventKind::call_started:
      return "a call";
    case EventKind::clock_set:
      return event.detail.empty() ? "what time it is"
                                  : fmt::format("a clock that was {}", event.detail);
    case EventKind::parameters_set:
      return event.set.empty() ? "parameters set by a person" : settings(event);
    default:
      return {};
  }
}

// A message that was not sent must not look like one that was.
Line log_message(const TraceEvent& event) {
  auto text = fmt::format("  log: {}", macro::hide_query_secrets(event.text));
  if (!event.error) return {std::move(text), Tone::minor};
  const auto why = event.detail.empty() ? std::string(name(*event.error)) : event.detail;
  return {fmt::format("{} (not sent: {})", text, why), Tone::held};
}

Line missed(const TraceEvent& event) {
  auto what = missed_text(event);
  if (what.empty()) return {};
  return {fmt::format("■ missed, since {}: {}", sentence(*event.missed), what), Tone::held};
}

Line registration(const TraceEvent& event) {
  const bool is_lost = event.event == EventKind::registration_lost;
  return {fmt::format("{} line {} {}", is_lost ? "○" : "●", event.line.value_or(1),
                      is_lost ? "lost its registration" : "is registered"),
          is_lost ? Tone::held : Tone::turn};
}

Line at_registrar(const TraceEvent& event) {
  const bool is_well = event.event == EventKind::registered;
  return {fmt::format("{} {}", is_well ? "✔" : "✘", registrar_text(event)),
          is_well ? Tone::good : Tone::bad};
}

Line custom_ca(const TraceEvent& event) {
  if (!event.error && !event.certificates)
    return {fmt::format("  {} is empty: its roots are taken away", event.rule), Tone::held};
  const auto well = fmt::format("✔ {}: {} installed, the first is {}", event.rule,
                                event.certificates.value_or(0), event.text);
  return outcome(event, well, fmt::format("{} has brought nothing", event.rule));
}

Line certificate_renewal(const TraceEvent& event) {
  auto well = fmt::format("✔ certificate renewed: serial number {}", event.text);
  if (!event.detail.empty()) well.append(", ").append(event.detail);
  return outcome(event, std::move(well), "the certificate was not renewed");
}

// Most rules that are skipped are empty, and lines about them would hide the rest. Who asked for an
// upgrade hears why there is none.
Line skipped(const TraceEvent& event) {
  if (event.reason == resync::Reason::file_not_found_forgiven)
    return {"  " + std::string(sentence(*event.reason)), Tone::held};
  if (!event.reason) return {};
  if (event.rule == resync::one_time_upgrade_name)
    return {fmt::format("■ no upgrade: {}", sentence(*event.reason)), Tone::held};
  if (event.rule == resync::one_time_custom_ca_name)
    return {fmt::format("■ no update of the roots: {}", sentence(*event.reason)), Tone::held};
  return {};
}

// What befell a phone, where that does not show in what it does, and its server.
Line happening(const TraceEvent& event) {
  switch (event.event) {
    case EventKind::registration_lost:
    case EventKind::registration_restored:
      return registration(event);
    case EventKind::registered:
    case EventKind::registration_failed:
      return at_registrar(event);
    case EventKind::outage_began:
      return {"○ outage: " + outage_text(event), Tone::bad};
    case EventKind::outage_ended:
      return {"● the outage is over", Tone::turn};
    case EventKind::parameters_set:
      return parameters_set(event);
    case EventKind::resync_requested:
    case EventKind::restart_requested:
    case EventKind::report_requested:
    case EventKind::notified:
    case EventKind::upgrade_requested:
    case EventKind::custom_ca_requested:
      return asked(event);
    case EventKind::link_lost:
      return {"○ the link is down", Tone::bad};
    case EventKind::link_restored:
      return {"● the link is up again", Tone::turn};
    case EventKind::upgrade_deferred:
      return {fmt::format("… upgrade waits: {}", sentence(*event.reason)), Tone::held};
    case EventKind::factory_reset:
      return {"● a factory reset was asked for", Tone::turn};
    case EventKind::lease_changed:
      return {"● DHCP lease: " + event.text, Tone::turn};
    case EventKind::onboarding_requested:
      return {"○ asks for an activation code", Tone::held};
    case EventKind::code_entered:
      return {"● an activation code was entered", Tone::turn};
    case EventKind::code_judged:
      return outcome(event, "✔ the activation code was taken", "the activation code was not taken");
    case EventKind::migrated:
      return {"○ runs enterprise firmware: no phone of here any more", Tone::turn};
    // pass_due is followed by what became of the pass.
    default:
      return {};
  }
}

}  // namespace

Line line_of(const TraceEvent& event) {
  if (event.missed) return missed(event);
  switch (event.event) {
    case EventKind::powered_on:
      return {event.reason.value_or(resync::Reason::power_on) == resync::Reason::power_on
                  ? "● powered on"
                  : "● up again",
              Tone::turn};
    case EventKind::powered_off:
      return {"○ powered off", Tone::turn};
    case EventKind::rebooted:
      return {fmt::format("○ restarts: {}", sentence(*event.reason)), Tone::turn};
    case EventKind::timer_armed:
      return timer_armed(event);
    case EventKind::pass_gated:
      return {fmt::format("■ {} pass held: {}", name(*event.kind), sentence(*event.reason)),
              Tone::held};
    case EventKind::pass_deferred:
      return {fmt::format("… {} pass waits: {}", name(*event.kind), sentence(*event.reason)),
              Tone::held};
    case EventKind::pass_started:
      return {fmt::format("▶ {} pass: {}", name(*event.kind), sentence(*event.reason)), Tone::turn};
    case EventKind::rule_skipped:
      return skipped(event);
    case EventKind::request:
      return {fmt::format("  {}: {} {}", event.rule, event.method,
                          macro::hide_query_secrets(event.url)),
              Tone::plain};
    case EventKind::response:
      return response(event);
    case EventKind::applied:
      return applied(event);
    case EventKind::pass_succeeded:
      if (!event.has_file)
        return {fmt::format("○ {} pass ended without a file", name(*event.kind)), Tone::held};
      return {fmt::format("✔ {} pass succeeded", name(*event.kind)), Tone::good};
    case EventKind::pass_failed:
      return failed(event);
    case EventKind::upgrade_started:
      return {fmt::format("▶ upgrade to {}", event.text), Tone::turn};
    case EventKind::upgrade_done:
      return outcome(event, fmt::format("✔ upgraded to {}", event.text), "upgrade failed");
    case EventKind::reported:
      return outcome(event, fmt::format("✔ {} report sent", event.text), "report failed");
    case EventKind::custom_ca:
      return custom_ca(event);
    case EventKind::certificate_renewal:
      return certificate_renewal(event);
    case EventKind::syslog:
      return log_message(event);
    default:
      return happening(event);
  }
}

std::string outage_text(const TraceEvent& outage) {
  if (outage.status) return fmt::format("every request is answered with status {}", *outage.status);
  if (outage.error == Errc::xml_malformed)
    return "every request is answered with what is no profile";
  return outage.error ? fmt::format("every request fails with {}", name(*outage.error))
                      : "every request fails";
}

std::string registrar_text(const TraceEvent& event) {
  const auto line = event.line.value_or(1);
  if (event.event == EventKind::registered)
    return fmt::format("line {} registered at {}{}{}", line, event.url,
                       event.detail.empty() ? "" : ", ", event.detail);
  auto text = fmt::format("line {} is not registered at {}:", line, event.url);
  if (event.status) text += fmt::format(" {}", *event.status);
  if (event.error) text += fmt::format(" {}", name(*event.error));
  if (!event.detail.empty()) text += (event.error ? ", " : " ") + event.detail;
  return text;
}

std::string_view asked_by(std::string_view origin) {
  if (origin == "sip_notify") return "by a SIP NOTIFY";
  if (origin == "web") return "from its web page";
  if (origin == "phone_menu") return "from its menu";
  if (origin == "xml_execute") return "by XML Execute";
  return "by a person";
}

std::string line_text(const TraceEvent& event) {
  auto text = line_of(event).text;
  return text.erase(0, text.find_first_not_of(' '));
}

std::string format_duration(resync::Duration duration) {
  if (duration < 1s) return fmt::format("{} ms", duration.count());
  const double seconds = static_cast<double>(duration.count()) / 1000.0;
  // Each unit goes on beyond one of the next: `90 s` reads better than `1.5 min`.
  if (duration < 120s) return fmt::format("{:.3g} s", seconds);
  if (duration < 2h) return fmt::format("{:.3g} min", seconds / 60);
  if (duration < 48h) return fmt::format("{:.3g} h", seconds / 3600);
  return fmt::format("{:.3g} days", seconds / 86400);
}

std::string format_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{:.1f} kB", static_cast<double>(bytes) / 1000);
  if (bytes < 1'000'000'000)
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1'000'000);
  return fmt::format("{:.1f} GB", static_cast<double>(bytes) / 1'000'000'000);
}

}  // namespace provphone::client::trace
