#include "resync/resync_at.hpp"

#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace resync_at_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using namespace std::chrono;
using resync::PassKind;
using resync::Reason;

constexpr auto boot = PassKind::boot;
constexpr auto periodic = PassKind::periodic;
constexpr auto retry = PassKind::error_retry;

constexpr sys_seconds utc(int y, unsigned m, unsigned d, int hh = 0, int mm = 0, int ss = 0) {
  return sys_days{year{y} / month{m} / day{d}} + hours(hh) + minutes(mm) + seconds(ss);
}

// Central European time around the two changes of 2026.
resync::Zone central_europe() {
  return {3600s, {{utc(2026, 3, 29, 1), 7200s}, {utc(2026, 10, 25, 1), 3600s}}};
}

// A phone that booted and made its boot pass at 0 s, when its clock showed `at`.
Script booted_at(sys_seconds at, resync::Zone zone = {}) {
  Script phone;
  phone.clock(at, std::move(zone)).set("Resync_Random_Delay", "0");
  return phone;
}

Script& boot_pass(Script& phone) {
  return phone.powered_on().passes_at(0s, boot).pass_succeeds();
}

}  // namespace

TEST_CASE("a set time is exactly four digits from 0000 to 2400", "[R-RESYNC-21]") {
  const auto mpp12 = resync::personality_of(profile::Generation::mpp12);
  struct Case {
    const char* text;
    int minutes;
  };
  for (const auto& [text, expected] :
       {Case{"0000", 0}, {"1000", 600}, {"2359", 1439}, {"2400", 1440}})
    CHECK(resync::parse_resync_at(text, mpp12) == minutes(expected));
  for (const auto* text :
       {"", "960", "2560", "10:00", "2401", "2459", "1060", "10000", " 1000", "1a00", "-100"}) {
    INFO(text);
    CHECK(resync::parse_resync_at(text, mpp12) == std::nullopt);
  }
  auto strict = mpp12;
  REQUIRE(resync::set_knob(strict, "resync_at_2400=invalid"));
  CHECK(resync::parse_resync_at("2400", strict) == std::nullopt);
}

TEST_CASE("the random window is a number of whole minutes", "[R-RESYNC-22]") {
  struct Case {
    std::uint32_t delay;
    int nearest, up;
  };
  auto personality = resync::personality_of(profile::Generation::mpp12);
  auto rounding_up = personality;
  REQUIRE(resync::set_knob(rounding_up, "resync_at_rounding=up"));
  for (const auto& [delay, nearest, up] : {Case{600, 10, 10},
                                           {601, 10, 11},
                                           {629, 10, 11},
                                           {630, 11, 11},
                                           {659, 11, 11},
                                           {660, 11, 11},
                                           {3600, 60, 60},
                                           {65535, 1092, 1093}}) {
    INFO(delay);
    CHECK(resync::random_window(delay, personality) == minutes(nearest));
    CHECK(resync::random_window(delay, rounding_up) == minutes(up));
  }
}

TEST_CASE("a window below ten minutes is ten minutes, and 0 is exact except on mpp12",
          "[R-RESYNC-22]") {
  for (const auto generation : {profile::Generation::spa, profile::Generation::mpp11}) {
    CHECK(resync::random_window(0, resync::personality_of(generation)) == 0min);
    CHECK(resync::random_window(1, resync::personality_of(generation)) == 10min);
  }
  const auto mpp12 = resync::personality_of(profile::Generation::mpp12);
  CHECK(resync::random_window(0, mpp12) == 10min);
  CHECK(resync::random_window(599, mpp12) == 10min);
}

