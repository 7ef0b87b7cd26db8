#pragma once

#include "client/figures/fleet_result.hpp"
#include "client/scenario/scenario.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// What this machine lets a generator of load have, and what of it ran out. Linux: /proc and
// getrusage. What cannot be found out is 0 or false.
namespace provphone::client::fleet {

struct MachineLimits {
  std::uint64_t open_files = 0;                 // at once, by this process
  std::uint32_t first_port = 0, last_port = 0;  // of outgoing connections
  bool reuses_ports_at_once = false;  // on the loopback, while they wait for stray packets
  unsigned processors = 1;
};

// Raises the process's own limit of open files to what it may be without any right, then looks. Has
// an effect on the whole process.
MachineLimits machine_limits();

// So many retrievals at once leave room for all else that opens files, `others` of it known
// beforehand; at least 1.
std::size_t most_in_flight(const MachineLimits& limits, std::size_t others = 0);

// What is likely to run out with that scenario: a sentence each, with the command that mends it.
std::vector<std::string> shortages(const scenario::Scenario& scenario, const MachineLimits& limits);

// What the process has used since the meter was made. Looked at now and then, since peaks of open
// files are those of the looks. Of one thread.
class Meter {
 public:
  explicit Meter(const MachineLimits& limits);

  void look();
  figures::Resources resources() const;

 private:
  MachineLimits limits_;
  std::chrono::steady_clock::time_point started_;
  std::int64_t processor_us_at_start_;
  figures::Resources used_;
};

// What the verdict on a run needs besides its figures.
struct ValidityInputs {
  figures::Resources resources;
  std::size_t most_in_flight = 0;  // that were allowed
  std::int64_t lag_limit_us = figures::usual_lag_limit_us;
};

// Why the figures say more about this machine than about the server; empty: they do not.
std::vector<figures::VoidReason> void_reasons(const figures::FleetFigures& figures,
                                              const ValidityInputs& honesty);

}  // namespace provphone::client::fleet
