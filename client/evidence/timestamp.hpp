#pragma once

#include "client/evidence/seen.hpp"
#include "resync/local_time.hpp"

#include <cstddef>
#include <string_view>

// Times as logs print them, and the instants that they are.
namespace provphone::client::evidence {

// What a log prints of a time. Nothing says that such a day exists but for the ranges.
struct Stamp {
  int year = 0;  // 0: it has none
  unsigned month = 1, day = 1;
  std::chrono::milliseconds of_day{};
  std::optional<std::chrono::seconds> offset{};  // of local time from UTC; nothing: it has none
  std::size_t length = 0;                        // of the text that it takes
};

// `27/Nov/2026:10:00:01 +0100`, of access logs.
std::optional<Stamp> parse_access_stamp(std::string_view text);

// `2026-11-27T10:00:01.250+01:00`; a blank for the T, a comma for the point, `Z`, an offset without
// colon or none at all are as good.
std::optional<Stamp> parse_iso_stamp(std::string_view text);

// `Nov 27 10:00:01`, a day below 10 behind two blanks or a zero, perhaps with the year behind the
// day and with milliseconds.
std::optional<Stamp> parse_syslog_stamp(std::string_view text);

// `1764234001.250`: seconds since 1970.
std::optional<Instant> parse_unix_time(std::string_view text);

// `2026-11-27T10:00:01.250Z`
std::string format_utc(Instant at);

// Makes instants of what one log prints, line after line: local times by a zone, and years where
// there are none.
class LogClock {
 public:
  // `zone` is that of stamps without an offset. Without a year the first line's is `year`, or where
  // nobody gives one the latest in which it is not behind `written` by more than a day, which is
  // when the log was written last.
  LogClock(resync::Zone zone, std::optional<int> year, Instant written)
      : zone_(std::move(zone)), given_year_(year), written_(written) {}

  // An hour that clocks show twice is taken for the second one where the line before was later than
  // the first; one that they never show, for the first instant behind it.
  Instant instant_of(const Stamp& stamp);

 private:
  Instant from_local(resync::local_seconds local);
  int year_of(const Stamp& stamp);

  resync::Zone zone_;
  std::optional<int> given_year_;
  Instant written_;
  Instant last_{};
  int year_ = 0;  // 0: no line yet
  unsigned last_month_ = 0;
};

}  // namespace provphone::client::evidence
