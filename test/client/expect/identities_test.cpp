#include "client/expect/identities.hpp"

#include "client/expect/known_documents.hpp"
#include "test/client/expect/world.hpp"

namespace identities_test {

using namespace provphone;
using namespace provphone::test;
using client::expect::Datum;
using client::expect::Identities;
using client::figures::Judgement;

namespace {

// Four phones whose names and passwords are their own, two groups of one, and what all have.
constexpr auto* office = R"(
phones:
  - group: lab
    count: 4
    mac: 000e08001000
    serial: "FCH2200{index:04X}"
    variables: {site: b}
    set:
      User_ID_1_: "{index+1000}"
      Auth_ID_1_: "anna-{index}@{site}.example.net"
      Password_1_: "s3cret&{index}"
      User_ID_2_: "lobby-of-all"
      GPP_A: "greeting-{index}"
  - {group: one, mac: 001122000000, serial: "88012BA01234", set: {User_ID_1_: "shared-line"}}
  - {group: two, mac: 001122000001, serial: "88012BA01235", set: {User_ID_1_: "shared-line"}}
expect:
  - {parameter: User_ID_3_, equals: "door-{index}", phones: lab}
  - no_foreign_identity: true
)";

// `phone:what` of the incidents where phone 0 is sent that document.
std::string named(const std::string& document, std::uint32_t phone = 0) {
  const auto scenario = scenario_of(office);
  const Identities identities(scenario);
  std::string all;
  for (const auto& incident : identities.foreign_in(phone, document)) {
    all += (all.empty() ? "" : ", ") + std::to_string(incident.owner) + ":" +
           std::string(name(incident.datum));
  }
  return all;
}

std::string element(const std::string& name, const std::string& text) {
  return "<flat-profile><" + name + ">" + text + "</" + name + "></flat-profile>";
}

}  // namespace

TEST_CASE("another phone's address is found in any spelling, wherever it stands") {
  for (const auto* spelling :
       {"000e08001002", "000E08001002", "00:0e:08:00:10:02", "00-0E-08-00-10-02", "000e.0800.1002",
        "00 0e 08 00 10 02", "00%3A0e%3A08%3A00%3A10%3A02", "SEP000E08001002.cnf",
        "http://h/8841-3PCC/000e08001002.xml", "spa000e08001002"}) {
    INFO(spelling);
    CHECK(named(element("GPP_B", spelling)) == "2:address");
    CHECK(named(std::string("<a/><!-- for ") + spelling + " -->") == "2:address");
    CHECK(named(std::string("<a b=\"") + spelling + "\"/>") == "2:address");
    CHECK(named(element("GPP_B", spelling), 2).empty());
  }
  for (const auto* other : {"000e08001004", "00:0e:08:00:10", "000e0800100", "0000e0800100x2",
                            "2026-03-01T06:00:00", "000e08 and 001002"}) {
    INFO(other);
    CHECK(named(element("GPP_B", other)).empty());
  }
}

TEST_CASE("another phone's serial number, user names and passwords are found") {
  CHECK(named(element("Unknown_Thing", "FCH22000003")) == "3:serial number");
  CHECK(named("<!-- fch22000003 was here -->") == "3:serial number");
  CHECK(named(element("GPP_B", "x/88012BA01234.cfg")) == "4:serial number");
  CHECK(named(element("Auth_ID_1_", " anna-2@b.example.net ")) == "2:user name");
  CHECK(named(element("GPP_B", "try anna-2@b.example.net, or call")) == "2:user name");
  CHECK(named(element("Password_1_", "s3cret&amp;2")) == "2:secret");
  CHECK(named(element("GPP_B", "s3cret&amp;2")) == "2:secret");
  CHECK(named(element("User_ID_3_", "door-1")) == "1:user name");
  CHECK(named(element("GPP_B", "FCH22000003 of 000e08001002")) == "3:serial number, 2:address");
}

