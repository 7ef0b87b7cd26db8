#include "test/e2e/browser.hpp"
#include "test/e2e/phone.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

// A phone as people and programs meet it that come to its web server.
namespace provphone::e2e::web_pages_test {
namespace {

// A phone that is up and has not been asked for anything but its first pass.
struct Desk {
  Workspace workspace;
  Nginx nginx = serve(workspace);
  RunningPhone phone;

  static Nginx serve(Workspace& workspace) {
    workspace.write("www/first.xml", "<flat-profile/>");
    workspace.write("www/basic.xml", profile("12345678"));
    return Nginx(workspace, workspace.path("www"), {});
  }
  explicit Desk(const Flags& flags = {})
      : phone(workspace,
              with({"--rule", nginx.url("/first.xml"), "--web", "0", "--mac", "000e08abcdef"},
                   flags)) {}

  // `http://127.0.0.1:PORT/`, as the program says it.
  std::string url() const {
    const std::string mark = "the phone answers at ";
    eventually(patience,
               [&] { return contains(phone.err(), mark) && contains(phone.err(), "\n"); });
    const auto text = phone.err();
    const auto begin = text.find(mark) + mark.size();
    return text.substr(begin, text.find('\n', begin) - begin - 1);
  }
  // Status and body of what curl gets.
  std::string ask(const std::string& path, const Flags& flags = {}) {
    return workspace.run(
        with(with({"curl", "-s", "-g", "-w", "\n%{http_code}"}, flags), {url() + path}));
  }
  bool asks_for(const std::string& request) const {
    return eventually(patience, [&] {
      for (const auto& access : nginx.accesses(0)) {
        if (access.request == "GET " + request + " HTTP/1.1") return true;
      }
      return false;
    });
  }
};

TEST_CASE("a URL makes a phone resync, once with a rule of its own", "[R-FACE-03]") {
  Desk desk;
  REQUIRE(desk.asks_for("/first.xml"));
  CHECK(contains(desk.ask("/admin/cfg.xml"), "<GPP_A/>"));
  CHECK(contains(desk.ask("/admin/resync", {"-I"}), "200"));  // looks, and asks for nothing
  const auto answer = desk.ask("/admin/resync?" + desk.nginx.url("/basic.xml"));
  CHECK(answer.substr(answer.size() - 3) == "200");
  REQUIRE(desk.asks_for("/basic.xml"));
  CHECK(eventually(patience, [&] { return contains(desk.ask("/admin/cfg.xml"), ">12345678<"); }));
  CHECK(contains(desk.ask("/admin/status.xml"), "<Provisioning_Status_1>Succeeded on "));
  CHECK(contains(desk.ask("/"), "/basic.xml"));
  CHECK(contains(desk.ask("/nothing"), "\n404"));
  CHECK(contains(desk.ask("/", {"-X", "DELETE"}), "\n405"));
  desk.phone.interrupt();
  const auto run = desk.phone.finish();
  const auto passes = run.events("pass_started");
  REQUIRE(passes.size() == 2);
  CHECK(passes[1].at("reason") == "one_time_request");
  CHECK(run.events("resync_requested").back().at("origin") == "web");
  // The rule is kept nowhere.
  CHECK(run.parameter("Profile_Rule") == desk.nginx.url("/first.xml"));
}

TEST_CASE("the administrator's password is asked for, and seen nowhere", "[R-FACE-04]") {
  Desk desk({"--set", "Admin_Password=tIny5ecret"});
  CHECK(contains(desk.ask("/admin/"), "\n401"));
  CHECK(contains(desk.ask("/admin/", {"-u", "admin:wrong"}), "\n401"));
  CHECK(contains(desk.ask("/admin/", {"-u", "admin:tIny5ecret"}), "\n200"));
  CHECK(contains(desk.ask("/admin/cfg.xml?xuser=admin&xpassword=tIny5ecret"), "\n200"));
  CHECK(contains(desk.ask("/"), "\n200"));
  CHECK_FALSE(contains(desk.ask("/admin/system", {"-u", "admin:tIny5ecret"}), "tIny5ecret"));
  desk.phone.interrupt();
  const auto run = desk.phone.finish();
  CHECK_FALSE(contains(run.err, "tIny5ecret"));
  for (const auto& line : run.trace) CHECK_FALSE(contains(line.dump(), "tIny5ecret"));
}

TEST_CASE("what is submitted is set, and the phone restarts and resyncs", "[R-FACE-05]") {
  Desk desk({"--knob", "restart_duration=1s", "--set", "Resync_Random_Delay=0"});
  REQUIRE(desk.asks_for("/first.xml"));
  CHECK(contains(desk.ask("/admin/provisioning",
                          {"--data-urlencode", "Profile_Rule=" + desk.nginx.url("/basic.xml")}),
                 "The phone takes the changes, restarts and resyncs."));
  CHECK(desk.asks_for("/basic.xml"));
  desk.phone.interrupt();
  const auto run = desk.phone.finish();
  CHECK(run.events("rebooted").size() == 1);
  CHECK(run.parameter("Profile_Rule") == desk.nginx.url("/basic.xml"));
}

TEST_CASE("a phone that restarts answers nobody", "[R-FACE-01]") {
  Desk desk({"--knob", "restart_duration=1000s", "--set", "Resync_Random_Delay=0"});
  REQUIRE(desk.asks_for("/first.xml"));
  desk.ask("/admin/provisioning", {"--data-urlencode", "GPP_B=1"});
  Process curl(desk.workspace.path(), "curl", {"curl", "-s", desk.url() + "/admin/resync"});
  constexpr int empty_reply = 52;
  CHECK(curl.wait(patience) == empty_reply);
  desk.phone.interrupt();
  const auto run = desk.phone.finish();
  CHECK(run.parameter("GPP_B") == "1");
  // The one that it was started with.
  CHECK(run.events("resync_requested").size() == 1);
}

TEST_CASE("several phones share a port, each below its MAC address", "[R-FACE-02]") {
  Workspace workspace;
  const auto nginx = Desk::serve(workspace);
  const auto scenario = workspace.write(
      "two.yaml", "phones:\n  - {count: 2, mac: 000e08000010, set: {Profile_Rule: \"" +
                      nginx.url("/first.xml") +
                      "\"}}\n  - {count: 1, mac: 000e08000020, source: 127.0.0.3/32, set: "
                      "{Profile_Rule: \"" +
                      nginx.url("/first.xml") + "\"}}\nevents: [{at: 0s, power_on: all}]\n");
  RunningPhone phones(workspace, {scenario.string(), "--web", "0"});
  REQUIRE(eventually(patience, [&] { return contains(phones.err(), "000e08000011/\n"); }));
  const auto err = phones.err();
  const auto begin = err.find("http://");
  const auto origin = err.substr(begin, err.find('/', begin + 7) - begin);
  const auto ask = [&](const std::string& url) {
    return workspace.run({"curl", "-s", "-w", "\n%{http_code}", url});
  };
  CHECK(contains(ask(origin + "/000e08000011/"), "000e08000011 · Info"));
  CHECK(contains(ask(origin + "/000e08000010/admin/"), "href=\"/000e08000010/admin/system\""));
  CHECK(contains(ask(origin + "/000e08000099/"), "\n404"));
  CHECK(contains(ask(origin + "/"), "\n404"));
  const auto port = origin.substr(origin.rfind(':'));
  CHECK(contains(ask("http://127.0.0.3" + port + "/"), "000e08000020 · Info"));
  phones.interrupt();
  phones.finish();
}

TEST_CASE("a person looks at GPP_A, asks for a resync by URL, and looks again",
          "[R-FACE-03][R-FACE-05]") {
  if (!browser_is_there()) test::not_run("chromium is not installed");
  Desk desk;
  REQUIRE(desk.asks_for("/first.xml"));
  const auto advanced = desk.url() + "/admin/advanced";
  const std::string field = "<input type=\"text\" id=\"GPP_A\" name=\"GPP_A\" value=\"";
  Browser browser(desk.workspace);
  CHECK(contains(browser.open(advanced), field + "\">"));
  CHECK(contains(browser.open(desk.url() + "/admin/resync?" + desk.nginx.url("/basic.xml")),
                 "Resync"));
  REQUIRE(desk.asks_for("/basic.xml"));
  CHECK(contains(browser.open(advanced), field + "12345678\">"));
  desk.phone.interrupt();
  desk.phone.finish();
}

TEST_CASE("a web place that is none is refused, and so is a port that is taken", "[R-FACE-01]") {
  Workspace workspace;
  const Flags rule{"run", "--rule", "http://127.0.0.1:9/a.xml"};
  for (const auto* place : {"x", "127.0.0.1", "127.0.0.1:", "70000", "localhost:80", "[::1"}) {
    INFO(place);
    require_usage_error(provphone(workspace, with(rule, {"--web", place})));
  }
  const auto nginx = Desk::serve(workspace);
  require_usage_error(provphone(workspace, with(rule, {"--web", std::to_string(nginx.port())})));
}

}  // namespace
}  // namespace provphone::e2e::web_pages_test
