#include "client/face/registration.hpp"

#include "client/face/line.hpp"
#include "client/face/register_request.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <string>
#include <vector>

namespace provphone::client::face::registration_test {
namespace {

using namespace std::chrono_literals;
using resync::Time;
using Turn = RegistrationStep::Turn;
using State = Registration::State;

using Settings = std::vector<std::pair<std::string, std::string>>;

const SipPlace here{"10.0.0.5", 5062};

resync::Device device_with(const Settings& more) {
  resync::Device device;
  const auto set = [&](std::string_view name, std::string_view value) {
    INFO(name);
    const auto id = profile::find_parameter(name);
    REQUIRE(id);
    device.parameters.set(*id, value);
  };
  set("Proxy_1_", "pbx.example.net");
  set("User_ID_1_", "100");
  set("Password_1_", "s3cret");
  for (const auto& [name, value] : more) set(name, value);
  device.settings_changed();
  return device;
}

RegistrationTerms terms_with(const Settings& more) {
  const auto terms = registration_terms(1, device_with(more));
  REQUIRE(terms);
  REQUIRE(*terms);
  return **terms;
}

// A line that registers, step by step.
struct Line {
  Registration registration;
  Time now{};
  RegistrationStep last;

  explicit Line(const Settings& more = {}) {
    registration.terms = terms_with(more);
    registration.seed = 7;
    last = begin(registration, now);
  }
  Line& at(resync::Duration when) {
    now = Time{when};
    return *this;
  }
  Line& rings() {
    last = deadline_reached(registration, now);
    return *this;
  }
  SipResponse response(int status) const {
    SipResponse made;
    made.status = status;
    made.reason = "Because";
    made.branch = branch_of(registration);
    made.call_id = call_id_of(registration);
    made.sequence = registration.sequence;
    return made;
  }
  Line& hears(const SipResponse& response) {
    last = take(registration, response, here, now);
    return *this;
  }
  Line& hears(int status) { return hears(response(status)); }
  Line& hears_challenge(int status, const std::string& nonce, const std::string& more = {}) {
    auto asks = response(status);
    auto& there = status == 401 ? asks.challenges : asks.proxy_challenges;
    there = {fmt::format("Digest realm=\"desk\", nonce=\"{}\"{}", nonce, more)};
    return hears(asks);
  }
  Line& hears_bound(std::uint32_t seconds) {
    auto bound = response(200);
    bound.expires = seconds;
    return hears(bound);
  }
  std::string octets() const { return register_octets(registration, here); }
  // Of the request that is under way; empty where it has none.
  std::string header(const std::string& name) const {
    const auto text = octets();
    const auto begin = text.find("\r\n" + name + ": ");
    if (begin == std::string::npos) return {};
    const auto value = begin + name.size() + 4;
    return text.substr(value, text.find("\r\n", value) - value);
  }
};

Line line_with(const Settings& more) {
  return Line(more);
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a line registers that is enabled, is to, and has proxy and user", "[R-SIP-08]") {
  struct Case {
    Settings more;
    bool registers;
  };
  for (const auto& [more, registers] : std::vector<Case>{{{}, true},
                                                         {{{"Line_Enable_1_", "No"}}, false},
                                                         {{{"Register_1_", "No"}}, false},
                                                         {{{"Proxy_1_", ""}}, false},
                                                         {{{"User_ID_1_", ""}}, false}}) {
    INFO((more.empty() ? "" : more.front().first));
    const auto terms = registration_terms(1, device_with(more));
    REQUIRE(terms);
    CHECK(terms->has_value() == registers);
  }
  CHECK_FALSE(registration_terms(2, device_with({})).value());
}

TEST_CASE("a line that cannot register here says why", "[R-SIP-08]") {
  CHECK(registration_terms(1, device_with({{"SIP_Transport_1_", "TLS"}})).error().code ==
        Errc::unsupported_scheme);
  for (const auto* proxy : {"a b", "pbx;transport=tcp", "pbx\r\nX: y", "sip:pbx@x"})
    CHECK(registration_terms(1, device_with({{"Proxy_1_", proxy}})).error().code ==
          Errc::url_syntax);
}

TEST_CASE("a line asks its outbound proxy where it is to use one", "[R-SIP-08]") {
  CHECK(terms_with({{"Outbound_Proxy_1_", "edge:5070"}}).next_hop == "pbx.example.net");
  const auto terms =
      terms_with({{"Outbound_Proxy_1_", "edge:5070"}, {"Use_Outbound_Proxy_1_", "Yes"}});
  CHECK(terms.next_hop == "edge:5070");
  CHECK(terms.registrar == "pbx.example.net");
}

TEST_CASE("timers of registrations are the parameters'", "[R-SIP-10][R-SIP-11][R-SIP-12]") {
  const auto factory = terms_with({});
  CHECK(factory.t1 == 500ms);
  CHECK(factory.t2 == 4s);
  CHECK(factory.patience == 16s);
  CHECK(factory.expires == 3600s);
  CHECK(factory.shortest == 1s);
  CHECK(factory.longest == 7200s);
  CHECK(factory.retry == 30s);
  CHECK(factory.long_retry == 1200s);
  const auto own = terms_with({{"SIP_T1", "1.5"}, {"SIP_Timer_F", "0"}, {"Reg_Retry_Intvl", "9"}});
  CHECK(own.t1 == 1500ms);
  CHECK(own.patience == 16s);
  CHECK(own.retry == 9s);
}

TEST_CASE("a REGISTER says who is where", "[R-SIP-08]") {
  const auto line =
      line_with({{"Display_Name_1_", "Anna \"B\""}, {"User_ID_1_", "a b@example.net"}});
  CHECK(line.octets().starts_with("REGISTER sip:pbx.example.net SIP/2.0\r\n"));
  CHECK(line.header("Via").starts_with("SIP/2.0/UDP 10.0.0.5:5062;branch=z9hG4bK"));
  CHECK(line.header("To") == "\"Anna \\\"B\\\"\" <sip:a%20b@pbx.example.net>");
  CHECK(line.header("From").starts_with(line.header("To") + ";tag="));
  CHECK(line.header("Contact") == "<sip:a%20b@10.0.0.5:5062>");
  CHECK(line.header("Expires") == "3600");
  CHECK(line.header("CSeq") == "1 REGISTER");
  CHECK(line.header("User-Agent").starts_with("Cisco-CP-8841"));
  CHECK(line.octets().ends_with("Content-Length: 0\r\n\r\n"));
  const auto tcp = line_with({{"SIP_Transport_1_", "TCP"}, {"SIP_Reg_User_Agent_Name", "desk $A"}});
  CHECK(tcp.header("Via").starts_with("SIP/2.0/TCP "));
  CHECK(tcp.header("Contact") == "<sip:100@10.0.0.5:5062;transport=tcp>");
  CHECK(tcp.header("User-Agent") == "desk ");
}

TEST_CASE("every registration has a Call-ID of its own, and a CSeq that rises", "[R-SIP-10]") {
  Line line;
  const auto call = call_id_of(line.registration);
  line.hears_challenge(401, "1");
  CHECK(call_id_of(line.registration) == call);
  CHECK(line.header("CSeq") == "2 REGISTER");
  auto other = line.registration;
  other.seed = 8;
  CHECK(call_id_of(other) != call);
}

TEST_CASE("a challenge is answered with the line's login", "[R-SIP-09]") {
  auto line = line_with({{"Auth_ID_1_", "anna"}, {"Use_Auth_ID_1_", "Yes"}});
  CHECK(line.header("Authorization").empty());
  line.hears_challenge(401, "1", ", qop=\"auth\"");
  CHECK(line.last.sends);
  const auto login = line.header("Authorization");
  CHECK(contains(login, "username=\"anna\""));
  CHECK(contains(login, "uri=\"sip:pbx.example.net\""));
  CHECK(contains(login, "nc=00000001"));
  CHECK(line.octets() == line.octets());
  line.hears_bound(60);
  CHECK(line.last.said->is_registered);
  // The next request shows it at once.
  line.at(40s).rings();
  CHECK(contains(line.header("Authorization"), "nc=00000002"));
}

TEST_CASE("the answer to a challenge is the digest of RFC 2617", "[R-SIP-09]") {
  Line line;
  line.hears_challenge(401, "abc");
  // MD5 of MD5(100:desk:s3cret):abc:MD5(REGISTER:sip:pbx.example.net)
  const auto who = profile::hash_hex(profile::Hash::md5, "100:desk:s3cret");
  const auto what = profile::hash_hex(profile::Hash::md5, "REGISTER:sip:pbx.example.net");
  CHECK(
      contains(line.header("Authorization"),
               "response=\"" + profile::hash_hex(profile::Hash::md5, who + ":abc:" + what) + "\""));
  CHECK_FALSE(contains(line.octets(), "s3cret"));
}

TEST_CASE("a login that is refused is not tried twice, one that came too late is", "[R-SIP-09]") {
  Line line;
  line.hears_challenge(401, "1").hears_challenge(401, "2", ", stale=true");
  CHECK(line.last.sends);
  line.hears_challenge(401, "3", ", stale=true");
  CHECK_FALSE(line.last.sends);
  CHECK(line.last.said->status == 401);
  Line wrong;
  wrong.hears_challenge(401, "1").hears_challenge(401, "2");
  CHECK_FALSE(wrong.last.sends);
  CHECK(wrong.last.turn == Turn::lost);
  CHECK(wrong.registration.due == Time{1200s});
}

TEST_CASE("proxy and registrar may both ask for the login", "[R-SIP-09]") {
  Line line;
  line.hears_challenge(407, "1").hears_challenge(401, "2");
  CHECK(line.last.sends);
  CHECK(contains(line.header("Proxy-Authorization"), "nonce=\"1\""));
  CHECK(contains(line.header("Authorization"), "nonce=\"2\""));
}

TEST_CASE("a challenge that no phone answers is a refusal", "[R-SIP-09]") {
  Line basic;
  auto asks = basic.response(401);
  asks.challenges = {"Basic realm=\"desk\""};
  CHECK(basic.hears(asks).last.said->status == 401);
  Line sha;
  CHECK_FALSE(sha.hears_challenge(401, "1", ", algorithm=SHA-512").last.sends);
}

TEST_CASE("over UDP a request is sent again until Timer F", "[R-SIP-10]") {
  Line line;
  std::vector<resync::Duration> sent;
  while (line.registration.state == State::asking) {
    const auto due = line.registration.due;
    line.now = due - 1ms;
    CHECK_FALSE(line.rings().last.sends);
    const auto before = line.octets();
    line.now = due;
    line.rings();
    if (!line.last.sends) break;
    CHECK(line.octets() == before);
    sent.push_back(due.time_since_epoch());
  }
  CHECK(sent == std::vector<resync::Duration>{500ms, 1500ms, 3500ms, 7500ms, 11500ms, 15500ms});
  CHECK(line.now == Time{16s});
  CHECK(line.last.said->error == Errc::transfer_timeout);
  CHECK(line.last.turn == Turn::lost);
  CHECK(line.registration.due == Time{46s});
}

TEST_CASE("over TCP a request is sent once", "[R-SIP-10]") {
  auto line = line_with({{"SIP_Transport_1_", "TCP"}});
  CHECK(line.registration.due == Time{16s});
  CHECK(line.at(16s).rings().last.said->error == Errc::transfer_timeout);
}

TEST_CASE("a provisional answer is waited behind", "[R-SIP-10]") {
  Line line;
  line.hears(100);
  CHECK(line.registration.state == State::asking);
  CHECK_FALSE(line.last.said);
  line.hears(200);
  CHECK(line.registration.state == State::registered);
}

TEST_CASE("an answer to another request is none", "[R-SIP-10]") {
  Line line;
  auto other = line.response(200);
  other.branch += "x";
  CHECK_FALSE(line.hears(other).last.said);
  other = line.response(200);
  other.sequence = 2;
  CHECK_FALSE(line.hears(other).last.said);
  line.hears(200);
  CHECK_FALSE(line.hears(403).last.said);
  CHECK(line.registration.state == State::registered);
}

TEST_CASE("a registration is renewed before it ends", "[R-SIP-11]") {
  struct Case {
    std::uint32_t granted;
    resync::Duration renewed;
  };
  for (const auto& [granted, renewed] : {Case{3600, 3240s}, Case{60, 40s}, Case{30, 15s},
                                         Case{1, 500ms}, Case{0, 500ms}, Case{9'000, 8100s}}) {
    INFO(granted);
    Line line;
    line.hears_bound(granted);
    CHECK(line.registration.due == Time{renewed});
    CHECK_FALSE(line.at(renewed - 1ms).rings().last.sends);
    CHECK(line.at(renewed).rings().last.sends);
    line.hears_bound(granted);
    CHECK_FALSE(line.last.said);  // it only goes on
  }
}

TEST_CASE("how long a registration lasts is what its own contact says", "[R-SIP-11]") {
  Line line;
  auto bound = line.response(200);
  bound.expires = 600;
  SipResponse::Binding other{"100", "10.0.0.9", 5062, 20}, own{"100", "10.0.0.5", 5062, 60};
  bound.bindings = {other, own};
  CHECK(line.hears(bound).last.said->lifetime == 60s);
  Line without;
  bound = without.response(200);
  bound.expires = 600;
  bound.bindings = {other, other};
  CHECK(without.hears(bound).last.said->lifetime == 600s);
  auto silent = line_with({{"Register_Expires_1_", "90"}});
  CHECK(silent.hears(200).last.said->lifetime == 90s);
}

TEST_CASE("a registrar that wants a longer time gets it", "[R-SIP-11]") {
  auto line = line_with({{"Register_Expires_1_", "60"}});
  auto brief = line.response(423);
  brief.min_expires = 300;
  CHECK(line.hears(brief).last.sends);
  CHECK(line.header("Expires") == "300");
  line.hears_bound(300);
  CHECK(line.last.said->lifetime == 300s);
  line.at(280s).rings();
  CHECK(line.header("Expires") == "300");
  brief = line.response(423);
  brief.min_expires = 200;
  CHECK(line.hears(brief).last.said->status == 423);
  Line greedy;
  brief = greedy.response(423);
  brief.min_expires = 4'000'000'000;
  greedy.hears(brief);
  CHECK(greedy.header("Expires") == "7200");
  brief = greedy.response(423);
  brief.min_expires = 4'000'000'000;
  CHECK(greedy.hears(brief).last.said->status == 423);
}

TEST_CASE("after a refusal a line waits as its status says", "[R-SIP-12]") {
  struct Case {
    int status;
    Settings more;
    Time again;
  };
  for (const auto& [status, more, again] :
       std::vector<Case>{{403, {}, Time{1200s}},
                         {302, {}, Time{1200s}},
                         {500, {{"Retry_Reg_RSC", "403, 5??"}}, Time{30s}},
                         {403, {{"Retry_Reg_RSC", "403,5??"}}, Time{30s}},
                         {404, {{"Retry_Reg_RSC", "403, 5??"}}, Time{1200s}},
                         {600, {{"Reg_Retry_Long_Intvl", "0"}}, Time::max()}}) {
    INFO(status);
    Line line(more);
    line.hears(status);
    CHECK(line.last.said->status == status);
    CHECK(line.last.said->detail == "Because");
    CHECK(line.last.turn == Turn::lost);
    CHECK(line.registration.due == again);
  }
  Line busy;
  auto later = busy.response(503);
  later.retry_after = 77;
  CHECK(busy.hears(later).registration.due == Time{77s});
}

TEST_CASE("the wait doubles up to its cap", "[R-SIP-12]") {
  auto line = line_with({{"Reg_Retry_Intvl_Cap", "100"}});
  std::vector<resync::Duration> waits;
  for (int i = 0; i < 4; ++i) {
    line.last = not_asked(line.registration, {Errc::connection_refused, ""}, line.now);
    waits.push_back(line.registration.due - line.now);
    line.now = line.registration.due;
    CHECK(line.rings().last.sends);
  }
  CHECK(waits == std::vector<resync::Duration>{30s, 60s, 100s, 100s});
  auto spread = line_with({{"Reg_Retry_Random_Delay", "10"}});
  spread.last = not_asked(spread.registration, {Errc::connection_refused, ""}, spread.now);
  CHECK(spread.registration.due >= Time{30s});
  CHECK(spread.registration.due <= Time{40s});
}

TEST_CASE("a line is lost once, and restored once it is registered again", "[R-SIP-12]") {
  Line line;
  line.hears_bound(60);
  CHECK(line.last.turn == Turn::none);
  line.at(40s).rings().at(56s).rings();
  CHECK(line.last.turn == Turn::lost);
  line.at(86s).rings().at(102s).rings();
  CHECK(line.last.said->error == Errc::transfer_timeout);
  CHECK(line.last.turn == Turn::none);
  line.at(132s).rings().hears_bound(60);
  CHECK(line.last.turn == Turn::restored);
  CHECK(line.last.said->is_registered);
}

TEST_CASE("who may not be asked is not asked again, and nothing is known of the line",
          "[R-SIP-08]") {
  for (const auto code : {Errc::target_refused, Errc::url_syntax, Errc::unsupported_scheme}) {
    Line line;
    line.last = not_asked(line.registration, {code, "why"}, line.now);
    CHECK(line.last.said->error == code);
    CHECK(line.last.turn == Turn::none);
    CHECK(line.registration.due == Time::max());
  }
}

TEST_CASE("a line that leaves takes its registration back", "[R-SIP-10]") {
  Line line;
  CHECK_FALSE(take_back(line.registration));
  line.hears_challenge(401, "1", ", qop=\"auth\"").hears_bound(60);
  REQUIRE(take_back(line.registration));
  CHECK(line.header("Expires") == "0");
  CHECK(line.header("CSeq") == "3 REGISTER");
  CHECK(contains(line.header("Authorization"), "nc=00000002"));
  CHECK(line.registration.due == Time::max());
  CHECK_FALSE(take_back(line.registration));
}

TEST_CASE("an answer to a REGISTER is read", "[R-SIP-10][R-SIP-11]") {
  const std::string octets =
      "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 10.0.0.5:5062;branch=z9hG4bKa;rport=5062\r\n"
      "From: <sip:100@pbx>;tag=a\r\nTo: <sip:100@pbx>;tag=b\r\nCall-ID: c1\r\n"
      "CSeq: 3 REGISTER\r\nContact: <sip:100@10.0.0.5:5062>;expires=60, "
      "<sip:100@10.0.0.9>;q=0.5\r\nExpires: 600\r\nMin-Expires: 30\r\n"
      "Retry-After: 18 (busy)\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"1\"\r\n"
      "Content-Length: 0\r\n\r\n";
  CHECK(is_sip_response(octets));
  CHECK_FALSE(is_sip_response("NOTIFY sip:100@pbx SIP/2.0\r\n"));
  const auto response = parse_sip_response(octets);
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->reason == "OK");
  CHECK(response->branch == "z9hG4bKa");
  CHECK(response->call_id == "c1");
  CHECK(response->sequence == 3);
  REQUIRE(response->bindings.size() == 2);
  CHECK(response->bindings[0].expires == 60U);
  CHECK(response->bindings[0].port == 5062);
  CHECK_FALSE(response->bindings[1].expires);
  CHECK(response->expires == 600U);
  CHECK(response->min_expires == 30U);
  CHECK(response->retry_after == 18U);
  REQUIRE(response->challenges.size() == 1);
  CHECK(resync::read_challenges(response->challenges).size() == 1);
}

TEST_CASE("what is no answer is none", "[R-SIP-10]") {
  for (const auto* octets :
       {"", "SIP/2.0", "SIP/2.0 200 OK\r\n\r\n", "SIP/2.0 abc\r\nCall-ID: c\r\n\r\n",
        "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP a;branch=b\r\nCall-ID: c\r\nCSeq: x REGISTER\r\n\r\n"})
    CHECK_FALSE(parse_sip_response(octets));
}

}  // namespace provphone::client::face::registration_test
