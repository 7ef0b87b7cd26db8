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
};

struct ReadLogs {
  evidence::Gathered gathered;
  evidence::LogReport report;
  infer::Courses courses;
  resync::Zone zone;  // of the flag
};

// Complains of lines that do not fit. Fails as read_log(), and with bad_argument where the logs
// have no request of any phone.
Result<ReadLogs> read_logs(const LogFlags& flags);

// Logs that count from their own start have no time of day.
bool has_clock(const evidence::LogReport& report);

}  // namespace provphone::client::cli
