#pragma once

#include "client/figures/evidence.hpp"
#include "client/figures/loss.hpp"
#include "client/figures/outcome.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// How a run stands while it goes on: what its verdict would be made from, as far as that is known.
// No verdict is: that is verdicts.hpp's, when the run is over.
namespace provphone::client::figures {

struct ExpectationSoFar {
  Evidence evidence;
  Loss loss;
};

// The expectations and failures of a run, or of a part of it, so far.
struct Standing {
  std::vector<ExpectationSoFar> expectations;  // in the scenario's order
  std::map<Cause, Failures> failures;          // without kept_off
  // Expectations, where none is above because looking at them would hold phones up.
  std::size_t not_looked_at = 0;
};

// Adds another part of the run: with the same expectations, or none.
void merge(Standing& sum, const Standing& other);

// What is to be said of an expectation by now, the worst first.
enum class SoFar : std::uint8_t {
  lost,        // for good: docs/reference/verdicts.md says of which that is known
  fails,       // it would fail, and may still come out otherwise
  doubtful,    // it is about times, and the generator is late
  open,        // nothing that it is about has happened, or phones still have time
  holds,       // it would pass, and may still come out otherwise
  not_judged,  // whoever drives the phones cannot tell
  last = not_judged,
};

// `lost`, `fails so far`, `times void`, `open`, `holds so far`, `not judged`.
std::string_view name(SoFar state);

// Only whether the times count is looked at: a run that goes on is neither whole nor judged.
SoFar so_far(const ExpectationSoFar& expectation, const Hearing& hearing);

// The figures that this rests on, a clause: `12 of 3000 phones failed, 40 have time`; empty where
// there are none yet.
std::string figures_so_far(const Evidence& evidence);

}  // namespace provphone::client::figures
