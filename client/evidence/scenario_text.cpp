#include "client/evidence/scenario_text.hpp"

#include "client/evidence/detail/counted.hpp"
#include "client/evidence/detail/yaml_lines.hpp"
#include "client/evidence/timestamp.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::evidence {
namespace {

using detail::counted;
using detail::in_quotes;
using detail::YamlLines;

constexpr std::string_view sureness_words[] = {"by their certificate",
                                               "by a MAC address or serial number in a request",
                                               "by a lease file", "by their address alone"};

std::string seconds_text(std::chrono::milliseconds ms) {
  return fmt::format("{}s", std::chrono::ceil<std::chrono::seconds>(ms).count());
}

// Times of a scenario count from its start. Never before it.
std::string since(Instant from, Instant at) {
  return seconds_text(std::max(at - from, std::chrono::milliseconds(0)));
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
  out.line(fmt::format("limits: {{duration: {}}}", seconds_text(std::max(length, least))),
           length > least ? "as long as the log" : "the log is shorter");
}

struct Run {
  MacAddress first;
  std::size_t count;
};

std::vector<Run> runs_of(const std::vector<MacAddress>& macs) {
  std::vector<Run> runs;
  for (const auto mac : macs) {
    if (!runs.empty() && runs.back().first.bits + runs.back().count == mac.bits) {
      ++runs.back().count;
    } else {
      runs.push_back({mac, 1});
    }
  }
  return runs;
}

// Letters, digits, - and _, a letter first, as names of groups are.
std::string group_name(const std::string& model, std::size_t number) {
  std::string name;
  for (const char c : model) name += ascii::is_alnum(c) ? ascii::to_lower(c) : '-';
  if (name.empty() || !ascii::is_alpha(name.front())) name = "phones" + name;
  return fmt::format("{}-{}", name, number);
}

// Writes the groups of one model and firmware after the other.
class Groups {
 public:
  Groups(const Guess& guess, const ScenarioSource& source, YamlLines& out)
      : source_(source),
        out_(out),
        share_(most_scenario_groups / std::max<std::size_t>(guess.groups.size(), 1)) {}

  void add(const GuessedGroup& group) {
    anchor_.clear();
    ++kinds_;
    const auto phones = group.macs.size() + group.without_mac;
    out_.comment(
        fmt::format("{}: {}, firmware {}.", counted(phones, "phone"),
                    group.model.empty() ? "no User-Agent says the model" : group.model,
                    group.release.empty() ? "not known" : group.release + " by their User-Agent"));
    auto runs = runs_of(group.macs);
    if (runs.size() > std::max<std::size_t>(share_, 1)) {
      out_.comment(
          fmt::format("Their {} MAC addresses do not count up, in more pieces than a "
                      "scenario has groups: these are made up.",
                      group.macs.size()));
      runs = {{made_up(group.macs.size()), group.macs.size()}};
    }
    split_page_phone(runs);
    for (const auto& run : runs) write(group, run, "");
    if (group.without_mac > 0)
      write(group, {made_up(group.without_mac), group.without_mac},
            "made up: the log does not say their MAC addresses");
  }

 private:
  // Addresses that no maker has.
  MacAddress made_up(std::size_t count) {
    const MacAddress first{next_made_up_};
    next_made_up_ += count;
    return first;
  }

  // The phone that the page is of is a group of its own: more is known of it.
  void split_page_phone(std::vector<Run>& runs) const {
    if (!source_.page || !source_.page->mac) return;
    const auto mac = source_.page->mac->bits;
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const auto [first, count] = runs[i];
      if (mac < first.bits || mac >= first.bits + count) continue;
      const auto before = mac - first.bits;
      std::vector<Run> parts{{first, before}, {{mac}, 1}, {{mac + 1}, count - before - 1}};
      std::erase_if(parts, [](const Run& part) { return part.count == 0; });
      runs.erase(runs.begin() + static_cast<std::ptrdiff_t>(i));
      runs.insert(runs.begin() + static_cast<std::ptrdiff_t>(i), parts.begin(), parts.end());
      return;
    }
  }

