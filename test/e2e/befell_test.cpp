#include "test/e2e/phone.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <vector>

// What befalls phones and servers besides passes, and that it is told.
namespace provphone::e2e::befell_test {
namespace {

// As one line, however it was broken.
std::string joined(const std::string& text) {
  std::string line;
  for (const auto c : text) {
    const bool is_blank = c == '\n' || c == ' ';
    if (!is_blank || !line.ends_with(' ')) line += is_blank ? ' ' : c;
  }
  return line;
}

struct Office {
  Workspace workspace;
  Nginx nginx = start();

  Nginx start() {
    workspace.write("www/all.xml", profile("all"));
    workspace.write("www/vlan.xml", "<flat-profile><VLAN_ID>7</VLAN_ID></flat-profile>");
    return Nginx(workspace, workspace.path("www"));
  }

  std::string scenario(const std::string& file, const std::string& events) {
    return workspace
        .write("office.yaml",
               "phones:\n  - knobs: {restart_duration: 2s}\n    set: {Profile_Rule: \"" +
                   nginx.url(file) +
                   "\", Resync_Random_Delay: 0, Resync_Periodic: 30}\nevents:\n"
                   "  - {at: 0s, power_on: all}\n" +
                   events + "limits: {duration: 6s}\n")
        .string();
  }
};

const std::string while_restarting =
    "  - {at: 1s, notify: reboot}\n"
    "  - {at: 2s, notify: resync}\n"
    "  - {at: 2s, set: {GPP_B: one, Admin_Password: Zq7Zq7}}\n"
    "  - {at: 2s, set: {GPP_B: two}}\n"
    "  - {at: 4s, set: {GPP_B: three, Admin_Password: Zq7Zq7}}\n"
    "  - {at: 5s, register: lost, line: 2}\n";

TEST_CASE("what is submitted is followed by a restart and a pass, and a request by its own rule",
          "[R-RESYNC-42][R-RESYNC-57][R-RESYNC-61]") {
  Office office;
  office.workspace.write("www/once.xml", "<flat-profile><GPP_C>once</GPP_C></flat-profile>");
  const auto scenario = office.scenario(
      "/all.xml", "  - {at: 1s, resync: {by: web, rule: \"" + office.nginx.url("/once.xml") +
                      "\"}}\n  - {at: 1500ms, notify: no-such-event}\n"
                      "  - {at: 2s, submit: {GPP_B: by-web, Enable_Direct_Action_Url: \"No\"}}\n"
                      "  - {at: 5s, resync: {by: web}}\n");
  const auto run = run_phone(office.workspace, {scenario});
  std::vector<std::string> paths;
  for (const auto& request : run.events("request")) {
    const auto url = request.at("url").get<std::string>();
    paths.push_back(url.substr(url.rfind('/')));
  }
  CHECK(paths == std::vector<std::string>{"/all.xml", "/once.xml", "/all.xml"});
  CHECK(run.parameter("GPP_B") == "by-web");
  CHECK(run.parameter("GPP_C") == "once");
  CHECK(run.events("rebooted").at(0).at("reason") == "restart_for_submit");
  CHECK(run.events("pass_started").at(2).at("reason") == "submitted");
  CHECK(run.events("notified").at(0).at("status") == 489);
  CHECK(run.events("pass_gated").at(0).at("reason") == "direct_action_url_off");
}

TEST_CASE("what meets a restarting phone is an event, in a run as in a forecast") {
  Office office;
  const auto scenario = office.scenario("/all.xml", while_restarting);
  const auto run = run_phone(office.workspace, {scenario});
  const auto asked = run.events("resync_requested");
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].at("missed") == "restarting");
  const auto set = run.events("parameters_set");
  REQUIRE(set.size() == 3);
  CHECK(set[0].at("missed") == "restarting");
  CHECK(set[0].at("set").at(1) == Json{{"name", "GPP_B"}, {"from", ""}, {"to", "one"}});
  CHECK(set[2].count("missed") == 0);
  CHECK(set[2].at("set").at(1) == Json{{"name", "GPP_B"}, {"from", ""}, {"to", "three"}});
  CHECK(set[2].at("set").at(0).at("to") == "********");
  CHECK(run.parameter("GPP_B") == "three");
  CHECK(run.events("registration_lost").at(0).at("line") == 2);

