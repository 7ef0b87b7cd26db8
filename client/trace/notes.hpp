#pragma once

#include "client/trace/event.hpp"
#include "resync/retrieval.hpp"

// The trace lines of what a retrieval decided (resync/retrieval.hpp). All drivers come here. Texts
// move out of the notes into the lines, hence the references; what add_changes() and the sender of
// a log message still need stays.
namespace provphone::client::trace {

trace::TraceEvent line_of(resync::RulePassedOver& note, MacAddress phone, resync::Time now);
trace::TraceEvent line_of(resync::RequestMade& note, MacAddress phone, resync::Time now);
trace::TraceEvent line_of(resync::AnswerSeen& note, MacAddress phone, resync::Time now);
// Without the names of what changed; see add_changes().
trace::TraceEvent line_of(resync::Applied& note, MacAddress phone, resync::Time now);
trace::TraceEvent line_of(resync::UpgradeStarted& note, MacAddress phone, resync::Time now);
trace::TraceEvent line_of(resync::UpgradeEnded& note, MacAddress phone, resync::Time now);
trace::TraceEvent line_of(resync::CustomCaEnded& note, MacAddress phone, resync::Time now);
TraceEvent line_of(resync::CodeJudged& note, MacAddress phone, resync::Time now);
trace::TraceEvent line_of(resync::CertificateRenewalEnded& note, MacAddress phone,
                          resync::Time now);
TraceEvent line_of(resync::ReportEnded& note, MacAddress phone, resync::Time now);
trace::TraceEvent line_of(resync::Log& log, MacAddress phone, resync::Time now);

// Adds the names of the parameters that changed and of the elements that were passed over, and
// which changes take a restart.
void add_changes(trace::TraceEvent& line, const resync::Applied& note,
                 const resync::Personality& personality);

}  // namespace provphone::client::trace
