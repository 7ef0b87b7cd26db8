#pragma once

#include "client/figures/verdicts.hpp"

#include <string>
#include <vector>

// What JUnit, TAP and the others have in common: a run as a list of cases.
namespace provphone::client::report {

struct OutcomeCase {
  // `skipped` was not judged; `void_run` says nothing about the server.
  enum class Status : std::uint8_t { passed, failed, skipped, void_run } status = Status::passed;
  std::string name;
  std::string type;     // of a failure: expectation, or an error code
  std::string message;  // on one line; empty where it passed
  std::vector<std::string> details;
  std::vector<std::string> reasons;  // the first phone's, where there is room for few lines
  int line = 0;                      // of the scenario
};

// One for each expectation, then `no pass failed unexpectedly`; alone, where the run is void, the
// one that says so.
std::vector<OutcomeCase> cases_of(const figures::Verdicts& verdicts);

}  // namespace provphone::client::report
