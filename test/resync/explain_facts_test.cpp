#include "resync/explain_facts.hpp"

#include <catch2/catch.hpp>

namespace explain_facts_test {
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using resync::Reason;

// A phone whose parameters a case sets.
struct World {
  explicit World(profile::Generation generation = profile::Generation::mpp12)
      : personality(resync::personality_of(generation)),
        parameters(profile::factory_values(generation)) {
    identity.mac = MacAddress{0x000e08012345};
  }
  World& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  resync::MacroSource source() const { return {identity, personality, parameters, state}; }

  resync::Identity identity;
  resync::Personality personality;
  profile::ParameterSet parameters;
  resync::MacroState state;
  resync::LeaseTime lease;
};

std::string value_in(const resync::RuleFacts& facts, std::string_view name) {
  for (const auto& macro : facts.macros) {
    if (macro.name == name) return macro.value;
  }
  return "not among them";
}

constexpr std::string_view hidden = "********";

}  // namespace

TEST_CASE("a rule is described with its macros and what they became") {
  World world;
  world.set("GPP_A", "office");
  const auto facts = describe_rule("http://h.example/$A/$MA.xml?$(MA:0:6)&$MA", world.source());
  CHECK(facts.text == "http://h.example/$A/$MA.xml?$(MA:0:6)&$MA");
  CHECK(facts.expanded == "http://h.example/office/000e08012345.xml?000e08&000e08012345");
  CHECK(facts.macros == std::vector<resync::MacroFact>{{"A", "office"}, {"MA", "000e08012345"}});
  CHECK(facts.guards.empty());
}

TEST_CASE("the conditions of a rule are described, alternative by alternative") {
  const World world;
  const auto facts = describe_rule(
      "(\"$MA\" eq \"x\")? http://a.example/a | (1 lt)? http://a.example/b | http://a.example/c",
      world.source());
  REQUIRE(facts.guards.size() == 3);
  CHECK(facts.guards[0].text == "\"000e08012345\" eq \"x\"");
  CHECK(facts.guards[0].holds == false);
  REQUIRE_FALSE(facts.guards[1].holds);
  CHECK(facts.guards[1].holds.error().code == Errc::condition_syntax);
  CHECK(facts.guards[2].text.empty());
  CHECK(facts.guards[2].holds == true);
}

TEST_CASE("no secret is in the description of a rule") {
  struct Row {
    std::string rule;
    std::string register_a;
    std::string told;  // of $A
  };
  const std::vector<Row> rows{
      {"[--key $SA --pwd $B]http://h.example/$A", "hush-a", "hush-a"},
      {"[--key $A]http://h.example/x", "hush-a", std::string(hidden)},
      // The same letters stand in the URL by chance.
      {"[--key $A]http://h.example/hush-a", "hush-a", std::string(hidden)},
      {"http://u:$A@h.example/", "hush-a", std::string(hidden)},
      {"$A http://h.example/", "[--key hush-b]", std::string(hidden)},
      {"(GPP_SA = \"$A\"; )!", "hush-a", std::string(hidden)},
      {"http://h.example/$A", "", ""},
  };
  for (const auto& row : rows) {
    INFO(row.rule);
    World world;
    world.set("GPP_A", row.register_a).set("GPP_B", "hush-b").set("GPP_SA", "hush-s");
    const auto facts = describe_rule(row.rule, world.source());
    CHECK(value_in(facts, "A") == row.told);
    auto all = facts.expanded;
    for (const auto& macro : facts.macros) all += " " + macro.value;
    CHECK(all.find("hush-b") == std::string::npos);
    CHECK(all.find("hush-s") == std::string::npos);
  }
}

TEST_CASE("triggers are described as written, as read, and with what is wrong with them",
          "[R-RESYNC-31]") {
  World world;
  world.set("Resync_Trigger_1", "$PRVTMR ge 7200").set("Resync_Trigger_2", "$PRVTMR or 1");
  const auto settings = resync::settings_of(world.parameters, world.personality);
  resync::Timers timers;
  timers.prvtmr = 3600;
  const auto source = world.source();
  const auto facts =
      describe_triggers(settings, timers, resync::lookup_of(source), world.personality);
  REQUIRE(facts.size() == 2);
  CHECK(facts[0].name == "Resync_Trigger_1");
  CHECK(facts[0].text == "$PRVTMR ge 7200");
  CHECK(facts[0].expanded == "3600 ge 7200");
  CHECK(facts[0].holds == false);
  CHECK(facts[1].expanded == "3600 or 1");
  CHECK_FALSE(facts[1].holds);
}

TEST_CASE("a setting that the phone reads otherwise than it looks has a note",
          "[R-RESYNC-10][R-RESYNC-21]") {
  World world;
  world.set("Resync_Periodic", "every hour").set("Resync_At__HHmm_", "2560");
  const auto settings = settings_behind(Reason::periodic_interval, world.source());
  REQUIRE(settings.size() == 2);
  CHECK(settings[0].note == "cannot be read, so the factory value 3600 counts");
  CHECK(settings[1].note == "is no time of day, so it counts as empty");
}

