#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace machine_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using resync::PassKind;
using resync::Reason;

constexpr auto boot = PassKind::boot;
constexpr auto periodic = PassKind::periodic;
constexpr auto retry = PassKind::error_retry;
constexpr auto on_request = PassKind::explicit_request;

// A phone whose boot pass starts at 0 s.
Script booted(profile::Generation generation = profile::Generation::mpp12) {
  Script script(generation);
  script.set("Resync_Random_Delay", "0");
  return script;
}

}  // namespace

TEST_CASE("an MPP phone backs off along its factory list while the server is down",
          "[R-RESYNC-13]") {
  auto phone = booted();
  phone.powered_on().passes_at(0s, boot).rule_fails();
  for (const int t :
       {60, 180, 420, 900, 1860, 3780, 7620, 15300, 30660, 61380, 122820, 209220, 295620, 382020}) {
    phone.passes_at(std::chrono::seconds(t), retry).rule_fails();
  }
}

TEST_CASE("a phone that recovers goes back to its period and begins its retry list anew",
          "[R-RESYNC-13][R-RESYNC-07]") {
  booted()
      .powered_on()
      .passes_at(0s, boot)
      .rule_fails()
      .passes_at(60s, retry)
      .rule_fails()
      .passes_at(180s, retry)
      .rule_fails()
      .passes_at(420s, retry)
      .pass_succeeds()
      .ended_with_success()
      .passes_at(4020s, periodic)
      .rule_fails()
      .passes_at(4080s, retry);
}

TEST_CASE("a periodic list is walked once and its last element repeats",
          "[R-RESYNC-07][R-RESYNC-08]") {
  auto phone = booted();
  phone.set("Resync_Periodic", "600,1200,300").powered_on().passes_at(0s, boot).pass_succeeds();
  for (const int t : {600, 1800, 2100, 2400, 2700}) {
    phone.passes_at(std::chrono::seconds(t), periodic).pass_succeeds();
  }
}

TEST_CASE("a spread is drawn from a to a+b after each success", "[R-RESYNC-08]") {
  std::set<resync::Duration::rep> waits;
  auto phone = booted();
  phone.set("Resync_Periodic", "3600+600").powered_on().passes_at(0s, boot).pass_succeeds();
  for (int n = 0; n < 200; ++n) {
    const auto before = phone.phone().pass_started.time_since_epoch();
    phone.passes_within(before + 3600s, before + 4200s, periodic);
    const auto wait = phone.phone().pass_started.time_since_epoch() - before;
    CHECK(wait % 1s == 0s);
    waits.insert(wait.count());
    phone.pass_succeeds();
  }
  CHECK(waits.size() > 100);  // it does spread
}

TEST_CASE("each element of a retry list has a spread of its own", "[R-RESYNC-08][R-RESYNC-13]") {
  auto phone = booted();
  phone.set("Resync_Error_Retry_Delay", "1800+300,3600+600,7200+900")
      .powered_on()
      .passes_at(0s, boot)
      .rule_fails();
  phone.passes_within(1800s, 2100s, retry).rule_fails();
  const auto from = [&] { return phone.phone().pass_started.time_since_epoch(); };
  phone.passes_within(from() + 3600s, from() + 4200s, retry).rule_fails();
  for (int n = 0; n < 20; ++n)
    phone.passes_within(from() + 7200s, from() + 8100s, retry).rule_fails();
}

TEST_CASE("a retry list without spreads is exact", "[R-RESYNC-13]") {
  auto phone = booted();
  phone.set("Resync_Error_Retry_Delay", "1800,3600,7200,14400")
      .powered_on()
      .passes_at(0s, boot)
      .rule_fails();
  for (const int t : {1800, 5400, 12600, 27000, 41400})
    phone.passes_at(std::chrono::seconds(t), retry).rule_fails();
}

TEST_CASE("the boot pass waits a random part of Resync_Random_Delay units", "[R-RESYNC-06]") {
  struct Case {
    profile::Generation generation;
    resync::Duration longest;
  };
  for (const auto& [generation, longest] :
       {Case{profile::Generation::mpp12, 40s}, Case{profile::Generation::spa, 40s},
        Case{profile::Generation::mpp11, 2s}}) {
    resync::Duration least = longest;
    resync::Duration most{};
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
      Script phone(generation);
      phone.seed(seed)
          .set("Resync_Random_Delay", "2")
          .powered_on()
          .passes_within(0s, longest, boot);
      const auto delay = phone.phone().pass_started.time_since_epoch();
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    CHECK(least < longest / 20);  // the whole range is used
    CHECK(most > longest - longest / 20);
  }
}

TEST_CASE("without a random delay the boot pass starts at once", "[R-RESYNC-06]") {
  booted().powered_on().passes_at(0s, boot).started_because(Reason::power_on);
}

