#pragma once

#include "client/evidence/sighting.hpp"
#include "client/evidence/timestamp.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace provphone::client::evidence {

inline std::string shown(Instant at) {
  auto text = format_utc(at);
  text.pop_back();
  return text;
}

// What a line says in one text, so that tests can show it beside the line: time, who asked, what,
// status, size and the rest as far as it is there.
inline std::string shown(const Sighting& seen) {
  auto text = shown(seen.at) + '|' + std::string(seen.address);
  if (seen.phone) text += '|' + format_lower(*seen.phone);
  if (!seen.text.empty()) return text + "|" + std::string(seen.text);
  text += fmt::format("|{} {}|{}|{}", seen.method, seen.path, seen.status, seen.bytes);
  if (seen.took_ms >= 0) text += fmt::format("|{} ms", seen.took_ms);
  for (const auto part : {seen.scheme, seen.host, seen.agent, seen.subject})
    if (!part.empty()) text += '|' + std::string(part);
  return text;
}

// What the last of these lines says; `nothing`, or what a misfit was expected to be.
inline std::string read_lines(LogLines& reader, const std::vector<std::string>& lines) {
  std::string last;
  for (const auto& line : lines) {
    last = "nothing";
    const auto says = reader.read(line, [&](const Sighting& seen) { last = shown(seen); });
    if (says == LineSays::misfit) last = "expected " + reader.expected();
  }
  return last;
}

}  // namespace provphone::client::evidence
