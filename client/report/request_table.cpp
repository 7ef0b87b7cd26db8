#include "client/report/request_table.hpp"

#include "macro/error.hpp"

#include <fmt/format.h>

namespace provphone::client::report {
namespace {

using trace::EventKind;
using trace::TraceEvent;

// Quotes what would be taken for more than one field.
std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

template <class Number>
std::string number(const std::optional<Number>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

double seconds(resync::Time at) {
  return std::chrono::duration<double>(at.time_since_epoch()).count();
}

// The failure that an answer was taken for, or why there was none.
std::string_view error_of(const TraceEvent& answer) {
  const auto error = answer.error ? answer.error : answer.refused;
  return error ? name(*error) : std::string_view{};
}

}  // namespace

RequestTable::RequestTable(GroupOf group_of, Line line)
    : group_of_(std::move(group_of)), line_(std::move(line)) {
  line_(
      "t,ended,phone,group,rule,method,url,server,status,error,bytes,resolve_us,connect_us,tls_us,"
      "first_byte_us,body_us,response_us,lag_us");
}

void RequestTable::add(const TraceEvent& event) {
  if (event.event != EventKind::request && event.event != EventKind::response) return;
  const Key key{event.number, event.rule};
  const auto asked = under_way_.find(key);
  if (event.event == EventKind::response) {
    if (asked == under_way_.end()) return;
    write(asked->second, &event);
    under_way_.erase(asked);
    return;
  }
  // Power was cut before the answer.
  if (asked != under_way_.end()) write(asked->second, nullptr);
  under_way_.insert_or_assign(key, event);
}

void RequestTable::finish() {
  for (const auto& [key, request] : under_way_) write(request, nullptr);
  under_way_.clear();
}

void RequestTable::write(const TraceEvent& request, const TraceEvent* answer) {
  static const TraceEvent none{};
  const auto& came = answer == nullptr ? none : *answer;
  const auto& us = came.times;
  line_(fmt::format(
      "{:.3f},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", seconds(request.at),
      answer == nullptr ? std::string() : fmt::format("{:.3f}", seconds(came.at)),
      format_lower(request.phone), field(group_of_(request.number)), field(request.rule),
      request.method, field(request.url), field(request.server_address), number(came.status),
      error_of(came), number(came.bytes), number(us.resolve), number(us.connect), number(us.tls),
      number(us.first_byte), number(us.body), number(us.response), number(us.lag)));
}

}  // namespace provphone::client::report
