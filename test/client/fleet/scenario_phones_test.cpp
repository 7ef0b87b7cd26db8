#include "client/fleet/scenario_phones.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

namespace scenario_phones_test {

using namespace provphone;
using namespace provphone::client;
using fleet::ScenarioPhones;

namespace {

constexpr const char* text = R"(
phones:
  - group: a
    count: 100
    mac: 000e08000000
    set: {Profile_Rule: "http://127.0.0.1/$MA.xml"}
  - group: b
    count: 10
    mac: 00a0c9000000
    set: {User_ID_1_: "{index+1000}"}
)";

struct World {
  scenario::Scenario scenario = *scenario::read_scenario(text, "test.yaml");
  fleet::FleetSetup setup = *fleet::fleet_setup(scenario, std::chrono::system_clock::now(), {});
  ScenarioPhones phones{setup, {110, 0, 1}};

  std::string value(std::size_t index, const char* name) const {
    return std::string(phones.copy(index).device.parameters.get(*profile::find_parameter(name)));
  }
};

constexpr std::string_view file = "<flat-profile><GPP_A>from the file</GPP_A></flat-profile>";

Result<resync::ApplyResult> take_in(World& world, drive::DrivenPhone& phone,
                                    std::string_view body) {
  return resync::apply_file(phone.device, 0, {}, {body, {}}, {world.phones.file_cache()});
}

}  // namespace

TEST_CASE("a phone that nothing has happened to is as its scenario has it") {
  World world;
  CHECK(world.phones.count() == 110);
  CHECK(world.value(3, "Profile_Rule") == "http://127.0.0.1/$MA.xml");
  CHECK(world.value(105, "User_ID_1_") == "1005");
  CHECK(world.phones.copy(105).device.identity.mac == MacAddress{0x00a0c9000005});
  CHECK(world.phones.copy(105).machine.index == 105);
  CHECK(world.phones.classes() == 1);
}

TEST_CASE("a phone comes back as it was brought") {
  World world;
  auto phone = world.phones.take(7);
  phone.machine.draws[resync::Purpose::boot_delay] = 42;
  REQUIRE(take_in(world, phone, file));
  world.phones.bring_back(7, std::move(phone));
  auto again = world.phones.take(7);
  CHECK(again.machine.draws[resync::Purpose::boot_delay] == 42);
  CHECK(again.device.parameters.get(*profile::find_parameter("GPP_A")) == "from the file");
  CHECK(take_in(world, again, file)->unchanged_body);
  CHECK(world.value(8, "GPP_A").empty());
}

TEST_CASE("what an upgrade, a report and a one-time rule leave behind is remembered") {
  World world;
  auto phone = world.phones.take(7);
  phone.device.identity.firmware = "sip88xx.12-0-2MPP0001-116";
  phone.device.state.upgerr = "done";
  phone.device.one_time_rule = "http://127.0.0.1/once.xml";
  phone.device.reported = phone.device.parameters;
  world.phones.bring_back(7, std::move(phone));
  const auto again = world.phones.take(7);
  CHECK(again.device.identity.firmware == "sip88xx.12-0-2MPP0001-116");
  CHECK(again.device.state.upgerr == "done");
  CHECK(again.device.one_time_rule == "http://127.0.0.1/once.xml");
  CHECK(again.device.reported);
}

TEST_CASE("a file that phones alike have met before leads where it led them") {
  World world;
  for (std::size_t index = 0; index < 100; ++index) {
    auto phone = world.phones.take(index);
    const auto result = take_in(world, phone, file);
    REQUIRE(result);
    CHECK_FALSE(result->unchanged_body);
    CHECK(result->changed == std::vector{*profile::find_parameter("GPP_A")});
    world.phones.bring_back(index, std::move(phone));
    CHECK(world.value(index, "GPP_A") == "from the file");
  }
  CHECK(world.phones.classes() == 2);  // before and after
  auto other = world.phones.take(100);
  REQUIRE(take_in(world, other, file));
  CHECK(other.device.parameters.get(*profile::find_parameter("User_ID_1_")) == "1000");
  CHECK(other.device.parameters.get(*profile::find_parameter("GPP_A")) == "from the file");
}

TEST_CASE("assignments between two files keep a phone from what others came to") {
  World world;
  for (std::size_t index = 0; index < 5; ++index) {
    auto phone = world.phones.take(index);
    if (index == 4) resync::apply_assignments(phone.device, {{"GPP_B", "own"}});
    REQUIRE(take_in(world, phone, file));
    world.phones.bring_back(index, std::move(phone));
  }
  CHECK(world.value(4, "GPP_B") == "own");
  CHECK(world.value(4, "GPP_A") == "from the file");
  CHECK(world.value(3, "GPP_B").empty());
}

}  // namespace scenario_phones_test
