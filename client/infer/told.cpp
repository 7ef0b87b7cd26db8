#include "client/infer/told.hpp"

#include "client/infer/words.hpp"

#include <fmt/format.h>

namespace provphone::client::infer {
namespace {

std::string outcome_text(const Pass& pass) {
  const char* word = pass.outcome == PassOutcome::failed      ? "failed"
                     : pass.outcome == PassOutcome::succeeded ? "succeeded"
                                                              : "unknown";
  return pass.status == 0 ? word : fmt::format("{} {}", word, pass.status);
}

std::string on_schedule_text(const Wait& wait, const Match& match, const Inferred& settings) {
  if (wait.failures > 0)
    return fmt::format("retry {}, {} s: element {} of Resync_Error_Retry_Delay", wait.failures,
                       wait.seconds, match.element + 1);
  if (settings.resync_at) return "at its time of day: Resync_At__HHmm_";
  const auto elements = settings.periodic->elements.size();
  return elements == 1 ? fmt::format("periodic, {} s: Resync_Periodic", wait.seconds)
                       : fmt::format("periodic, {} s: element {} of Resync_Periodic", wait.seconds,
                                     match.element + 1);
}

std::string gap_text(const Wait& wait, const Match& match) {
  if (match.waits < 2)
    return fmt::format("{} s: a later retry, so lines in front of it are missing", wait.seconds);
  return fmt::format("{} s, {} waits in one: {} missing, or failed unseen", wait.seconds,
                     match.waits, match.waits == 2 ? "a pass is" : "passes are");
}

std::string what_text(const Wait& wait, const Match& match, const Inferred& settings) {
  const auto* behind = wait.failures > 0 ? "failure" : "success";
  switch (match.standing) {
    case Standing::on_schedule:
      return on_schedule_text(wait, match, settings);
    case Standing::behind_gap:
      return gap_text(wait, match);
    case Standing::off_schedule:
      return fmt::format("{} s behind a {}, before it was due: a restart, or somebody asked",
                         wait.seconds, behind);
    case Standing::late:
      return fmt::format("{} s behind a {}, later than due and no sum of waits", wait.seconds,
                         behind);
    case Standing::not_known:
      return fmt::format("{} s behind a {}, of which too little was seen", wait.seconds, behind);
  }
  return {};
}

}  // namespace

std::vector<ToldPass> tell_passes(const evidence::Seen& seen, const Courses& courses,
                                  std::uint32_t course, const Inferred& settings,
                                  resync::ZoneView zone) {
  const auto& passes = courses.phones[course].passes;
  const auto& requests = seen.phones[courses.phones[course].phone].requests;
  std::vector<ToldPass> told;
  for (const auto& pass : passes) {
    const auto& path = seen.requested[requests[pass.first].what].path;
    told.push_back({pass.began, outcome_text(pass), path.substr(0, path.find('?')),
                    "the first that the log has"});
  }
  for (const auto& wait : waits_of(courses, course))
    told[wait.pass + 1].what = what_text(wait, match(wait, settings, courses, zone), settings);
  return told;
}

}  // namespace provphone::client::infer
