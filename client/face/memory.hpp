#pragma once

#include "client/trace/event.hpp"

#include <deque>
#include <optional>
#include <string>

// What a phone's pages show of what has been (R-FACE-06): it is read off the events of the phone,
// so that a page says nothing else than a timeline does.
namespace provphone::client::face {

// One pass, or one upgrade, that is over.
struct Attempt {
  resync::Time at{};
  bool succeeded = false;
  std::string what;  // the file that was asked for last; empty: none was
  std::string why;   // it failed; empty: it did not
};

struct Reboot {
  resync::Time at{};
  resync::Reason reason{};
};

struct LogLine {
  resync::Time at{};
  std::string text;
  bool operator==(const LogLine&) const = default;
};

// Newest first, the log oldest first. Power loss takes the log alone, and a factory reset all.
struct Memory {
  static constexpr std::size_t most_attempts = 3, most_reboots = 5, most_lines = 200;

  std::deque<Attempt> passes, upgrades;
  std::deque<Reboot> reboots;
  std::deque<LogLine> log;
  std::string asked;  // last, by the pass or the upgrade that runs
};

// Takes one event of that phone, in the order of the events.
void remember(Memory& memory, const trace::TraceEvent& event);

}  // namespace provphone::client::face
