#pragma once

#include "client/figures/fleet_result.hpp"
#include "client/figures/standing.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

// A fleet's run while it lasts, as it is shown: on a screen, in a line, as metrics. Whoever drives
// it fills it in.
namespace provphone::client::report {

// What happened between two looks: the difference of figures that only grow. Of one that did not,
// nothing.
struct Recent {
  resync::Duration length{};
  std::uint64_t started = 0, succeeded = 0, failed = 0;  // retrievals
  figures::Histogram response_us;                        // of those that succeeded
  EnumArray<Errc, std::uint64_t> pass_errors;
};

Recent recent(const figures::FleetFigures& before, const figures::FleetFigures& now,
              resync::Duration length);

// So many of them a second.
double rate_of(std::uint64_t count, resync::Duration length);

enum class Running : std::uint8_t { yes, paused, ending, ended, last = ended };

struct LiveView {
  std::string title;  // the scenario's file
  resync::Duration elapsed{}, length{};
  bool until_converged = false;  // it may end before `length`, and is meant to
  std::uint32_t phones = 0;
  std::uint32_t in_flight = 0;                     // retrievals
  std::optional<std::uint32_t> starts_per_second;  // the cap
  // The cap rises to that, behind a pause that ended gently; 0: to none.
  std::optional<std::uint32_t> rises_to;
  Running running = Running::yes;
  std::int64_t lag_limit_us = figures::usual_lag_limit_us;
  figures::FleetFigures figures;  // since the start
  Recent recent;
  figures::Resources resources;  // until now
  std::vector<figures::VoidReason> void_reasons;
  std::shared_ptr<const figures::Standing> standing;  // null: nobody knows
  // Of `workers`, so many are busy and have not answered, one of them for so long. The figures have
  // what they said before.
  unsigned workers = 0, workers_late = 0;
  resync::Duration late_for{};
};

// The run in one line without a line end, for pipes and logs.
std::string format_plain_line(const LiveView& view);

// `1 of 4 workers silent for 5.2s`.
std::string late_words(const LiveView& view);

struct FailureCount {
  std::uint64_t count;
  Errc code;
};

// Of passes, the commonest first.
std::vector<FailureCount> failures_by_code(const figures::FleetFigures& figures);

}  // namespace provphone::client::report
