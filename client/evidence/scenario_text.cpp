#include "client/evidence/scenario_text.hpp"

#include "client/evidence/detail/counted.hpp"
#include "client/evidence/detail/scenario_groups.hpp"
#include "client/evidence/detail/yaml_lines.hpp"
#include "client/evidence/timestamp.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::client::evidence {
namespace {

using detail::counted;
using detail::in_quotes;
using detail::YamlLines;

constexpr std::string_view sureness_words[] = {"by their certificate",
                                               "by a MAC address or serial number in a request",
                                               "by a lease file", "by their address alone"};

// Times of a scenario count from its start.
std::string since(Instant from, Instant at) {
  return detail::duration(at - from);
}

// Of logs that go over more years than a scenario.
bool begins_in_time(const Guess& guess, Instant at) {
  return at - guess.from < detail::longest_duration - std::chrono::hours(1);
}

void head(const Guess& guess, const ScenarioSource& source, YamlLines& out) {
  std::string files;
  for (const auto& file : source.files) files += (files.empty() ? "" : ", ") + file;
  out.comment(
      fmt::format("Made by provphone scenario from-log of {}. All of it is guessed from "
                  "what the log shows; each comment says by what.",
                  files));
  for (std::size_t i = 0; i < guess.by_sureness.size(); ++i)
    if (guess.by_sureness[i] > 0)
      out.comment(fmt::format("Phones told {}: {}.", sureness_words[i], guess.by_sureness[i]));
  if (source.clock.empty()) {
    out.comment("No clock: the log counts from its own start.");
  } else {
    out.line(fmt::format("clock: {}", source.clock), "the first line of the log");
    out.line(fmt::format("time_zone: {}", source.time_zone));
  }
  // Shorter than that phones may not come to an end with what they begin.
  const std::chrono::milliseconds least = std::chrono::minutes(10);
  const auto length = guess.to - guess.from;
  out.line(fmt::format("limits: {{duration: {}}}", detail::duration(std::max(length, least))),
           length > least ? "as long as the log" : "the log is shorter");
}

void events(const Guess& guess, YamlLines& out) {
  if (guess.spread < std::chrono::seconds(1)) return;
  out.comment(
      "From the first phone's first request to the last one's. Where the log begins in the "
      "middle of their lives they are spread like that, not switched on.");
  out.line(
      fmt::format("events: [{{at: 0s, power_on: all, over: {}}}]", detail::duration(guess.spread)));
}

void outages(const Guess& guess, YamlLines& out) {
  std::string_view head = "  outages:";
  for (const auto& outage : guess.outages) {
    if (!begins_in_time(guess, outage.from)) continue;
    if (!head.empty()) out.line(std::exchange(head, {}));
    out.line(fmt::format("    - {{from: {}, to: {}, as: {}}}", since(guess.from, outage.from),
                         since(guess.from, outage.to + std::chrono::seconds(1)), outage.status),
             fmt::format("all of {} requests from {} to {}", outage.requests,
                         format_utc(outage.from), format_utc(outage.to)));
  }
}

void answers(const Guess& guess, YamlLines& out) {
  std::string_view head = "  answers:";
  for (const auto& answer : guess.answers) {
    if (!begins_in_time(guess, answer.from)) continue;
    std::string span;
    if (answer.span == GuessedAnswer::Span::a_while) {
      if (answer.from > guess.from) span += ", from: " + since(guess.from, answer.from);
      if (answer.to < guess.to)
        span += ", to: " + since(guess.from, answer.to + std::chrono::seconds(1));
    }
    if (!head.empty()) out.line(std::exchange(head, {}));
    out.line(
        fmt::format("    - {{path: {}, as: {}{}}}", in_quotes(answer.path), answer.status, span),
        fmt::format("{}, and none then that succeeded", counted(answer.requests, "request")));
  }
}

void server(const Guess& guess, YamlLines& out) {
  out.line("server:");
  if (guess.latency && guess.latency->count() > 0) {
    out.line(fmt::format("  latency: {}ms", guess.latency->count()),
             "half of the requests took no longer");
  } else {
    out.line("  latency: 20ms", "made up: the log does not say how long requests took");
  }
  constexpr std::int64_t most_bytes = 8 << 20;
  if (guess.bytes)
    out.line(fmt::format("  bytes: {}", std::min(*guess.bytes, most_bytes)),
             "half of the files were no larger");
  outages(guess, out);
  answers(guess, out);
  if (guess.other_failures > 0)
    out.comment(fmt::format("Not in here: {} requests that failed among others that did not.",
                            guess.other_failures),
                2);
  if (guess.logins > 0)
    out.comment(fmt::format("Not in here: {} requests were asked for a login and made again; a "
                            "profile_account of the phones and needs_login would be like that.",
                            guess.logins),
                2);
  if (guess.redirects > 0)
    out.comment(fmt::format("Not in here: {} redirects, of which a log does not say where to.",
                            guess.redirects),
                2);
}

}  // namespace

std::string scenario_text(const Guess& guess, const ScenarioSource& source) {
  YamlLines out;
  head(guess, source, out);
  out.line("phones:");
  detail::write_groups(guess, source, out);
  events(guess, out);
  server(guess, out);
  return out.take();
}

}  // namespace provphone::client::evidence
