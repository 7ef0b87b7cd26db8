#include "client/cli/log_flags.hpp"

#include "client/cli/remarks.hpp"
#include "client/evidence/summary.hpp"
#include "client/scenario/wall_clock.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iostream>

namespace provphone::client::cli {
namespace {

// Logs are of the last years; a table of zones goes on for twelve.
constexpr std::chrono::hours zone_table_back{24 * 365 * 10};

}  // namespace

Result<ReadLogs> read_logs(const LogFlags& flags) {
  evidence::LogTerms terms;
  if (!flags.format.empty()) {
    auto format = evidence::parse_access_format(flags.format);
    if (!format) return fail(Errc::bad_argument, "--format: " + format.error().detail);
    terms.format = *std::move(format);
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  TRY(terms.zone, scenario::load_zone(flags.zone, now - zone_table_back));
  if (flags.year != 0) terms.year = static_cast<int>(flags.year);
  TRY(const auto given, surroundings(flags.leases));
  ReadLogs logs;
  evidence::Gathering gathering;
  for (const auto& file : flags.files) {
    TRY(evidence::read_log(file, terms, gathering, logs.report));
  }
  logs.gathered =
      gathering.finish(given.leased ? *given.leased : std::vector<scenario::LeasedPhone>{});
  logs.zone = terms.zone;
  return logs;
}

Result<CoursesInLogs> read_courses(const LogFlags& flags) {
  TRY(auto logs, read_logs(flags));
  std::cerr << evidence::summary_text(logs.report, logs.gathered);
  auto courses = infer::courses_of(logs.gathered.seen);
  if (courses.phones.empty())
    return fail(Errc::bad_argument,
                fmt::format("{}: expected requests of phones, with their MAC address or a "
                            "User-Agent of theirs, found none",
                            flags.files.front()));
  return CoursesInLogs{std::move(logs), std::move(courses)};
}

bool has_clock(const evidence::LogReport& report) {
  return std::any_of(report.kinds.begin(), report.kinds.end(), [](const auto& kind) {
    return kind.first != evidence::LogKind::record && kind.first != evidence::LogKind::trace;
  });
}

}  // namespace provphone::client::cli
