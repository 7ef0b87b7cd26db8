#include "client/evidence/server_log.hpp"

#include "client/evidence/access_lines.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace provphone::client::evidence {
namespace {

// As nginx escapes what stands in quotes.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    constexpr unsigned char blank = 0x20, last_of_ascii = 0x7e;
    if (octet < blank || octet > last_of_ascii || c == '"' || c == '\\') {
      out += fmt::format("\\x{:02X}", octet);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string ServerLog::line_of(const trace::TraceEvent& event, std::string_view address) {
  const Lane lane{event.number, event.rule};
  if (event.event == trace::EventKind::request) {
    Sighting seen;
    const auto whole = fmt::format("{} {}", event.method, event.url);
    read_request_line(whole, seen);
    asked_.erase(lane);
    if (!seen.scheme.starts_with("http")) return {};
    asked_[lane] = {fmt::format("{} {} HTTP/1.1", seen.method, seen.path), event.user_agent};
    return {};
  }
  if (event.event != trace::EventKind::response) return {};
  const auto asked = asked_.extract(lane);
  if (asked.empty() || !event.status) return {};
  const auto at = start_ + std::chrono::floor<std::chrono::seconds>(event.at.time_since_epoch());
  const auto& [request, agent] = asked.mapped();
  return fmt::format("{} - - [{:%d/%b/%Y:%H:%M:%S} +0000] \"{}\" {} {} \"-\" \"{}\"", address, at,
                     escaped(request), *event.status, event.bytes.value_or(0),
                     agent.empty() ? "-" : escaped(agent));
}

std::string made_up_address(std::uint32_t phone) {
  const auto number = phone + 1;
  return fmt::format("10.{}.{}.{}", (number >> 16U) & 0xffU, (number >> 8U) & 0xffU,
                     number & 0xffU);
}

}  // namespace provphone::client::evidence
