#pragma once

#include "client/figures/run_result.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// How a run came out, expectation by expectation. Everything that CI reads is made from it.
namespace provphone::client::figures {

enum class Judgement : std::uint8_t { passed, failed, not_judged, last = not_judged };

std::string_view name(Judgement judgement);

// One phone that did not do as expected. Nothing secret is in it; controls may be, until it is
// printed.
struct ExpectationFailure {
  std::optional<MacAddress> phone;  // nothing: all of the phones together
  std::string expected, got;
  std::vector<std::string> reasons;  // what the phone did last, and what would have to change
};

inline constexpr std::size_t max_failures = 10;  // of one expectation, and printed of a run
inline constexpr std::size_t max_reasons = 3;    // of one failure

struct ExpectationResult {
  std::string title;
  int line = 0;  // of the scenario; 0: not of the file
  Judgement status = Judgement::passed;
  std::string why_not_judged;  // empty: it was
  std::uint64_t phones = 0;    // looked at
  // Of those; 0 where they count together, even where the expectation failed.
  std::uint64_t failed = 0;
  std::vector<ExpectationFailure> failures;  // the first ones
};

struct Verdicts {
  std::string title;  // of the run
  std::string file;   // the scenario's; empty: none
  Verdict verdict = Verdict::pass;
  std::vector<ExpectationResult> expectations;
  std::map<Errc, std::uint64_t> failed_passes;  // those that nobody expected
  std::vector<std::string> void_reasons;        // why the run says nothing
  std::vector<std::pair<std::string, std::string>> properties;
};

// What a run is of, whoever drove it.
struct RunFacts {
  std::string title;  // what it is called: the scenario's file, mostly
  std::string file;   // the scenario's; empty: none, or standard input
  std::size_t phones = 0;
  std::uint64_t seed = 0;
  std::string scenario_hash;
};

// Verdicts about that run, with title, file and properties; the rest is for its judge to fill in.
Verdicts verdicts_for(const RunFacts& facts);

// What follows from the parts: void where there is a reason for it, else fail or pass. Expectations
// that were not judged fail nothing.
Verdict verdict_of(const Verdicts& verdicts);

// A failure in at most six lines: expectation, phone, expected, got and reasons.
std::vector<std::string> lines_of(const ExpectationResult& result,
                                  const ExpectationFailure& failure);

// A clause for messages about one that failed: `3 of 200 phones`, `200 phones together`.
std::string extent_of(const ExpectationResult& result);

// `file_not_found 3 times` each.
std::vector<std::string> failed_pass_clauses(const Verdicts& verdicts);

// For a person, a line end behind each line: the first max_failures failures, each expectation's
// first one before any second, what a phone did last told once, and how many more there are; what
// was not judged; empty where there is nothing to say.
std::string format_failures(const Verdicts& verdicts);

}  // namespace provphone::client::figures
