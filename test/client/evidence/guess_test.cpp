#include "client/evidence/guess.hpp"

#include "client/evidence/gathering.hpp"
#include "client/evidence/scenario_text.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace guess_test {
namespace {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::evidence;
using namespace std::chrono_literals;

struct Asked {
  int minute;
  unsigned phone;
  std::string path;  // with @ for the phone's MAC address
  std::int16_t status;
};

const std::string mpp = "Cisco-CP-8841-3PCC/11.3.2";

MacAddress mac_of(unsigned phone) {
  return {std::uint64_t{0x000e08000000} + phone};
}

// Requests of phones of one model.
Seen seen_of(const std::vector<Asked>& requests, const std::string& product = mpp) {
  Gathering gathering;
  std::size_t number = 0;
  for (const auto& asked : requests) {
    const auto mac = format_lower(mac_of(asked.phone));
    auto path = asked.path;
    if (const auto at = path.find('@'); at != std::string::npos) path.replace(at, 1, mac);
    const auto agent = product + " (" + mac + ")";
    Sighting seen;
    seen.at = Instant{std::chrono::minutes(asked.minute)};
    seen.method = "GET";
    seen.path = path;
    seen.status = asked.status;
    seen.bytes = 4000;
    seen.agent = agent;
    seen.address = mac;
    gathering.take(seen, std::to_string(++number));
  }
  return gathering.finish({}).seen;
}

GuessedGroup group_of(const std::vector<Asked>& requests, const std::string& product = mpp) {
  const auto guess = guess_of(seen_of(requests, product));
  REQUIRE(guess.groups.size() == 1);
  return guess.groups[0];
}

std::string first_rule(const std::string& path, const std::string& product = mpp) {
  const auto group = group_of({{0, 1, path, 200}}, product);
  return group.rules.empty() ? "none" : group.rules[0].rule;
}

using Macs = std::vector<MacAddress>;

// As a command would read it.
scenario::Scenario read_back(const std::string& text) {
  INFO(text);
  const auto scenario = scenario::read_scenario(text, "field.yaml");
  INFO((scenario ? "" : scenario.error().detail));
  REQUIRE(scenario);
  return *scenario;
}

}  // namespace

TEST_CASE("rules have macros for what is the phone's own") {
  CHECK(first_rule("/@.xml") == "http://prov.example.net/$MA.xml");
  CHECK(first_rule("/a/000E08000001.xml") == "http://prov.example.net/a/$MAU.xml");
  CHECK(first_rule("/x?m=00:0e:08:00:00:01&y=1") == "http://prov.example.net/x?m=$MAC&y=1");
  CHECK(first_rule("/CP-8841-3PCC.xml") == "http://prov.example.net/$PN.xml");
  CHECK(first_rule("/8841-3PCC/@.xml") == "http://prov.example.net/$PSN/$MA.xml");
  CHECK(first_rule("/@x.xml") == "http://prov.example.net/$(MA)x.xml");
  CHECK(first_rule("/@?password=abc") == "http://prov.example.net/$MA?password=********");
  CHECK(first_rule("/spa504G.cfg", "Cisco/SPA504G-7.5.5") == "http://prov.example.net/spa$PSN.cfg");
  // What a rule takes for its own is in no rule.
  CHECK(first_rule("/a b") == "none");
  CHECK(first_rule("/$MA") == "none");
}

TEST_CASE("what is asked for again and again is a rule, what is not stands besides") {
  const auto group = group_of({{0, 1, "/CP-8841-3PCC.xml", 200},
                               {1, 1, "/@.xml", 200},
                               {61, 1, "/@.xml", 200},
                               {121, 1, "/@.xml", 200},
                               {181, 1, "/@.xml", 200},
                               {241, 1, "/@.xml", 200},
                               {242, 1, "/fw/x.loads", 200}});
  REQUIRE(group.rules.size() == 1);
  CHECK(group.rules[0].rule == "http://prov.example.net/$MA.xml");
  CHECK(group.rules[0].requests == 5);
  CHECK(group.seldom.size() == 2);
  CHECK(group.period == 3600s);
  CHECK_FALSE(group_of({{0, 1, "/@.xml", 200}, {60, 1, "/@.xml", 200}}).period);
  // What failed is made again sooner.
  CHECK(group_of({{0, 1, "/@.xml", 200},
                  {60, 1, "/@.xml", 503},
                  {61, 1, "/@.xml", 503},
                  {62, 1, "/@.xml", 503},
                  {63, 1, "/@.xml", 200},
                  {123, 1, "/@.xml", 200}})
            .period == 3600s);
}

