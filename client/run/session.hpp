#pragma once

#include "client/drive/real.hpp"
#include "client/figures/run_result.hpp"
#include "client/figures/verdicts.hpp"
#include "client/listen/doors.hpp"
#include "client/run/leases.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// A few phones in real time, from their first event to the verdict. The caller's thread drives
// them.
namespace provphone::client::run {

// What ends a session before its time is over.
enum class Until : std::uint8_t { first_pass, all_at_rest, its_time };

// What happens to the phones first.
enum class Beginning : std::uint8_t {
  as_planned,  // what the scenario says
  power_on,    // the only phone boots
  resync,      // the only phone is up and is asked for a pass
};

struct Session {
  std::optional<scenario::Scenario> scenario;  // nothing: one phone that somebody described
  drive::RealRun run;
  // Real time; nothing: until it ends by itself.
  std::optional<resync::Duration> length;
  Until until = Until::first_pass;
  Beginning beginning = Beginning::as_planned;
  listen::Places doors;  // where the phones answer
  // Told once they do; may be empty.
  std::function<void(const listen::Doors& doors)> on_open;
  // Where the phones get their leases before anything happens to them, and keep them (R-DHCP-17);
  // nothing: they have those that they were given.
  std::optional<LeasePlace> dhcp;
  // Told of each phone that has got none; may be empty.
  std::function<void(MacAddress phone, const Error& why)> on_no_lease;
  figures::RunFacts facts;
};

// The session of a scenario; `title` is its file. Fails as real_run_of() does.
Result<Session> session_of(scenario::Scenario scenario, std::optional<resync::Duration> length,
                           std::chrono::system_clock::time_point now,
                           const identity::Keeping& keeping);

struct SessionResult {
  figures::Tally tally;
  figures::Outcome outcome;
  figures::Verdicts verdicts;              // on the outcome
  std::vector<drive::DrivenPhone> phones;  // the first max_final_phones, as they ended
  resync::WallClock wall;                  // what their clocks show
  std::uint64_t messages_unsent = 0;       // log messages whose server was not known yet
};

// Drives the phones until the session's end, or until SIGINT, SIGTERM or SIGHUP, and blocks as
// long; a second signal ends the program. `watch` hears every event in the order of the decisions,
// on this thread. What goes wrong is in the verdicts; it fails where web or SIP cannot listen, or
// where the port of DHCP is not to be had.
Result<SessionResult> hold(Session session, const trace::TraceSink& watch);

// The result of a session as it is kept in a file. Refers to `result`.
figures::RunResult run_result_of(const SessionResult& result, const figures::RunFacts& facts);

}  // namespace provphone::client::run
