#include "client/face/sip.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace provphone::client::face::sip_test {
namespace {

// A phone whose first line is 100, with a secret.
struct Phone {
  resync::Device device;

  Phone() {
    set("User_ID_1_", "100").set("Password_1_", "s3cret").set("CISCO_XML_EXE_Enable", "Yes");
  }
  Phone& set(std::string_view name, std::string_view value) {
    device.parameters.set(*profile::find_parameter(name), value);
    device.settings_changed();
    return *this;
  }
};

SipRequest notify(std::string event, std::string body = {}) {
  SipRequest request;
  request.method = "NOTIFY";
  request.event = std::move(event);
  request.body = std::move(body);
  return request;
}

SipRequest of_method(std::string method) {
  auto request = notify({});
  request.method = std::move(method);
  return request;
}

// As it comes over the wire, with those header lines.
std::string octets(std::string_view first_line, std::string_view more = {}) {
  return fmt::format(
      "{} SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK1;rport\r\n"
      "From: <sip:pbx@10.0.0.9>;tag=a\r\nTo: <sip:100@10.0.0.5>\r\nCall-ID: c1@10.0.0.9\r\n"
      "CSeq: 1 NOTIFY\r\nMax-Forwards: 70\r\n{}Content-Length: 0\r\n\r\n",
      first_line, more);
}

const SipSender pbx{"10.0.0.8", 5062};

TEST_CASE("a phone listens to whom its parameters leave", "[R-SIP-13][R-SIP-14]") {
  struct Row {
    const char* parameter;
    const char* value;
    bool is_barred;
  };
  const auto row = GENERATE(values<Row>({
      {"Block_Nonproxy_SIP", "No", false},
      {"Block_Nonproxy_SIP", "Yes", true},
      {"Restricted_Access_Domains", "", false},
      {"Restricted_Access_Domains", "example.net", true},
      {"Restricted_Access_Domains", "10.0.0.80", true},
      {"Restricted_Access_Domains", "example.net, 10.0.0.8", false},
  }));
  INFO(row.parameter << " " << row.value);
  Phone phone;
  phone.set(row.parameter, row.value);
  CHECK(is_barred("10.0.0.8", phone.device) == row.is_barred);
}

TEST_CASE("a legacy phone has no Restricted_Access_Domains", "[R-SIP-14]") {
  Phone phone;
  phone.device.personality = resync::personality_of(profile::Generation::spa);
  phone.set("Restricted_Access_Domains", "example.net");
  CHECK_FALSE(is_barred("10.0.0.8", phone.device));
}

TEST_CASE("a phone is found by the user of an enabled line", "[R-SIP-02]") {
  Phone phone;
  phone.set("User_ID_2_", "200@example.net").set("Auth_ID_2_", "account");
  CHECK(line_of("100", phone.device) == 1);
  CHECK(line_of("200", phone.device) == 2);
  CHECK(line_of("200@example.net", phone.device) == 2);
  CHECK_FALSE(line_of("300", phone.device));
  CHECK_FALSE(line_of("", phone.device));
  CHECK_FALSE(line_of("account", phone.device));
  phone.set("Use_Auth_ID_2_", "Yes");
  CHECK(line_of("account", phone.device) == 2);
  CHECK(line_of("200", phone.device) == 2);
  phone.set("User_ID_3_", "100");
  CHECK(users_of(phone.device) ==
        std::vector<std::string>{"100", "200@example.net", "200", "account"});
  phone.set("Line_Enable_1_", "No").set("Line_Enable_3_", "No");
  CHECK_FALSE(line_of("100", phone.device));
}

TEST_CASE("a NOTIFY wants the login of the line, as far as that says so", "[R-SIP-03]") {
  Phone phone;
  for (const auto* event : {"resync", "reboot", "report", "restart", "XML-service", "check-sync"}) {
    INFO(event);
    const auto login = sip_login_wanted(notify(event), 1, phone.device);
    REQUIRE(login);
    CHECK(login->user == "100");
    CHECK(login->password == "s3cret");
  }
  CHECK_FALSE(sip_login_wanted(notify("message-summary"), 1, phone.device));
  CHECK_FALSE(sip_login_wanted(of_method("OPTIONS"), 1, phone.device));
  phone.set("Use_Auth_ID_1_", "Yes").set("Auth_ID_1_", "account");
  CHECK(sip_login_wanted(notify("resync"), 1, phone.device)->user == "account");
  phone.set("Auth_Resync-Reboot_1_", "No");
  CHECK_FALSE(sip_login_wanted(notify("resync"), 1, phone.device));
  CHECK(sip_login_wanted(notify("resync"), 2, phone.device));
}

TEST_CASE("each event has its answer and what follows", "[R-SIP-04]") {
  enum class Follows : std::uint8_t { pass, restart, report, nothing };
  struct Row {
    const char* event;
    int status;
    Follows follows;
  };
  const std::vector<Row> rows{{"resync", 200, Follows::pass},
                              {"check-sync", 200, Follows::pass},
                              {"check-sync;reboot=false", 200, Follows::pass},
                              {"check-sync;reboot=true", 200, Follows::restart},
                              {"reboot", 200, Follows::restart},
                              {"reboot_now", 200, Follows::restart},
                              {"restart", 200, Follows::restart},
                              {"restart_now", 200, Follows::restart},
                              {"report", 200, Follows::report},
                              {"prt-gen", 200, Follows::nothing},
                              {"message-summary", 489, Follows::nothing},
                              {"", 489, Follows::nothing}};
  const Phone phone;
  for (const auto& row : rows) {
    INFO(row.event);
    const auto made = answer(notify(row.event), phone.device, "10.0.0.9");
    CHECK(made.status == row.status);
    REQUIRE(made.following);
    const auto& event = made.following->event;
    CHECK(std::holds_alternative<resync::ResyncRequested>(event) == (row.follows == Follows::pass));
    CHECK(std::holds_alternative<resync::RestartRequested>(event) ==
          (row.follows == Follows::restart));
    CHECK(std::holds_alternative<resync::ReportRequested>(event) ==
          (row.follows == Follows::report));
    CHECK(std::holds_alternative<resync::Notified>(event) == (row.follows == Follows::nothing));
  }
}

TEST_CASE("Resync_From_SIP refuses a pass, and nothing else", "[R-SIP-04]") {
  Phone phone;
  phone.set("Resync_From_SIP", "No");
  CHECK(answer(notify("resync"), phone.device, "10.0.0.9").status == 403);
  CHECK(answer(notify("check-sync"), phone.device, "10.0.0.9").status == 403);
  CHECK(answer(notify("reboot"), phone.device, "10.0.0.9").status == 200);
}

TEST_CASE("an Execute object in a NOTIFY asks for a pass with a rule of its own", "[R-SIP-06]") {
  Phone phone;
  const auto* const object =
      "<CP-8841-3PCCExecute><ExecuteItem URL=Resync:/one.xml/></CP-8841-3PCCExecute>";
  const auto made = answer(notify("XML-service", object), phone.device, "10.0.0.9");
  CHECK(made.status == 200);
  REQUIRE(made.following);
  const auto& wanted = std::get<resync::ResyncRequested>(made.following->event);
  CHECK(wanted.origin == resync::Origin::xml_execute);
  CHECK(wanted.scope == resync::Scope::one_time_rule);
  CHECK(made.following->brought->rule == "tftp://10.0.0.9/one.xml");
  const auto url = answer(notify("XML-service", "http://h/menu.xml"), phone.device, "10.0.0.9");
  CHECK(url.status == 200);
  CHECK(std::holds_alternative<resync::Notified>(url.following->event));
  const auto broken = answer(notify("XML-service", "<a/>"), phone.device, "10.0.0.9");
  CHECK(broken.status == 400);
  CHECK_FALSE(broken.following);
  phone.set("CISCO_XML_EXE_Enable", "No");
  const auto closed = answer(notify("XML-service", object), phone.device, "10.0.0.9");
  CHECK(closed.status == 403);
  CHECK_FALSE(closed.following);
}

TEST_CASE("other methods are answered with what the phone does not do", "[R-SIP-07]") {
  const Phone phone;
  const std::vector<std::pair<const char*, int>> rows{
      {"OPTIONS", 200},  {"INVITE", 501},    {"BYE", 481},     {"CANCEL", 481},
      {"REGISTER", 405}, {"SUBSCRIBE", 405}, {"MESSAGE", 405}, {"FOO", 501}};
  for (const auto& [method, status] : rows) {
    INFO(method);
    const auto made = answer(of_method(method), phone.device, "10.0.0.9");
    CHECK(made.status == status);
    CHECK_FALSE(made.following);
  }
}

TEST_CASE("a request is read, and its answer repeats what it has to", "[R-SIP-01]") {
  const auto request = parse_sip_request(
      octets("NOTIFY sip:100@10.0.0.5",
             "Event: check-sync;reboot=true\r\n"
             "Authorization: Digest username=\"100\", realm=\"provphone\", nonce=\"n\", "
             "uri=\"sip:10.0.0.5\", response=\"0123456789abcdef0123456789abcdef\"\r\n"),
      pbx);
  REQUIRE(request);
  CHECK(request->method == "NOTIFY");
  CHECK(request->user == "100");
  CHECK(request->event == "check-sync;reboot=true");
  CHECK(request->branch == "z9hG4bK1");
  CHECK(request->digest_uri == "sip:10.0.0.5");
  const auto text = sip_answer_octets(*request, 200, "OK", {{"Allow", "NOTIFY"}});
  const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
  CHECK(text.starts_with("SIP/2.0 200 OK\r\n"));
  CHECK(has("received=10.0.0.8"));
  CHECK(has("rport=5062"));
  CHECK(has("From: <sip:pbx@10.0.0.9>;tag=a\r\n"));
  CHECK(has("To: <sip:100@10.0.0.5>;tag="));
  CHECK(has("Call-ID: c1@10.0.0.9\r\nCSeq: 1 NOTIFY\r\nAllow: NOTIFY\r\n"));
  CHECK(text.ends_with("Content-Length: 0\r\n\r\n"));
  CHECK(parse_sip_request(octets("NOTIFY sip:100@10.0.0.5", "o: resync\r\n"), pbx)->event ==
        "resync");
}

TEST_CASE("what is no request that can be answered is dropped", "[R-SIP-01]") {
  CHECK_FALSE(parse_sip_request("", pbx));
  CHECK_FALSE(parse_sip_request("\r\n\r\n", pbx));
  CHECK_FALSE(parse_sip_request("NOTIFY sip:100@10.0.0.5 SIP/2.0\r\n\r\n", pbx));
  CHECK_FALSE(parse_sip_request("GET / HTTP/1.1\r\nHost: h\r\n\r\n", pbx));
  CHECK_FALSE(parse_sip_request(
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z\r\nFrom: <sip:a@b>\r\nTo: <sip:a@b>\r\n"
      "Call-ID: c\r\nCSeq: 1 NOTIFY\r\n\r\n",
      pbx));
  auto with_nul = octets("NOTIFY sip:100@10.0.0.5");
  with_nul[10] = '\0';
  CHECK_FALSE(parse_sip_request(with_nul, pbx));
  CHECK_FALSE(parse_sip_request(
      octets("NOTIFY sip:100@10.0.0.5", "X: " + std::string(most_sip_octets, 'x') + "\r\n"), pbx));
}

TEST_CASE("a stream is cut where its messages end", "[R-SIP-01]") {
  const auto whole = octets("OPTIONS sip:10.0.0.5");
  CHECK(sip_message_size(whole) == whole.size());
  CHECK(sip_message_size(whole + whole) == whole.size());
  for (std::size_t i = 0; i < whole.size(); ++i) CHECK(sip_message_size(whole.substr(0, i)) == 0u);
  CHECK(sip_message_size("A\r\nl: 3\r\n\r\nab") == 0u);
  CHECK(sip_message_size("A\r\nl: 3\r\n\r\nabcd") == 14u);
  CHECK_FALSE(sip_message_size("A\r\nContent-Length: -1\r\n\r\n"));
  CHECK_FALSE(sip_message_size("A\r\nContent-Length: 65536\r\n\r\n"));
  CHECK_FALSE(sip_message_size(std::string(most_sip_octets, 'a')));
}

}  // namespace
}  // namespace provphone::client::face::sip_test