TEST_CASE("the random delay is for the boot pass alone", "[R-RESYNC-06]") {
  booted()
      .set("Resync_Periodic", "30")
      .powered_on()
      .passes_at(0s, boot)
      .set("Resync_Random_Delay", "100")
      .pass_succeeds()
      .passes_at(30s, periodic);
}

TEST_CASE("a retry delay of 0 means no retry", "[R-RESYNC-09][R-RESYNC-13]") {
  for (const auto generation :
       {profile::Generation::spa, profile::Generation::mpp11, profile::Generation::mpp12}) {
    booted(generation)
        .set("Resync_Error_Retry_Delay", "0")
        .powered_on()
        .passes_at(0s, boot)
        .rule_fails()
        .quiet_forever();
  }
}

TEST_CASE("the knob error_retry_zero makes a retry delay of 0 one retry a second",
          "[R-RESYNC-13]") {
  booted(profile::Generation::spa)
      .knob("error_retry_zero=immediate")
      .set("Resync_Error_Retry_Delay", "0")
      .powered_on()
      .passes_at(0s, boot)
      .rule_fails()
      .passes_at(1s, retry)
      .rule_fails()
      .passes_at(2s, retry);
}

TEST_CASE("Resync_Periodic 0 or empty switches the periodic timer off", "[R-RESYNC-09]") {
  for (const auto* value : {"0", ""}) {
    booted()
        .set("Resync_Periodic", value)
        .powered_on()
        .passes_at(0s, boot)
        .pass_succeeds()
        .quiet_forever();
  }
}

TEST_CASE("a 0 that would repeat waits a second", "[R-RESYNC-11]") {
  booted()
      .set("Resync_Error_Retry_Delay", "0,5,0")
      .powered_on()
      .passes_at(0s, boot)
      .rule_fails()
      .passes_at(0s, retry)
      .rule_fails()
      .passes_at(5s, retry)
      .rule_fails()
      .passes_at(6s, retry)
      .rule_fails()
      .passes_at(7s, retry);
}

TEST_CASE("a pass that is held at an element of 0 is due again a second later",
          "[R-RESYNC-11][R-RESYNC-05]") {
  booted()
      .set("Resync_Periodic", "0,0")
      .powered_on()
      .passes_at(0s, boot)
      .set("Provision_Enable", "No")
      .pass_succeeds()
      .gated_at(0s, periodic, Reason::provisioning_disabled)
      .gated_at(1s, periodic, Reason::provisioning_disabled)
      .gated_at(2s, periodic, Reason::provisioning_disabled);
}

TEST_CASE("an unreadable delay list falls back on the factory value", "[R-RESYNC-10]") {
  booted()
      .set("Resync_Periodic", "soon")
      .powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .passes_at(3600s, periodic);
}

TEST_CASE("a failing rule ends the pass, and the retry starts at Profile_Rule",
          "[R-RESYNC-14][R-RESYNC-15]") {
  booted()
      .powered_on()
      .passes_at(0s, boot)
      .evaluates_slot(0)
      .rule_succeeds()
      .evaluates_slot(1)
      .rule_fails(Errc::file_not_found)
      .ended_with(Errc::file_not_found)
      .passes_at(60s, retry)
      .evaluates_slot(0);
}

TEST_CASE("with Resync_Fails_On_FNF off a missing file is no failure", "[R-RESYNC-15]") {
  booted()
      .set("Resync_Fails_On_FNF", "No")
      .powered_on()
      .passes_at(0s, boot)
      .rule_succeeds()
      .rule_fails(Errc::file_not_found)
      .evaluates_slot(2)
      .rule_succeeds()
      .rule_skipped()
      .ended_with_success()
      .passes_at(3600s, periodic);
}

TEST_CASE("with Resync_Fails_On_FNF off a corrupt file still fails", "[R-RESYNC-15]") {
  booted()
      .set("Resync_Fails_On_FNF", "No")
      .powered_on()
      .passes_at(0s, boot)
      .rule_fails(Errc::xml_malformed)
      .ended_with(Errc::xml_malformed);
}

TEST_CASE("four empty rules are a success", "[R-RESYNC-14]") {
  booted()
      .powered_on()
      .passes_at(0s, boot)
      .rule_skipped()
      .evaluates_slot(1)
      .rule_skipped()
      .evaluates_slot(2)
      .rule_skipped()
      .evaluates_slot(3)
      .rule_skipped()
      .ended_with_success();
}

TEST_CASE("the delay counts from the end of the pass", "[R-RESYNC-07]") {
  auto phone = booted();
  phone.set("Resync_Periodic", "30")
      .powered_on()
      .passes_at(0s, boot)
      .at(7s)
      .pass_succeeds()
      .passes_at(37s, periodic);
}

TEST_CASE("a list that the pass changed is begun anew and used at once", "[R-RESYNC-12]") {
  booted()
      .set("Resync_Periodic", "600,1200,300")
      .powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .passes_at(600s, periodic)
      .set("Resync_Periodic", "100,50")
      .pass_succeeds()
      .passes_at(700s, periodic)
      .pass_succeeds()
      .passes_at(750s, periodic);
}