TEST_CASE("what several phones have, or what is no identity, gives nobody away") {
  CHECK(named(element("User_ID_2_", "lobby-of-all")).empty());
  CHECK(named(element("User_ID_1_", "shared-line")).empty());
  CHECK(named(element("GPP_A", "greeting-2")).empty());
  CHECK(named(element("GPP_B", "FCH220000031")).empty());
  CHECK(named(element("GPP_B", "manna-2@b.example.net")).empty());
}

TEST_CASE("a short number counts only where such names stand") {
  CHECK(named(element("User_ID_1_", "1002")) == "2:user name");
  CHECK(named(element("User_ID_7_", "\n1002\t")) == "2:user name");
  CHECK(named(element("SIP_Port_1_", "1002")).empty());
  CHECK(named(element("Speed_Dial_2_", "1002")).empty());
  CHECK(named("<!-- 1002 -->").empty());
  CHECK(named(element("User_ID_1_", "1000")).empty());  // its own
}

TEST_CASE("an incident names who asked, whose data came, and which") {
  Told told(office);
  told.is_sent(0, element("GPP_B", "000e08001000"));
  CHECK(told.result(1).status == Judgement::passed);
  told.is_sent(3, element("User_ID_1_", "1002")).is_sent(3, element("User_ID_1_", "1001"));
  const auto result = told.result(1);
  CHECK(result.status == Judgement::failed);
  CHECK(result.failed == 1);
  REQUIRE(result.failures.size() == 1);
  CHECK(format_lower(*result.failures[0].phone) == "000e08001003");
  CHECK(result.failures[0].got == "the user name of 000e08001002");
  CHECK(Told(office).result(1).status == Judgement::not_judged);
}

TEST_CASE("what an event sets at a phone is its own too") {
  const auto scenario = scenario_of(
      "phones: [{count: 3}]\n"
      "events: [{at: 0s, power_on: all}, {at: 1s, set: {Auth_ID_1_: \"agent-{index}\"}}]\n");
  const Identities identities(scenario);
  CHECK(identities.foreign_in(0, element("Auth_ID_1_", "agent-2")).size() == 1);
  CHECK(identities.foreign_in(2, element("Auth_ID_1_", "agent-2")).empty());
}

TEST_CASE("a document that names very many phones yields the first incidents") {
  const auto scenario = scenario_of("phones: [{count: 500, mac: 000e08001000}]\n");
  const Identities identities(scenario);
  std::string document;
  for (int i = 0; i < 500; ++i)
    document += "<a>" + format_colons(MacAddress{0x000e08001000U + unsigned(i)}) + "</a>";
  CHECK(identities.foreign_in(7, document).size() == client::expect::max_incidents);
  CHECK(identities.named_in(document).size() == client::expect::max_incidents + 4);
  CHECK(identities.foreign_in(7, "").empty());
  CHECK(identities.foreign_in(7, "<").empty());
  CHECK(identities.foreign_in(7, "000e0800100").empty());
}

// The same answers as without its memory, in whatever order documents and phones come.
TEST_CASE("what a document names is known for every phone that is sent it") {
  const auto scenario = scenario_of(office);
  const auto identities = std::make_shared<const Identities>(scenario);
  client::expect::KnownDocuments known(identities);
  std::vector<std::string> documents{"", element("GPP_B", "FCH22000003 of 000e08001002")};
  // More than are remembered, so that places are taken over.
  for (int i = 0; i < 300; ++i)
    documents.push_back(element("GPP_B", "000e0800100" + std::to_string(i % 4)) +
                        std::string(std::size_t(i), ' '));
  std::size_t incidents = 0;
  for (const int round : {0, 1}) {
    for (const auto& document : documents) {
      for (std::uint32_t phone = 0; phone < 4; ++phone) {
        INFO(round << ": " << document.size() << " octets for " << phone);
        const auto foreign = known.foreign_in(phone, document);
        CHECK(foreign == identities->foreign_in(phone, document));
        incidents += foreign.size();
      }
    }
  }
  CHECK(incidents == 2 * (6 + 300 * 3));
}

}  // namespace identities_test
