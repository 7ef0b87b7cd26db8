#pragma once

#include "client/evidence/access_lines.hpp"
#include "client/evidence/sighting.hpp"
#include "client/evidence/tftp_message.hpp"
#include "client/evidence/timestamp.hpp"

#include <optional>

// What goes through syslog: messages of phones, as they are sent and as rsyslog and its like file
// them, and those of TFTP servers and of web servers that log there in a known format.
namespace provphone::client::evidence {

// A line's head, by RFC 3164 or RFC 5424 or by what programs write that log to a file of their own.
struct SyslogHead {
  Stamp time;
  std::string_view host;     // empty: there is none
  std::string_view program;  // without its number and colon; empty: likewise
  std::string_view rest;     // behind all of that
  // Behind the time, where a phone puts neither host nor program.
  std::string_view behind_time;
};
std::optional<SyslogHead> read_syslog_head(std::string_view line);

class SyslogLines : public LogLines {
 public:
  explicit SyslogLines(LogClock clock) : clock_(std::move(clock)) {}

  LineSays read(std::string_view line, const TakeSighting& take) override;
  std::string expected() const override;

 private:
  bool read_message(const SyslogHead& head, Sighting& seen);
  LineSays read_access(std::string_view line, const TakeSighting& take);

  LogClock clock_;
  std::optional<AccessLines> access_;  // once a line has shown the format
  TftpRoot root_;
  std::string text_;
};

}  // namespace provphone::client::evidence
