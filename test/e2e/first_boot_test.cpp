#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/udp_servers.hpp"

#include <catch2/catch.hpp>

// Phones from the factory, from the first place that they ask to their provider's profile.
namespace provphone::e2e::first_boot_test {
namespace {

const std::string codes =
    "codes:\n"
    "  - {code: \"1111222233334444\", profile: first.xml}\n"
    "  - {code: \"5555666677778888\", profile: first.xml, expires: 2020-01-01}\n"
    "  - {code: \"9999000011112222\", profile: first.xml, mac: 000e08000009}\n";

std::string leads_to(const std::string& url) {
  return "<flat-profile><Profile_Rule>" + url + "</Profile_Rule></flat-profile>";
}

// The vendor's two services and a provider, all of `provphone serve`.
struct Rehearsal {
  Workspace workspace;
  EmbeddedServer server = start();

  EmbeddedServer start() {
    workspace.write("www/mine/000e08abcdef.xml", profile("mine"));
    const auto file = workspace.write("codes.yaml", codes).string();
    return EmbeddedServer(workspace,
                          {"--http", "0", "--onboarding", file, "--redirect-service", "/rc"});
  }
  std::string origin() const { return server.origin("http"); }
  Flags phone() const {
    return {"--mac",
            "000e08abcdef",
            "--boot",
            "--set",
            "Resync_Random_Delay=0",
            "--knob",
            "redirect_service=after_dhcp_failed",
            "--redirect-service",
            origin() + "/rc/$MA.xml"};
  }
  std::string customization(const PhoneRun& run) const {
    return run.result.at("final")[0].value("customization", "");
  }
};

TEST_CASE_METHOD(Rehearsal, "the redirect service sends a phone to its provider",
                 "[R-BOOT-05][R-BOOT-07]") {
  workspace.write("www/rc/000e08abcdef.xml", leads_to(origin() + "/mine/$MA.xml?$ISCUST"));
  const auto run = run_phone(workspace, with(phone(), {"--for", "3s"}));
  CHECK(run.exit_code == 0);
  CHECK(run.parameter("GPP_A") == "mine");
  const auto requests = run.events("request");
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].at("rule") == "redirect_service");
  CHECK(requests[1].at("url") == origin() + "/mine/000e08abcdef.xml?0");
  CHECK(customization(run) == "Acquired");
}

TEST_CASE_METHOD(Rehearsal, "a phone that the redirect service does not know asks for a code",
                 "[R-BOOT-03][R-BOOT-05]") {
  workspace.write("www/first.xml", leads_to(origin() + "/mine/$MA.xml"));
  const auto run =
      run_phone(workspace, with(phone(), {"--for", "3s", "--onboarding-service", origin(),
                                          "--activation-code", "1111-2222-3333-4444"}));
  CHECK(run.exit_code == 0);
  CHECK(run.parameter("GPP_A") == "mine");
  const auto requests = run.events("request");
  REQUIRE(requests.size() == 3);
  CHECK(requests[1].at("rule") == "activation_code");
  CHECK(requests[1].at("method") == "POST");
  REQUIRE(run.events("code_judged").size() == 1);
  CHECK_FALSE(run.events("code_judged")[0].contains("error"));
  // It is in no record, and neither in the trace.
  CHECK(server.said().find("1111") == std::string::npos);
  for (const auto& event : run.trace) CHECK(event.dump().find("1111") == std::string::npos);
}