  const auto trace = office.workspace.path("run.jsonl").string();
  const auto shown = provphone(office.workspace, {"run", scenario});
  CHECK(contains(shown.out,
                 "■ missed, since the phone is restarting: a resync asked for by a SIP NOTIFY"));
  CHECK(contains(shown.out,
                 "● set at the phone: Admin_Password nothing → ********, GPP_B nothing → three"));
  CHECK(contains(shown.out, "○ line 2 lost its registration"));
  provphone(office.workspace, {"run", scenario, "--trace", trace});
  for (const auto& source : {trace, scenario}) {
    const auto explained = provphone(office.workspace, {"explain", source, "--to", "6s"});
    CHECK(explained.exit_code == 0);
    const auto text = joined(explained.out);
    INFO(text);
    CHECK(contains(text,
                   "resync asked for by a SIP NOTIFY: nothing came of it The phone was "
                   "restarting. For it to act: ask again when it is back."));
    CHECK(contains(text, "GPP_B was not set to `one`."));
    CHECK(contains(text, "GPP_B was not set to `two`."));
    CHECK(contains(text, "GPP_B was set to `three`; it was empty."));
    CHECK(contains(text, "line 2 lost its registration"));
    CHECK_FALSE(contains(text, "The same happened"));
    CHECK_FALSE(contains(text, "Zq7"));
  }
}

TEST_CASE("an expectation that does not hold shows what the phone missed") {
  Office office;
  const auto scenario =
      office.scenario("/all.xml", while_restarting + "expect: [{parameter: GPP_B, equals: one}]\n");
  for (const auto* command : {"run", "forecast"}) {
    const auto judged = provphone(office.workspace, {command, scenario, "--quiet"});
    CHECK(judged.exit_code == 1);
    INFO(judged.err);
    CHECK(contains(judged.err, "● set at the phone: Admin_Password"));
    CHECK_FALSE(contains(judged.err, "Zq7"));
  }
}

TEST_CASE("no timeline promises a pass that the restart behind it takes away", "[R-RESYNC-46]") {
  Office office;
  const auto shown = provphone(office.workspace, {"run", office.scenario("/vlan.xml", "")});
  const auto restarts = shown.out.find("○ restarts");
  REQUIRE(restarts != std::string::npos);
  CHECK_FALSE(contains(shown.out.substr(0, restarts), "next periodic pass"));
  CHECK(contains(shown.out.substr(restarts), "next periodic pass"));
}

TEST_CASE("a forecast tells each outage once, whatever the number of phones") {
  Workspace workspace;
  const auto scenario =
      workspace
          .write("outage.yaml",
                 "phones: [{count: 50, set: {Profile_Rule: \"http://h/a.xml\"}}]\n"
                 "events: [{at: 0s, power_on: all}]\n"
                 "server: {outages: [{from: 1h, to: 2h, as: refused}, {from: 3h, to: 4h, as: 503}, "
                 "{from: 30h, to: 31h, as: timeout}]}\n"
                 "limits: {duration: 10h}\n")
          .string();
  const auto trace = workspace.path("outage.jsonl").string();
  provphone(workspace, {"forecast", scenario, "--trace", trace, "--quiet"});
  std::ifstream file(trace);
  std::vector<Json> told;
  double last = 0;
  for (std::string line; std::getline(file, line);) {
    const auto json = Json::parse(line);
    CHECK(json.at("t").get<double>() >= last);
    last = json.at("t").get<double>();
    const auto event = json.at("event").get<std::string>();
    if (event.starts_with("outage"))
      told.push_back(json);
    else
      CHECK(json.count("phone") == 1);
  }
  const std::vector<Json> expected{
      Json{{"t", 3600.0}, {"event", "outage_began"}, {"error", "connection_refused"}},
      Json{{"t", 7200.0}, {"event", "outage_ended"}},
      Json{{"t", 10800.0}, {"event", "outage_began"}, {"status", 503}},
      Json{{"t", 14400.0}, {"event", "outage_ended"}}};
  CHECK(told == expected);
  for (const auto& source : {trace, scenario}) {
    const auto explained = provphone(
        workspace, {"explain", source, "--phone", "000e08000007", "--from", "0s", "--to", "5h"});
    CHECK(explained.exit_code == 0);
    const auto text = joined(explained.out);
    CHECK(contains(text,
                   "1:00:00 an outage of the modelled server began While it lasts, every "
                   "request fails with connection_refused."));
    CHECK(contains(text, "2:00:00 the modelled server is back"));
    CHECK(contains(text, "every request is answered with status 503."));
  }
}

}  // namespace
}  // namespace provphone::e2e::befell_test
