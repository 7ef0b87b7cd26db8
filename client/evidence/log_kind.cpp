#include "client/evidence/log_kind.hpp"

#include "client/evidence/syslog_lines.hpp"
#include "macro/ascii.hpp"

#include <algorithm>

namespace provphone::client::evidence {
namespace {

using Lines = std::vector<std::string>;

template <class Fits>
std::size_t count_lines(const Lines& lines, Fits fits) {
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), fits));
}

bool has_member(const std::string& line, std::string_view name) {
  return line.find('"' + std::string(name) + '"') != std::string::npos;
}

// Which of the kinds that are JSON, by the members of the first object.
LogKind json_kind(const std::string& line) {
  if (has_member(line, "protocol") && has_member(line, "phone") && has_member(line, "t"))
    return LogKind::record;
  return has_member(line, "event") && has_member(line, "t") ? LogKind::trace : LogKind::access_json;
}

}  // namespace

std::string_view name(LogKind kind) {
  switch (kind) {
    case LogKind::access:
      return "access log";
    case LogKind::access_json:
      return "access log in JSON";
    case LogKind::syslog:
      return "syslog";
    case LogKind::record:
      return "record of provphone serve";
    case LogKind::trace:
      return "trace of provphone";
    case LogKind::capture:
      return "capture in tshark's JSON";
  }
  return {};
}

std::optional<KnownLog> kind_of_log(const Lines& first_lines) {
  const auto first = std::find_if(first_lines.begin(), first_lines.end(),
                                  [](const auto& line) { return !ascii::trimmed(line).empty(); });
  if (first == first_lines.end()) return std::nullopt;
  if (ascii::trimmed(*first).starts_with('[') && !first->starts_with("[{"))
    return KnownLog{LogKind::capture};
  KnownLog best;
  std::size_t most = 0;
  const auto offer = [&](std::size_t fitting, KnownLog known) {
    if (fitting <= most) return;
    most = fitting;
    best = std::move(known);
  };
  for (const auto& format : known_access_formats()) {
    const auto fits = [&](const std::string& line) {
      AccessFields fields;
      std::size_t misfit = 0;
      return split_access_line(format, line, fields, misfit) &&
             parse_access_stamp(fields[static_cast<std::size_t>(AccessField::access_time)]);
    };
    offer(count_lines(first_lines, fits), {LogKind::access, format});
  }
  offer(
      count_lines(first_lines, [](const auto& line) { return read_syslog_head(line).has_value(); }),
      {LogKind::syslog, {}});
  const auto object = std::find_if(first_lines.begin(), first_lines.end(),
                                   [](const auto& line) { return line.starts_with('{'); });
  if (object != first_lines.end())
    offer(count_lines(first_lines, [](const auto& line) { return line.starts_with('{'); }),
          {json_kind(*object), {}});
  return most == 0 ? std::nullopt : std::optional(std::move(best));
}

}  // namespace provphone::client::evidence
