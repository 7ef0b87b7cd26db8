#include "test/client/forecast/world.hpp"

#include <catch2/catch.hpp>

namespace upgrade_storm_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using client::trace::EventKind;

// So many phones that are told of a load of three parts in one moment. Their small files take next
// to nothing of the line.
std::string storm(unsigned phones, const std::string& server, const std::string& set = {}) {
  return "phones: [{count: " + std::to_string(phones) +
         ", set: {Profile_Rule: 'http://10.0.0.1/p.xml', Resync_Random_Delay: 0, "
         "Resync_After_Upgrade_Attempt: No, Upgrade_Rule: "
         "'http://10.0.0.1/fw/sip88xx.12-0-2MPP0001-116.loads'" +
         set + "}}]\nserver: {bytes: 1B, " + server +
         ", answers: [{path: '*.loads', parts: 3}, {path: '*.sbn', bytes: 1MB}]}\n"
         "limits: {duration: 1h}\n";
}

}  // namespace

TEST_CASE("phones that upgrade at once share the server's line", "[R-UPGRADE-05]") {
  const auto played = play(scenario_of(storm(4, "bandwidth: 1MB")));
  // Twelve parts of a second each, and every phone has a quarter of the line.
  CHECK(played.figures.requests == 4 * 5);
  CHECK(times_of(played, EventKind::upgrade_done) ==
        "upgrade_done@12.001 upgrade_done@12.001 upgrade_done@12.001 upgrade_done@12.001");
}

TEST_CASE("one phone alone is as fast as one answer may be", "[R-UPGRADE-05]") {
  const auto played = play(scenario_of(storm(1, "bandwidth: {total: 100MB, each: 500KB}")));
  CHECK(times_of(played, EventKind::upgrade_done) == "upgrade_done@6.001");
}

TEST_CASE("a load that does not come within total_timeout is a failed upgrade", "[R-HTTP-11]") {
  const auto played =
      play(scenario_of(storm(2, "bandwidth: 100KB", "}, knobs: {total_timeout: 5s")));
  CHECK(played.figures.errors[Errc::transfer_timeout] >= 2);
  CHECK(times_of(played, EventKind::upgrade_done)
            .starts_with("upgrade_done@5.001 upgrade_done@5.001"));
}

TEST_CASE("a phone without power leaves the server's line to the others", "[R-RESYNC-02]") {
  const auto played = play(scenario_of(
      storm(2, "bandwidth: 1MB") + "events: [{at: 0s, power_on: all}, {at: 1s, power_off: 1}]\n"));
  // Half a part in the first second, and the line to itself for what is left.
  CHECK(times_of(played, EventKind::upgrade_done) == "upgrade_done@3.501");
}

TEST_CASE("profiles of phones that sleep go over the line too") {
  const auto scenario = scenario_of(R"(
phones: [{count: 100, set: {Profile_Rule: "http://10.0.0.1/$MA.xml", Resync_Random_Delay: 0}}]
server: {bytes: 40KB, bandwidth: 1MB}
limits: {duration: 10m}
)");
  const auto figures = figures_of(scenario, 4);
  CHECK(figures.passes.succeeded == 100);
  CHECK(figures.response_us.quantile(0.5) > 3'900'000);
  CHECK(figures.response_us.quantile(0.5) < 4'100'000);
  CHECK(figures.decisions == play(scenario).figures.decisions);
}

}  // namespace upgrade_storm_test
