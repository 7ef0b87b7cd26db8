#include "resync/time_zone.hpp"

#include "resync/phone_clock.hpp"
#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace time_zone_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using namespace std::chrono;
using resync::PassKind;

constexpr std::string_view american = "start=3/8/7/2;end=11/1/7/2;save=1";
constexpr std::string_view european = "start=3/-1/7/2;end=10/-1/7/3;save=1";
constexpr std::string_view australian = "start=10/1/7/2;end=4/1/7/3;save=1";

constexpr sys_seconds utc(int y, unsigned m, unsigned d, int hh = 0, int mm = 0) {
  return sys_days{year{y} / month{m} / day{d}} + hours(hh) + minutes(mm);
}

constexpr local_seconds local(int y, unsigned m, unsigned d, int hh = 0, int mm = 0) {
  return local_seconds{utc(y, m, d, hh, mm).time_since_epoch()};
}

resync::OwnZone zone(seconds offset, std::string_view rule) {
  const auto saving = resync::parse_saving_time(rule);
  REQUIRE(saving);
  return {offset, saving};
}

resync::YearsOfZone in_2026(const resync::OwnZone& own) {
  return {own, year{2026}};
}

// A phone of exact times that booted and made its boot pass when the right time was `at`.
Script exact(sys_seconds at) {
  Script phone(profile::Generation::mpp11);
  phone.clock(at).set("Resync_Random_Delay", "0").set("Resync_At_Random_Delay", "0");
  return phone;
}

Script& boot_pass(Script& phone) {
  return phone.powered_on().passes_at(0s, PassKind::boot).pass_succeeds();
}

}  // namespace

TEST_CASE("Time_Zone is GMT and hours and minutes from there", "[R-RESYNC-26]") {
  struct Case {
    const char* text;
    std::optional<seconds> offset;
  };
  for (const auto& [text, offset] : {Case{"GMT", 0s},
                                     {"GMT-08:00", -8h},
                                     {"GMT-8:00", -8h},
                                     {" GMT+05:30 ", 5h + 30min},
                                     {"GMT+1", 1h},
                                     {"GMT+14:00", 14h},
                                     {"GMT+14:30", std::nullopt},
                                     {"GMT+15:00", std::nullopt},
                                     {"GMT08:00", std::nullopt},
                                     {"GMT-", std::nullopt},
                                     {"GMT-08:60", std::nullopt},
                                     {"GMT-08:00 PST", std::nullopt},
                                     {"Europe/Paris", std::nullopt},
                                     {"", std::nullopt}}) {
    INFO(text);
    CHECK(resync::parse_time_zone(text) == offset);
  }
}

TEST_CASE("Time_Offset is hours and minutes with a slash", "[R-RESYNC-27]") {
  struct Case {
    const char* text;
    std::optional<seconds> offset;
  };
  for (const auto& [text, offset] : {Case{"", 0s},
                                     {"00/00", 0s},
                                     {"-00/08", -8min},
                                     {"01/30", 90min},
                                     {"+1:30", 90min},
                                     {"24/00", std::nullopt},
                                     {"01", std::nullopt},
                                     {"01/3x", std::nullopt}}) {
    INFO(text);
    CHECK(resync::parse_time_offset(text) == offset);
  }
}

