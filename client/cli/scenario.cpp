#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/from_phone.hpp"
#include "client/cli/log_flags.hpp"
#include "client/evidence/scenario_text.hpp"
#include "client/evidence/summary.hpp"
#include "client/evidence/timeline.hpp"
#include "client/input/file.hpp"
#include "client/report/output.hpp"
#include "macro/try.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>

namespace provphone::client::cli {
namespace {

struct ScenarioFlags {
  std::string what;
  LogFlags logs;
  std::string config;
  std::string output = "-";
  std::string timeline;
  std::vector<std::string> targets;
};

// As a scenario in the folder of the output has to name it.
std::string seen_from_output(const std::string& file, const std::string& output) {
  const std::filesystem::path path(file);
  const auto folder = std::filesystem::path(output).parent_path();
  if (path.is_absolute() || output == "-" || folder.empty()) return file;
  std::error_code error;
  const auto relative = std::filesystem::relative(path, folder, error);
  return error || relative.empty() ? file : relative.string();
}

Result<void> add_page(const ScenarioFlags& flags, evidence::ScenarioSource& source) {
  if (flags.config.empty()) return {};
  constexpr std::size_t most_octets = std::size_t{8} << 20U;
  TRY(const auto text, input::read_file(flags.config, most_octets));
  TRY(source.page, evidence::read_device_page(text, flags.config));
  if (source.page->has != evidence::DevicePage::Has::state_alone)
    source.config = seen_from_output(flags.config, flags.output);
  return {};
}

Result<void> write_timeline(std::optional<report::OutputFile>& file, const evidence::Seen& seen) {
  if (!file) return {};
  evidence::tell_timeline(seen, [&](std::string_view line) { file->write_line(line); });
  return file->finish();
}

Result<void> make_from_log(const ScenarioFlags& flags) {
  evidence::ScenarioSource source;
  source.files = flags.logs.files;
  TRY(add_page(flags, source));
  TRY(auto timeline, report::OutputFile::open_if_named(flags.timeline));
  TRY(auto output, report::OutputFile::open_if_named(flags.output));
  TRY(const auto logs, read_logs(flags.logs));
  const auto& seen = logs.gathered.seen;
  std::cerr << evidence::summary_text(logs.report, logs.gathered);
  if (seen.phones.empty())
    return fail(Errc::bad_argument,
                "there is no phone in it; expected requests of phones, with their MAC address or "
                "with a User-Agent of theirs");
  TRY(write_timeline(timeline, seen));
  const auto guess = evidence::guess_of(seen);
  if (has_clock(logs.report)) {
    const auto start = std::chrono::floor<std::chrono::seconds>(guess.from);
    source.clock = fmt::format(
        "{:%FT%T}",
        std::chrono::sys_seconds(resync::local_time(logs.zone, start).time_since_epoch()));
    source.time_zone = flags.logs.zone;
  }
  auto text = evidence::scenario_text(guess, source);
  text.pop_back();  // the line end, which write_whole() gives
  return report::write_whole(output, text);
}

Exit run_scenario_command(const ScenarioFlags& flags) {
  if (flags.what == "from-phone") {
    if (flags.logs.files.size() == 1)
      return make_from_phone({flags.logs.files.front(), flags.output, flags.targets});
    return refuse_usage(
        {Errc::bad_argument, "scenario from-phone: expected one URL, http://PHONE"});
  }
  if (flags.what != "from-log")
    return refuse_usage({Errc::bad_argument,
                         fmt::format("scenario {}: expected from-log or from-phone", flags.what)});
  const auto made = make_from_log(flags);
  return made ? Exit::as_expected : refuse_usage(made.error());
}

}  // namespace

Command scenario_command() {
  auto flags = std::make_shared<ScenarioFlags>();
  const OptionGroup options{{
      {"WHAT", flags->what, "",
       "from-log: a scenario of what logs of servers show; from-phone: of a real phone, by its web "
       "pages",
       Presence::required},
      {"FILE|URL", flags->logs.files, "",
       "logs: access logs, syslog, TFTP servers, records of serve, traces, tshark's JSON; packed "
       "by gzip or not; - is standard input. Of from-phone the phone's URL, http://192.0.2.7",
       Presence::required},
      {"--format", flags->logs.format, "FORMAT",
       "of an access log: common, combined, main, vhost_combined, or as nginx ($) or Apache (%) "
       "has it (what fits)"},
      {"--leases", flags->logs.leases, "FILE",
       "whose an address is: dnsmasq's, Kea's CSV or ISC's file of leases"},
      {"--config", flags->config, "FILE",
       "what a phone's /admin/cfg.xml or /admin/status.xml says: the phones' config, or who it is"},
      {"--zone", flags->logs.zone, "ZONE", "of times without their own, and of the scenario (UTC)"},
      {"--year", flags->logs.year, "YEAR",
       "of the first line, where lines have none (by when the file was written)",
       Presence::optional, Range{1990, 2100}},
      output(
          {"--output", flags->output, "FILE", "write the scenario here; - is standard output (-)"}),
      {"--target", flags->targets, "ADDRESS",
       "a phone's address, prefix or name that may be asked, besides loopback; repeatable"},
      output({"--timeline", flags->timeline, "FILE",
              "write what each phone asked for and said, JSON Lines; - likewise"}),
  }};
  return {"scenario",
          "make a scenario of what a server's logs show, or of a real phone",
          {options},
          "Examples:\n"
          "  provphone scenario from-log /var/log/nginx/access.log > field.yaml\n"
          "  provphone scenario from-log access.log.1.gz access.log --leases dhcpd.leases "
          "--output field.yaml\n"
          "  provphone scenario from-log syslog --zone Europe/Paris --timeline seen.jsonl\n"
          "  provphone scenario from-phone http://192.0.2.7 --target 192.0.2.7 -o desk.yaml\n"
          "Exit status: 0 made, 2 wrong usage, no log, or no phone.",
          [flags] { return run_scenario_command(*flags); }};
}

}  // namespace provphone::client::cli
