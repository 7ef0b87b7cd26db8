#include "client/trace/event.hpp"

#include "client/trace/json_octets.hpp"
#include "macro/enum_array.hpp"
#include "macro/hide.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>

namespace provphone::client::trace {
namespace {

using Json = nlohmann::ordered_json;

// In the order of EventKind. To readers of older traces another name is an unknown event.
constexpr EnumArray<EventKind, std::string_view> event_names{{"powered_on",
                                                              "timer_armed",
                                                              "pass_due",
                                                              "pass_gated",
                                                              "pass_deferred",
                                                              "pass_started",
                                                              "rule_skipped",
                                                              "request",
                                                              "response",
                                                              "applied",
                                                              "pass_succeeded",
                                                              "pass_failed",
                                                              "rebooted",
                                                              "upgrade_started",
                                                              "upgrade_done",
                                                              "reported",
                                                              "syslog",
                                                              "powered_off",
                                                              "resync_requested",
                                                              "restart_requested",
                                                              "call_started",
                                                              "call_ended",
                                                              "clock_set",
                                                              "parameters_set",
                                                              "report_requested",
                                                              "registration_lost",
                                                              "registration_restored",
                                                              "outage_began",
                                                              "outage_ended",
                                                              "custom_ca",
                                                              "notified",
                                                              "upgrade_requested",
                                                              "upgrade_deferred",
                                                              "factory_reset",
                                                              "custom_ca_requested",
                                                              "link_lost",
                                                              "link_restored",
                                                              "lease_changed",
                                                              "certificate_renewal",
                                                              "onboarding_requested",
                                                              "code_entered",
                                                              "code_judged",
                                                              "migrated",
                                                              "registered",
                                                              "registration_failed"}};

double seconds(resync::Time time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000.0;
}

void add_decision(Json& line, const TraceEvent& event) {
  if (event.kind) line["kind"] = static_cast<int>(*event.kind);
  if (event.timer) line["timer"] = name(*event.timer);
  if (event.due && *event.due == resync::Time::max()) {
    line["due"] = nullptr;
  } else if (event.due) {
    line["due"] = seconds(*event.due);
  }
  if (event.reason) line["reason"] = name(*event.reason);
  if (!event.rule.empty()) line["rule"] = event.rule;
  if (event.alternative > 0) line["alternative"] = event.alternative;
}

// `response` and `lag` are counted and not traced: both begin when the load was planned to, which
// is the generator's affair.
void add_times(Json& line, const StageTimes& times) {
  Json stages = Json::object();
  const auto add = [&](const char* stage, const std::optional<std::int64_t>& us) {
    if (us) stages[stage] = *us;
  };
  add("resolve", times.resolve);
  add("connect", times.connect);
  add("tls", times.tls);
  add("first_byte", times.first_byte);
  add("body", times.body);
  add("decode", times.decode);
  if (!stages.empty()) line["us"] = stages;
}

void add_exchange(Json& line, const TraceEvent& event) {
  if (!event.method.empty()) line["method"] = event.method;
  if (!event.url.empty()) line["url"] = macro::hide_query_secrets(event.url);
  if (!event.server_address.empty()) line["server_address"] = event.server_address;
  if (event.status) line["status"] = *event.status;
  if (event.bytes) line["bytes"] = *event.bytes;
  if (!event.said.empty()) line["said"] = event.said;
  add_times(line, event.times);
  if (!event.layers.empty()) line["layers"] = event.layers;
  if (event.event == EventKind::applied) {
    // Even where nothing changed: of an applied file that is what one wants to know.
    line["changed"] = event.changed;
    if (event.unchanged_body) line["unchanged_body"] = true;
  }
  if (event.event == EventKind::pass_succeeded && !event.has_file) line["file"] = false;
  if (!event.ignored.empty()) line["ignored"] = event.ignored;
  if (event.error) line["error"] = name(*event.error);
  if (!event.detail.empty()) line["detail"] = event.detail;
  if (!event.text.empty()) line["text"] = macro::hide_query_secrets(event.text);
  if (event.certificates) line["certificates"] = *event.certificates;
  if (!event.web_status.empty()) line["web_status"] = event.web_status;
}

void add_reading(Json& entry, const Result<bool>& holds) {
  if (holds) {
    entry["holds"] = *holds;
  } else {
    entry["error"] = name(holds.error().code);
    entry["detail"] = holds.error().detail;
  }
}

Json setting_json(const resync::SettingFact& setting) {
  Json entry{{"name", setting.name}, {"text", setting.text}};
  if (!setting.note.empty()) entry["note"] = setting.note;
  if (setting.element > 0) {
    entry["element"] = setting.element;
    entry["elements"] = setting.elements;
  }
  return entry;
}

void add_rule(Json& line, const resync::RuleFacts& rule) {
  if (rule.text.empty()) return;
  line["rule_text"] = rule.text;
  if (rule.expanded != rule.text) line["expanded"] = rule.expanded;
  for (const auto& [name, value] : rule.macros) line["macros"][name] = value;
  for (const auto& guard : rule.guards) {
    Json entry{{"condition", guard.text}};
    add_reading(entry, guard.holds);
    line["guards"].push_back(std::move(entry));
  }
  if (!rule.remarks.empty()) line["remarks"] = rule.remarks;
}

void add_time(Json& line, const char* key, const std::optional<resync::Time>& time) {
  if (!time) return;
  line[key] = *time == resync::Time::max() ? Json(nullptr) : Json(seconds(*time));
}

void add_happening(Json& line, const TraceEvent& event) {
  if (!event.origin.empty()) line["origin"] = event.origin;
  if (event.line) line["line"] = *event.line;
  for (const auto& [name, from, to] : event.set)
    line["set"].push_back(Json{{"name", name}, {"from", from}, {"to", to}});
  if (event.missed) line["missed"] = name(*event.missed);
}

void add_facts(Json& line, const Facts& facts) {
  if (!facts.clock.empty()) line["clock"] = facts.clock;
  if (!facts.due_clock.empty()) line["due_clock"] = facts.due_clock;
  for (const auto& setting : facts.settings) line["settings"].push_back(setting_json(setting));
  for (const auto& condition : facts.conditions) {
    Json entry{
        {"name", condition.name}, {"text", condition.text}, {"expanded", condition.expanded}};
    add_reading(entry, condition.holds);
    line["conditions"].push_back(std::move(entry));
  }
  add_time(line, "holds_from", facts.holds_from);
  add_time(line, "trigger_due", facts.trigger_due);
  add_rule(line, facts.rule);
  for (const auto& rule : facts.not_evaluated) line["not_evaluated"].push_back(rule);
  for (const auto& name : facts.restart_for) line["restart_for"].push_back(name);
}

}  // namespace

std::string_view name(EventKind kind) {
  return event_names[kind];
}

bool is_of_server(EventKind kind) {
  return kind == EventKind::outage_began || kind == EventKind::outage_ended;
}

std::optional<EventKind> event_named(std::string_view name) {
  return event_names.key_of(name);
}

std::string format_json(const TraceEvent& event) {
  Json line;
  line["t"] = seconds(event.at);
  if (!is_of_server(event.event)) line["phone"] = format_lower(event.phone);
  line["event"] = name(event.event);
  add_decision(line, event);
  add_exchange(line, event);
  add_happening(line, event);
  add_facts(line, event.facts);
  // A server's bytes may reach a detail; what is not UTF-8 is written so that it can be told again.
  // The order of members is part of recorded transcripts.
  return json_text(std::move(line));
}

void TraceHash::add(const TraceEvent& event) {
  const auto time = [](resync::Time t) {
    return static_cast<std::uint64_t>(t.time_since_epoch().count());
  };
  // PassKind begins at -1, so with 2 added every value differs from the 0 of a member that is not
  // there.
  const auto code = [](const auto& optional) {
    return optional ? static_cast<std::uint64_t>(*optional) + 2 : std::uint64_t{0};
  };
  for (const auto number :
       {time(event.at), event.phone.bits, static_cast<std::uint64_t>(event.event), code(event.kind),
        code(event.reason), code(event.timer), event.due ? time(*event.due) : 0,
        code(event.error)}) {
    fingerprint_.add(number);
  }
  for (const auto& parameter : event.changed) fingerprint_.add(parameter);
}

}  // namespace provphone::client::trace