  void write(const GuessedGroup& group, const Run& run, std::string_view remark) {
    const auto* const page =
        source_.page && source_.page->mac == run.first && run.count == 1 ? &*source_.page : nullptr;
    out_.line(fmt::format("  - group: {}", group_name(group.model, ++number_)));
    if (run.count > 1) out_.line(fmt::format("    count: {}", run.count));
    out_.line(fmt::format("    mac: \"{}\"", format_lower(run.first)), remark);
    const auto& model = page != nullptr && !page->model.empty() ? page->model : group.model;
    if (!model.empty()) out_.line("    model: " + in_quotes(model));
    if (page != nullptr && !page->firmware.empty()) {
      auto firmware = page->firmware;
      if (firmware.ends_with(".loads")) firmware.erase(firmware.size() - 6);
      out_.line("    firmware: " + in_quotes(firmware), "as the phone's own page has it");
    } else if (!group.firmware.empty()) {
      out_.line("    firmware: " + in_quotes(group.firmware),
                group.firmware == group.release ? "" : "its build is made up");
    }
    if (page != nullptr && !page->serial.empty())
      out_.line("    serial: " + in_quotes(detail::as_template(page->serial)));
    if (!source_.config.empty()) out_.line("    config: " + in_quotes(source_.config));
    write_set(group);
  }

  void write_set(const GuessedGroup& group) {
    if (!anchor_.empty()) {
      out_.line("    set: *" + anchor_);
      return;
    }
    anchor_ = fmt::format("kind-{}", kinds_);
    out_.line("    set: &" + anchor_);
    constexpr std::string_view names[] = {"Profile_Rule", "Profile_Rule_B", "Profile_Rule_C",
                                          "Profile_Rule_D"};
    const bool has_own = source_.page && source_.page->has == DevicePage::Has::rules;
    std::size_t place = 0;
    for (const auto& rule : group.rules) {
      const auto text =
          fmt::format("{}: {}", names[place++], in_quotes(detail::as_template(rule.rule)));
      const auto why =
          fmt::format("{} by {}", counted(rule.requests, "request"), counted(rule.phones, "phone"));
      if (has_own) {
        out_.comment(fmt::format("{} ({}); config has rules of its own", text, why), 6);
      } else {
        out_.line("      " + text, why);
      }
    }
    if (group.rules.empty()) out_.comment("No request tells a rule.", 6);
    if (group.period) {
      out_.line(fmt::format("      Resync_Periodic: \"{}\"", group.period->count()),
                "half of the requests by the first rule come sooner after the one before");
    } else {
      out_.line("      Resync_Periodic: \"3600\"", "the factory's: too few requests tell a period");
    }
    for (const auto& rule : group.seldom)
      out_.comment(fmt::format("Besides, {} by {}: {}", counted(rule.requests, "request"),
                               counted(rule.phones, "phone"), rule.rule),
                   6);
  }

  const ScenarioSource& source_;
  YamlLines& out_;
  std::size_t share_;
  std::size_t number_ = 0, kinds_ = 0;
  std::uint64_t next_made_up_ = 0x020000000000;
  std::string anchor_;
};

void events(const Guess& guess, YamlLines& out) {
  if (guess.spread < std::chrono::seconds(1)) return;
  out.comment(
      "From the first phone's first request to the last one's. Where the log begins in the "
      "middle of their lives they are spread like that, not switched on.");
  out.line(fmt::format("events: [{{at: 0s, power_on: all, over: {}s}}]", guess.spread.count()));
}

void answers(const Guess& guess, YamlLines& out) {
  if (guess.answers.empty()) return;
  out.line("  answers:");
  for (const auto& answer : guess.answers) {
    std::string span;
    if (answer.span == GuessedAnswer::Span::a_while) {
      if (answer.from > guess.from) span += ", from: " + since(guess.from, answer.from);
      if (answer.to < guess.to)
        span += ", to: " + since(guess.from, answer.to + std::chrono::seconds(1));
    }
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
  if (!guess.outages.empty()) out.line("  outages:");
  for (const auto& outage : guess.outages)
    out.line(fmt::format("    - {{from: {}, to: {}, as: {}}}", since(guess.from, outage.from),
                         since(guess.from, outage.to + std::chrono::seconds(1)), outage.status),
             fmt::format("all of {} requests from {} to {}", outage.requests,
                         format_utc(outage.from), format_utc(outage.to)));
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
  Groups groups(guess, source, out);
  for (const auto& group : guess.groups) groups.add(group);
  events(guess, out);
  server(guess, out);
  return out.take();
}

}  // namespace provphone::client::evidence