TEST_CASE("a daylight-saving rule has a start, an end and what is saved", "[R-RESYNC-28]") {
  const auto rule = resync::parse_saving_time("start=4/1/7;end=10/-1/7;save=1");
  REQUIRE(rule);
  CHECK(rule->start == resync::YearlyMoment{4, 1, 7, 0s});
  CHECK(rule->end == resync::YearlyMoment{10, -1, 7, 0s});
  CHECK(rule->save == 1h);
  const auto full =
      resync::parse_saving_time(" end = 10/-8/0/03:30:15 ; save=-0:30 ;start=3/+8/7/2:");
  REQUIRE(full);
  CHECK(full->start == resync::YearlyMoment{3, 8, 7, 2h});
  CHECK(full->end == resync::YearlyMoment{10, -8, 0, 3h + 30min + 15s});
  CHECK(full->save == -30min);
  CHECK(resync::parse_saving_time("start=1/1/0/24;end=2/1/0;save=/+1:30:20")->save ==
        1h + 30min + 20s);
  for (const auto* text :
       {"", "start=4/1/7;end=10/-1/7", "start=4/1/7;save=1", "start=13/1/7;end=10/-1/7;save=1",
        "start=0/1/7;end=10/-1/7;save=1", "start=4/0/7;end=10/-1/7;save=1",
        "start=4/32/7;end=10/-1/7;save=1", "start=4/1/8;end=10/-1/7;save=1",
        "start=4/1;end=10/-1/7;save=1", "start=4/1/7/25;end=10/-1/7;save=1",
        "start=4/1/7/2:60;end=10/-1/7;save=1", "start=4/1/7/24:01;end=10/-1/7;save=1",
        "start=4/1/7;start=4/1/7;end=10/-1/7;save=1", "start=4/1/7;end=10/-1/7;save=one",
        "start=4/1/7;end=10/-1/7;save=1;more=2", "start=4/1/7x;end=10/-1/7;save=1"}) {
    INFO(text);
    CHECK_FALSE(resync::parse_saving_time(text));
  }
}

TEST_CASE("the day of a rule is the weekday on or behind it, or the last one before",
          "[R-RESYNC-28]") {
  struct Case {
    resync::YearlyMoment moment;
    sys_days day;
  };
  for (const auto& [moment, day] :
       {Case{{3, 8, 7, 0s}, sys_days{2026y / March / 8}},
        {{3, 9, 7, 0s}, sys_days{2026y / March / 15}},
        {{3, -1, 7, 0s}, sys_days{2026y / March / 29}},
        {{3, -3, 7, 0s}, sys_days{2026y / March / 29}},
        {{3, -4, 7, 0s}, sys_days{2026y / March / 22}},
        {{3, 29, 0, 0s}, sys_days{2026y / March / 29}},
        {{10, 29, 7, 0s}, sys_days{2026y / November / 1}},  // the month ends before a Sunday comes
        {{2, 29, 0, 0s}, sys_days{2026y / February / 28}},
        {{2, -31, 0, 0s}, sys_days{2026y / February / 1}}}) {
    INFO(int{moment.month} << "/" << int{moment.day} << "/" << int{moment.weekday});
    CHECK(resync::day_in(2026y, moment) == day);
  }
}

TEST_CASE("clocks go forward and back by the local time in front of the change", "[R-RESYNC-28]") {
  const auto pacific = in_2026(zone(-8h, american));
  CHECK(resync::local_time(pacific, utc(2026, 3, 8, 9, 59)) == local(2026, 3, 8, 1, 59));
  CHECK(resync::local_time(pacific, utc(2026, 3, 8, 10, 0)) == local(2026, 3, 8, 3, 0));
  CHECK(resync::local_time(pacific, utc(2026, 11, 1, 8, 59)) == local(2026, 11, 1, 1, 59));
  CHECK(resync::local_time(pacific, utc(2026, 11, 1, 9, 0)) == local(2026, 11, 1, 1, 0));
  const auto paris = in_2026(zone(1h, european));
  CHECK(resync::local_time(paris, utc(2026, 3, 29, 0, 59)) == local(2026, 3, 29, 1, 59));
  CHECK(resync::local_time(paris, utc(2026, 3, 29, 1, 0)) == local(2026, 3, 29, 3, 0));
  CHECK(resync::local_time(paris, utc(2026, 10, 25, 1, 0)) == local(2026, 10, 25, 2, 0));
  const auto sydney = in_2026(zone(10h, australian));
  CHECK(resync::local_time(sydney, utc(2026, 1, 1)) == local(2026, 1, 1, 11));
  CHECK(resync::local_time(sydney, utc(2026, 4, 4, 16)) == local(2026, 4, 5, 2));
  CHECK(resync::local_time(sydney, utc(2026, 7, 1)) == local(2026, 7, 1, 10));
  CHECK(resync::local_time(sydney, utc(2026, 12, 31, 23)) == local(2027, 1, 1, 10));
}