TEST_CASE("phones' own messages tell model, rule and period where no server's log does") {
  Gathering gathering;
  for (int hour = 0; hour < 4; ++hour) {
    const auto text = "CP-7841-3PCC 00:0e:08:00:00:01 -- Requesting resync http://10.0.0.1:80/" +
                      format_lower(mac_of(1)) + ".xml and more";
    Sighting seen;
    seen.at = Instant{std::chrono::hours(hour)};
    seen.phone = mac_of(1);
    seen.text = text;
    gathering.take(seen, std::to_string(hour));
    const std::string other = "CP-7841-3PCC 00:0e:08:00:00:01 -- Successful resync http://h/else";
    seen.text = other;
    gathering.take(seen, std::to_string(hour) + "s");
  }
  const auto guess = guess_of(gathering.finish({}).seen);
  REQUIRE(guess.groups.size() == 1);
  CHECK(guess.groups[0].model == "CP-7841-3PCC");
  REQUIRE(guess.groups[0].rules.size() == 1);
  CHECK(guess.groups[0].rules[0].rule == "http://10.0.0.1:80/$MA.xml");
  CHECK(guess.groups[0].period == 3600s);
}

TEST_CASE("groups are of one model and firmware") {
  const auto group = group_of({{0, 2, "/@", 200}, {0, 1, "/@", 200}});
  CHECK(group.model == "CP-8841-3PCC");
  CHECK(group.release == "11.3.2");
  CHECK(group.firmware.empty());  // the model's own
  CHECK(group.macs == Macs{mac_of(1), mac_of(2)});
  CHECK(group_of({{0, 1, "/@", 200}}, "Cisco-CP-7841-3PCC/12.0.2").firmware ==
        "sip78xx.12-0-2MPP0001-1");
  CHECK(group_of({{0, 1, "/@", 200}}, "Cisco/SPA504G-7.4.9").firmware == "7.4.9");
}

TEST_CASE("requests that all failed at the server are an outage") {
  const auto guess = guess_of(seen_of({{0, 1, "/@", 200},
                                       {10, 1, "/@", 503},
                                       {11, 2, "/@", 503},
                                       {12, 3, "/@", 502},
                                       {20, 2, "/@", 200},
                                       {30, 3, "/@", 500},
                                       {31, 1, "/@", 200}}));
  REQUIRE(guess.outages.size() == 1);
  CHECK(guess.outages[0].from == Instant{10min});
  CHECK(guess.outages[0].to == Instant{12min});
  CHECK(guess.outages[0].status == 503);
  CHECK(guess.outages[0].requests == 3);
  CHECK(guess.other_failures == 1);
}

