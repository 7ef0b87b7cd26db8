#include "client/check/detail/facts.hpp"

#include <fmt/format.h>

#include <algorithm>

// What `lint` knows of a profile, and of what a phone does next that has it: here each is a check.
namespace provphone::client::check::detail {
namespace {

std::string told(const lint::Finding& finding) {
  return finding.parameter.empty() ? finding.text
                                   : fmt::format("{}: {}", finding.parameter, finding.text);
}

template <lint::Kind... kinds>
Outcome judge_next(const Facts& facts) {
  if (!facts.gets_file()) return not_made("the phone gets no file");
  if (!facts.file->is_profile()) return not_made("the file cannot be read");
  std::string evidence;
  auto worst = Severity::info;
  for (const auto& finding : facts.linted) {
    if (!((finding.kind == kinds) || ...)) continue;
    evidence += (evidence.empty() ? "" : "; ") + told(finding);
    worst = std::max(worst, finding.severity);
  }
  return evidence.empty() ? passed() : found(worst, evidence);
}

using lint::Kind;

constexpr Check next_catalogue[] = {
    {"CHK-FILE-OUTSIDE", Severity::medium, "parameters stand outside flat-profile",
     "It passes them over; of a file without flat-profile it sets nothing and takes that for a "
     "success.",
     nothing, "Put all parameters into one element flat-profile.",
     judge_next<Kind::no_flat_profile, Kind::outside>},
    {"CHK-RULES-EMPTY", Severity::high, "the file takes the phone's rules away",
     "It asks for nothing any more, and no later change reaches it.", nothing,
     "Leave Profile_Rule out of the file, or set it.", judge_next<Kind::rule_emptied>},
    {"CHK-RULES-UNREADABLE", Severity::high, "a rule in the file cannot be read",
     "It fails there in every pass.", nothing,
     "Try it with `provphone rule TEXT`; a login belongs into [--uid NAME --pwd TEXT].",
     judge_next<Kind::rule_unreadable>},
    {"CHK-RULES-TEXT", Severity::medium, "something in a rule was hardly meant so",
     "It asks for the text as it stands.", nothing,
     "Look why the program that makes the file has left it; macros are $MA, $PN and so on.",
     judge_next<Kind::rule_suspicious>},
    {"CHK-PROVISION-OFF", Severity::high, "the file turns provisioning off",
     "It asks for nothing any more, and no later change reaches it.", nothing,
     "Leave Provision_Enable at Yes.", judge_next<Kind::provisioning_off>},
    {"CHK-TRIGGER-NEVER", Severity::medium, "a trigger never holds",
     "It looks at Resync_Trigger_1 and _2 and never begins a pass for it.", nothing,
     "Try it with `provphone condition TEXT`.", judge_next<Kind::trigger_never>},
    {"CHK-PERIOD-SHORT", Severity::medium, "the phone comes back within a minute",
     "It asks again and again, at the end of Resync_Periodic or of the waits behind a failure.",
     "Nothing by this alone; all phones together are what an attack would be.",
     "Let the last wait of Resync_Periodic, and the first of Resync_Error_Retry_Delay, be a minute "
     "or more.",
     judge_next<Kind::period_short, Kind::retry_short>},
    {"CHK-RETRY-OFF", Severity::medium, "a failed pass is not tried again",
     "It waits for the next pass of Resync_Periodic, which may be a day away.", nothing,
     "Give Resync_Error_Retry_Delay a list of waits.", judge_next<Kind::retry_off>},
};

}  // namespace

std::span<const Check> next_checks() {
  return next_catalogue;
}

}  // namespace provphone::client::check::detail
