#include "client/scenario/event_words.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

namespace event_words_test {

using namespace provphone;
using namespace provphone::client::scenario;

namespace {

std::string words_in(const std::string& action) {
  const auto scenario =
      read_scenario("phones: [{count: 2}]\nevents: [{at: 1s, " + action + "}]\n", "test.yaml");
  if (!scenario) FAIL(action << ": " << scenario.error().detail);
  return words_of(scenario->events.front().action);
}

}  // namespace

TEST_CASE(
    "an event is called what the scenario calls it, without whom it is for and what is its own") {
  struct Row {
    const char* action;
    const char* words;
  };
  const Row rows[] = {
      {"power_on: all", "power_on"},
      {"power_off: 50%", "power_off"},
      {"power_cycle: 1, off: 9s", "power_cycle"},
      {"notify: check-sync;reboot=true", "notify check-sync;reboot=true"},
      {"call: all, for: 5s", "call"},
      {"register: lost", "register lost"},
      {"register: restored, line: 3", "register restored line 3"},
      {"clock: set", "clock set"},
      {"clock_forward: 2h", "clock_forward 120m"},
      {"clock_back: 5m", "clock_back 5m"},
      {"resync: all", "resync"},
      {"resync: {by: web, rule: \"http://a/x\"}", "resync"},
      {"upgrade: {rule: \"http://a/x.loads\"}", "upgrade"},
      {"updateca: {rule: \"http://a/ca.pem\"}", "updateca"},
      {"link: down", "link down"},
      {"link: up", "link up"},
      {"activation_code: \"1234567890123456\"", "activation_code"},
      {"factory_reset: all", "factory_reset"},
      {"lease: {66: 10.0.0.6}", "lease"},
      {"set: {Resync_Periodic: 60}", "set Resync_Periodic"},
      {"submit: {Resync_Periodic: 60, Admin_Password: s3cret}", " and 1 more"},
  };
  for (const auto& [action, words] : rows) {
    const auto found = words_in(action);
    INFO(action << ": " << found);
    CHECK(found.find(words) != std::string::npos);
    CHECK(std::string(action).starts_with(found.substr(0, found.find(' '))));
    CHECK(found.find("s3cret") == std::string::npos);
  }
}

}  // namespace event_words_test
