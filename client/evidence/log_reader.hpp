#pragma once

#include "client/evidence/gathering.hpp"
#include "client/evidence/log_kind.hpp"
#include "resync/local_time.hpp"

#include <cstddef>
#include <map>

namespace provphone::client::evidence {

struct LogTerms {
  std::optional<AccessFormat> format;  // nothing: the file is what it looks like
  resync::Zone zone{};                 // of times without an offset
  std::optional<int> year{};  // of the first line, where there is none; nothing: as of LogClock
  Instant start{};            // at which times of records and traces begin
};

// How the reading of logs went; adds up over several.
struct LogReport {
  static constexpr std::size_t most_misfits = 5;

  std::size_t files = 0, lines = 0;  // blank ones left out
  std::size_t used = 0;              // lines that say something of somebody
  std::size_t about_else = 0;        // comments, other programs, what says nothing by itself
  std::size_t misfit_count = 0;
  std::vector<std::string> misfits;      // the first ones, `access.log:17: expected ...`
  std::size_t cut_off = 0;               // last lines that end in the middle and do not fit
  std::size_t clock_jumps = 0;           // times that go back by more than a minute within a file
  std::map<LogKind, std::size_t> kinds;  // of files
  std::optional<Instant> from, to;       // of what was used
};

// Reads a file, be it packed by gzip, into `gathering`; `-` is standard input. What does not fit is
// counted and the rest read. Fails as LineSource, and with bad_argument, naming the file, where it
// is empty, nobody knows what its first lines are, or no line of it says anything.
Result<void> read_log(const std::string& file, const LogTerms& terms, Gathering& gathering,
                      LogReport& report);

}  // namespace provphone::client::evidence
