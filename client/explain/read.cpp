#include "client/explain/read.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace provphone::client::explain {
namespace {

using Json = nlohmann::ordered_json;
using resync::Time;

constexpr double longest_run = 1e10;  // seconds

const Json* member(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() ? nullptr : &*found;
}

std::optional<Time> time_of(const Json& object, const char* key) {
  const auto* value = member(object, key);
  if (value == nullptr) return std::nullopt;
  if (value->is_null()) return Time::max();
  if (!value->is_number()) return std::nullopt;
  const auto seconds = value->get<double>();
  if (!(seconds >= 0 && seconds <= longest_run)) return std::nullopt;
  return Time{resync::Duration{std::llround(seconds * 1000)}};
}

template <class Enum>
std::optional<Enum> enumerator_named(std::string_view wanted, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto each = static_cast<Enum>(i);
    if (name(each) == wanted) return each;
  }
  return std::nullopt;
}

std::optional<resync::PassKind> kind_of(const Json& object) {
  const auto* value = member(object, "kind");
  if (value == nullptr || !value->is_number_integer()) return std::nullopt;
  const auto number = value->get<std::int64_t>();
  if (number < -1 || number > 2) return std::nullopt;
  return static_cast<resync::PassKind>(number);
}

Entry entry_of(Json line, Time at, report::EventKind event) {
  constexpr std::size_t timers = static_cast<std::size_t>(resync::Timer::restart) + 1;
  Entry entry{at, event, kind_of(line), {}, {}, time_of(line, "due"), {}, {}};
  entry.reason = resync::reason_named(text_of(line, "reason"));
  entry.timer = enumerator_named<resync::Timer>(text_of(line, "timer"), timers);
  entry.error = enumerator_named<Errc>(text_of(line, "error"), errc_count);
  entry.members = std::make_shared<const Json>(std::move(line));
  return entry;
}

// Traces nest little; what nests deeper is nothing that is known, and would cost stack.
bool is_shallow(int depth, Json::parse_event_t /*event*/, Json& /*value*/) {
  constexpr int deepest = 8;
  return depth <= deepest;
}

}  // namespace

std::string text_of(const Json& object, const char* key) {
  const auto* value = member(object, key);
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::string Entry::text(const char* key) const {
  return text_of(*members, key);
}

std::optional<Time> Entry::time(const char* key) const {
  return time_of(*members, key);
}

std::vector<const Json*> Entry::objects(const char* key) const {
  std::vector<const Json*> found;
  const auto* list = member(*members, key);
  if (list == nullptr || !list->is_array()) return found;
  for (const auto& each : *list) {
    if (each.is_object()) found.push_back(&each);
  }
  return found;
}

std::vector<std::string> Entry::texts(const char* key) const {
  std::vector<std::string> found;
  const auto* list = member(*members, key);
  if (list == nullptr || !list->is_array()) return found;
  for (const auto& each : *list) {
    if (each.is_string()) found.push_back(each.get<std::string>());
  }
  return found;
}

Result<void> TraceReader::take_line(std::string_view text) {
  ++lines_;
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return {};
  const auto refuse = [&](std::string_view expected) {
    return fail(Errc::bad_argument, fmt::format("{}: expected {}", lines_, expected));
  };
  auto line = Json::parse(text, is_shallow, false);
  if (line.is_discarded() || !line.is_object())
    return refuse("a JSON object, as run --trace and forecast --trace write one a line");
  const auto at = time_of(line, "t");
  if (!at || *at == Time::max()) return refuse("\"t\", the seconds since the start");
  const auto phone = parse_mac_address(text_of(line, "phone"));
  if (!phone) return refuse("\"phone\", twelve hexadecimal digits");
  const auto event = text_of(line, "event");
  if (event.empty()) return refuse("\"event\", the name of what happened");
  trace_.phones.insert(*phone);
  trace_.end = std::max(trace_.end, *at);
  if (!trace_.phone) trace_.phone = *phone;
  if (*trace_.phone != *phone) return {};
  if (!trace_.entries.empty() && *at < trace_.entries.back().at)
    return refuse("a time that is not before that of the phone's last line");
  if (const auto known = report::event_named(event))
    trace_.entries.push_back(entry_of(std::move(line), *at, *known));
  return {};
}

}  // namespace provphone::client::explain