TEST_CASE("whatever a daylight-saving rule says, clocks show it and skip it as any zone's",
          "[R-RESYNC-24][R-RESYNC-28]") {
  // Every third day of a year, at an odd time, for rules that are drawn.
  for (std::uint32_t drawn = 0; drawn < 300; ++drawn) {
    const resync::Stream stream{7, drawn, resync::Purpose::resync_at};
    const auto up_to = [&](std::uint32_t which, std::uint32_t most) {
      return static_cast<int>(draw_up_to(stream, which, most));
    };
    const auto moment = [&](std::uint32_t which) {
      const int day = up_to(which + 1, 30) + 1;
      return resync::YearlyMoment{static_cast<std::uint8_t>(up_to(which, 11) + 1),
                                  static_cast<std::int8_t>(up_to(which + 2, 1) == 1 ? day : -day),
                                  static_cast<std::uint8_t>(up_to(which + 3, 7)),
                                  seconds(up_to(which + 4, 86'400))};
    };
    const resync::OwnZone own{
        hours(up_to(0, 26) - 12),
        resync::SavingTime{moment(1), moment(6), minutes(up_to(11, 120) - 60)}};
    const auto zone = in_2026(own);
    for (auto at = utc(2026, 1, 1, 0, 7); at < utc(2027, 1, 1); at += 72h + 13min) {
      const auto shown = resync::local_time(zone, at);
      const auto first = resync::first_instant(zone, shown);
      INFO("rule " << drawn << " at " << at.time_since_epoch().count());
      CHECK(first <= at);
      CHECK(at - first <= 2h);
      CHECK(resync::local_time(zone, first) == shown);
    }
  }
}

TEST_CASE("a changed Time_Zone is where the phone's Resync_At is", "[R-RESYNC-26]") {
  auto phone = exact(utc(2026, 3, 1, 9, 0));
  phone.set("Resync_At__HHmm_", "1000").set("Time_Zone", "GMT-08:00");
  boot_pass(phone).passes_at(9h, PassKind::periodic);
  auto unset = exact(utc(2026, 3, 1, 9, 0));
  unset.set("Resync_At__HHmm_", "1000").set("Time_Offset__HH_mm_", "05/00");
  boot_pass(unset).passes_at(1h, PassKind::periodic);
  auto unreadable = exact(utc(2026, 3, 1, 9, 0));
  unreadable.set("Resync_At__HHmm_", "1000").set("Time_Zone", "America/Los_Angeles");
  boot_pass(unreadable).passes_at(1h, PassKind::periodic);
}

TEST_CASE("Time_Offset counts on top of Time_Zone", "[R-RESYNC-27]") {
  auto phone = exact(utc(2026, 3, 1, 9, 0));
  phone.set("Resync_At__HHmm_", "1000").set("Time_Zone", "GMT-08:00");
  phone.set("Time_Offset__HH_mm_", "-00/08");
  boot_pass(phone).passes_at(9h + 8min, PassKind::periodic);
}

TEST_CASE("DHCP's time offset counts where it is not ignored", "[R-RESYNC-30]") {
  const auto set_up = [](std::string_view ignore) {
    auto phone = exact(utc(2026, 3, 1, 9, 0));
    phone.set("Resync_At__HHmm_", "1000").set("Time_Zone", "GMT-08:00");
    phone.set("Ignore_DHCP_Time_Offset", ignore);
    return phone;
  };
  const resync::LeaseTime lease{false, -2h};
  auto ignoring = set_up("Yes");
  boot_pass(ignoring.lease(lease)).passes_at(9h, PassKind::periodic);
  auto leased = set_up("No");
  boot_pass(leased.lease(lease)).passes_at(3h, PassKind::periodic);
  // A lease that says nothing leaves the phone its own zone.
  auto without = set_up("No");
  boot_pass(without).passes_at(9h, PassKind::periodic);
  // Where the phone has no zone of its own, too.
  auto unset = set_up("No");
  unset.set("Time_Zone", "nonsense");
  boot_pass(unset.lease(lease)).passes_at(3h, PassKind::periodic);
}

TEST_CASE("Time_Offset and daylight saving go with DHCP's offset, or with none", "[R-RESYNC-30]") {
  const auto set_up = [](std::string_view knob) {
    auto phone = exact(utc(2026, 7, 1, 9, 0));
    phone.knob(knob).set("Resync_At__HHmm_", "1000").set("Ignore_DHCP_Time_Offset", "No");
    phone.set("Time_Offset__HH_mm_", "-00/08").set("Daylight_Saving_Time_Rule", american);
    return phone;
  };
  const resync::LeaseTime lease{false, -2h};
  // Two hours and eight minutes behind UTC, and one ahead of that in summer.
  auto standard = set_up("dhcp_time_offset=standard");
  boot_pass(standard.lease(lease)).passes_at(2h + 8min, PassKind::periodic);
  auto whole = set_up("dhcp_time_offset=whole");
  boot_pass(whole.lease(lease)).passes_at(3h, PassKind::periodic);
}

TEST_CASE("Resync_At meets the phone's own daylight saving", "[R-RESYNC-28][R-RESYNC-24]") {
  const auto set_up = [](sys_seconds at) {
    auto phone = exact(at);
    phone.set("Resync_At__HHmm_", "0230").set("Time_Zone", "GMT-08:00");
    phone.set("Daylight_Saving_Time_Rule", american);
    return phone;
  };
  // 02:30 is skipped on the 8th of March: clocks go from 02:00 to 03:00 at 10:00 UTC.
  auto gap = set_up(utc(2026, 3, 8, 9, 0));
  boot_pass(gap)
      .passes_at(1h, PassKind::periodic)
      .pass_succeeds()
      .passes_at(24h + 30min, PassKind::periodic);
  // On the 1st of November clocks go from 02:00 to 01:00 at 09:00 UTC.
  auto overlap = set_up(utc(2026, 11, 1, 7, 0));
  overlap.set("Resync_At__HHmm_", "0130");
  boot_pass(overlap).passes_at(1h + 30min, PassKind::periodic).pass_succeeds();
  overlap.passes_at(26h + 30min, PassKind::periodic);
  auto off = set_up(utc(2026, 7, 1, 9, 0));
  off.set("Daylight_Saving_Time_Enable", "No");
  boot_pass(off).passes_at(1h + 30min, PassKind::periodic);
  auto on = set_up(utc(2026, 7, 1, 9, 0));
  boot_pass(on).passes_at(30min, PassKind::periodic);
}

TEST_CASE("a zone that somebody sets counts at once", "[R-RESYNC-26][R-RESYNC-25]") {
  auto phone = exact(utc(2026, 3, 1, 9, 0));
  phone.set("Resync_At__HHmm_", "1000");
  boot_pass(phone).at(30min).set("Time_Zone", "GMT-02:00").parameters_changed();
  phone.passes_at(3h, PassKind::periodic);
}

TEST_CASE("who has no NTP server may have no time", "[R-RESYNC-29]") {
  const auto set_up = [](std::string_view source) {
    auto phone = exact(utc(2026, 3, 1, 9, 0));
    phone.knob(source).set("Resync_At__HHmm_", "1000");
    return phone;
  };
  auto none = set_up("time_source=ntp_server");
  boot_pass(none).quiet_forever();
  none.at(30min).set("Primary_NTP_Server", "ntp.example.net").parameters_changed();
  none.passes_at(1h, PassKind::periodic);
  auto second = set_up("time_source=ntp_server");
  second.set("Secondary_NTP_Server", "10.0.0.1");
  boot_pass(second).passes_at(1h, PassKind::periodic);
  auto lease = set_up("time_source=ntp_server");
  boot_pass(lease.lease({true, {}})).passes_at(1h, PassKind::periodic);
  auto never = set_up("time_source=none");
  never.set("Primary_NTP_Server", "ntp.example.net");
  boot_pass(never).quiet_forever();
}

TEST_CASE("the time may come late, after every start", "[R-RESYNC-29]") {
  auto phone = exact(utc(2026, 3, 1, 9, 59));
  phone.knob("time_after=20s").set("Resync_At__HHmm_", "1000");
  boot_pass(phone).deadline_comes().passes_at(1min, PassKind::periodic).pass_succeeds();
  // Up again at 09:59:50, it knows at 10:00:10, which is past.
  phone.at(24h + 50s).powered_off().powered_on();
  phone.passes_at(24h + 50s, PassKind::boot).pass_succeeds().deadline_comes();
  phone.passes_at(48h + 1min, PassKind::periodic);
}

TEST_CASE("a clock that gains is ahead by as much of what it has run", "[R-RESYNC-29]") {
  auto fast = exact(utc(2026, 3, 1, 0, 0));
  fast.knob("clock_gains=100000").set("Resync_At__HHmm_", "1100");
  boot_pass(fast).passes_at(10h, PassKind::periodic).pass_succeeds();
  auto slow = exact(utc(2026, 3, 1, 0, 0));
  slow.knob("clock_loses=100000").set("Resync_At__HHmm_", "0900");
  boot_pass(slow).passes_at(10h, PassKind::periodic).pass_succeeds();
  // Once a day of its own, for as long as it runs.
  for (int day = 1; day < 20; ++day) {
    const resync::Duration::rep shown = (9 + 24 * day) * 3'600'000L;
    slow.passes_at(resync::Duration((shown * 10 + 8) / 9), PassKind::periodic).pass_succeeds();
  }
}

TEST_CASE("what a clock shows and when it shows it fit together", "[R-RESYNC-29]") {
  const resync::WallClock wall{utc(2026, 3, 1), {}, resync::ClockIsKnown::from_boot};
  for (const int gains : {-100'000, -50, 0, 1, 50, 100'000}) {
    const resync::PhoneClock clock{wall, nullptr, gains, resync::Time{5s}, 7min};
    for (int i = 0; i < 1'000; ++i) {
      const auto shown = utc(2026, 2, 27) + i * 12'345s;
      const auto at = clock.when_utc(shown);
      INFO(gains << " " << i);
      CHECK(clock.utc(at) == shown);
      CHECK(clock.utc(at - 1ms) < shown);
    }
  }
}

TEST_CASE("a clock that is put forward past Resync_At has missed it, one put back meets it again",
          "[R-RESYNC-29]") {
  auto forward = exact(utc(2026, 3, 1, 9, 0));
  forward.set("Resync_At__HHmm_", "1000");
  boot_pass(forward).at(30min).clock_moved(2h).passes_at(23h, PassKind::periodic);
  auto back = exact(utc(2026, 3, 1, 9, 0));
  back.set("Resync_At__HHmm_", "1000");
  boot_pass(back).passes_at(1h, PassKind::periodic).pass_succeeds();
  back.at(90min).clock_moved(-1h).passes_at(2h, PassKind::periodic).pass_succeeds();
  back.passes_at(26h, PassKind::periodic);
  auto meanwhile = exact(utc(2026, 3, 1, 9, 0));
  meanwhile.set("Resync_At__HHmm_", "1000");
  boot_pass(meanwhile).at(30min).resync_requested(resync::Origin::operator_,
                                                  resync::Scope::one_time_rule);
  meanwhile.clock_moved(20min).rule_succeeds().passes_at(40min, PassKind::periodic);
  auto unknown = exact(utc(2026, 3, 1, 9, 0));
  unknown.knob("time_source=none").set("Resync_At__HHmm_", "1000");
  boot_pass(unknown).clock_moved(1h).quiet_forever();
}

TEST_CASE("Network_Startup_Delay is waited in front of the boot pass", "[R-RESYNC-35]") {
  Script spa(profile::Generation::spa);
  spa.set("Resync_Random_Delay", "0").set("Network_Startup_Delay", "3");
  spa.powered_on().passes_at(3s, PassKind::boot);
  Script mpp;
  mpp.set("Resync_Random_Delay", "0").set("Network_Startup_Delay", "3");
  mpp.powered_on().passes_at(0s, PassKind::boot);
  Script knob;
  knob.knob("network_startup_delay=waited").set("Resync_Random_Delay", "0");
  knob.set("Network_Startup_Delay", "20").powered_on().passes_at(20s, PassKind::boot);
}

}  // namespace time_zone_test
