#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/outcome_flags.hpp"
#include "client/figures/comparison.hpp"
#include "client/figures/fleet_result.hpp"
#include "client/report/fleet_page.hpp"
#include "client/report/fleet_text.hpp"
#include "client/report/output.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

namespace provphone::client::cli {
namespace {

using figures::FleetResult;

struct ReportFlags {
  std::vector<std::string> results;
  std::string html, json;
  OutcomeFlags outcome;
  bool compare = false;
  std::vector<std::string> fail_if;
};

Result<FleetResult> read_result(const std::string& name) {
  std::ifstream file;
  if (name != "-") file.open(name, std::ios::binary);
  std::istream& in = name == "-" ? std::cin : file;
  // One file that was not opened reads as empty; whether it was is asked behind it.
  const std::string text(std::istreambuf_iterator<char>(in), {});
  if (in.bad() || (name != "-" && !file.is_open()))
    return fail(Errc::unreadable_file, fmt::format("{}: cannot be read", name));
  return figures::parse_fleet_result(text, name);
}

Result<std::vector<FleetResult>> read_results(const ReportFlags& flags) {
  std::vector<FleetResult> results;
  for (const auto& name : flags.results) {
    TRY(auto result, read_result(name));
    results.push_back(std::move(result));
  }
  return results;
}

// Results of the same shards are runs that were repeated; all others have to be shards of one run.
Result<FleetResult> together(std::vector<FleetResult> results) {
  const bool is_repeated = std::all_of(
      results.begin(), results.end(),
      [&](const FleetResult& result) { return result.shards == results.front().shards; });
  return is_repeated ? figures::pool(std::move(results)) : figures::merge(std::move(results));
}

Result<std::vector<figures::Crossed>> hold_thresholds(const ReportFlags& flags,
                                                      const FleetResult& before,
                                                      const FleetResult& after) {
  std::vector<figures::Crossed> held;
  for (const auto& text : flags.fail_if) {
    const auto threshold = figures::parse_threshold(text);
    if (!threshold) return fail(threshold.error().code, "--fail-if: " + threshold.error().detail);
    held.push_back(figures::hold_against(*threshold, before, after));
  }
  return held;
}

// What was crossed fails, whatever else is not known.
Exit exit_of_thresholds(const std::vector<figures::Crossed>& thresholds) {
  const auto any = [&](figures::Crossing wanted) {
    return std::any_of(thresholds.begin(), thresholds.end(),
                       [&](const figures::Crossed& held) { return held.crossing == wanted; });
  };
  if (any(figures::Crossing::crossed)) return Exit::failed;
  return any(figures::Crossing::unknown) ? Exit::void_run : Exit::as_expected;
}

Exit compare(const ReportFlags& flags, const std::vector<FleetResult>& results) {
  // Before against after; what belongs to one run is merged into one file first.
  if (results.size() != 2)
    return refuse_usage({Errc::bad_argument,
                         fmt::format("--compare takes two results, here are {}; merge shards with "
                                     "--json first",
                                     results.size())});
  const auto& outcome = flags.outcome;
  const bool has_outcome =
      !outcome.junit.empty() || !outcome.tap.empty() || !outcome.summary.empty() || outcome.github;
  if (has_outcome || !flags.json.empty())
    return refuse_usage({Errc::bad_argument,
                         "--compare merges and judges nothing: it has --html and no other output"});
  const auto thresholds = hold_thresholds(flags, results[0], results[1]);
  if (!thresholds) return refuse_usage(thresholds.error());
  if (flags.html != "-")
    std::cout << report::format_comparison(results[0], results[1], *thresholds);
  if (!flags.html.empty()) {
    const auto written = report::write_output(
        flags.html, report::format_html_comparison(results[0], results[1], *thresholds));
    if (!written) return refuse_usage(written.error());
  }
  return exit_of_thresholds(*thresholds);
}

struct ReportFiles {
  std::optional<report::OutputFile> html, json;
  OutcomeFiles outcomes;
};

Result<ReportFiles> open_report_files(const ReportFlags& flags) {
  ReportFiles files;
  TRY(files.html, report::OutputFile::open_if_named(flags.html));
  TRY(files.json, report::OutputFile::open_if_named(flags.json));
  TRY(files.outcomes, open_outcomes(flags.outcome));
  return files;
}

Result<void> write_report_files(ReportFiles& files, const FleetResult& result,
                                const figures::Verdicts& verdicts) {
  TRY(report::write_whole(files.html, report::format_html(result, verdicts)));
  TRY(report::write_whole(files.json, figures::format_json(result)));
  return write_outcomes(files.outcomes, verdicts);
}

Exit summarise(const ReportFlags& flags, ReportFiles& files, const FleetResult& result) {
  const auto verdicts = judge(result, flags.outcome.strictness());
  if (flags.html != "-" && flags.json != "-" && !flags.outcome.take_standard_output()) {
    std::cout << report::format_text(result, verdicts);
  } else {
    complain_of_verdict(verdicts);
  }
  complain_of_failures(verdicts);
  if (const auto written = write_report_files(files, result, verdicts); !written)
    return refuse_usage(written.error());
  return exit_of(verdicts.verdict);
}

Exit run_report(const ReportFlags& flags) {
  auto results = read_results(flags);
  if (!results) return refuse_usage(results.error());
  if (flags.compare || !flags.fail_if.empty()) return compare(flags, *results);
  const auto result = together(*std::move(results));
  if (!result) return refuse_usage(result.error());
  auto files = open_report_files(flags);
  return files ? summarise(flags, *files, *result) : refuse_usage(files.error());
}

}  // namespace

Command report_command() {
  auto flags = std::make_shared<ReportFlags>();
  const OptionGroup options{{
      {"RESULT", flags->results, "",
       "what `fleet --json` wrote: the shards of a run, or several runs of a scenario; - is "
       "standard input",
       Presence::required},
      output({"--html", flags->html, "FILE", "write a page with charts here, all in one file"}),
      output({"--json", flags->json, "FILE", "write the merged result here; - is standard output"}),
      {"--compare", flags->compare, "", "put two results side by side instead"},
      {"--fail-if", flags->fail_if, "MEASURE>LIMIT",
       "compare, and fail where the second is so much worse: p99>+10%, p99>500ms, failed>1%, "
       "provisioned<-1%; repeatable"},
  }};
  return {
      "report",
      "results of fleets: merged, summed up, compared, as a page",
      {options, outcome_options(flags->outcome)},
      "Examples:\n"
      "  provphone report run.json --html run.html\n"
      "  provphone report shard-*.json --json run.json --junit run.xml\n"
      "  provphone report before.json after.json --compare --html compared.html\n"
      "  provphone report before.json after.json --fail-if 'p99>+10%' --fail-if 'failed>0%'\n"
      "Exit status: 0 passed or compared, 1 failed, 2 wrong usage or results that do not belong "
      "together, 3 void.",
      [flags] { return run_report(*flags); }};
}

}  // namespace provphone::client::cli