TEST_CASE_METHOD(Rehearsal, "a wrong, an expired, another phone's and a used code are refused",
                 "[R-BOOT-01][R-BOOT-02][R-BOOT-03]") {
  workspace.write("www/first.xml", leads_to(origin() + "/mine/$MA.xml"));
  const auto scenario = workspace.write(
      "codes-tried.yaml",
      "phones:\n"
      "  - {group: one, mac: 000e08abcdef, set: {Profile_Rule: \"gds://\", Resync_Random_Delay: 0},"
      " onboarding_service: " +
          origin() +
          ", activation_code: \"1234\"}\n"
          "  - {group: two, mac: 000e08000001, set: {Profile_Rule: \"gds://\", "
          "Resync_Random_Delay: 0},"
          " onboarding_service: " +
          origin() +
          "}\n"
          "events:\n"
          "  - {at: 0s, power_on: all}\n"
          "  - {at: 500ms, phones: one, activation_code: \"4444333322221111\"}\n"
          "  - {at: 1s, phones: one, activation_code: \"5555666677778888\"}\n"
          "  - {at: 1500ms, phones: one, activation_code: \"9999000011112222\"}\n"
          "  - {at: 2s, phones: one, activation_code: \"1111222233334444\"}\n"
          "  - {at: 2500ms, phones: two, activation_code: \"1111222233334444\"}\n"
          "  - {at: 3s, phones: one, activation_code: \"1111222233334444\"}\n"
          "limits: {duration: 4s}\n");
  const auto run = run_phone(workspace, {scenario.string()});
  const auto judged = run.events("code_judged");
  REQUIRE(judged.size() == 6);
  for (const auto i : {0U, 1U, 2U, 3U, 5U}) CHECK(judged[i].at("error") == "activation_refused");
  CHECK_FALSE(judged[4].contains("error"));
  CHECK(judged[2].at("detail").get<std::string>().starts_with("Invalid activation code"));
  for (const auto* reason : {"there is no such code", "the code has expired",
                             "the code is another phone's", "the code was used"}) {
    INFO(reason);
    const auto responses = run.events("response");
    CHECK(std::any_of(responses.begin(), responses.end(),
                      [&](const Json& response) { return response.value("said", "") == reason; }));
  }
  CHECK(run.result.at("final")[0].at("parameters").at("GPP_A") == "mine");
  for (const auto& event : run.trace) {
    for (const auto* code : {"1111222233334444", "4444333322221111", "\"1234\""})
      CHECK(event.dump().find(code) == std::string::npos);
  }
  // Without a code phone two waits, and nothing is retried.
  for (const auto& timer : run.events("timer_armed"))
    CHECK((timer.at("phone") != "000e08000001" || timer.at("timer") == "boot_delay"));
  const auto missed = run.events("code_entered").back();
  CHECK(missed.at("missed") == "not_asked");
}

TEST_CASE_METHOD(Rehearsal, "a domain's SRV records come before the redirect service",
                 "[R-BOOT-04]") {
  workspace.write("www/Cisco/000e08abcdef.cfg", profile("by DNS"));
  Nginx nginx(workspace, workspace.path("www"));
  DnsmasqDns dns(workspace, {"_ciscoprov-http._tcp.example.net,localhost," +
                             std::to_string(nginx.port()) + ",10,0"});
  const auto run = run_phone(
      workspace, with(phone(), {"--for", "3s", "--dhcp", "15=example.net", "--dns", dns.server()}));
  CHECK(run.exit_code == 0);
  CHECK(run.parameter("GPP_A") == "by DNS");
  const auto requests = run.events("request");
  REQUIRE(requests.size() == 2);
  CHECK(requests[0].at("rule") == "dns_discovery");
  CHECK(customization(run) == "Aborted");
}

TEST_CASE("rule and run agree on what leads to a code", "[R-RULE-50][R-BOOT-01]") {
  Workspace workspace;
  const auto said = provphone(workspace, {"rule", "gds://"});
  CHECK(Json::parse(said.out) == Json{{"outcome", "onboarding"}, {"alternative", 1}});
  const auto run = run_phone(
      workspace, {"--rule", "gds://", "--for", "1s", "--boot", "--set", "Resync_Random_Delay=0"});
  CHECK(run.exit_code == 1);
  CHECK(run.events("onboarding_requested").size() == 1);
  CHECK(run.events("pass_failed").empty());
}

TEST_CASE("a file of codes that is none is refused with the place") {
  Workspace workspace;
  workspace.write("www/a.xml", profile("a"));
  const auto refused = [&](const std::string& text, const std::string& why) {
    const auto file = workspace.write("codes.yaml", text).string();
    const auto said = provphone(
        workspace, {"serve", workspace.path("www").string(), "--http", "0", "--onboarding", file});
    require_usage_error(said);
    INFO(said.err);
    CHECK(said.err.find(why) != std::string::npos);
  };
  refused("codes: [{code: 12, profile: a.xml}]", "expected 16 digits");
  refused("codes: [{code: \"1234567890123456\"}]", "expected a code and its profile");
  refused("codes: [{code: \"1234567890123456\", profile: a.xml, expires: tomorrow}]",
          "expected a day");
  refused("codes: [{cod: 1}]", "did you mean 'code'");
  refused("codes: 1", "expected `path`, or `codes`");
}

}  // namespace
}  // namespace provphone::e2e::first_boot_test