TEST_CASE("Resync_At replaces the period, within its window, once a day", "[R-RESYNC-20]") {
  std::set<resync::Duration::rep> instants;
  auto phone = booted_at(utc(2026, 3, 1, 9, 59, 50));
  phone.set("Resync_At__HHmm_", "1000").set("Resync_Periodic", "60");
  boot_pass(phone);
  for (int day = 0; day < 20; ++day) {
    const auto opens = 10s + 24h * day;
    phone.passes_within(opens, opens + 10min, periodic).started_because(Reason::resync_at);
    instants.insert((phone.phone().pass_started.time_since_epoch() - opens).count());
    phone.pass_succeeds();
  }
  CHECK(instants.size() > 15);  // drawn anew each day
}

TEST_CASE("without a random delay the pass starts to the second", "[R-RESYNC-22]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 3, 1, 9, 59, 50)).set("Resync_Random_Delay", "0");
  phone.set("Resync_At__HHmm_", "1000").set("Resync_At_Random_Delay", "0");
  boot_pass(phone).passes_at(10s, periodic).pass_succeeds().passes_at(24h + 10s, periodic);
}

TEST_CASE("an invalid Resync_At is ignored, and Resync_Periodic governs", "[R-RESYNC-21]") {
  for (const auto* text : {"2560", "960", "10:00"}) {
    auto phone = booted_at(utc(2026, 3, 1, 9, 59, 50));
    phone.set("Resync_At__HHmm_", text).set("Resync_Periodic", "60");
    boot_pass(phone).passes_at(60s, periodic);
  }
}

TEST_CASE("2400 is the midnight that ends the day", "[R-RESYNC-21]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 3, 1, 23, 0)).set("Resync_Random_Delay", "0");
  phone.set("Resync_At__HHmm_", "2400").set("Resync_At_Random_Delay", "0");
  boot_pass(phone).passes_at(1h, periodic);
}

TEST_CASE("Resync_At needs no success before it", "[R-RESYNC-20]") {
  auto phone = booted_at(utc(2026, 3, 1, 9, 0));
  phone.set("Resync_At__HHmm_", "1000").set("Resync_On_Reset", "No").powered_on();
  phone.passes_within(1h, 1h + 10min, periodic);
}

TEST_CASE(
    "a failed Resync_At pass is retried along the error list, and tomorrow comes all the same",
    "[R-RESYNC-20][R-RESYNC-13]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 3, 1, 9, 0)).set("Resync_Random_Delay", "0");
  phone.set("Resync_At__HHmm_", "1000").set("Resync_At_Random_Delay", "0");
  phone.set("Resync_Error_Retry_Delay", "60,86400");
  boot_pass(phone).passes_at(1h, periodic).rule_fails();
  phone.passes_at(1h + 60s, retry).rule_fails().passes_at(25h, periodic).pass_succeeds();
  phone.passes_at(49h, periodic);
}

TEST_CASE("without a clock Resync_At waits, and Resync_Periodic does not step in",
          "[R-RESYNC-23][R-RESYNC-20]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 3, 1, 9, 0), {}, resync::ClockIsKnown::once_told);
  phone.set("Resync_Random_Delay", "0").set("Resync_At__HHmm_", "1000");
  phone.set("Resync_At_Random_Delay", "0").set("Resync_Periodic", "60");
  boot_pass(phone).quiet_forever().at(30min).clock_set().passes_at(1h, periodic);
}

TEST_CASE("a clock that is set after today's window waits for tomorrow's", "[R-RESYNC-23]") {
  Script phone;
  phone.clock(utc(2026, 3, 1, 9, 0), {}, resync::ClockIsKnown::once_told);
  phone.set("Resync_Random_Delay", "0").set("Resync_At__HHmm_", "1000");
  boot_pass(phone).at(2h).clock_set().passes_within(25h, 25h + 10min, periodic);
}

TEST_CASE("a phone that restarts within the window does not make the day's pass twice",
          "[R-RESYNC-22]") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    auto phone = booted_at(utc(2026, 3, 1, 9, 59));
    phone.seed(seed).set("Resync_At__HHmm_", "1000").set("Resync_On_Reset", "No");
    phone.powered_on().passes_within(1min, 11min, periodic).pass_succeeds();
    phone.powered_off().powered_on().passes_within(24h + 1min, 24h + 11min, periodic);
  }
}

