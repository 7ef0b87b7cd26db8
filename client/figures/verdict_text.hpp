#pragma once

#include "client/figures/verdicts.hpp"

#include <string>
#include <vector>

// A verdict in the words that every output has. Lines have no controls in them, whatever servers
// sent.
namespace provphone::client::figures {

// The first thing to be read: what the run came to and what is to blame for it, `105 of 105 phones
// were not provisioned: connection_refused by http://127.0.0.1:8099`. Neither capital nor full
// stop.
std::string headline(const Verdicts& verdicts);

// How far the run came: `98 of 100 phones were provisioned, 100 had power, ended by SIGTERM`.
std::string extent_sentence(const Verdicts& verdicts);

// `connection_refused by http://127.0.0.1:8099`, with `upgrade: ` or `report: ` before it where it
// was no pass.
std::string text_of(const Cause& cause);

// Failures of one cause but for the group of phones, which they are told with.
struct FailureGroup {
  Cause cause;                                                // without a group
  Failures failures;                                          // of all groups together
  std::vector<std::pair<std::string, std::uint64_t>> groups;  // and how often each
};

// The commonest first.
std::vector<FailureGroup> grouped(const std::vector<CountedFailures>& failures);

// What happened, the first phone, what to do about it: three lines at most.
std::vector<std::string> lines_of(const FailureGroup& group);

// The same of failures in doubt.
std::vector<std::string> doubtful_lines_of(const FailureGroup& group);

// A failure in at most six lines: expectation, phone, expected, got and reasons.
std::vector<std::string> lines_of(const ExpectationResult& result,
                                  const ExpectationFailure& failure);

// A clause for messages about one that failed: `3 of 200 phones`, `200 phones together`.
std::string extent_of(const ExpectationResult& result);

// What the void reasons of a run take away, and what stays; empty where there are none.
std::string void_scope(const Verdicts& verdicts);

// Whether all that is known of it follows from failures that are told by themselves.
bool is_consequence(const ExpectationResult& result);

// For a person, a line end behind each line: each cause once with what follows from it, then what
// failed besides, an expectation at a time with few of its phones; what was not judged or decided;
// empty where there is nothing to say.
std::string format_failures(const Verdicts& verdicts);

}  // namespace provphone::client::figures
