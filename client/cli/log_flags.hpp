#pragma once

#include "client/evidence/log_reader.hpp"
#include "client/infer/passes.hpp"
#include "macro/error.hpp"

#include <string>
#include <vector>

// Logs of servers that a command line names, and how they are to be read.
namespace provphone::client::cli {

struct LogFlags {
  std::vector<std::string> files;
  std::string format, leases;
  std::string zone = "UTC";
  unsigned year = 0;  // of the first line, where lines have none; 0: as the file was written
};

struct ReadLogs {
  evidence::Gathered gathered;
  evidence::LogReport report;
  resync::Zone zone;  // of the flag
};

// Fails as read_log(), and with bad_argument for what the flags do not say well.
Result<ReadLogs> read_logs(const LogFlags& flags);

// The same, with a word to standard error on what was read, of logs that have passes of phones:
// fails with bad_argument where they have none.
struct CoursesInLogs {
  ReadLogs logs;
  infer::Courses courses;
};
Result<CoursesInLogs> read_courses(const LogFlags& flags);

// Logs that count from their own start have no time of day.
bool has_clock(const evidence::LogReport& report);

}  // namespace provphone::client::cli
