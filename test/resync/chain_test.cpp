#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace chain_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using resync::PassKind;
using resync::Reason;

constexpr auto boot = PassKind::boot;

}  // namespace

TEST_CASE("an MPP pass that changed a Profile_Rule is followed by another at once",
          "[R-RESYNC-16]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
  phone.set("Profile_Rule", "http://127.0.0.1/second.xml").pass_succeeds();
  phone.started_because(Reason::profile_rule_changed).evaluates_slot(0);
  phone.pass_succeeds().ended_with_success().passes_at(3600s, PassKind::periodic);
  CHECK(phone.passes_started() == 3);
}

TEST_CASE("a Profile_Rule that ends a pass as it was evaluated does not chain", "[R-RESYNC-16]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0")
      .set("Profile_Rule_B", "/b.xml")
      .powered_on()
      .passes_at(0s, boot);
  phone.rule_succeeds().rule_succeeds().set("Profile_Rule_B", "/c.xml");
  phone.rule_succeeds().set("Profile_Rule_B", "/b.xml").rule_succeeds().ended_with_success();
  CHECK(phone.passes_started() == 1);
}

TEST_CASE("rules that change in every pass end in chained_pass_limit and a retry",
          "[R-RESYNC-16]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
  for (int pass = 0; pass < 5; ++pass) {
    phone.set("Profile_Rule", "/" + std::to_string(pass))
        .pass_succeeds()
        .started_because(Reason::profile_rule_changed);
  }
  phone.set("Profile_Rule", "/last").pass_succeeds().ended_with(Errc::chained_pass_limit);
  CHECK(phone.passes_started() == 6);
  phone.passes_at(60s, PassKind::error_retry);
}

TEST_CASE("a pass does not repeat for rules that it changed before their turn", "[R-RESYNC-16]") {
  const auto booted = [](const char* knob) {
    Script phone;
    phone.knob(knob).set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
    phone.set("Profile_Rule_B", "/b.xml").set("Profile_Rule_C", "/c.xml");
    return phone;
  };
  auto phone = booted("chain_compares=evaluated");
  phone.pass_succeeds().ended_with_success().passes_at(3600s, PassKind::periodic);
  CHECK(phone.passes_started() == 2);
  auto by_start = booted("chain_compares=pass_start");
  by_start.pass_succeeds().started_because(Reason::profile_rule_changed);
  // A rule that was read as the pass began has not been evaluated as it reads now.
  auto read_early = booted("rules_read=at_pass_start");
  read_early.pass_succeeds().started_because(Reason::profile_rule_changed);
}

TEST_CASE("a rule that changes behind its turn makes the pass repeat", "[R-RESYNC-16]") {
  Script phone;
  phone.set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
  phone.rule_succeeds().rule_succeeds().set("Profile_Rule_B", "/b.xml");
  phone.pass_succeeds().started_because(Reason::profile_rule_changed);
}

TEST_CASE("an SPA phone does not chain passes", "[R-RESYNC-16]") {
  Script phone(profile::Generation::spa);
  phone.set("Resync_Random_Delay", "0")
      .set("Resync_Periodic", "1")
      .powered_on()
      .passes_at(0s, boot);
  phone.set("Profile_Rule", "/second.cfg")
      .pass_succeeds()
      .ended_with_success()
      .passes_at(1s, PassKind::periodic);
}

TEST_CASE("the knob chained_passes switches chaining off", "[R-RESYNC-16]") {
  Script phone;
  phone.knob("chained_passes=0").set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
  phone.set("Profile_Rule", "/second.cfg").pass_succeeds().ended_with_success();
  CHECK(phone.passes_started() == 1);
}

TEST_CASE("the knob chained_passes may ask for more than the eye can count", "[R-RESYNC-16]") {
  Script phone;
  phone.knob("chained_passes=300").set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
  for (int pass = 0; pass < 300; ++pass)
    phone.set("Profile_Rule", "/" + std::to_string(pass)).pass_succeeds();
  phone.set("Profile_Rule", "/last").pass_succeeds().ended_with(Errc::chained_pass_limit);
}

TEST_CASE("a rule that is known to come to nothing is passed over, and its change noticed",
          "[R-RESYNC-14][R-RESYNC-16]") {
  Script phone;
  phone.idle_rules(0b1010).set("Resync_Random_Delay", "0").powered_on().passes_at(0s, boot);
  phone.evaluates_slot(0).rule_succeeds().evaluates_slot(2);
  phone.set("Profile_Rule_B", "/b.xml").rule_succeeds();
  phone.started_because(Reason::profile_rule_changed).evaluates_slot(0);
  phone.idle_rules(0b1110).rule_succeeds().ended_with_success();
  phone.passes_at(3600s, PassKind::periodic).rule_fails().ended_with(Errc::service_unavailable);
  // The first is asked for whatever is known.
  phone.idle_rules(0b1111).passes_at(3660s, PassKind::error_retry).evaluates_slot(0);
}

}  // namespace chain_test