TEST_CASE("a zone that does not count as it looks has a note",
          "[R-RESYNC-26][R-RESYNC-27][R-RESYNC-28]") {
  const auto notes = [](const World& world) {
    std::vector<resync::SettingFact> found;
    resync::add_zone(found, resync::settings_of(world.parameters, world.personality),
                     world.source(), world.lease);
    std::vector<std::string> texts;
    for (const auto& each : found) texts.push_back(std::string(each.name) + ": " + each.note);
    return texts;
  };
  World world;
  CHECK(notes(world).empty());
  world.set("Time_Zone", "PST").set("Daylight_Saving_Time_Rule", "start=4/1/7");
  CHECK(notes(world) ==
        std::vector<std::string>{
            "Time_Zone: is no zone that the phone can read, so the scenario's counts",
            "Daylight_Saving_Time_Rule: counts beside a Time_Zone alone"});
  world.set("Time_Zone", "GMT-08:00").set("Time_Offset__HH_mm_", "8");
  CHECK(notes(world) ==
        std::vector<std::string>{
            "Time_Zone: ", "Time_Offset__HH_mm_: cannot be read, so the factory value counts",
            "Daylight_Saving_Time_Rule: cannot be read, so the factory value counts"});
  world.set("Time_Offset__HH_mm_", "00/08");
  world.set("Daylight_Saving_Time_Rule", "start=3/8/7/2;end=11/1/7/2;save=1");
  CHECK(notes(world) == std::vector<std::string>{
                            "Time_Zone: ", "Time_Offset__HH_mm_: ", "Daylight_Saving_Time_Rule: "});
}

TEST_CASE("who has DHCP's time offset is told so", "[R-RESYNC-30]") {
  World world;
  const auto notes = [&] {
    std::vector<resync::SettingFact> found;
    resync::add_zone(found, resync::settings_of(world.parameters, world.personality),
                     world.source(), world.lease);
    std::vector<std::string> texts;
    for (const auto& each : found) texts.push_back(std::string(each.name) + ": " + each.note);
    return texts;
  };
  using Texts = std::vector<std::string>;
  world.set("Time_Zone", "GMT-08:00").set("Time_Offset__HH_mm_", "00/08");
  world.set("Ignore_DHCP_Time_Offset", "No");
  CHECK(notes() == Texts{"Time_Zone: ", "Time_Offset__HH_mm_: ",
                         "Ignore_DHCP_Time_Offset: but the lease has no option 2 that the phone "
                         "can read"});
  world.lease.offset = 1h;
  CHECK(notes() == Texts{"Time_Zone: does not count beside DHCP option 2", "Time_Offset__HH_mm_: ",
                         "Ignore_DHCP_Time_Offset: so DHCP option 2 counts"});
  REQUIRE(resync::set_knob(world.personality, "dhcp_time_offset=whole"));
  CHECK(notes()[1] == "Time_Offset__HH_mm_: does not count beside DHCP option 2");
}

TEST_CASE("an armed retry is described with the element of its list", "[R-RESYNC-13]") {
  World world;
  world.set("Resync_Error_Retry_Delay", "60,120,240");
  resync::Phone phone;
  for (const auto& [stepped_on, element] :
       std::vector<std::pair<std::uint16_t, std::size_t>>{{1, 1}, {2, 2}, {3, 3}, {9, 3}}) {
    phone.error_retry_index = stepped_on;
    const auto settings = settings_behind(resync::Timer::error_retry, Reason::error_retry_delay,
                                          phone, world.source());
    REQUIRE(settings.size() == 1);
    CHECK(settings[0].element == element);
    CHECK(settings[0].elements == 3);
  }
}

TEST_CASE("the rules behind the one that failed are those that say something", "[R-RESYNC-15]") {
  World world;
  world.set("Profile_Rule_B", "http://h.example/b")
      .set("Profile_Rule_C", "  ")
      .set("Profile_Rule_D", "http://h.example/d");
  CHECK(rules_behind(0, world.source()) ==
        std::vector<std::string_view>{"Profile_Rule_B", "Profile_Rule_D"});
  CHECK(rules_behind(3, world.source()).empty());
}

TEST_CASE("every reason for which a phone does not act names what would have to change") {
  for (const auto reason : {Reason::periodic_disabled,
                            Reason::error_retry_disabled,
                            Reason::provisioning_disabled,
                            Reason::resync_on_reset_off,
                            Reason::pass_in_progress,
                            Reason::no_guard_held,
                            Reason::rule_unreadable,
                            Reason::chained_pass_limit,
                            Reason::clock_unset,
                            Reason::trigger_false,
                            Reason::call_active,
                            Reason::forced_resync_delay,
                            Reason::upgrade_in_progress,
                            Reason::resync_from_sip_off,
                            Reason::direct_action_url_off,
                            Reason::user_resync_off,
                            Reason::restart_off_boot_pass,
                            Reason::resync_after_upgrade_off,
                            Reason::upgrade_disabled,
                            Reason::upgrade_retry_disabled,
                            Reason::file_not_found_forgiven}) {
    INFO(name(reason));
    CHECK_FALSE(remedy(reason).empty());
    CHECK(resync::reason_named(name(reason)) == reason);
  }
  CHECK_FALSE(resync::reason_named("boredom"));
}

TEST_CASE("a rule is described with what in it was hardly meant so, and without secrets",
          "[R-MACRO-26]") {
  World world;
  const auto facts = describe_rule("[--key {k}$no]http://h/$mac/{site}.xml", world.source());
  CHECK(facts.remarks ==
        std::vector<std::string>{"there is no macro `mac` (did you mean `$MA`?)",
                                 "`{site}` looks like a template that was not filled in"});
  CHECK(describe_rule("# http://h/$mac", world.source()).remarks.empty());
}

}  // namespace explain_facts_test
