#include "client/trace/read.hpp"

#include "client/trace/facts.hpp"
#include "client/trace/json_octets.hpp"
#include "macro/enum_array.hpp"
#include "profile/catalogue.hpp"
#include "resync/custom_ca.hpp"
#include "resync/first_boot.hpp"
#include "resync/settings.hpp"
#include "resync/upgrade.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace provphone::client::trace {
namespace {

using Json = nlohmann::ordered_json;
using resync::Time;
using std::string_view;

// Seconds, three centuries: whatever begins later is no trace but an accident.
constexpr double longest_run = 1e10;
constexpr double farthest_ahead = 2e12;  // seconds; milliseconds are exact up to there

constexpr std::array<string_view, 4> method_names{"GET", "POST", "PUT", "HEAD"};

// --- members by type; what has another one is not there

const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::string text_of(const Json& object, const char* key) {
  const auto* value = member(object, key);
  return value != nullptr && value->is_string() ? octets_of(value->get<std::string>())
                                                : std::string();
}

bool is_true(const Json& object, const char* key) {
  const auto* value = member(object, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

// Nothing too where the number has no place in an `Integer`.
template <class Integer>
std::optional<Integer> number_of(const Json& object, const char* key) {
  const auto* value = member(object, key);
  const auto fitting = [](auto number) {
    return std::in_range<Integer>(number) ? std::optional(static_cast<Integer>(number))
                                          : std::nullopt;
  };
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  return value->is_number_unsigned() ? fitting(value->get<std::uint64_t>())
                                     : fitting(value->get<std::int64_t>());
}

// Null is Time::max(). Rounded, since a double of seconds need not hit the millisecond that was
// written.
std::optional<Time> time_of(const Json& object, const char* key, double latest = farthest_ahead) {
  const auto* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_null()) return Time::max();
  if (!value->is_number()) return std::nullopt;
  const auto seconds = value->get<double>();
  if (!(seconds >= 0 && seconds <= latest)) return std::nullopt;
  return Time{resync::Duration{std::llround(seconds * 1000)}};
}

// Calls `take` with the elements of a list.
template <class Take>
void each_of(const Json& object, const char* key, Take take) {
  const auto* list = member(object, key);
  if (list == nullptr || !list->is_array()) return;
  for (const auto& element : *list) take(element);
}

template <class Take>
void each_object(const Json& object, const char* key, Take take) {
  each_of(object, key, [&](const Json& element) {
    if (element.is_object()) take(element);
  });
}

std::vector<std::string> texts_of(const Json& object, const char* key) {
  std::vector<std::string> found;
  each_of(object, key, [&](const Json& element) {
    if (element.is_string()) found.push_back(octets_of(element.get<std::string>()));
  });
  return found;
}

// --- names

template <class Enum>
std::optional<Enum> enumerator_named(string_view wanted) {
  for (const auto each : every<Enum>) {
    if (name(each) == wanted) return each;
  }
  return std::nullopt;
}

std::optional<Errc> error_of(const Json& object) {
  return enumerator_named<Errc>(text_of(object, "error"));
}

// The same text where it never goes away; empty where it is none of `names`.
template <class Names>
string_view lasting(string_view text, const Names& names) {
  const auto* const found = std::find(names.begin(), names.end(), text);
  return found == names.end() ? string_view() : *found;
}

string_view parameter_named(string_view text) {
  const auto id = profile::find_parameter(text);
  return id ? string_view(profile::parameter(*id).name) : string_view();
}

string_view rule_named(string_view text) {
  const auto one_time = resync::rule_parameter_name(resync::one_time_slot);
  for (const auto each :
       {resync::one_time_upgrade_name, resync::one_time_custom_ca_name, resync::dns_discovery_name,
        resync::redirect_service_name, resync::activation_code_name}) {
    if (text == each) return each;
  }
  return text == one_time ? one_time : parameter_named(text);
}

// The numbers are those of `$PRVST`.
std::optional<resync::PassKind> kind_of(const Json& line) {
  const auto number = number_of<std::int8_t>(line, "kind");
  if (!number || *number < -1 || *number > 2) return std::nullopt;
  return static_cast<resync::PassKind>(*number);
}

// --- the parts of a line, in the order of the writer

void read_decision(TraceEvent& event, const Json& line) {
  event.kind = kind_of(line);
  event.timer = enumerator_named<resync::Timer>(text_of(line, "timer"));
  event.due = time_of(line, "due");
  event.reason = resync::reason_named(text_of(line, "reason"));
  event.rule = rule_named(text_of(line, "rule"));
  event.alternative = std::max(number_of<int>(line, "alternative").value_or(0), 0);
}

void read_times(StageTimes& times, const Json& line) {
  const auto* stages = member(line, "us");
  if (stages == nullptr || !stages->is_object()) return;
  times.resolve = number_of<std::int64_t>(*stages, "resolve");
  times.connect = number_of<std::int64_t>(*stages, "connect");
  times.tls = number_of<std::int64_t>(*stages, "tls");
  times.first_byte = number_of<std::int64_t>(*stages, "first_byte");
  times.body = number_of<std::int64_t>(*stages, "body");
  times.decode = number_of<std::int64_t>(*stages, "decode");
}

void read_exchange(TraceEvent& event, const Json& line) {
  event.method = lasting(text_of(line, "method"), method_names);
  event.url = text_of(line, "url");
  event.server_address = text_of(line, "server_address");
  event.status = number_of<int>(line, "status");
  event.bytes = number_of<std::uint64_t>(line, "bytes");
  event.said = text_of(line, "said");
  read_times(event.times, line);
  event.layers = texts_of(line, "layers");
  if (event.event == EventKind::applied) {
    event.changed = texts_of(line, "changed");
    event.unchanged_body = is_true(line, "unchanged_body");
  }
  // It is written where there was none. Older traces do not tell.
  if (event.event == EventKind::pass_succeeded) {
    const auto* file = member(line, "file");
    event.has_file = file == nullptr || !file->is_boolean() || file->get<bool>();
  }
  event.ignored = texts_of(line, "ignored");
  event.error = error_of(line);
  event.detail = text_of(line, "detail");
  event.text = text_of(line, "text");
  event.certificates = number_of<std::uint64_t>(line, "certificates");
  event.web_status = text_of(line, "web_status");
}

std::optional<Result<bool>> reading_of(const Json& entry) {
  const auto* holds = member(entry, "holds");
  if (holds != nullptr && holds->is_boolean()) return holds->get<bool>();
  const auto error = error_of(entry);
  if (!error) return std::nullopt;
  return Result<bool>(fail(*error, text_of(entry, "detail")));
}

void read_setting(std::vector<resync::SettingFact>& settings, const Json& entry) {
  resync::SettingFact setting{parameter_named(text_of(entry, "name")), text_of(entry, "text"),
                              text_of(entry, "note")};
  if (setting.name.empty()) return;
  setting.element = number_of<std::size_t>(entry, "element").value_or(0);
  if (setting.element > 0) setting.elements = number_of<std::size_t>(entry, "elements").value_or(0);
  settings.push_back(std::move(setting));
}

void read_condition(std::vector<resync::ConditionFact>& conditions, const Json& entry) {
  const auto name = parameter_named(text_of(entry, "name"));
  auto holds = reading_of(entry);
  if (name.empty() || !holds) return;
  conditions.push_back(
      {name, text_of(entry, "text"), text_of(entry, "expanded"), *std::move(holds)});
}

// One that is not understood keeps its place, as an alternative without a condition.
resync::GuardFact guard_of(const Json& entry) {
  auto holds = reading_of(entry);
  if (!holds) return {{}, true};
  return {text_of(entry, "condition"), *std::move(holds)};
}

void read_rule(resync::RuleFacts& rule, const Json& line) {
  rule.text = text_of(line, "rule_text");
  if (rule.text.empty()) return;
  const auto* expanded = member(line, "expanded");  // left out where it is the same
  const bool is_said = expanded != nullptr && expanded->is_string();
  rule.expanded = is_said ? octets_of(expanded->get<std::string>()) : rule.text;
  if (const auto* macros = member(line, "macros"); macros != nullptr && macros->is_object()) {
    for (const auto& [name, value] : macros->items()) {
      if (value.is_string()) rule.macros.push_back({name, octets_of(value.get<std::string>())});
    }
  }
  each_object(line, "guards", [&](const Json& guard) { rule.guards.push_back(guard_of(guard)); });
  rule.remarks = texts_of(line, "remarks");
}

void read_facts(Facts& facts, const Json& line) {
  facts.clock = text_of(line, "clock");
  facts.due_clock = text_of(line, "due_clock");
  each_object(line, "settings", [&](const Json& each) { read_setting(facts.settings, each); });
  each_object(line, "conditions",
              [&](const Json& each) { read_condition(facts.conditions, each); });
  facts.holds_from = time_of(line, "holds_from");
  facts.trigger_due = time_of(line, "trigger_due");
  read_rule(facts.rule, line);
  for (const auto& rule : texts_of(line, "not_evaluated")) {
    if (const auto known = rule_named(rule); !known.empty()) facts.not_evaluated.push_back(known);
  }
  facts.restart_for = texts_of(line, "restart_for");
}

void read_happening(TraceEvent& event, const Json& line) {
  event.origin = lasting(text_of(line, "origin"), origin_names);
  event.line = number_of<int>(line, "line");
  each_object(line, "set", [&](const Json& each) {
    const auto name = parameter_named(text_of(each, "name"));
    if (!name.empty()) event.set.push_back({name, text_of(each, "from"), text_of(each, "to")});
  });
  event.missed = enumerator_named<resync::Missed>(text_of(line, "missed"));
}

TraceEvent event_in(EventKind kind, Time at, MacAddress phone, const Json& line) {
  TraceEvent event{.at = at, .phone = phone, .event = kind};
  read_decision(event, line);
  read_exchange(event, line);
  read_happening(event, line);
  read_facts(event.facts, line);
  return event;
}

// Traces nest little; what nests deeper is nothing that is known, and would cost stack.
bool is_shallow(int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
  constexpr int deepest = 8;
  return depth <= deepest;
}

Result<TraceLine> refuse(const char* expected) {
  return fail(Errc::bad_argument, std::string("expected ") + expected);
}

}  // namespace

Result<TraceLine> parse_trace_line(string_view text) {
  // No exception: what is no JSON comes back discarded.
  const auto line = Json::parse(text, is_shallow, false);
  if (line.is_discarded() || !line.is_object())
    return refuse("a JSON object, as run --trace and forecast --trace write one a line");
  const auto at = time_of(line, "t", longest_run);
  if (!at || *at == Time::max()) return refuse("\"t\", the seconds since the start");
  const auto event = text_of(line, "event");
  const auto known = event_named(event);
  const bool has_phone = !known || !is_of_server(*known);
  const auto phone = parse_mac_address(text_of(line, "phone"));
  if (has_phone && !phone) return refuse("\"phone\", twelve hexadecimal digits");
  if (event.empty()) return refuse("\"event\", the name of what happened");
  TraceLine read{*at, std::nullopt, std::nullopt};
  if (has_phone) read.phone = *phone;
  if (known) read.event = event_in(*known, *at, read.phone.value_or(MacAddress{}), line);
  return read;
}

}  // namespace provphone::client::trace
