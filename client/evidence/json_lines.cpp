#include "client/evidence/json_lines.hpp"

#include "client/evidence/access_lines.hpp"
#include "client/trace/read.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <initializer_list>

namespace provphone::client::evidence {
namespace {

using Json = nlohmann::json;

// The first of these members that is there, in the object or in its `request`.
const Json* member(const Json& object, std::initializer_list<const char*> names) {
  for (const char* const name : names)
    if (const auto found = object.find(name); found != object.end() && !found->is_null())
      return &*found;
  const auto request = object.find("request");
  if (request == object.end() || !request->is_object()) return nullptr;
  for (const char* const name : names)
    if (const auto found = request->find(name); found != request->end()) return &*found;
  return nullptr;
}

// A text, or nothing for anything else; `-` is none.
std::string_view text_of(const Json* value) {
  if (value == nullptr || !value->is_string()) return {};
  const std::string_view text = value->get_ref<const std::string&>();
  return text == "-" ? std::string_view{} : text;
}

// A number, be it in quotes.
std::optional<double> number_of(const Json* value) {
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->get<double>();
  const auto text = std::string(text_of(value));
  if (text.empty()) return std::nullopt;
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  const bool is_number = end == text.c_str() + text.size() && std::isfinite(number);
  return is_number ? std::optional(number) : std::nullopt;
}

constexpr double most_seconds = 1e11;
constexpr double ms_per_second = 1000;

std::optional<Instant> instant_of_number(double seconds) {
  // Some programs count milliseconds: no log is of the year 5000.
  if (seconds > most_seconds) seconds /= ms_per_second;
  if (seconds < 0 || seconds > most_seconds) return std::nullopt;
  return Instant{std::chrono::milliseconds(std::llround(seconds * ms_per_second))};
}

std::optional<Instant> time_in(const Json& object, LogClock& clock) {
  const auto* const value = member(object, {"time_iso8601", "time_local", "time", "timestamp",
                                            "@timestamp", "ts", "msec", "date"});
  if (const auto number = number_of(value)) return instant_of_number(*number);
  const auto text = text_of(value);
  auto stamp = parse_iso_stamp(text);
  if (!stamp) stamp = parse_access_stamp(text);
  return stamp ? std::optional(clock.instant_of(*stamp)) : std::nullopt;
}

std::string_view agent_in(const Json& object) {
  const auto plain =
      text_of(member(object, {"http_user_agent", "user_agent", "agent", "userAgent", "useragent"}));
  const auto* const headers = member(object, {"headers"});
  if (!plain.empty() || headers == nullptr || !headers->is_object()) return plain;
  const auto found = headers->find("User-Agent");
  if (found == headers->end()) return {};
  return found->is_array() && !found->empty() ? text_of(&found->front()) : text_of(&*found);
}

std::int16_t status_of(std::optional<double> number) {
  constexpr double most = 999;
  return number && *number > 0 && *number <= most ? static_cast<std::int16_t>(*number)
                                                  : std::int16_t{0};
}

std::int64_t size_of(std::optional<double> number) {
  constexpr double most = 1e15;
  return number && *number >= 0 && *number <= most ? static_cast<std::int64_t>(*number) : -1;
}

// An object with text or number for members at least; anything else is discarded.
Json parsed(std::string_view line) {
  auto object = Json::parse(line, nullptr, false);
  return object.is_object() ? object : Json(Json::value_t::discarded);
}

}  // namespace

LineSays JsonAccessLines::read(std::string_view line, const TakeSighting& take) {
  missing_ = "one JSON object a line";
  const auto object = parsed(line);
  if (object.is_discarded()) return LineSays::misfit;
  missing_ = "a member with the time: time_iso8601, time_local, time, timestamp, msec or ts";
  const auto time = time_in(object, clock_);
  if (!time) return LineSays::misfit;
  missing_ = "a member with the request: request, request_uri, uri, path or url";
  Sighting seen;
  const auto* const request = member(object, {"request"});
  if (request != nullptr && request->is_string()) read_request_line(text_of(request), seen);
  if (seen.path.empty()) {
    seen.path = text_of(member(object, {"request_uri", "uri", "path", "url"}));
    seen.method = text_of(member(object, {"request_method", "method", "verb"}));
  }
  if (seen.path.empty()) return LineSays::misfit;
  const auto took = number_of(member(object, {"request_time", "duration"}));
  constexpr double most_took = 1e6;
  if (took && *took >= 0 && *took < most_took)
    seen.took_ms = static_cast<std::int32_t>(std::lround(*took * ms_per_second));
  seen.at = begun(*time, seen.took_ms);
  seen.status = status_of(number_of(member(object, {"status", "status_code", "response_code"})));
  seen.bytes =
      size_of(number_of(member(object, {"body_bytes_sent", "bytes_sent", "bytes", "size"})));
  auto address = text_of(member(object, {"http_x_forwarded_for", "x_forwarded_for"}));
  address = address.substr(0, address.find(','));
  if (address.empty())
    address = text_of(member(
        object, {"remote_addr", "client_ip", "remote_ip", "clientip", "client", "remote_host"}));
  seen.address = address;
  if (seen.host.empty()) seen.host = text_of(member(object, {"host", "http_host", "server_name"}));
  if (seen.scheme.empty()) seen.scheme = text_of(member(object, {"scheme"}));
  seen.agent = agent_in(object);
  seen.subject = text_of(member(object, {"ssl_client_s_dn", "subject", "client_subject"}));
  if (!seen.subject.empty()) seen.scheme = "https";
  take(seen);
  return LineSays::sighting;
}

std::string JsonAccessLines::expected() const {
  return std::string(missing_);
}

LineSays RecordLines::read(std::string_view line, const TakeSighting& take) {
  const auto object = parsed(line);
  if (object.is_discarded()) return LineSays::misfit;
  const auto t = number_of(member(object, {"t"}));
  const auto time = t ? instant_of_number(*t) : std::nullopt;
  const auto protocol = text_of(member(object, {"protocol"}));
  if (!time || protocol.empty()) return LineSays::misfit;
  Sighting seen;
  seen.at = start_ + time->time_since_epoch();
  seen.scheme = protocol;
  seen.method = text_of(member(object, {"method"}));
  seen.path = text_of(member(object, {"path"}));
  seen.address = text_of(member(object, {"phone"}));
  seen.agent = text_of(member(object, {"user_agent"}));
  seen.subject = text_of(member(object, {"subject"}));
  if (protocol != "tftp") seen.status = status_of(number_of(member(object, {"status"})));
  seen.bytes = size_of(number_of(member(object, {"bytes"})));
  take(seen);
  return LineSays::sighting;
}

std::string RecordLines::expected() const {
  return "a JSON object with t, protocol, path and phone, as serve --record writes one a line";
}

void TraceLines::take_request(const Lane& lane, const Asked& asked, Sighting answer,
                              const TakeSighting& take) const {
  Sighting seen = answer;
  const auto request = asked.method + ' ' + asked.url;
  read_request_line(request, seen);
  seen.at = asked.at;
  seen.agent = asked.agent;
  seen.phone = lane.first;
  take(seen);
}

LineSays TraceLines::read(std::string_view line, const TakeSighting& take) {
  const auto parsed_line = trace::parse_trace_line(line);
  if (!parsed_line) {
    expected_ = parsed_line.error().detail;
    constexpr std::string_view lead = "expected ";
    if (expected_.starts_with(lead)) expected_.erase(0, lead.size());
    return LineSays::misfit;
  }
  if (!parsed_line->phone || !parsed_line->event) return LineSays::nothing;
  const auto& event = *parsed_line->event;
  const auto at = start_ + event.at.time_since_epoch();
  const Lane lane{*parsed_line->phone, event.rule};
  const auto asked = asked_.find(lane);
  if (event.event == trace::EventKind::request) {
    if (asked != asked_.end()) take_request(lane, asked->second, {}, take);
    asked_[lane] = {at, std::string(event.method), event.url, event.user_agent};
    return LineSays::nothing;
  }
  if (event.event == trace::EventKind::syslog) {
    Sighting seen;
    seen.at = at;
    seen.phone = lane.first;
    seen.text = event.text;
    take(seen);
    return LineSays::sighting;
  }
  if (event.event != trace::EventKind::response || asked == asked_.end()) return LineSays::nothing;
  Sighting answer;
  answer.status = static_cast<std::int16_t>(event.status.value_or(0));
  if (event.bytes) answer.bytes = static_cast<std::int64_t>(*event.bytes);
  answer.took_ms = static_cast<std::int32_t>((at - asked->second.at).count());
  take_request(lane, asked->second, answer, take);
  asked_.erase(asked);
  return LineSays::sighting;
}

void TraceLines::end(const TakeSighting& take) {
  for (const auto& [lane, asked] : asked_) take_request(lane, asked, {}, take);
  asked_.clear();
}

std::string TraceLines::expected() const {
  return expected_;
}

}  // namespace provphone::client::evidence
