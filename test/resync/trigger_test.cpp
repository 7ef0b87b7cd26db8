#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace trigger_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using resync::PassKind;
using resync::Reason;

constexpr auto boot = PassKind::boot;
constexpr auto periodic = PassKind::periodic;
constexpr auto retry = PassKind::error_retry;

Script phone_of(profile::Generation generation) {
  Script phone(generation);
  phone.set("Resync_Random_Delay", "0");
  return phone;
}

}  // namespace

TEST_CASE("an MPP phone's trigger holds a periodic pass until it is true",
          "[R-RESYNC-31][R-RESYNC-05]") {
  for (const auto generation : {profile::Generation::mpp11, profile::Generation::mpp12}) {
    phone_of(generation)
        .powered_on()
        .passes_at(0s, boot)
        .set("Resync_Trigger_1", "$PRVTMR ge 7200")
        .pass_succeeds()
        .gated_at(3600s, periodic, Reason::trigger_false)
        .passes_at(7200s, periodic);
  }
}

TEST_CASE("an MPP phone's trigger holds the boot pass too, and the period goes on",
          "[R-RESYNC-31][R-RESYNC-05]") {
  phone_of(profile::Generation::mpp12)
      .set("Resync_Trigger_1", "$PRVST eq 1")
      .powered_on()
      .gated_at(0s, boot, Reason::trigger_false)
      .passes_at(3600s, periodic);
}

TEST_CASE("an MPP phone's trigger holds retries, which wait the same element again",
          "[R-RESYNC-31][R-RESYNC-05]") {
  phone_of(profile::Generation::mpp12)
      .set("Resync_Error_Retry_Delay", "10,1000")
      .powered_on()
      .passes_at(0s, boot)
      .set("Resync_Trigger_1", "$PRVTMR ge 15")
      .rule_fails()
      .gated_at(10s, retry, Reason::trigger_false)
      .passes_at(20s, retry);
}

TEST_CASE("one trigger of two is enough, and an empty one counts for nothing", "[R-RESYNC-31]") {
  struct Case {
    const char* first;
    const char* second;
    bool passes;
  };
  for (const auto& [first, second, passes] : {Case{"", "", true},
                                              {"1 eq 2", "", false},
                                              {"", "1 eq 2", false},
                                              {"1 eq 2", "1 eq 1", true},
                                              {"1 eq 1", "", true},
                                              {"no condition", "", false},
                                              {"# 1 eq 2", "", true}}) {
    INFO(first << " / " << second);
    auto phone = phone_of(profile::Generation::mpp12);
    phone.set("Resync_Trigger_1", first).set("Resync_Trigger_2", second).powered_on();
    passes ? phone.passes_at(0s, boot) : phone.gated_at(0s, boot, Reason::trigger_false);
  }
}

TEST_CASE("a request does not wait for triggers", "[R-RESYNC-33]") {
  phone_of(profile::Generation::mpp12)
      .set("Resync_Trigger_1", "1 eq 2")
      .powered_on()
      .gated_at(0s, boot, Reason::trigger_false)
      .at(5s)
      .resync_requested()
      .started_because(Reason::explicit_request);
}

TEST_CASE("an SPA phone's trigger starts a pass as soon as it is true", "[R-RESYNC-32]") {
  phone_of(profile::Generation::spa)
      .set("Resync_Trigger_1", "$REGTMR1 gt 300 and $PRVTMR ge 600")
      .powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .at(100s)
      .registration_lost()
      .passes_at(600s, periodic)
      .started_because(Reason::trigger_holds)
      .pass_succeeds()
      .passes_at(1200s, periodic)
      .pass_succeeds()
      .passes_at(1800s, periodic);
}

TEST_CASE("an SPA phone whose line registers again in time is not triggered", "[R-RESYNC-32]") {
  phone_of(profile::Generation::spa)
      .set("Resync_Trigger_1", "$REGTMR1 gt 300")
      .powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .at(100s)
      .registration_lost()
      .at(400s)
      .registration_restored()
      .passes_at(3600s, periodic)
      .started_because(Reason::periodic_interval);
}

TEST_CASE("an SPA phone's trigger for exact values is met", "[R-RESYNC-32]") {
  phone_of(profile::Generation::spa)
      .set("Resync_Trigger_2", "$PRVTMR eq 77")
      .powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .passes_at(77s, periodic);
}

TEST_CASE("an SPA phone's trigger that is always true starts a pass a second", "[R-RESYNC-32]") {
  phone_of(profile::Generation::spa)
      .set("Resync_Trigger_1", "1 eq 1")
      .set("Resync_On_Reset", "No")
      .powered_on()
      .passes_at(0s, periodic)
      .pass_succeeds()
      .passes_at(1s, periodic)
      .pass_succeeds()
      .passes_at(2s, periodic);
}

TEST_CASE("an SPA phone's trigger does not start what Provision_Enable forbids",
          "[R-RESYNC-32][R-RESYNC-03]") {
  phone_of(profile::Generation::spa)
      .set("Resync_Trigger_1", "1 eq 1")
      .set("Provision_Enable", "No")
      .set("Resync_On_Reset", "No")
      .powered_on()
      .quiet_forever()
      .at(50s)
      .set("Provision_Enable", "Yes")
      .parameters_changed()
      .passes_at(50s, periodic);
}

TEST_CASE("an SPA phone's trigger looks at the phone's other facts too", "[R-RESYNC-32]") {
  auto phone = phone_of(profile::Generation::spa);
  phone.set("Resync_Trigger_1", "\"$A\" eq \"go\" and $PRVTMR ge $B").set("GPP_B", "30");
  phone.powered_on().passes_at(0s, boot).pass_succeeds().at(40s).set("GPP_A", "go");
  phone.parameters_changed().passes_at(40s, periodic);
}

TEST_CASE("the knob trigger_semantics makes a gate of an SPA phone's trigger and the reverse",
          "[R-RESYNC-31][R-RESYNC-32]") {
  phone_of(profile::Generation::spa)
      .knob("trigger_semantics=gate")
      .set("Resync_Trigger_1", "1 eq 2")
      .powered_on()
      .gated_at(0s, boot, Reason::trigger_false);
  phone_of(profile::Generation::mpp12)
      .knob("trigger_semantics=starter")
      .set("Resync_Trigger_1", "$PRVTMR ge 10")
      .powered_on()
      .passes_at(0s, boot)
      .pass_succeeds()
      .passes_at(10s, periodic);
}

TEST_CASE("names in a trigger reach as far as in any text", "[R-MACRO-13][R-RESYNC-31]") {
  const auto phone_with = [](std::string_view extent) {
    auto phone = phone_of(profile::Generation::mpp12);
    phone.knob(extent).set("GPP_A", "on").set("Resync_Trigger_1", "\"$A_1\" eq \"on_1\"");
    return phone;
  };
  phone_with("macro_name_extent=letters_and_digits").powered_on().passes_at(0s, boot);
  phone_with("macro_name_extent=longest_run")
      .powered_on()
      .gated_at(0s, boot, Reason::trigger_false);
}

}  // namespace trigger_test
