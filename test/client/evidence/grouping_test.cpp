#include "client/evidence/gathering.hpp"
#include "test/client/evidence/read_lines.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace grouping_test {
namespace {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::evidence;

// A request in short.
struct Asked {
  int minute;
  std::string address, path, agent, subject;
};

Gathered gathered(const std::vector<Asked>& requests,
                  const std::vector<scenario::LeasedPhone>& leases = {}) {
  Gathering gathering;
  std::size_t number = 0;
  for (const auto& asked : requests) {
    Sighting seen;
    seen.at = Instant{std::chrono::minutes(asked.minute)};
    seen.method = "GET";
    seen.address = asked.address;
    seen.path = asked.path;
    seen.agent = asked.agent;
    seen.subject = asked.subject;
    gathering.take(seen, std::to_string(++number));
  }
  return gathering.finish(leases);
}

std::string_view word(Sureness sureness) {
  switch (sureness) {
    case Sureness::certificate:
      return "certificate";
    case Sureness::named:
      return "named";
    case Sureness::leased:
      return "leased";
    case Sureness::by_address:
      return "address";
  }
  return {};
}

// A phone a text: who, how sure, and what it asked for.
std::vector<std::string> phones_of(const Gathered& made) {
  std::vector<std::string> all;
  for (const auto& phone : made.seen.phones) {
    auto text = (phone.mac              ? format_lower(*phone.mac)
                 : phone.serial.empty() ? phone.address
                                        : phone.serial) +
                ' ' + std::string(word(phone.sureness));
    for (const auto& request : phone.requests) text += ' ' + made.seen.requested[request.what].path;
    all.push_back(text);
  }
  return all;
}

using Phones = std::vector<std::string>;

const std::string one = "000e08000001", two = "000e08000002";
const std::string mpp = "Cisco-CP-8841-3PCC/11.3.2";

}  // namespace

TEST_CASE("requests are parted by certificate, name, lease and address") {
  CHECK(phones_of(gathered({{0, "a", "/x", "", "CN=" + one}})) == Phones{one + " certificate /x"});
  CHECK(phones_of(gathered({{0, "a", "/" + one + ".xml", "", ""}})) ==
        Phones{one + " named /" + one + ".xml"});
  CHECK(phones_of(gathered({{0, "a", "/x", mpp + " (" + one + ")", ""}})) ==
        Phones{one + " named /x"});
  // The phone speaks of itself in its User-Agent, whosever file it asks for.
  CHECK(phones_of(gathered({{0, "a", "/" + two + ".xml", mpp + " (" + one + ")", ""}})) ==
        Phones{one + " named /" + two + ".xml"});
  CHECK(phones_of(gathered({{0, "10.0.0.7", "/x", mpp, ""}},
                           {{MacAddress{0x000e08000001}, "10.0.0.7", ""}})) ==
        Phones{one + " leased /x"});
  CHECK(phones_of(gathered({{0, "10.0.0.7", "/x", mpp, ""}})) == Phones{"10.0.0.7 address /x"});
  CHECK(phones_of(gathered({{0, "a", "/x?sn=S1", mpp, ""}})) == Phones{"S1 named /x?sn=S1"});
}

TEST_CASE("a phone is as sure as the least sure of its lines") {
  CHECK(phones_of(gathered({{0, "a", "/x", "", "CN=" + one}, {1, "a", "/" + one, "", ""}})) ==
        Phones{one + " named /x /" + one});
}

TEST_CASE("a file for all phones belongs to the one that is named at its address") {
  CHECK(phones_of(gathered({{0, "a", "/CP-8841-3PCC.xml", "", ""}, {1, "a", "/" + one, "", ""}})) ==
        Phones{one + " named /CP-8841-3PCC.xml /" + one});
}

TEST_CASE("two phones behind one address are two, and what neither is named by is the address's") {
  CHECK(phones_of(gathered({{0, "a", "/" + one, "", ""},
                            {1, "a", "/" + two, "", ""},
                            {2, "a", "/all", "", ""},
                            {3, "a", "/" + one, "", ""}})) ==
        Phones{one + " named /" + one + " /" + one, two + " named /" + two, "a address /all"});
}

TEST_CASE("an address that goes from one phone to another is each one's in its time") {
  CHECK(phones_of(gathered({{0, "a", "/" + one, "", ""},
                            {1, "a", "/all", "", ""},
                            {600, "a", "/all", "", ""},
                            {601, "a", "/" + two, "", ""}})) ==
        Phones{one + " named /" + one + " /all", two + " named /all /" + two});
}

TEST_CASE("a phone with several addresses is one") {
  CHECK(phones_of(gathered({{5, "b", "/" + one, "", ""}, {0, "a", "/" + one, "", ""}})).size() ==
        1);
}

TEST_CASE("a serial number that came with a MAC address is that phone's") {
  CHECK(phones_of(gathered({{0, "a", "/1", "Cisco/SPA504G-7.5.5 (" + one + ")(CBT1)", ""},
                            {1, "b", "/2?sn=CBT1", "", ""}})) ==
        Phones{one + " named /1 /2?sn=CBT1"});
}

TEST_CASE("browsers and tools are no phones, whatever they ask for") {
  const auto made = gathered({{0, "a", "/" + one, mpp + " (" + one + ")", ""},
                              {1, "a", "/" + one, "curl/7.88", ""},
                              {2, "b", "/", "Mozilla/5.0", ""},
                              {3, "c", "/", "unheard of", ""}});
  CHECK(phones_of(made) == Phones{one + " named /" + one});
  CHECK(made.of_others == 3);
}

TEST_CASE("lines are put in order, and the same line at the same time counts once") {
  Gathering gathering;
  const auto take = [&](int second, const std::string& text) {
    Sighting seen;
    seen.at = Instant{std::chrono::seconds(second)};
    seen.phone = MacAddress{1};
    seen.text = text;
    gathering.take(seen, text);
  };
  take(5, "late");
  take(1, "early");
  take(5, "late");
  take(6, "late");
  const auto made = gathering.finish({});
  CHECK(made.doubled == 1);
  REQUIRE(made.seen.phones.size() == 1);
  Phones texts;
  for (const auto& message : made.seen.phones[0].messages) texts.push_back(message.text);
  CHECK(texts == Phones{"early", "late", "late"});
  CHECK(made.seen.resolution == std::chrono::seconds(1));
  CHECK(made.seen.agents == std::vector<std::string>{""});
}

TEST_CASE("times are as fine as most lines have them") {
  const auto resolution = [](std::vector<std::pair<int, int>> at_and_took) {
    Gathering gathering;
    for (const auto& [at, took] : at_and_took) {
      Sighting seen;
      seen.at = Instant{std::chrono::milliseconds(at)};
      seen.took_ms = took;
      seen.path = "/x";
      gathering.take(seen, std::to_string(at));
    }
    return gathering.finish({}).seen.resolution.count();
  };
  CHECK(resolution({{1000, -1}, {2000, 20}}) == 1000);
  // nginx: whole seconds less what the requests took.
  CHECK(resolution({{980, 20}, {1993, 7}}) == 1000);
  CHECK(resolution({{981, 20}, {1994, 7}, {2500, -1}}) == 1);
}

}  // namespace grouping_test
