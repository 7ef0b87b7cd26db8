#include "test/e2e/phone.hpp"
#include "test/e2e/sip_callers.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>

// A phone as a PBX meets it.
namespace provphone::e2e::sip_test {
namespace {

const std::string secret = sip_secret;

// A phone that is up and has made its first pass.
struct Desk {
  Workspace workspace;
  Nginx nginx = serve(workspace);
  RunningPhone phone;

  static Nginx serve(Workspace& workspace) {
    workspace.write("www/first.xml", "<flat-profile/>");
    return Nginx(workspace, workspace.path("www"), {});
  }
  explicit Desk(const Flags& flags = {})
      : phone(workspace,
              with({"--rule", nginx.url("/first.xml"), "--sip", "0", "--mac", "000e08abcdef",
                    "--set", "User_ID_1_=100", "--set", std::string("Password_1_=") + secret},
                   flags)) {
    REQUIRE(eventually(patience, [&] { return nginx.accesses(0).size() == 1; }));
  }

  std::string port() const {
    const std::string mark = "the phone takes SIP at sip:127.0.0.1:";
    eventually(patience,
               [&] { return contains(phone.err(), mark) && contains(phone.err(), "\n"); });
    const auto text = phone.err();
    const auto begin = text.find(mark) + mark.size();
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  bool ask(const Asking& asking, const std::string& password = secret) {
    return asks(workspace, port(), {{"100", "127.0.0.1"}}, asking, password);
  }
  PhoneRun end() {
    phone.interrupt();
    return phone.finish();
  }
};

TEST_CASE("a NOTIFY makes a phone resync once it has shown the line's password",
          "[R-SIP-01][R-SIP-03][R-SIP-04]") {
  Desk desk;
  CHECK(desk.ask({"NOTIFY", "Event: resync\n", 200, true}));
  REQUIRE(eventually(patience, [&] { return desk.nginx.accesses(0).size() == 2; }));
  CHECK(desk.ask({"NOTIFY", "Event: resync\n", 401, true}, "wrong"));
  CHECK(desk.ask({"NOTIFY", "Event: message-summary\n", 489}));
  CHECK(desk.ask({"OPTIONS", "", 200}));
  CHECK(desk.ask({"INVITE", "", 501}));
  const auto run = desk.end();
  CHECK(desk.nginx.accesses(0).size() == 2);
  const auto asked = run.events("resync_requested");
  CHECK(std::count_if(asked.begin(), asked.end(),
                      [](const Json& event) { return event.at("origin") == "sip_notify"; }) == 1);
  CHECK(run.events("notified").at(0).at("status") == 489);
  CHECK_FALSE(contains(run.err, secret));
  for (const auto& line : run.trace) {
    CHECK_FALSE(contains(line.dump(), secret));
    CHECK_FALSE(contains(line.dump(), "response="));
  }
}

TEST_CASE("a NOTIFY is taken over TCP as over UDP", "[R-SIP-01]") {
  Desk desk;
  CHECK(desk.ask({"NOTIFY", "Event: check-sync\n", 200, true, {}, Asking::Over::tcp}));
  CHECK(eventually(patience, [&] { return desk.nginx.accesses(0).size() == 2; }));
  desk.end();
}

TEST_CASE("a PBX's check-sync with reboot restarts a phone that asks for no password",
          "[R-SIP-03][R-SIP-04]") {
  Desk desk({"--set", "Auth_Resync-Reboot_1_=No", "--set", "Resync_Random_Delay=0", "--knob",
             "restart_duration=1s"});
  CHECK(desk.ask({"NOTIFY", "Event: check-sync;reboot=true\nSubscription-State: active\n", 200}));
  CHECK(eventually(patience, [&] { return desk.nginx.accesses(0).size() == 2; }));
  CHECK(desk.end().events("rebooted").size() == 1);
}

TEST_CASE("Resync_From_SIP refuses a NOTIFY that has shown the password", "[R-SIP-04]") {
  Desk desk({"--set", "Resync_From_SIP=No"});
  CHECK(desk.ask({"NOTIFY", "Event: resync\n", 403, true}));
  CHECK(desk.end().events("notified").empty());
  CHECK(desk.nginx.accesses(0).size() == 1);
}

TEST_CASE("an Execute object by NOTIFY leads to its profile", "[R-SIP-06]") {
  Desk desk({"--set", "CISCO_XML_EXE_Enable=Yes"});
  desk.workspace.write("www/one.xml", profile("12345678"));
  CHECK(desk.ask({"NOTIFY", "Event: XML-service\nContent-Type: text/xml\n", 200, true,
                  "<CP-8841-3PCCExecute>\n<ExecuteItem URL=\"Resync:" + desk.nginx.url("/one.xml") +
                      "\"/>\n</CP-8841-3PCCExecute>\n"}));
  CHECK(eventually(patience, [&] { return desk.nginx.accesses(0).size() == 2; }));
  CHECK(desk.end().parameter("GPP_A") == "12345678");
}

// Phones in a scenario, each of which asks for a file of its own.
std::string phones_of(int count, const std::string& rule, const std::string& more) {
  return fmt::format(
      "phones:\n  - {{count: {}, mac: 000e08000000, {}set: {{Profile_Rule: \"{}\", User_ID_1_: "
      "\"{{index+1000}}\", Password_1_: {}, Resync_Random_Delay: \"0\"}}}}\n"
      // A thousand at once would fill nginx's queue of connections.
      "events: [{{at: 0s, power_on: all, over: 2s}}]\n",
      count, more, rule, secret);
}

std::string port_in(const std::string& err) {
  const auto begin = err.find(':', err.find("sip:") + 4) + 1;
  return err.substr(begin, err.find('\n', begin) - begin);
}

TEST_CASE("phones at one address are told apart by their users", "[R-SIP-02]") {
  Workspace workspace;
  const auto nginx = Desk::serve(workspace);
  const auto scenario =
      workspace.write("three.yaml", phones_of(3, nginx.url("/first.xml?$MA"), ""));
  RunningPhone phones(workspace, {scenario.string(), "--sip", "0"});
  REQUIRE(eventually(patience, [&] { return nginx.accesses(0).size() == 3; }));
  const auto port = port_in(phones.err());
  CHECK(asks(workspace, port, {{"1001", "127.0.0.1"}}, {"NOTIFY", "Event: resync\n", 200, true}));
  CHECK(asks(workspace, port, {{"999", "127.0.0.1"}}, {"NOTIFY", "Event: resync\n", 404}));
  REQUIRE(eventually(patience, [&] { return nginx.accesses(0).size() == 4; }));
  CHECK(contains(nginx.accesses(4).back().request, "000e08000001"));
  phones.interrupt();
  phones.finish();
  CHECK(nginx.accesses(4).size() == 4);
}

TEST_CASE("a thousand phones at addresses of their own each resync once by a NOTIFY",
          "[R-SIP-02][R-SIP-05]") {
  constexpr std::size_t count = 1000;
  Workspace workspace;
  const auto nginx = Desk::serve(workspace);
  const auto scenario = workspace.write(
      "many.yaml", phones_of(count, nginx.url("/first.xml?$MA"), "source: 127.31.0.0/16, "));
  RunningPhone phones(workspace, {scenario.string(), "--sip", "0"});
  REQUIRE(nginx.accesses(count).size() >= count);
  const auto err = phones.err();
  const auto first =
      err.substr(err.find("sip:") + 4, err.find(':', err.find("sip:") + 4) - err.find("sip:") - 4);
  // Addresses follow each other from the first one on.
  const auto offset = std::stoul(first.substr(first.rfind('.') + 1));
  std::vector<Callee> callees;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = offset + i;
    callees.push_back({std::to_string(1000 + i), fmt::format("127.31.{}.{}", at / 256, at % 256)});
  }
  CHECK(asks(workspace, port_in(err), callees, {"NOTIFY", "Event: resync\n", 200, true}));
  CHECK(nginx.accesses(2 * count).size() >= 2 * count);
  phones.interrupt();
  const auto run = phones.finish();
  std::multiset<std::string> asked;
  for (const auto& event : run.events("resync_requested")) {
    if (event.at("origin") == "sip_notify") asked.insert(event.at("phone").get<std::string>());
  }
  CHECK(asked.size() == count);
  CHECK(std::set<std::string>(asked.begin(), asked.end()).size() == count);
  CHECK(nginx.accesses(0).size() == 2 * count);
}

TEST_CASE("a NOTIFY that is repeated is answered again and obeyed once", "[R-SIP-05]") {
  Desk desk({"--set", "Auth_Resync-Reboot_1_=No"});
  const Caller pbx;
  const auto answer = pbx.notify(desk.port(), 1, "");
  CHECK(answer.starts_with("SIP/2.0 200 OK"));
  CHECK(pbx.notify(desk.port(), 1, "") == answer);
  CHECK(pbx.notify(desk.port(), 1, "") == answer);
  CHECK(pbx.notify(desk.port(), 2, "").starts_with("SIP/2.0 200 OK"));
  CHECK(desk.end().events("resync_requested").size() == 3);  // the first pass is one
}

// The answer is right for that nonce and the password of the line.
TEST_CASE("a login to a nonce that nobody knows is asked for anew", "[R-SIP-03]") {
  Desk desk;
  const auto answer = Caller().notify(
      desk.port(), 1,
      "Authorization: Digest username=\"100\", realm=\"provphone\", nonce=\"0123\", "
      "uri=\"sip:100@127.0.0.1\", response=\"13544dd2a58b797fdaa0593f5f8b64ca\", qop=auth, "
      "nc=00000001, cnonce=\"a\"\r\n");
  CHECK(answer.starts_with("SIP/2.0 401 Unauthorized"));
  CHECK(contains(answer, "stale=true"));
  CHECK(desk.end().events("pass_started").size() == 1);
}

TEST_CASE("a NOTIFY to a user that several phones have reaches each", "[R-SIP-02]") {
  Workspace workspace;
  const auto nginx = Desk::serve(workspace);
  auto text = phones_of(3, nginx.url("/first.xml?$MA"), "");
  const std::string own = "\"{index+1000}\"";
  text.replace(text.find(own), own.size(), "\"100\"");
  const auto scenario = workspace.write("three.yaml", text);
  RunningPhone phones(workspace, {scenario.string(), "--sip", "0"});
  REQUIRE(eventually(patience, [&] { return nginx.accesses(0).size() == 3; }));
  CHECK(asks(workspace, port_in(phones.err()), {{"100", "127.0.0.1"}},
             {"NOTIFY", "Event: resync\n", 200, true}));
  CHECK(eventually(patience, [&] { return nginx.accesses(0).size() == 6; }));
  phones.interrupt();
  phones.finish();
}

TEST_CASE("a place for SIP that is none is named", "[R-SIP-01]") {
  Workspace workspace;
  for (const auto* place : {"x", "127.0.0.1:", "h:5060", "70000"}) {
    INFO(place);
    require_usage_error(
        provphone(workspace, {"run", "--rule", "http://127.0.0.1/a", "--sip", place}));
  }
}

}  // namespace
}  // namespace provphone::e2e::sip_test
