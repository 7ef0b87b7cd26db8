#pragma once

#include "client/figures/histogram.hpp"
#include "macro/mac_address.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What expectations are judged by, and the judging. Evidence adds up over workers, shards and runs,
// and is judged once, when all of it is together: parts that were judged by themselves say nothing
// of the whole.
namespace provphone::client::figures {

enum class Judgement : std::uint8_t {
  passed,
  failed,
  not_judged,  // it could not have failed
  undecided,   // it might have come out otherwise, had the run gone on or its times been good
  last = undecided,
};

std::string_view name(Judgement judgement);

// One phone that did not do as expected. Nothing secret is in it; controls may be, until it is
// printed.
struct ExpectationFailure {
  std::optional<MacAddress> phone;  // nothing: all of the phones together
  std::string expected, got;
  std::vector<std::string> reasons;  // what the phone did last, and what would have to change
  // What kept the phone from ever being provisioned, `file_not_found by http://...`: that is told
  // by itself, and this follows from it. Empty: nothing did.
  std::string cause{};

  friend bool operator==(const ExpectationFailure&, const ExpectationFailure&) = default;
};

inline constexpr std::size_t max_failures = 10;  // of one expectation, and printed of a run
inline constexpr std::size_t max_reasons = 3;    // of one failure

struct ExpectationResult {
  std::string title;
  int line = 0;  // of the scenario; 0: not of the file
  Judgement status = Judgement::passed;
  std::string why;           // it was not judged, or not decided; empty: it was
  std::uint64_t phones = 0;  // looked at
  // Of those; 0 where they count together, even where the expectation failed.
  std::uint64_t failed = 0;
  std::vector<ExpectationFailure> failures;  // the first ones
  bool is_implied = false;                   // nobody wrote it: it holds for every run
};

// When an expectation holds.
struct Criterion {
  enum class Kind : std::uint8_t {
    every_phone,  // no phone failed
    share,        // so many phones of a million, or more, did not fail
    count,        // what was counted is within bounds, both included
    quantiles,    // of the times, each below its limit
    last = quantiles,
  };
  static constexpr std::array quantiles{0.5, 0.9, 0.99};

  Kind kind = Kind::every_phone;
  std::uint32_t share_ppm = 0;
  std::uint64_t least = 0;
  std::optional<std::uint64_t> most;                       // nothing: no end
  std::array<std::optional<std::int64_t>, 3> limits_us{};  // of `quantiles`; nothing: none

  friend bool operator==(const Criterion&, const Criterion&) = default;
};

std::string_view name(Criterion::Kind kind);

// A phone that is told of, by its number in the scenario.
struct Witness {
  std::uint32_t number = 0;
  ExpectationFailure failure;

  friend bool operator==(const Witness&, const Witness&) = default;
};

struct Evidence {
  std::string title;
  int line = 0;
  Criterion criterion;
  bool is_implied = false;
  // It is about how long something takes, which a generator that is late falsifies.
  bool is_of_times = false;
  // Failed passes are reckoned with where it holds.
  bool excuses_failures = false;
  std::string beyond_driver;  // why whoever drove the phones could not tell; empty: it could
  // How often it could have failed, and what is missing where that is never.
  std::uint64_t chances = 0;
  std::string without;
  std::uint64_t phones = 0;   // looked at
  std::string nobody;         // what is missing where there are none
  std::uint64_t failed = 0;   // of them
  std::uint64_t pending = 0;  // of them, too: their time was not over
  std::uint64_t counted = 0;  // of `count`
  std::string expected;       // of `count` and `quantiles`, a clause
  Histogram times_us;         // of `quantiles`
  // Of `quantiles`, what of a retrieval took these times, as the scenario calls it: `fetch` is all
  // of it. Empty: a result of an earlier version does not say.
  std::string stage{};
  // Phones that failed or were counted, the first max_failures by number.
  std::vector<Witness> witnesses;
  // Of `count`, for where nothing was counted: the first phone that might have been, and what came
  // nearest to it.
  std::optional<Witness> bystander, near_miss;
};

// Into `sum`, of another part of the same run or of another run of the same scenario. The two have
// to be of one expectation: same title and criterion.
void merge(Evidence& sum, const Evidence& other);

// What holds for all evidence of a run.
struct Hearing {
  bool may_go_on = false;   // the run was cut short, or parts of it are missing
  bool is_part = false;     // a shard by itself, which others are to join
  bool times_count = true;  // the generator kept its schedule
};

ExpectationResult judged(const Evidence& evidence, const Hearing& hearing);

}  // namespace provphone::client::figures
