#pragma once

#include "client/report/trace.hpp"
#include "resync/retrieval.hpp"

// The trace lines of what a retrieval decided. All drivers come here.
namespace provphone::client::drive {

report::TraceEvent line_of(resync::RulePassedOver& note, MacAddress phone, resync::Time now);
report::TraceEvent line_of(resync::RequestMade& note, MacAddress phone, resync::Time now);
report::TraceEvent line_of(resync::AnswerSeen& note, MacAddress phone, resync::Time now);
// Without the names of what changed; see add_changes().
report::TraceEvent line_of(resync::Applied& note, MacAddress phone, resync::Time now);
report::TraceEvent line_of(resync::UpgradeStarted& note, MacAddress phone, resync::Time now);
report::TraceEvent line_of(resync::UpgradeEnded& note, MacAddress phone, resync::Time now);
report::TraceEvent line_of(resync::ReportEnded& note, MacAddress phone, resync::Time now);
report::TraceEvent line_of(resync::Log& log, MacAddress phone, resync::Time now);

// Adds the names of the parameters that changed and of the elements that were passed over, and
// which changes take a restart.
void add_changes(report::TraceEvent& line, const resync::Applied& note,
                 const resync::Personality& personality);

}  // namespace provphone::client::drive
