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
  // It follows from failures, or sums them up, that are told one by one where there is room.
  bool is_told_by_causes = false;
};

// Always the same ones for a scenario, so that a CI server's history of each has no gaps: that the
// run is all there and the generator was in time, each expectation, that phones were provisioned,
// and that nothing failed unexpectedly.
std::vector<OutcomeCase> cases_of(const figures::Verdicts& verdicts);

}  // namespace provphone::client::report
