#include "client/report/timeline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

namespace provphone::client::report {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view plain = "\x1b[0m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view bold = "\x1b[1m";
// Told apart on light and dark backgrounds; green, yellow and red are kept for outcomes.
constexpr std::array<std::string_view, 4> phone_colours{"\x1b[36m", "\x1b[35m", "\x1b[34m",
                                                        "\x1b[96m"};

// What a line says and in which colour.
struct Line {
  std::string text;
  std::string_view colour = plain;
};

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 4;
  if (names.size() <= shown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + shown, ", "),
                     names.size() - shown);
}

Line timer_armed(const TraceEvent& event) {
  if (event.due && *event.due == resync::Time::max()) {
    return {fmt::format("  no {} timer: {}", name(*event.timer), sentence(*event.reason)), yellow};
  }
  const auto wait = *event.due - event.at;
  switch (*event.timer) {
    case resync::Timer::boot_delay:
      return {fmt::format("  boot pass in {}", format_duration(wait)), dim};
    case resync::Timer::error_retry:
      return {fmt::format("  retry in {}", format_duration(wait)), yellow};
    case resync::Timer::upgrade_retry:
      return {fmt::format("  upgrade again in {}", format_duration(wait)), yellow};
    case resync::Timer::report:
      return {fmt::format("  report in {}", format_duration(wait)), dim};
    default:
      return {fmt::format("  next periodic pass in {}", format_duration(wait)), dim};
  }
}

Line response(const TraceEvent& event) {
  if (event.error) return {};  // the failed pass will say it
  const auto size = format_bytes(event.bytes.value_or(0));
  auto text = event.status ? fmt::format("  status {} · {}", *event.status, size) : "  " + size;
  if (!event.detail.empty()) text.append(" · ").append(event.detail);
  return {text, plain};
}

Line applied(const TraceEvent& event) {
  if (event.unchanged_body) return {"  the same file as before", dim};
  std::string text = "  ";
  if (!event.layers.empty()) text += fmt::format("{} · ", fmt::join(event.layers, " → "));
  text += event.changed.empty() ? "nothing changed" : "changed " + listed(event.changed);
  if (!event.ignored.empty()) text += fmt::format(" · ignored {}", listed(event.ignored));
  return {text, plain};
}

Line failed(const TraceEvent& event) {
  std::string text = fmt::format("✘ {} pass failed", name(*event.kind));
  if (!event.rule.empty()) text += fmt::format(" at {}", event.rule);
  text += fmt::format(": {}", name(*event.error));
  if (!event.detail.empty()) text += fmt::format(", {}", event.detail);
  return {text, red};
}

// What went well, or why not.
Line outcome(const TraceEvent& event, std::string well, std::string_view badly) {
  if (!event.error) return {std::move(well), green};
  return {fmt::format("✘ {}: {}, {}", badly, name(*event.error), event.detail), red};
}

Line line_of(const TraceEvent& event) {
  switch (event.event) {
    case EventKind::powered_on:
      return {event.reason.value_or(resync::Reason::power_on) == resync::Reason::power_on
                  ? "● powered on"
                  : "● up again",
              bold};
    case EventKind::powered_off:
      return {"○ powered off", bold};
    case EventKind::rebooted:
      return {fmt::format("○ restarts: {}", sentence(*event.reason)), bold};
    case EventKind::timer_armed:
      return timer_armed(event);
    case EventKind::pass_gated:
      return {fmt::format("■ {} pass held: {}", name(*event.kind), sentence(*event.reason)),
              yellow};
    case EventKind::pass_deferred:
      return {fmt::format("… {} pass waits: {}", name(*event.kind), sentence(*event.reason)),
              yellow};
    case EventKind::pass_started:
      return {fmt::format("▶ {} pass: {}", name(*event.kind), sentence(*event.reason)), bold};
    case EventKind::rule_skipped:
      return event.reason == resync::Reason::file_not_found_forgiven
                 ? Line{"  " + std::string(sentence(*event.reason)), yellow}
                 : Line{};
    case EventKind::request:
      return {fmt::format("  {}: {} {}", event.rule, event.method, event.url), plain};
    case EventKind::response:
      return response(event);
    case EventKind::applied:
      return applied(event);
    case EventKind::pass_succeeded:
      return {fmt::format("✔ {} pass succeeded", name(*event.kind)), green};
    case EventKind::pass_failed:
      return failed(event);
    case EventKind::upgrade_started:
      return {fmt::format("▶ upgrade to {}", event.text), bold};
    case EventKind::upgrade_done:
      return outcome(event, fmt::format("✔ upgraded to {}", event.text), "upgrade failed");
    case EventKind::reported:
      return outcome(event, fmt::format("✔ {} report sent", event.text), "report failed");
    case EventKind::syslog:
      return {fmt::format("  log: {}", event.text), dim};
    default:
      return {};
  }
}

}  // namespace

std::string line_text(const TraceEvent& event) {
  auto text = line_of(event).text;
  return text.erase(0, text.find_first_not_of(' '));
}

std::string format_duration(resync::Duration duration) {
  if (duration < 1s) return fmt::format("{} ms", duration.count());
  const double seconds = static_cast<double>(duration.count()) / 1000.0;
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

std::string Timeline::head(const TraceEvent& event) {
  const auto seconds = static_cast<double>(event.at.time_since_epoch().count()) / 1000.0;
  const auto label = labels_.find(event.phone);
  const auto who = label == labels_.end() ? format_lower(event.phone) : label->second;
  const auto place = order_.try_emplace(event.phone, order_.size()).first->second;
  if (colour_ == Colour::off) return fmt::format("{:>9.3f} s  {}  ", seconds, who);
  return fmt::format("{}{:>9.3f} s{}  {}{}{}  ", dim, seconds, plain,
                     phone_colours[place % phone_colours.size()], who, plain);
}

void Timeline::add(const TraceEvent& event) {
  const auto line = line_of(event);
  if (line.text.empty()) return;
  out_ << head(event);
  if (colour_ == Colour::on) {
    out_ << line.colour << line.text << plain << '\n';
  } else {
    out_ << line.text << '\n';
  }
  out_.flush();
}

}  // namespace provphone::client::report
