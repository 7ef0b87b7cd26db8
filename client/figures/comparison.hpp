#pragma once

#include "client/figures/fleet_result.hpp"
#include "macro/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Two runs of fleets beside each other: what became of a figure, and whether that is more than
// somebody puts up with.
namespace provphone::client::figures {

// Figures that two runs can be held against each other by. Microseconds of the response time of
// retrievals that succeeded, and of the time in which 99 % of the phones were provisioned; shares
// of passes that failed, and of phones that were provisioned, from 0 to 1.
enum class Measure : std::uint8_t {
  p50,
  p90,
  p99,
  max,
  converged_99,
  failed,
  provisioned,
  last = provisioned
};

std::string_view name(Measure measure);  // p50, p90, p99, max, converged, failed, provisioned

// Whether it is of time, which a void run says nothing about.
bool is_timing(Measure measure);

// Nothing where there was nothing to measure.
std::optional<double> measured(const FleetResult& result, Measure measure);

// `p99>+10%`: B is to be no more than a tenth above A. `p99>500ms`, `failed>1%`: B itself.
struct Threshold {
  Measure measure = Measure::p99;
  enum class Side : std::uint8_t { above, below } side = Side::above;
  enum class Of : std::uint8_t { change, value } of = Of::change;
  double limit = 0;  // a share of A, or of the measure's own unit
  std::string text;  // as it was given
};

// MEASURE, > or <, and a change such as +10% or -5%, or a duration or share. Fails with
// bad_argument.
Result<Threshold> parse_threshold(std::string_view text);

enum class Crossing : std::uint8_t { kept, crossed, unknown };

struct Crossed {
  Threshold threshold;
  std::optional<double> before, after;
  Crossing crossing = Crossing::unknown;
  std::string why;  // it is not known; else empty
};

// Void runs say nothing of a timing, whoever is void.
Crossed hold_against(const Threshold& threshold, const FleetResult& before,
                     const FleetResult& after);

}  // namespace provphone::client::figures
