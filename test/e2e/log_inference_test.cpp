#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

// `provphone explain --log` and `provphone replay` on logs as a server would have them.
namespace provphone::e2e::log_inference_test {
namespace {

constexpr auto* fleet = R"(
seed: 5
clock: 2026-03-02T00:00:00
phones:
  - count: 500
    set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "3600+600", Resync_Error_Retry_Delay: "120,300,900"}
events:
  - {at: 0s, power_on: all}
  - {at: 19000s, power_cycle: 10%}
server:
  latency: {p50: 80ms, p99: 900ms}
  outages: [{from: 12h, to: 13h, as: 503}]
limits: {duration: 24h}
)";

// The server's log of that, in whole seconds, without 3 % of its lines.
std::string log_in(Workspace& workspace, const std::string& scenario) {
  const auto whole = workspace.path("whole.log").string();
  const auto made = provphone(workspace, {"forecast", scenario, "--access-log", whole, "--quiet"});
  INFO(made.err);
  REQUIRE(made.exit_code <= 1);
  std::string kept;
  std::uint32_t state = 1;
  for (const auto& line : lines_of(read_file(whole))) {
    state = state * 1'664'525 + 1'013'904'223;  // the same lines in every run
    if ((state >> 16U) % 100 >= 3) kept += line + "\n";
  }
  return workspace.write("access.log", kept).string();
}

TEST_CASE("explain tells a fleet's settings, and what befell it, from the log of its server",
          "[R-RESYNC-07][R-RESYNC-08][R-RESYNC-13]") {
  Workspace workspace;
  const auto log = log_in(workspace, workspace.write("fleet.yaml", fleet).string());
  const auto told = provphone(workspace, {"explain", "--log", log, "--json", "-"});
  INFO(told.err);
  REQUIRE(told.exit_code == 0);
  const auto json = Json::parse(told.out);
  CHECK(json["phones"] == 500);
  REQUIRE(json["groups"].size() == 1);
  const auto& settings = json["groups"][0]["settings"];
  CHECK(settings["Resync_Periodic"]["value"] == "3600+600");
  CHECK(settings["Resync_Error_Retry_Delay"]["value"] == "120,300,900");
  CHECK(settings["Resync_Random_Delay"]["seconds"] == 40);
  CHECK(json["groups"][0]["accounts"]["explained"] > 0.98);
  CHECK(json["unfit"].empty());
  REQUIRE(json["causes"].size() == 2);
  CHECK(json["causes"][0]["cause"] == "started_together");
  CHECK(json["causes"][1]["cause"] == "server_away");

  const auto text = provphone(workspace, {"explain", "--log", log}).out;
  CHECK(contains(text, "Resync_Periodic 3600+600"));
  CHECK(contains(text, "the server was away between 2026-03-02 1"));
}

TEST_CASE("explain tells one phone's passes, and where they contradict a profile") {
  Workspace workspace;
  const auto log = log_in(workspace, workspace.write("fleet.yaml", fleet).string());
  const auto config =
      workspace
          .write("cfg.xml", "<flat-profile><Resync_Periodic>7200</Resync_Periodic></flat-profile>")
          .string();
  const auto told = provphone(workspace, {"explain", "--log", log, "--phone", "000e08000007",
                                          "--config", config, "--json", "-"});
  INFO(told.err);
  REQUIRE(told.exit_code == 0);
  const auto json = Json::parse(told.out);
  CHECK(json["phone"] == "000e08000007");
  CHECK(json["settings"]["Resync_Periodic"]["value"] == "7200");
  CHECK(json["passes"].size() > 15);
  REQUIRE_FALSE(json["contradictions"].empty());
  CHECK(contains(json["contradictions"][0]["sentence"], "Resync_Periodic 7200"));

  const auto nobody = provphone(workspace, {"explain", "--log", log, "--phone", "000e08abcdef"});
  CHECK(nobody.exit_code == 2);
  CHECK(contains(nobody.err, "there is no request of 000e08abcdef in it"));
}

TEST_CASE("replay finds in a log what its scenario predicts, and little of another's") {
  Workspace workspace;
  const auto scenario = workspace.write("fleet.yaml", fleet).string();
  const auto log = log_in(workspace, scenario);
  const auto of = [&](const Flags& more) {
    const auto compared =
        provphone(workspace, with({"replay", log, "--against", scenario, "--json", "-"}, more));
    INFO(compared.err);
    REQUIRE(compared.exit_code == 0);
    return Json::parse(compared.out);
  };
  const auto same = of({})["total"];
  CHECK(same["observed"] > 10'000);
  CHECK(same["early"] == 0);
  CHECK(same["late"] == 0);
  CHECK(same["unexplained"] == 0);
  CHECK(same["missing"] > 0);
  CHECK(same["missing"] < same["observed"].get<int>() / 20);

  const auto other = of({"--with", "phones.0.set.Resync_Periodic=\"7200\""})["total"];
  CHECK(other["early"] > other["predicted"]);
}

}  // namespace
}  // namespace provphone::e2e::log_inference_test