TEST_CASE("a set time that clocks skip is met at the first instant behind the gap",
          "[R-RESYNC-24]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 3, 28, 23, 0), central_europe()).set("Resync_Random_Delay", "0");
  phone.set("Resync_At__HHmm_", "0230").set("Resync_At_Random_Delay", "0");
  // 23:00 UTC is midnight; at 01:00 UTC clocks go from 02:00 to 03:00.
  boot_pass(phone).passes_at(2h, periodic).pass_succeeds().passes_at(2h + 23h + 30min, periodic);
}

TEST_CASE("a set time that clocks show twice is met once, the first time", "[R-RESYNC-24]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 10, 24, 22, 0), central_europe()).set("Resync_Random_Delay", "0");
  phone.set("Resync_At__HHmm_", "0230").set("Resync_At_Random_Delay", "0");
  // 22:00 UTC is midnight; 02:30 comes at 00:30 and again at 01:30 UTC.
  boot_pass(phone).passes_at(2h + 30min, periodic).pass_succeeds().passes_at(27h + 30min, periodic);
}

TEST_CASE("local time is UTC and the zone's offset of the moment", "[R-RESYNC-24]") {
  const auto zone = central_europe();
  const auto local = [](int y, unsigned m, unsigned d, int hh, int mm = 0) {
    return local_seconds{utc(y, m, d, hh, mm).time_since_epoch()};
  };
  CHECK(resync::local_time(zone, utc(2026, 1, 1, 12)) == local(2026, 1, 1, 13));
  CHECK(resync::local_time(zone, utc(2026, 3, 29, 0, 59)) == local(2026, 3, 29, 1, 59));
  CHECK(resync::local_time(zone, utc(2026, 3, 29, 1)) == local(2026, 3, 29, 3));
  CHECK(resync::local_time(zone, utc(2026, 12, 1, 12)) == local(2026, 12, 1, 13));
  CHECK(resync::first_instant(zone, local(2026, 1, 1, 13)) == utc(2026, 1, 1, 12));
  CHECK(resync::first_instant(zone, local(2026, 3, 29, 2, 30)) == utc(2026, 3, 29, 1));
  CHECK(resync::first_instant(zone, local(2026, 3, 29, 3)) == utc(2026, 3, 29, 1));
  CHECK(resync::first_instant(zone, local(2026, 7, 1, 12)) == utc(2026, 7, 1, 10));
  CHECK(resync::first_instant(zone, local(2026, 10, 25, 2)) == utc(2026, 10, 25, 0));
  CHECK(resync::first_instant(zone, local(2026, 10, 25, 3)) == utc(2026, 10, 25, 2));
}

TEST_CASE("a window held by Provision_Enable comes again the next day",
          "[R-RESYNC-05][R-RESYNC-20]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 3, 1, 9, 0)).set("Resync_Random_Delay", "0");
  phone.set("Resync_At__HHmm_", "1000").set("Resync_At_Random_Delay", "0");
  boot_pass(phone).set("Provision_Enable", "No");
  phone.gated_at(1h, periodic, Reason::provisioning_disabled).set("Provision_Enable", "Yes");
  phone.passes_at(25h, periodic);
}

TEST_CASE("a Resync_At that a person sets counts at once", "[R-RESYNC-25]") {
  Script phone(profile::Generation::mpp11);
  phone.clock(utc(2026, 3, 1, 9, 0)).set("Resync_Random_Delay", "0");
  phone.set("Resync_Periodic", "0").set("Resync_At_Random_Delay", "0");
  boot_pass(phone).quiet_forever().at(10min).set("Resync_At__HHmm_", "1000").parameters_changed();
  phone.passes_at(1h, periodic);
}

}  // namespace resync_at_test
