#include "resync/notify.hpp"

#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"

namespace provphone::resync {
namespace {

constexpr EnumArray<NotifyEvent, std::string_view> event_names{
    {"resync", "check-sync", "check-sync;reboot=false", "check-sync;reboot=true", "reboot",
     "reboot_now", "restart", "restart_now", "report", "prt-gen", "XML-service", "another event"}};

constexpr int sip_ok = 200;
constexpr int sip_forbidden = 403;
constexpr int sip_bad_event = 489;

bool is_same(std::string_view a, std::string_view b) {
  return ascii::equal_ignoring_case(ascii::trimmed(a), b);
}

// The last `reboot` in the parameters counts, and only where it is `true` or `false`.
NotifyEvent check_sync_with(std::string_view parameters) {
  auto found = NotifyEvent::check_sync;
  while (!parameters.empty()) {
    const auto end = parameters.find(';');
    const auto one = parameters.substr(0, end);
    parameters = end == std::string_view::npos ? std::string_view{} : parameters.substr(end + 1);
    const auto equals = one.find('=');
    if (equals == std::string_view::npos || !is_same(one.substr(0, equals), "reboot")) continue;
    const auto value = one.substr(equals + 1);
    if (is_same(value, "true")) found = NotifyEvent::check_sync_reboot;
    if (is_same(value, "false")) found = NotifyEvent::check_sync_resync;
  }
  return found;
}

}  // namespace

std::string_view name(NotifyEvent event) {
  return event_names[event];
}

NotifyEvent notify_event_named(std::string_view header) {
  const auto semicolon = header.find(';');
  const auto package = header.substr(0, semicolon);
  const auto parameters =
      semicolon == std::string_view::npos ? std::string_view{} : header.substr(semicolon + 1);
  if (is_same(package, event_names[NotifyEvent::check_sync])) return check_sync_with(parameters);
  for (const auto each : every<NotifyEvent>) {
    if (each != NotifyEvent::other && is_same(package, event_names[each])) return each;
  }
  return NotifyEvent::other;
}

// R-RESYNC-60
Event machine_event_of(NotifyEvent event) {
  switch (event) {
    case NotifyEvent::resync:
    case NotifyEvent::check_sync:
    case NotifyEvent::check_sync_resync:
      return ResyncRequested{Origin::sip_notify, Scope::configured_rules, event};
    case NotifyEvent::check_sync_reboot:
    case NotifyEvent::reboot:
    case NotifyEvent::reboot_now:
    case NotifyEvent::restart:
    case NotifyEvent::restart_now:
      return RestartRequested{event};
    case NotifyEvent::report:
      return ReportRequested{};
    case NotifyEvent::prt_gen:
    case NotifyEvent::xml_service:
    case NotifyEvent::other:
      break;
  }
  return Notified{event};
}

std::optional<NotifyEvent> notify_behind(const Event& event) {
  if (const auto* it = std::get_if<ResyncRequested>(&event))
    return it->origin == Origin::sip_notify ? std::optional(it->notified) : std::nullopt;
  if (const auto* it = std::get_if<RestartRequested>(&event)) return it->notified;
  if (std::holds_alternative<ReportRequested>(event)) return NotifyEvent::report;
  if (const auto* it = std::get_if<Notified>(&event)) return it->event;
  return std::nullopt;
}

// R-RESYNC-62
std::string_view why_nothing(NotifyEvent event) {
  switch (event) {
    case NotifyEvent::prt_gen:
      return "provphone makes no problem reports";
    case NotifyEvent::xml_service:
      return "provphone opens no XML service; a scenario asks for the Resync of an XML object with "
             "`by: xml`";
    case NotifyEvent::other:
      return "no phone knows this event";
    default:
      return {};
  }
}

// R-RESYNC-61
std::optional<int> sip_status_of(const Event& event, const Settings& settings,
                                 const Personality& personality) {
  const auto notified = notify_behind(event);
  if (!notified) return std::nullopt;
  if (notified == NotifyEvent::other) return sip_bad_event;
  const bool is_refused =
      std::holds_alternative<ResyncRequested>(event) && !settings.resync_from_sip;
  const bool says_so = personality.refused_notify == RefusedNotify::forbidden;
  return is_refused && says_so ? sip_forbidden : sip_ok;
}

}  // namespace provphone::resync
