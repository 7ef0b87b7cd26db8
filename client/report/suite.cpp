#include "client/report/suite.hpp"

#include "client/report/junit_read.hpp"
#include "client/report/table.hpp"
#include "client/report/visible_text.hpp"
#include "client/trace/json_octets.hpp"
#include "macro/enum_array.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::report {
namespace {

using suite::Ending;
using suite::Trial;
using SuiteJson = nlohmann::ordered_json;

std::string seconds_text(std::chrono::milliseconds took) {
  return fmt::format("{:.3f}", std::chrono::duration<double>(took).count());
}

std::size_t count_of(const SuiteOutcome& outcome, Ending ending) {
  return static_cast<std::size_t>(
      std::count_if(outcome.trials.begin(), outcome.trials.end(),
                    [&](const Trial& trial) { return trial.ending == ending; }));
}

// `3 pass, 1 fail`, in the order of the endings.
std::string counts_text(const SuiteOutcome& outcome) {
  std::vector<std::string> counts;
  for (const auto ending : every<Ending>) {
    const auto count = count_of(outcome, ending);
    if (count > 0) counts.push_back(fmt::format("{} {}", count, name(ending)));
  }
  return fmt::format("{}", fmt::join(counts, ", "));
}

std::string_view verdict_word(const SuiteOutcome& outcome) {
  return name(suite::ending_of(suite::exit_of(outcome.trials)));
}

SuiteJson trial_json(const Trial& trial) {
  SuiteJson json{{"file", trial.member.file},
                 {"by", name(trial.member.driver)},
                 {"verdict", name(trial.ending)},
                 {"seconds", std::chrono::duration<double>(trial.took).count()}};
  if (trial.ending != Ending::left_out) json["exit_status"] = trial.exit_status;
  if (!trial.cause.empty()) json["cause"] = trial.cause;
  if (trial.server.of > 0)
    json["server"] = {{"lines", trial.server.of}, {"said", trial.server.lines}};
  auto result = SuiteJson::parse(trial.result, nullptr, false);
  if (result.is_object()) json["result"] = std::move(result);
  return json;
}

// Of a run that left no report of its own.
JunitSuite suite_of(const Trial& trial) {
  JunitCase one;
  one.status =
      trial.ending == Ending::left_out ? JunitCase::Status::skipped : JunitCase::Status::error;
  one.classname = trial.member.file;
  one.name = "the scenario is run";
  one.time = seconds_text(trial.took);
  one.type = name(trial.ending);
  one.message = trial.cause;
  one.text = trial.said;
  JunitSuite suite;
  suite.name = suite.file = trial.member.file;
  suite.time = one.time;
  suite.cases = {std::move(one)};
  return suite;
}

// Beside the first case that went wrong, since a suite has no place of its own for it.
void add_server(const suite::Tail& server, std::vector<JunitSuite>& suites) {
  if (server.of == 0) return;
  for (auto& suite : suites) {
    for (auto& one : suite.cases) {
      const bool went_wrong =
          one.status == JunitCase::Status::failure || one.status == JunitCase::Status::error;
      if (!went_wrong) continue;
      one.system_out += fmt::format("{}\n{}\n", heading_of(server), fmt::join(server.lines, "\n"));
      return;
    }
  }
}

}  // namespace

std::string heading_of(const suite::Tail& server) {
  if (server.lines.size() == server.of) return "its server:";
  return fmt::format("its server, the last {} of {} lines:", server.lines.size(), server.of);
}

std::string format_text(const SuiteOutcome& outcome) {
  std::vector<std::vector<std::string>> rows{{"scenario", "verdict", "by", "s", "why"}};
  for (const auto& trial : outcome.trials) {
    const bool is_run = trial.ending != Ending::left_out;
    rows.push_back(
        {visible_line(trial.member.file), std::string(name(trial.ending)),
         std::string(name(trial.member.driver)),
         is_run ? fmt::format("{:.1f}", std::chrono::duration<double>(trial.took).count()) : "",
         visible_line(trial.cause)});
  }
  const auto count = outcome.trials.size();
  return format_table(rows) +
         fmt::format(
             "\n{} scenario{}: {}; {:.1f} s{}\n", count, count == 1 ? "" : "s",
             counts_text(outcome), std::chrono::duration<double>(outcome.took).count(),
             outcome.order_seed ? fmt::format("; shuffled by --seed {}", *outcome.order_seed) : "");
}

std::string format_json(const SuiteOutcome& outcome) {
  SuiteJson counts = SuiteJson::object();
  for (const auto ending : every<Ending>)
    counts[std::string(name(ending))] = count_of(outcome, ending);
  SuiteJson json{{"verdict", verdict_word(outcome)},
                 {"folder", outcome.folder},
                 {"seconds", std::chrono::duration<double>(outcome.took).count()},
                 {"counts", counts}};
  if (outcome.order_seed) json["shuffle_seed"] = *outcome.order_seed;
  auto& list = json["scenarios"] = SuiteJson::array();
  for (const auto& trial : outcome.trials) list.push_back(trial_json(trial));
  return trace::json_text(std::move(json), 2);
}

std::string format_junit(const SuiteOutcome& outcome) {
  JunitSuites all{"provphone test " + outcome.folder, seconds_text(outcome.took), {}};
  for (const auto& trial : outcome.trials) {
    auto suites = suites_in(trial.junit);
    if (suites.empty()) suites.push_back(suite_of(trial));
    add_server(trial.server, suites);
    for (auto& each : suites) all.suites.push_back(std::move(each));
  }
  return format_junit(all);
}

}  // namespace provphone::client::report
