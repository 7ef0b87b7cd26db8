#pragma once

#include "client/figures/outcome.hpp"
#include "client/scenario/scenario.hpp"
#include "client/transport/servers_up.hpp"
#include "resync/time.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// Before the first phone starts: are the servers there that it will ask? Nothing has begun yet, and
// no time of the run passes.
namespace provphone::client::run {

struct ServerWait {
  std::vector<resync::AskedServer> servers;
  transport::Network network;
  resync::Duration at_most{};
  // Called once, with those that have not answered in the first moments; may be empty.
  std::function<void(const std::vector<transport::Unanswered>&)> on_slow;
};

// So long nobody is told.
inline constexpr std::chrono::milliseconds slow_after{1'500};

struct Waited {
  std::vector<transport::Unanswered> unanswered;  // empty: all servers have answered
  std::optional<int> signal;                      // that ended the wait
};

// Blocks until all servers have answered, time is over, one is no target, or SIGINT, SIGTERM or
// SIGHUP comes. Signals are held before and afterwards.
Waited wait_for_servers(ServerWait wait);

// The servers that did not answer and why, in a clause: `http://127.0.0.1:8080 did not answer
// within 30 s (connection_refused)`.
std::string told(const Waited& waited, resync::Duration at_most);

// What a run of so many phones came to for which `waited` was in vain. `scenario`: null where
// nothing is expected; none of its expectations is judged.
figures::Outcome never_begun(const scenario::Scenario* scenario, std::size_t phones,
                             const Waited& waited, resync::Duration at_most);

}  // namespace provphone::client::run
