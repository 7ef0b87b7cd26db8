#include "client/cli/explain_log.hpp"

#include "client/cli/complain.hpp"
#include "client/infer/text.hpp"
#include "client/report/output.hpp"
#include "client/scenario/phones.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

namespace provphone::client::cli {
namespace {

// The settings of a phone that has loaded that file and nothing else.
Result<infer::Inferred> settings_in(const std::string& file) {
  scenario::Scenario scenario;
  scenario.phones.emplace_back();
  scenario.phones.front().config = file;  // from the folder that this runs in
  TRY(const auto setup, scenario::group_setup(scenario, 0));
  const profile::ParameterSet parameters(setup.values);
  return infer::expected_of(resync::settings_of(parameters, scenario.phones.front().personality));
}

Result<std::uint32_t> course_of(const CoursesInLogs& log, const ExplainLogFlags& flags) {
  const auto wanted = parse_mac_address(flags.phone);
  if (!wanted) return fail(Errc::bad_argument, "--phone: " + wanted.error().detail);
  for (std::uint32_t c = 0; c < log.courses.phones.size(); ++c)
    if (log.logs.gathered.seen.phones[log.courses.phones[c].phone].mac == *wanted) return c;
  return fail(Errc::bad_argument, fmt::format("{}: there is no request of {} in it",
                                              flags.logs.files.front(), format_lower(*wanted)));
}

// A phone goes by what its fleet goes by, where it follows that; alone it shows less.
infer::Inferred settings_to_tell_by(const CoursesInLogs& log, const infer::Inference& inference,
                                    std::uint32_t course) {
  for (const auto& group : inference.groups) {
    const bool has = std::binary_search(group.courses.begin(), group.courses.end(), course);
    if (!has || group.courses.size() == 1) continue;
    auto settings = group;
    settings.start.reset();
    return settings;
  }
  return infer::infer_phone(log.courses, course, log.logs.zone);
}

struct Told {
  std::string text, json;
};

Result<Told> tell_of_phone(const ExplainLogFlags& flags, const CoursesInLogs& log,
                           infer::Findings findings, const std::optional<infer::Inferred>& named) {
  TRY(const auto course, course_of(log, flags));
  std::vector<infer::Contradiction> contradictions;
  if (named) contradictions = contradictions_of(log.courses, course, *named, log.logs.zone);
  findings.contradictions = contradictions;
  const auto settings = named ? *named : settings_to_tell_by(log, findings.inference, course);
  return Told{format_phone_text(findings, course, settings),
              format_phone_json(findings, course, settings)};
}

Told tell_of_fleet(const CoursesInLogs& log, infer::Findings findings,
                   const std::optional<infer::Inferred>& named) {
  std::vector<infer::Contradiction> contradictions;
  for (std::uint32_t c = 0; named && c < log.courses.phones.size(); ++c) {
    const auto theirs = contradictions_of(log.courses, c, *named, log.logs.zone);
    contradictions.insert(contradictions.end(), theirs.begin(), theirs.end());
  }
  findings.contradictions = contradictions;
  return {format_fleet_text(findings), format_fleet_json(findings)};
}

Result<Told> tell_of(const ExplainLogFlags& flags) {
  std::optional<infer::Inferred> named;
  if (!flags.config.empty()) {
    TRY(named, settings_in(flags.config));
  }
  TRY(const auto log, read_courses(flags.logs));
  const auto inference = infer::infer(log.courses, log.logs.zone);
  const auto causes = infer::causes_of(log.courses, inference, log.logs.zone);
  const infer::Findings findings{log.logs.gathered.seen, log.courses, inference, causes, {},
                                 log.logs.zone};
  if (flags.phone.empty()) return tell_of_fleet(log, findings, named);
  return tell_of_phone(flags, log, findings, named);
}

}  // namespace

Exit explain_log(const ExplainLogFlags& flags) {
  const auto told = tell_of(flags);
  if (!told) return refuse_usage(told.error());
  if (flags.json != "-") std::cout << told->text;
  if (flags.json.empty()) return Exit::as_expected;
  const auto written = report::write_output(flags.json, told->json);
  return written ? Exit::as_expected : refuse_usage(written.error());
}

}  // namespace provphone::client::cli
