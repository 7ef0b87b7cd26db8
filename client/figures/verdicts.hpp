#pragma once

#include "client/figures/outcome.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// How a run came out. `run`, `fleet`, `forecast` and `report` decide it here, by the table in
// docs/reference/verdicts.md, and everything that CI reads is made from it.
namespace provphone::client::figures {

enum class Verdict : std::uint8_t {
  pass,
  fail,
  void_run,  // the run says too little: docs/reference/verdicts.md has the reasons
  last = void_run,
};

std::string_view name(Verdict verdict);

// Failures of one cause that count.
struct CountedFailures {
  Cause cause;
  Failures failures;
};

// What is made of an expectation that could not have failed.
enum class Strictness : std::uint8_t { usual, strict };

// What a run is of, whoever drove it.
struct RunFacts {
  std::string title;  // what it is called: the scenario's file, mostly
  std::string file;   // the scenario's; empty: none, or standard input
  std::size_t phones = 0;
  std::uint64_t seed = 0;
  std::string scenario_hash;
  Strictness strictness = Strictness::usual;
  bool is_part = false;  // one shard of several, by itself
};

struct Verdicts {
  std::string title;  // of the run
  std::string file;   // the scenario's; empty: none
  Verdict verdict = Verdict::pass;
  Extent extent;
  RunEnd end = RunEnd::by_itself;
  resync::Duration length{};
  EnumArray<Work, std::uint64_t> done;  // that succeeded
  bool is_part = false;  // the others may change what is missing, and not what is wrong
  std::vector<ExpectationResult> expectations;
  std::vector<CountedFailures> failures;  // that nobody expected, the commonest first
  // What a late generator may have caused itself, or an expectation that is still open may excuse:
  // no reason to fail, and no reason to be silent.
  std::vector<CountedFailures> doubtful;
  bool lacks_phones = false;             // none was provisioned, and the scenario does not say so
  std::string never_began;               // why no phone was started at all; empty: it began
  std::vector<VoidReason> void_reasons;  // why the run, or a part of it, says nothing
  std::vector<std::pair<std::string, std::string>> properties;
};

// The one place where a run's verdict is made.
Verdicts judge(const RunFacts& facts, const Outcome& outcome);

}  // namespace provphone::client::figures