TEST_CASE("Provision_Enable off holds a request and leaves the timers as they are",
          "[R-RESYNC-03]") {
  auto phone = booted();
  phone.powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .set("Provision_Enable", "No")
      .at(100s)
      .resync_requested();
  phone.saw_gate(on_request, Reason::provisioning_disabled);
  CHECK(phone.passes_started() == 1);
  CHECK(phone.due() == resync::Time{3600s});
}

TEST_CASE("a gated boot or periodic pass is due again after the period",
          "[R-RESYNC-03][R-RESYNC-05]") {
  auto phone = booted();
  phone.set("Provision_Enable", "No").set("Resync_Periodic", "30,40").powered_on();
  phone.gated_at(0s, boot, Reason::provisioning_disabled)
      .gated_at(30s, periodic, Reason::provisioning_disabled);
  phone.gated_at(60s, periodic, Reason::provisioning_disabled)
      .set("Provision_Enable", "Yes")
      .passes_at(90s, periodic);
}

TEST_CASE("a gated retry waits the same element again", "[R-RESYNC-05]") {
  auto phone = booted();
  phone.set("Resync_Error_Retry_Delay", "10,20").powered_on().passes_at(0s, boot).rule_fails();
  phone.set("Provision_Enable", "No").gated_at(10s, retry, Reason::provisioning_disabled);
  phone.set("Provision_Enable", "Yes").passes_at(20s, retry).rule_fails().passes_at(40s, retry);
}

TEST_CASE("with Resync_On_Reset off a phone boots without a pass and waits to be asked",
          "[R-RESYNC-04]") {
  Script phone;
  phone.set("Resync_On_Reset", "No")
      .powered_on()
      .saw_gate(boot, Reason::resync_on_reset_off)
      .quiet_forever()
      .resync_requested()
      .pass_succeeds()
      .passes_at(3600s, periodic);
}

TEST_CASE("a request starts a pass at once and behaves as any pass", "[R-RESYNC-17]") {
  booted()
      .powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .at(100s)
      .resync_requested()
      .started_because(Reason::explicit_request)
      .rule_fails()
      .passes_at(160s, retry);
}

TEST_CASE("a request during a pass is served once, after it", "[R-RESYNC-17]") {
  auto phone = booted();
  phone.powered_on()
      .passes_at(0s, boot)
      .resync_requested()
      .saw_deferral(Reason::pass_in_progress)
      .resync_requested();
  CHECK(phone.passes_started() == 1);
  phone.pass_succeeds().started_because(Reason::explicit_request);
  CHECK(phone.passes_started() == 2);
  phone.pass_succeeds().passes_at(3600s, periodic);
}

TEST_CASE("a phone without power does nothing", "[R-RESYNC-02]") {
  booted().powered_on().powered_off().quiet_forever().resync_requested().quiet_forever();
}

TEST_CASE("power-on begins both lists anew and draws another random delay",
          "[R-RESYNC-02][R-RESYNC-06]") {
  auto phone = booted();
  phone.set("Resync_Error_Retry_Delay", "10,20").powered_on().passes_at(0s, boot).rule_fails();
  phone.passes_at(10s, retry)
      .rule_fails()
      .powered_off()
      .powered_on()
      .passes_at(10s, boot)
      .rule_fails();
  phone.passes_at(20s, retry);
}

TEST_CASE("PRVTMR counts from the attempt before", "[R-RESYNC-18]") {
  auto phone = booted();
  phone.set("Resync_Periodic", "600").powered_on().passes_at(0s, boot);
  CHECK(resync::timers_of(phone.phone(), resync::Time{0s}).prvtmr == 0);
  phone.pass_succeeds().passes_at(600s, periodic);
  CHECK(resync::timers_of(phone.phone(), resync::Time{600s}).prvtmr == 600);
  phone.pass_succeeds();
  CHECK(resync::timers_of(phone.phone(), resync::Time{660s + 999ms}).prvtmr == 60);
}

TEST_CASE("a phone's draws depend on seed, phone and purpose alone", "[R-RESYNC-19]") {
  const auto first_due = [](std::uint64_t seed, std::uint32_t index) {
    const auto personality = resync::personality_of(profile::Generation::mpp12);
    const auto settings = resync::settings_of(
        profile::ParameterSet(profile::factory_values(profile::Generation::mpp12)), personality);
    const resync::WallClock wall;
    const macro::Lookup no_facts = [](std::string_view, std::string&) { return false; };
    resync::Phone phone;
    phone.index = index;
    resync::step(phone, {personality, settings, wall, seed, no_facts}, resync::PoweredOn{},
                 resync::Time{});
    return phone.due;
  };
  CHECK(first_due(7, 3) == first_due(7, 3));
  CHECK(first_due(7, 3) != first_due(8, 3));
  CHECK(first_due(7, 3) != first_due(7, 4));
}

}  // namespace machine_test