TEST_CASE("a path that fails while others do not is an answer") {
  SECTION("for every phone: a pattern") {
    const auto guess =
        guess_of(seen_of({{0, 1, "/a/@", 404}, {1, 2, "/a/@", 404}, {2, 1, "/b", 200}}));
    REQUIRE(guess.answers.size() == 1);
    CHECK(guess.answers[0].path == "/a/*");
    CHECK(guess.answers[0].status == 404);
    CHECK(guess.answers[0].span == GuessedAnswer::Span::all_the_time);
  }
  SECTION("for one phone: its path") {
    const auto guess = guess_of(
        seen_of({{0, 1, "/@", 200}, {1, 2, "/@", 404}, {2, 1, "/@", 200}, {3, 2, "/@", 404}}));
    REQUIRE(guess.answers.size() == 1);
    CHECK(guess.answers[0].path == "/000e08000002");
  }
  SECTION("for the last one alone: its path") {
    const auto guess = guess_of(seen_of({{0, 1, "/@", 200}, {1, 3, "/@", 200}, {2, 2, "/@", 404}}));
    REQUIRE(guess.answers.size() == 1);
    CHECK(guess.answers[0].path == "/000e08000002");
  }
  SECTION("until somebody mended it: a while") {
    const auto guess = guess_of(seen_of({{0, 1, "/b", 404}, {5, 1, "/b", 200}}));
    REQUIRE(guess.answers.size() == 1);
    CHECK(guess.answers[0].span == GuessedAnswer::Span::a_while);
    CHECK(guess.answers[0].to == Instant{5min});
  }
  SECTION("now and then: none") {
    const auto guess = guess_of(seen_of({{0, 1, "/b", 404}, {5, 1, "/b", 200}, {9, 1, "/b", 404}}));
    CHECK(guess.answers.empty());
    CHECK(guess.other_failures == 2);
  }
  SECTION("a challenge that was met: a login") {
    const auto guess = guess_of(seen_of({{0, 1, "/b", 401}, {0, 1, "/b", 200}}));
    CHECK(guess.answers.empty());
    CHECK(guess.logins == 1);
  }
}

TEST_CASE("a guess is a scenario that says the same") {
  std::vector<Asked> requests;
  for (int hour = 0; hour < 4; ++hour)
    for (const unsigned phone : {1U, 2U, 3U, 7U})
      requests.push_back({hour * 60 + static_cast<int>(phone), phone, "/{x}/@.xml", 200});
  for (const unsigned phone : {1U, 2U, 3U}) requests.push_back({100, phone, "/{x}/@.xml", 503});
  requests.push_back({101, 7, "/none", 404});
  auto source = ScenarioSource{{"a.log"}, "2026-11-27T10:00:00", "Europe/Paris"};
  source.page = DevicePage{mac_of(2), "CP-8841-3PCC", "FCH{1}", "sip88xx.12-0-1MPP0001-7.loads"};
  source.config = "cfg.xml";
  const auto text = scenario_text(guess_of(seen_of(requests)), source);
  // The file of --config is not there, which is all that keeps the text from being read.
  auto without_config = text;
  for (auto at = without_config.find("config:"); at != std::string::npos;
       at = without_config.find("config:"))
    without_config.erase(at, without_config.find('\n', at) - at);
  CHECK(text.find("config: \"cfg.xml\"") != std::string::npos);
  const auto made = read_back(without_config);
  REQUIRE(made.phones.size() == 4);
  const auto phones = scenario::phone_count(made);
  CHECK(phones == 4);
  for (const unsigned phone : {1U, 2U, 3U, 7U})
    CHECK(scenario::phone_with(made, mac_of(phone)).has_value());
  CHECK(made.phones[1].firmware == "sip88xx.12-0-1MPP0001-7");
  CHECK(made.clock.has_value());
  CHECK(made.server.outages.size() == 1);
  CHECK(made.server.answers.size() == 1);
  CHECK(text.find("Profile_Rule: \"http://prov.example.net/{{x}}/$MA.xml\"") != std::string::npos);
}

TEST_CASE("addresses that are too many for groups are made up, and said to be") {
  std::vector<Asked> requests;
  for (unsigned phone = 0; phone < 2000; ++phone) requests.push_back({0, phone * 2, "/@", 200});
  const auto text = scenario_text(guess_of(seen_of(requests)), {{"a.log"}, {}, {}});
  const auto made = read_back(text);
  CHECK(made.phones.size() == 1);
  CHECK(scenario::phone_count(made) == 2000);
  CHECK(text.find("made up.") != std::string::npos);
  CHECK(text.find("\nclock:") == std::string::npos);
}

TEST_CASE("phones without a MAC address have one that no maker gives") {
  Gathering gathering;
  Sighting seen;
  seen.path = "/x";
  seen.address = "10.0.0.7";
  seen.agent = mpp;
  gathering.take(seen, "1");
  const auto made = read_back(scenario_text(guess_of(gathering.finish({}).seen), {{"a"}, {}, {}}));
  CHECK(scenario::phone_with(made, MacAddress{0x020000000000}).has_value());
}

}  // namespace guess_test
