#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/explain_log.hpp"
#include "client/cli/remarks.hpp"
#include "client/cli/terminal.hpp"
#include "client/explain/text.hpp"
#include "client/forecast/forecast.hpp"
#include "client/input/duration.hpp"
#include "client/report/output.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/wall_clock.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <memory>

namespace provphone::client::cli {
namespace {

using resync::Duration;
using resync::Time;

struct ExplainFlags {
  std::string file;
  std::vector<std::string> with;
  std::string phone, at, from, to, json;
  LogFlags logs;
  std::string config;
};

// Two digits below 60 behind a colon.
std::optional<std::uint64_t> sixtieths(std::string_view text) {
  return text.size() == 2 ? parse_whole<std::uint64_t>(text, 59) : std::nullopt;
}

// `1:02:03`, `01:02:03.500`; nothing for anything else.
std::optional<Duration> parse_clock_form(std::string_view text) {
  const auto first = text.find(':');
  const auto second = first == std::string_view::npos ? first : text.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  // Ten years, whose milliseconds fit 64 bits by far.
  constexpr std::uint64_t most_hours = 24 * 3653;
  const auto dot = std::min(text.find('.', second), text.size());
  const auto hours = parse_whole(text.substr(0, first), most_hours);
  const auto minutes = sixtieths(text.substr(first + 1, second - first - 1));
  const auto seconds = sixtieths(text.substr(second + 1, dot - second - 1));
  if (!hours || !minutes || !seconds) return std::nullopt;
  const auto whole = std::chrono::seconds((*hours * 60 + *minutes) * 60 + *seconds);
  if (dot == text.size()) return whole;
  const auto fraction = text.substr(dot + 1);
  const auto ms = parse_whole<std::uint32_t>(fraction);
  if (fraction.size() != 3 || !ms) return std::nullopt;
  return whole + std::chrono::milliseconds(*ms);
}

// Nothing where the flag was not given.
Result<std::optional<Time>> parse_moment(const char* flag, const std::string& text) {
  if (text.empty()) return std::optional<Time>{};
  if (const auto clock = parse_clock_form(text)) return std::optional(Time{*clock});
  const auto duration = input::parse_duration(text);
  if (!duration)
    return fail(Errc::bad_argument,
                fmt::format("{}: '{}' is no time such as 90s, 1h or 01:00:00", flag, text));
  return std::optional(Time{*duration});
}

struct Moments {
  std::optional<Time> at, from, to;
};

Result<Moments> moments_of(const ExplainFlags& flags) {
  TRY(const auto at, parse_moment("--at", flags.at));
  const auto from = parse_moment("--from", flags.from);
  if (!from) return tl::unexpected(from.error());
  const auto to = parse_moment("--to", flags.to);
  if (!to) return tl::unexpected(to.error());
  if (at && (*from || *to))
    return fail(Errc::bad_argument, "--at is one moment; --from and --to are a span");
  if (*from && *to && **to < **from) return fail(Errc::bad_argument, "--to is before --from");
  return Moments{at, *from, *to};
}

std::string listed(const std::vector<std::string>& phones, std::size_t count) {
  std::string text;
  for (const auto& phone : phones) text.append(text.empty() ? "" : ", ").append(phone);
  if (count > phones.size()) text += fmt::format(" and {} more", count - phones.size());
  return text;
}

constexpr std::size_t most_listed = 10;

struct Explained {
  explain::Trace trace;
  explain::Beginning beginning;
};

// --- a scenario: run in virtual time first

Result<std::uint32_t> phone_of(const scenario::Scenario& scenario, const ExplainFlags& flags,
                               std::optional<MacAddress> wanted) {
  const auto count = scenario::phone_count(scenario);
  std::vector<std::string> some;
  for (std::uint32_t i = 0; i < count && some.size() < most_listed; ++i)
    some.push_back(format_lower(scenario::mac_of(scenario, i)));
  if (!wanted && count == 1) return 0;
  if (!wanted)
    return fail(Errc::bad_argument,
                fmt::format("{}: there are {} phones, pick one with --phone: {}", flags.file, count,
                            listed(some, count)));
  if (const auto phone = scenario::phone_with(scenario, *wanted)) return *phone;
  return fail(Errc::bad_argument, fmt::format("{}: there is no phone {}, but {}", flags.file,
                                              format_lower(*wanted), listed(some, count)));
}

Result<Explained> run_scenario(const ExplainFlags& flags, std::optional<MacAddress> wanted,
                               const Moments& moments) {
  TRY(const auto given, surroundings({}));
  TRY(const auto scenario, scenario::load_scenario(flags.file, flags.with, given));
  TRY(const auto wall, scenario::wall_clock_of(scenario));
  TRY(const auto phone, phone_of(scenario, flags, wanted));
  // Moments behind the scenario's end are driven to, since something may be due by then.
  auto length = forecast::length_of(scenario);
  for (const auto& moment : {moments.at, moments.to})
    if (moment) length = std::max(length, moment->time_since_epoch());
  explain::Trace trace{scenario::mac_of(scenario, phone), {}, {}, Time{length}};
  forecast::VirtualRun run{scenario, wall, length, 1, {}, {}, {}, {}};
  // Only the one that is asked about is told of; all of them are driven, since they share a server.
  run.is_traced = [only = phone](std::uint32_t each) { return each == only; };
  run.trace = [&](const trace::TraceEvent& event) { trace.entries.push_back(event); };
  TRY(forecast::drive_virtually(run));
  // In a scenario phones are off until an event switches them on; a trace may have begun later.
  return Explained{std::move(trace), explain::Beginning::without_power};
}

// --- a trace

Result<Explained> read_trace(const ExplainFlags& flags, std::optional<MacAddress> wanted) {
  std::ifstream file;
  if (flags.file != "-") file.open(flags.file);
  std::istream& in = flags.file == "-" ? std::cin : file;
  if (!in) return fail(Errc::unreadable_file, fmt::format("{}: cannot be read", flags.file));
  explain::TraceReader reader(wanted);
  for (std::string line; std::getline(in, line);) {
    if (const auto taken = reader.take_line(line); !taken)
      return fail(taken.error().code, fmt::format("{}:{}", flags.file, taken.error().detail));
  }
  // An error in the middle looks like the end of the file to getline().
  if (in.bad()) return fail(Errc::unreadable_file, fmt::format("{}: cannot be read", flags.file));
  auto trace = reader.finish();
  if (trace.phones.empty())
    return fail(Errc::bad_argument, fmt::format("{}: expected a trace, found no line", flags.file));
  std::vector<std::string> some;
  for (const auto phone : trace.phones) {
    if (some.size() < most_listed) some.push_back(format_lower(phone));
  }
  if (!wanted && trace.phones.size() > 1)
    return fail(Errc::bad_argument,
                fmt::format("{}: there are {} phones, pick one with --phone: {}", flags.file,
                            trace.phones.size(), listed(some, trace.phones.size())));
  if (wanted && !trace.phones.contains(*wanted))
    return fail(Errc::bad_argument,
                fmt::format("{}: there is no phone {}, but {}", flags.file, format_lower(*wanted),
                            listed(some, trace.phones.size())));
  return Explained{std::move(trace), explain::Beginning::unknown};
}

Result<Explained> load(const ExplainFlags& flags, const Moments& moments) {
  std::optional<MacAddress> wanted;
  if (!flags.phone.empty()) {
    const auto mac = parse_mac_address(flags.phone);
    if (!mac) return fail(Errc::bad_argument, "--phone: " + mac.error().detail);
    wanted = *mac;
  }
  const std::string_view name = flags.file;
  // By its name, since a trace on standard input cannot be looked into first.
  const bool is_scenario = name.ends_with(".yaml") || name.ends_with(".yml");
  if (is_scenario) return run_scenario(flags, wanted, moments);
  if (!flags.with.empty())
    return fail(Errc::bad_argument, "--with is for scenarios, whose names end in .yaml");
  return read_trace(flags, wanted);
}

bool takes_a_moment(const ExplainFlags& flags) {
  return !flags.at.empty() || !flags.from.empty() || !flags.to.empty() || !flags.with.empty();
}

// A log is of a server and has a command line of its own.
Exit run_explain_log(const ExplainFlags& flags) {
  if (!flags.file.empty())
    return refuse_usage({Errc::bad_argument, "--log is instead of TRACE|SCENARIO"});
  if (takes_a_moment(flags))
    return refuse_usage({Errc::bad_argument, "--at, --from, --to and --with are not for --log"});
  return explain_log({flags.logs, flags.phone, flags.config, flags.json});
}

bool has_log_flags(const ExplainFlags& flags) {
  return !flags.logs.format.empty() || !flags.logs.leases.empty() || !flags.config.empty();
}

Exit run_explain(const ExplainFlags& flags) {
  if (!flags.logs.files.empty()) return run_explain_log(flags);
  if (flags.file.empty())
    return refuse_usage(
        {Errc::bad_argument, "TRACE|SCENARIO or --log is required; see `provphone --help`"});
  if (has_log_flags(flags))
    return refuse_usage({Errc::bad_argument, "--format, --leases and --config are for --log"});
  const auto moments = moments_of(flags);
  if (!moments) return refuse_usage(moments.error());
  const auto explained = load(flags, *moments);
  if (!explained) return refuse_usage(explained.error());
  const auto& [trace, beginning] = *explained;
  const auto from = moments->from.value_or(Time{});
  const explain::Span span{from, moments->to.value_or(std::max(trace.end, from))};
  const auto explanation = moments->at ? explain::tell_moment(trace, *moments->at, beginning)
                                       : explain::tell(trace, span, beginning);
  if (flags.json != "-")
    std::cout << explain::format_text(explanation, static_cast<std::size_t>(terminal_columns()));
  if (flags.json.empty()) return Exit::as_expected;
  const auto written = report::write_output(flags.json, explain::format_json(explanation));
  return written ? Exit::as_expected : refuse_usage(written.error());
}

}  // namespace

Command explain_command() {
  auto flags = std::make_shared<ExplainFlags>();
  const OptionGroup options{{
      {"TRACE|SCENARIO", flags->file, "",
       "what --trace wrote, - is standard input; or a scenario (.yaml), which is run in virtual "
       "time first"},
      {"--phone", flags->phone, "MAC", "which phone, where there are several"},
      {"--at", flags->at, "T", "one moment after the start: 90s, 1h, 01:00:00"},
      {"--from", flags->from, "T", "the beginning of a span (the start)"},
      {"--to", flags->to, "T", "its end (the end)"},
      {"--with", flags->with, "BLOCK.KEY=VALUE", "override a value of the scenario; repeatable"},
      output({"--json", flags->json, "FILE",
              "write the explanation as JSON here; - is standard output"}),
  }};
  const OptionGroup of_logs{
      {
          {"--log", flags->logs.files, "FILE",
           "a server's log instead: access log, syslog, trace, packed by gzip or not; repeatable"},
          {"--format", flags->logs.format, "FORMAT",
           "of an access log: common, combined, main, vhost_combined, or as nginx ($) or Apache "
           "(%) has it (what fits)"},
          {"--leases", flags->logs.leases, "FILE",
           "whose an address is: dnsmasq's, Kea's CSV or ISC's file of leases"},
          {"--zone", flags->logs.zone, "ZONE",
           "of times without their own, and of the phones (UTC)"},
          {"--config", flags->config, "FILE",
           "a profile whose settings the phones are held against"},
      },
      "Logs"};
  return {
      "explain",
      "why a phone did, or did not, act, and what would have to change",
      {options, of_logs},
      "Examples:\n"
      "  provphone explain fixtures/scenarios/field-trigger.yaml --phone 000e08300007 --to 1h\n"
      "  provphone forecast fixtures/scenarios/nightly.yaml --phone 000e08200007 --trace t.jsonl\n"
      "  provphone explain t.jsonl --at 7h\n"
      "  provphone explain --log /var/log/nginx/access.log --config cfg.xml\n"
      "Exit status: 0 explained, 2 wrong usage, trace, scenario or log.",
      [flags] { return run_explain(*flags); }};
}

}  // namespace provphone::client::cli
