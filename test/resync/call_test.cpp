#include "test/resync/script.hpp"

#include <catch2/catch.hpp>

namespace call_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using resync::PassKind;
using resync::Reason;

constexpr auto boot = PassKind::boot;
constexpr auto periodic = PassKind::periodic;
constexpr auto on_request = PassKind::explicit_request;

// A phone with a period of 300 s and a Forced_Resync_Delay of 60 s whose boot pass succeeded at 0
// s.
Script phone_of(profile::Generation generation) {
  Script phone(generation);
  phone.set("Resync_Random_Delay", "0")
      .set("Resync_Periodic", "300")
      .set("Forced_Resync_Delay", "60");
  phone.powered_on().passes_at(0s, boot).pass_succeeds();
  return phone;
}

}  // namespace

TEST_CASE("an SPA phone's pass waits for the line, but no longer than Forced_Resync_Delay",
          "[R-RESYNC-36]") {
  phone_of(profile::Generation::spa)
      .at(5s)
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .passes_at(360s, periodic);
}

TEST_CASE("an SPA phone's pass starts when the call ends in time", "[R-RESYNC-36]") {
  phone_of(profile::Generation::spa)
      .at(5s)
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .at(320s)
      .call_ended()
      .started_because(Reason::periodic_interval);
}

TEST_CASE("an SPA phone with a Forced_Resync_Delay of 0 does not wait", "[R-RESYNC-36]") {
  phone_of(profile::Generation::spa)
      .set("Forced_Resync_Delay", "0")
      .at(5s)
      .call_started()
      .passes_at(300s, periodic);
}

TEST_CASE("an MPP phone's pass starts Forced_Resync_Delay after the call", "[R-RESYNC-37]") {
  for (const auto generation : {profile::Generation::mpp11, profile::Generation::mpp12}) {
    phone_of(generation)
        .at(5s)
        .call_started()
        .defers_at(300s, periodic, Reason::call_active)
        .at(320s)
        .call_ended()
        .nothing_started()
        .passes_at(380s, periodic);
  }
}

TEST_CASE("on an MPP phone another call begins the count anew", "[R-RESYNC-37]") {
  phone_of(profile::Generation::mpp12)
      .at(5s)
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .at(320s)
      .call_ended()
      .at(350s)
      .call_started()
      .quiet_forever()
      .at(400s)
      .call_ended()
      .passes_at(460s, periodic);
}

TEST_CASE("on an MPP phone a call that ended long ago holds nothing", "[R-RESYNC-37]") {
  phone_of(profile::Generation::mpp12)
      .at(5s)
      .call_started()
      .at(100s)
      .call_ended()
      .passes_at(300s, periodic);
}

TEST_CASE("an MPP phone's pass that is due while the count runs waits for its end",
          "[R-RESYNC-37]") {
  phone_of(profile::Generation::mpp12)
      .at(200s)
      .call_started()
      .at(280s)
      .call_ended()
      .defers_at(300s, periodic, Reason::forced_resync_delay)
      .passes_at(340s, periodic);
}

TEST_CASE("an MPP phone with a Forced_Resync_Delay of 0 passes when the line is free",
          "[R-RESYNC-37]") {
  phone_of(profile::Generation::mpp12)
      .set("Forced_Resync_Delay", "0")
      .at(5s)
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .at(500s)
      .call_ended()
      .started_because(Reason::periodic_interval);
}

TEST_CASE("the line is free when the last of several calls has ended", "[R-RESYNC-36]") {
  phone_of(profile::Generation::spa)
      .at(5s)
      .call_started()
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .at(310s)
      .call_ended()
      .nothing_started()
      .at(320s)
      .call_ended()
      .started_because(Reason::periodic_interval);
}

TEST_CASE("a request waits for the line and for nothing else", "[R-RESYNC-38]") {
  for (const auto generation : {profile::Generation::spa, profile::Generation::mpp12}) {
    phone_of(generation)
        .at(5s)
        .call_started()
        .resync_requested()
        .saw_deferral(Reason::call_active)
        .at(100s)
        .call_ended()
        .started_because(Reason::explicit_request);
  }
}

TEST_CASE("of several passes that wait one is made, and a request counts most", "[R-RESYNC-39]") {
  auto phone = phone_of(profile::Generation::mpp12);
  phone.at(5s).call_started().defers_at(300s, periodic, Reason::call_active);
  phone.at(310s).resync_requested().saw_deferral(Reason::call_active).resync_requested();
  CHECK(phone.passes_started() == 1);
  phone.at(400s).call_ended().started_because(Reason::explicit_request);
  CHECK(phone.phone().kind == on_request);
  phone.pass_succeeds();
  CHECK(phone.passes_started() == 2);
  // The count after the call still runs when the next pass is due.
  phone.passes_at(700s, periodic);
}

TEST_CASE("what changes while a pass waits may hold it", "[R-RESYNC-41]") {
  phone_of(profile::Generation::spa)
      .at(5s)
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .set("Provision_Enable", "No")
      .at(320s)
      .call_ended()
      .saw_gate(periodic, Reason::provisioning_disabled)
      .set("Provision_Enable", "Yes")
      .passes_at(620s, periodic);
}

TEST_CASE("the knob forced_resync_delay gives each family the other's way",
          "[R-RESYNC-36][R-RESYNC-37]") {
  phone_of(profile::Generation::mpp12)
      .knob("forced_resync_delay=maximum_wait")
      .at(5s)
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .passes_at(360s, periodic);
}

TEST_CASE("a request that joins a waiting pass and is held in its place leaves it its timer",
          "[R-RESYNC-05][R-RESYNC-39]") {
  for (const auto generation : {profile::Generation::spa, profile::Generation::mpp12}) {
    phone_of(generation)
        .at(5s)
        .call_started()
        .defers_at(300s, periodic, Reason::call_active)
        .at(310s)
        .resync_requested()
        .saw_deferral(Reason::call_active)
        .set("Provision_Enable", "No")
        .at(320s)
        .call_ended()
        .saw_gate(on_request, Reason::provisioning_disabled)
        .set("Provision_Enable", "Yes")
        .passes_at(620s, periodic);
  }
}

TEST_CASE("a pass that joins a waiting request leaves it its timer", "[R-RESYNC-05][R-RESYNC-39]") {
  phone_of(profile::Generation::mpp12)
      .at(5s)
      .call_started()
      .resync_requested()
      .saw_deferral(Reason::call_active)
      .defers_at(300s, periodic, Reason::call_active)
      .set("Provision_Enable", "No")
      .at(320s)
      .call_ended()
      .saw_gate(on_request, Reason::provisioning_disabled)
      .set("Provision_Enable", "Yes")
      .passes_at(620s, periodic);
}

TEST_CASE("whatever happens in a call, an SPA phone's pass waits Forced_Resync_Delay at most",
          "[R-RESYNC-36]") {
  phone_of(profile::Generation::spa)
      .at(5s)
      .call_started()
      .defers_at(300s, periodic, Reason::call_active)
      .at(330s)
      .set("GPP_A", "x")
      .parameters_changed()
      .restart_requested()
      .nothing_started()
      .passes_at(360s, periodic);
}

}  // namespace call_test
