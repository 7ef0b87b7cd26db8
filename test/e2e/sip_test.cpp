#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/socket.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sys/socket.h>
#include <sys/time.h>

// A phone as a PBX meets it. SIPp is the PBX.
namespace provphone::e2e {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr auto* secret = "tIny5ecret";

// One request of SIPp. `more` are header lines; the CSV's fields are user, address and login.
std::string request_of(const std::string& method, int sequence, const std::string& more,
                       const std::string& body) {
  return fmt::format(
      "<send retrans=\"500\"><![CDATA[\n{0} sip:[field0]@[field1]:[remote_port] SIP/2.0\n"
      "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nMax-Forwards: 70\n"
      "From: <sip:pbx@[local_ip]:[local_port]>;tag=[call_number]\n"
      "To: <sip:[field0]@[field1]:[remote_port]>\nCall-ID: [call_id]\nCSeq: {1} {0}\n"
      "Contact: <sip:pbx@[local_ip]:[local_port]>\n{2}Content-Length: [len]\n\n{3}]]></send>\n",
      method, sequence, more, body);
}

struct Asking {
  std::string method = "NOTIFY";
  std::string headers;  // lines, each with its end
  int status = 200;     // of the last answer
  bool logs_in = false;
  std::string body{};
  enum class Over : std::uint8_t { udp, tcp } over = Over::udp;
};

// Sends, logs in where it is to, and ends with the answer that is wanted or in failure.
std::string scenario_of(const Asking& asking) {
  std::string text = "<?xml version=\"1.0\"?>\n<scenario name=\"ask\">\n";
  // Over TCP there is one connection, and one callee.
  if (asking.over == Asking::Over::udp)
    text +=
        "<nop><action><setdest host=\"[field1]\" port=\"[remote_port]\" "
        "protocol=\"[transport]\"/></action></nop>\n";
  int sequence = 1;
  if (asking.logs_in) {
    text += request_of(asking.method, sequence++, asking.headers, asking.body);
    text += "<recv response=\"401\" auth=\"true\"/>\n";
  }
  text += request_of(asking.method, sequence, asking.headers + (asking.logs_in ? "[field2]\n" : ""),
                     asking.body);
  return text + fmt::format("<recv response=\"{}\"/>\n</scenario>\n", asking.status);
}

struct Callee {
  std::string user, address;
};

// What SIPp asked went as `asking` says, with each of them.
bool asks(Workspace& workspace, const std::string& port, const std::vector<Callee>& callees,
          const Asking& asking, const std::string& password = secret) {
  require_installed("sipp");
  static int count = 0;
  const auto name = fmt::format("sipp{}", ++count);
  const auto scenario = workspace.write(name + ".xml", scenario_of(asking));
  std::string csv = "SEQUENTIAL\n";
  for (const auto& callee : callees) {
    csv += fmt::format("{};{};[authentication username={} password={}]\n", callee.user,
                       callee.address, callee.user, password);
  }
  const auto table = workspace.write(name + ".csv", csv);
  Process sipp(workspace.path(), name,
               {"sipp",
                callees.front().address + ":" + port,
                "-i",
                "127.0.0.1",
                "-sf",
                scenario.string(),
                "-inf",
                table.string(),
                "-m",
                std::to_string(callees.size()),
                "-nostdin",
                "-r",
                "200",
                "-l",
                "50",
                "-recv_timeout",
                "20000",
                "-timeout",
                "90",
                "-t",
                asking.over == Asking::Over::udp ? "u1" : "t1"});
  const auto status = sipp.wait(patience);
  INFO(sipp.err());
  CHECK(status);
  return status == 0;
}

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

// A PBX of one socket, which can say the same thing twice.
class Caller {
 public:
  Caller() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    bind_to_loopback(socket_, 0);
    const timeval limit{60, 0};
    ::setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  // The answer to a NOTIFY; `more` are header lines.
  std::string notify(const std::string& port, int number, const std::string& more) const {
    const auto message = fmt::format(
        "NOTIFY sip:100@127.0.0.1:{0} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{1};"
        "branch=z9hG4bK{2}\r\nFrom: <sip:pbx@127.0.0.1>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\n"
        "Call-ID: {2}@here\r\nCSeq: 1 NOTIFY\r\nEvent: resync\r\n{3}Content-Length: 0\r\n\r\n",
        port, port_of(socket_), number, more);
    const auto to = loopback(static_cast<std::uint16_t>(std::stoi(port)));
    REQUIRE(::sendto(socket_.fd(), message.data(), message.size(), 0, as_sockaddr(to), sizeof to) ==
            static_cast<ssize_t>(message.size()));
    std::string answer(4096, '\0');
    const auto size = ::recv(socket_.fd(), answer.data(), answer.size(), 0);
    REQUIRE(size > 0);
    answer.resize(static_cast<std::size_t>(size));
    return answer;
  }

 private:
  Socket socket_;
};

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
}  // namespace provphone::e2e
