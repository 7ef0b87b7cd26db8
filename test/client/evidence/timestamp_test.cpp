#include "client/evidence/timestamp.hpp"

#include "client/scenario/wall_clock.hpp"
#include "test/client/evidence/read_lines.hpp"

#include <catch2/catch.hpp>

namespace timestamp_test {
namespace {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::evidence;
using namespace std::chrono_literals;

Instant utc(int year, unsigned month, unsigned day, std::chrono::milliseconds of_day = {}) {
  using namespace std::chrono;
  return Instant{sys_days{std::chrono::year(year) / std::chrono::month(month) /
                          std::chrono::day(day)}} +
         of_day;
}

LogClock clock_in(const std::string& zone, std::optional<int> year = {},
                  Instant written = utc(2026, 12, 1)) {
  const auto table =
      scenario::load_zone(zone, std::chrono::floor<std::chrono::seconds>(utc(2020, 1, 1)));
  REQUIRE(table);
  return {*table, year, written};
}

using Parser = std::optional<Stamp> (*)(std::string_view);

struct Row {
  Parser parse;
  std::string text, utc;
};

}  // namespace

TEST_CASE("times of logs are instants") {
  const Row rows[] = {
      {parse_access_stamp, "27/Nov/2026:10:00:01 +0100", "2026-11-27T09:00:01.000"},
      {parse_access_stamp, "27/Nov/2026:10:00:01 -0530", "2026-11-27T15:30:01.000"},
      {parse_access_stamp, "27/Nov/2026:10:00:01", "2026-11-27T09:00:01.000"},
      {parse_iso_stamp, "2026-11-27T10:00:01Z", "2026-11-27T10:00:01.000"},
      {parse_iso_stamp, "2026-11-27T10:00:01.25+01:00", "2026-11-27T09:00:01.250"},
      {parse_iso_stamp, "2026-11-27 10:00:01,123456", "2026-11-27T09:00:01.123"},
      {parse_iso_stamp, "2026-07-27T10:00:01", "2026-07-27T08:00:01.000"},
      {parse_syslog_stamp, "Nov 27 10:00:01", "2026-11-27T09:00:01.000"},
      {parse_syslog_stamp, "Nov  7 10:00:01", "2026-11-07T09:00:01.000"},
      {parse_syslog_stamp, "Nov 07 2025 10:00:01.5", "2025-11-07T09:00:01.500"},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto stamp = row.parse(row.text);
    REQUIRE(stamp);
    CHECK(stamp->length == row.text.size());
    CHECK(shown(clock_in("Europe/Paris").instant_of(*stamp)) == row.utc);
  }
}

TEST_CASE("what is no time is none") {
  for (const std::string text :
       {"", "27/Nov/2026", "27/Noo/2026:10:00:01 +0100", "32/Nov/2026:10:00:01",
        "27/Nov/2026:24:00:00", "27/Nov/2026:1:1:1"})
    CHECK_FALSE(parse_access_stamp(text));
  for (const std::string text : {"2026-13-01T00:00:00Z", "2026-11-27", "2026-11-27T10:00", "x"})
    CHECK_FALSE(parse_iso_stamp(text));
  for (const std::string text : {"Nov", "Nov 40 10:00:00", "nov 27 10:00:00", "Nov 27 10:00"})
    CHECK_FALSE(parse_syslog_stamp(text));
  CHECK_FALSE(parse_unix_time("12a"));
  CHECK_FALSE(parse_unix_time(""));
  CHECK(parse_unix_time("1.5") == Instant{1500ms});
}

TEST_CASE("a log without years has those that its last change leaves") {
  const auto stamp = [](const std::string& text) { return *parse_syslog_stamp(text); };
  SECTION("a day ahead of the last change is of the year before") {
    auto clock = clock_in("UTC", {}, utc(2027, 1, 3));
    CHECK(clock.instant_of(stamp("Dec 30 00:00:00")) == utc(2026, 12, 30));
    CHECK(clock.instant_of(stamp("Jan  2 00:00:00")) == utc(2027, 1, 2));
    CHECK(clock.instant_of(stamp("Dec 31 23:59:59")) == utc(2026, 12, 31, 24h - 1s));
    CHECK(clock.instant_of(stamp("Jan  2 00:00:01")) == utc(2027, 1, 2, 1s));
  }
  SECTION("a year that somebody gives is the first line's") {
    auto clock = clock_in("UTC", 2019, utc(2027, 1, 3));
    CHECK(clock.instant_of(stamp("Dec 30 00:00:00")) == utc(2019, 12, 30));
    CHECK(clock.instant_of(stamp("Jan  2 00:00:00")) == utc(2020, 1, 2));
  }
}

TEST_CASE("an hour that clocks show twice goes on where it was") {
  const auto stamp = [](const std::string& text) { return *parse_syslog_stamp(text); };
  auto clock = clock_in("Europe/Paris", 2026);
  CHECK(clock.instant_of(stamp("Oct 25 02:10:00")) == utc(2026, 10, 25, 10min));
  CHECK(clock.instant_of(stamp("Oct 25 02:50:00")) == utc(2026, 10, 25, 50min));
  CHECK(clock.instant_of(stamp("Oct 25 02:10:00")) == utc(2026, 10, 25, 1h + 10min));
  CHECK(clock.instant_of(stamp("Oct 25 03:10:00")) == utc(2026, 10, 25, 2h + 10min));
  // And one that they never show is the first instant behind it.
  CHECK(clock_in("Europe/Paris", 2026).instant_of(stamp("Mar 29 02:30:00")) ==
        utc(2026, 3, 29, 1h));
}

}  // namespace timestamp_test
