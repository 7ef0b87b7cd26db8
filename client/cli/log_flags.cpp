#include "client/cli/log_flags.hpp"

#include "client/cli/complain.hpp"
#include "client/cli/remarks.hpp"
#include "client/scenario/wall_clock.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace provphone::client::cli {
namespace {

// Logs are of the last years; a table of zones goes on for twelve.
constexpr std::chrono::hours zone_table_back{24 * 365 * 10};

void complain_of_misfits(const evidence::LogReport& report) {
  for (const auto& misfit : report.misfits) complain(misfit);
  if (report.misfit_count > report.misfits.size())
    complain(fmt::format("{} lines in all do not fit; they are left out", report.misfit_count));
}

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
  TRY(const auto leased, leased_phones(flags.leases));
  ReadLogs logs;
  evidence::Gathering gathering;
  for (const auto& file : flags.files) {
    TRY(evidence::read_log(file, terms, gathering, logs.report));
  }
  complain_of_misfits(logs.report);
  logs.gathered = gathering.finish(leased ? *leased : std::vector<scenario::LeasedPhone>{});
  logs.courses = infer::courses_of(logs.gathered.seen);
  logs.zone = terms.zone;
  if (logs.courses.phones.empty())
    return fail(Errc::bad_argument,
                fmt::format("{}: expected requests of phones, with their MAC address or a "
                            "User-Agent of theirs, found none",
                            flags.files.front()));
  return logs;
}

bool has_clock(const evidence::LogReport& report) {
  return std::any_of(report.kinds.begin(), report.kinds.end(), [](const auto& kind) {
    return kind.first != evidence::LogKind::record && kind.first != evidence::LogKind::trace;
  });
}

}  // namespace provphone::client::cli
