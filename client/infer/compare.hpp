#pragma once

#include "client/infer/infer.hpp"

#include <string>
#include <vector>

// What a log has beside what a scenario predicts. A schedule with a spread predicts a window and
// not a moment, so that each request is predicted from the one before it.
namespace provphone::client::infer {

// Of one phone.
struct Prediction {
  MacAddress mac;
  Inferred expected;                // its settings (expected_of)
  std::vector<TimeSpan> occasions;  // beside its schedule: boots, what somebody asked for
  std::vector<Instant> passes;      // as a forecast has them, in the order of time
};

enum class Verdict : std::uint8_t {
  first,        // nothing of the phone is in front of it to tell by
  predicted,    // when it was due, or at an occasion
  early,        // sooner, by less than half of the wait
  late,         // later, and at no sum of waits
  unexplained,  // anything else, or a phone that the scenario does not have
  last = unexplained,
};

std::string_view name(Verdict verdict);

struct Tally {
  std::size_t observed = 0;  // passes; the following but the last add up to it
  std::size_t first = 0, predicted = 0, early = 0, late = 0, unexplained = 0;
  std::size_t missing = 0;  // passes that were due and are in no line
};

struct ComparedPhone {
  std::optional<std::uint32_t> course;  // nothing: the log does not have it
  std::optional<MacAddress> mac;
  std::vector<Verdict> verdicts;  // of Course::passes
  Tally tally;
};

struct Hour {
  Instant from{};
  std::size_t observed = 0;
  std::size_t predicted = 0;  // by the forecast, whose draws are others
};

struct Comparison {
  std::vector<ComparedPhone> phones;  // those of the log first, in its order
  Tally total;
  std::vector<Hour> hours;  // of the log; none where it is longer than 400 days
};

// `macs` are of Courses::phones, nothing where the log does not say. Predictions in any order.
Comparison compare(const Courses& courses, const std::vector<std::optional<MacAddress>>& macs,
                   const std::vector<Prediction>& predictions, resync::ZoneView zone);

}  // namespace provphone::client::infer
