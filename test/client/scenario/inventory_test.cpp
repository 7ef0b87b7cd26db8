#include "client/scenario/inventory.hpp"

#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/selection.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace inventory_test {
namespace {

using namespace provphone;
using namespace provphone::client::scenario;

using Files = std::map<std::string, std::string>;

constexpr const char* list =
    "Extension,Name,MAC,Model,site,Display Name\n"
    "1001,\"Doe, Jane\",00:0E:08:00:00:09,CP-8841-3PCC,sales,Jane\n"
    "1002,M\xc3\xbcller,00-0e-08-00-00-05,CP-7841-3PCC,sales,M.\n"
    "1003,Smith,000e.0800.0001,CP-8841-3PCC,stock,Smith\n"
    "1004,,000E08000007,,stock,nobody\n";

Surroundings with(Files files) {
  Surroundings given;
  given.read_file = [files = std::move(files)](const std::string& path,
                                               std::size_t) -> Result<std::string> {
    const auto found = files.find(path);
    if (found == files.end())
      return fail(Errc::unreadable_file, "cannot read " + path + ": no such file");
    return found->second;
  };
  return given;
}

Result<Scenario> read(const std::string& yaml, const std::string& text = list) {
  return read_scenario(yaml, "dir/a.yaml", {}, with({{"dir/phones.csv", text}}));
}

Scenario scenario_of(const std::string& yaml, const std::string& text = list) {
  auto scenario = read(yaml, text);
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

std::string refusal_of(const std::string& yaml, const std::string& text = list) {
  const auto scenario = read(yaml, text);
  if (scenario) return "it is accepted";
  CHECK(scenario.error().code == Errc::scenario_invalid);
  return scenario.error().detail;
}

std::string parsed(std::string_view text) {
  const auto inventory = parse_inventory(text, "p.csv");
  return inventory ? "it is accepted" : inventory.error().detail;
}

std::string value_of(const Scenario& scenario, std::uint32_t phone, std::string_view parameter) {
  const auto setup = group_setup(scenario, group_of(scenario, phone));
  REQUIRE(setup);
  const auto device = device_of(scenario, *setup, phone);
  return std::string(device.parameters.get(*profile::find_parameter(parameter)));
}

std::uint32_t phone_of(const Scenario& scenario, std::uint64_t mac) {
  const auto phone = phone_with(scenario, MacAddress{mac});
  REQUIRE(phone);
  return *phone;
}

}  // namespace

TEST_CASE("a group is as many phones as its inventory has rows") {
  const auto scenario = scenario_of("phones: [{group: desk, inventory: phones.csv}]");
  REQUIRE(phone_count(scenario) == 4);
  CHECK(named_groups(scenario) == 1);
  for (std::uint32_t phone = 0; phone < 4; ++phone) {
    const auto mac = mac_of(scenario, phone);
    CHECK(phone_with(scenario, mac) == phone);
    CHECK(identity_of(scenario, phone).mac == mac);
    CHECK(scenario.phones[group_of(scenario, phone)].name == "desk");
  }
  CHECK_FALSE(phone_with(scenario, MacAddress{0x000e08000002}));
}

TEST_CASE("rows of several models are phones of several kinds in one group") {
  const auto scenario = scenario_of(
      "phones: [{count: 2, mac: 000e08100000}, {group: desk, model: CP-6841-3PCC, "
      "inventory: phones.csv, set: {User_ID_1_: \"{index}\"}}, {mac: 000e08200000}]\n"
      "events: [{at: 0s, power_on: desk}]");
  CHECK(named_groups(scenario) == 3);
  CHECK(phone_count(scenario) == 7);
  const auto model = [&](std::uint64_t mac) {
    return identity_of(scenario, phone_of(scenario, mac)).model;
  };
  CHECK(model(0x000e08000009) == "CP-8841-3PCC");
  CHECK(model(0x000e08000005) == "CP-7841-3PCC");
  CHECK(model(0x000e08000001) == "CP-8841-3PCC");
  // An empty cell: what the group says.
  CHECK(model(0x000e08000007) == "CP-6841-3PCC");
  CHECK(identity_of(scenario, phone_of(scenario, 0x000e08000005)).firmware.starts_with("sip78xx"));
  CHECK(identity_of(scenario, phone_of(scenario, 0x000e08000009)).firmware.starts_with("sip88xx"));
  // Whatever its kind, a phone's index is its place in the file.
  CHECK(value_of(scenario, phone_of(scenario, 0x000e08000005), "User_ID_1_") == "1");
  CHECK(value_of(scenario, phone_of(scenario, 0x000e08000001), "User_ID_1_") == "2");
  // And the name of the group means all of them.
  CHECK(phones_of_event(scenario, 0, 0) == std::vector<std::uint32_t>{2, 3, 4, 5});
}

TEST_CASE("columns that are no property of a phone are variables") {
  const auto scenario = scenario_of(
      "phones: [{inventory: phones.csv, variables: {Name: nobody, vlan: 7}, "
      "set: {User_ID_1_: \"{Extension}\", Display_Name_1_: \"{Name}\", GPP_A: "
      "\"{site}-{vlan}\"}}]");
  const auto jane = phone_of(scenario, 0x000e08000009), spare = phone_of(scenario, 0x000e08000007);
  CHECK(value_of(scenario, jane, "User_ID_1_") == "1001");
  CHECK(value_of(scenario, jane, "Display_Name_1_") == "Doe, Jane");
  CHECK(value_of(scenario, jane, "GPP_A") == "sales-7");
  CHECK(value_of(scenario, spare, "User_ID_1_") == "1004");
  // An empty cell is filled from the group.
  CHECK(value_of(scenario, spare, "Display_Name_1_") == "nobody");
}

TEST_CASE("where picks rows by one value of a column, or by several, in several columns") {
  const auto count = [](const std::string& where) {
    return phone_count(scenario_of("phones: [{inventory: phones.csv, where: {" + where + "}}]"));
  };
  CHECK(count("site: sales") == 2);
  CHECK(count("site: [sales, stock]") == 4);
  CHECK(count("model: CP-8841-3PCC") == 2);
  CHECK(count("MODEL: CP-8841-3PCC, site: stock") == 1);
  CHECK(count("Display Name: nobody") == 1);
  CHECK(count("Name: \"\"") == 1);
}

TEST_CASE("what a row says of a phone goes over what its group says") {
  const std::string text =
      "mac;serial;personality;firmware;source;certificate;key\n"
      "000e08000001;FCH1;spa;;127.1.2.3;;\n"
      "000e08000002;;MPP11;sip88xx.11-0-0MPP;;a.pem;a.key\n"
      "000e08000003;;;;;minted;\n";
  const auto scenario = scenario_of(
      "phones: [{inventory: phones.csv, serial: \"S{index}\", source: 127.9.0.0/24}]", text);
  const auto one = phone_of(scenario, 0x000e08000001), two = phone_of(scenario, 0x000e08000002),
             three = phone_of(scenario, 0x000e08000003);
  CHECK(identity_of(scenario, one).serial == "FCH1");
  CHECK(identity_of(scenario, two).serial == "S1");
  CHECK(source_of(scenario, one) == "127.1.2.3");
  CHECK(identity_of(scenario, one).ip == "127.1.2.3");
  CHECK(source_of(scenario, two) == "127.9.0.2");
  const auto& groups = scenario.phones;
  CHECK(groups[group_of(scenario, one)].personality.generation == profile::Generation::spa);
  CHECK(groups[group_of(scenario, two)].personality.generation == profile::Generation::mpp11);
  CHECK(identity_of(scenario, two).firmware == "sip88xx.11-0-0MPP");
  const auto files = listed_certificate(scenario, two);
  REQUIRE(files);
  CHECK(files->certificate == "a.pem");
  CHECK(files->key == "a.key");
  CHECK(std::holds_alternative<ListedCertificate>(groups[group_of(scenario, two)].certificate));
  CHECK(std::holds_alternative<NoCertificate>(groups[group_of(scenario, one)].certificate));
  CHECK(std::holds_alternative<MintedCertificate>(groups[group_of(scenario, three)].certificate));
}

TEST_CASE("an inventory that is wrong is refused with the place") {
  struct Row {
    std::string_view text, message;
  };
  const Row rows[] = {
      {"Extension,Name\n1,x\n", "p.csv:1:1: expected a column 'mac', found 'Extension, Name'"},
      {"mac,Mac\n", "p.csv:1:5: column 'mac' for the second time; the first is number 1"},
      {"mac,model,Model\n",
       "p.csv:1:11: column 'model' for the second time; the first is number 2"},
      {"mac\n", "p.csv:2:1: no phone is in this list"},
      {"a,mac\n1,000e0800000\n",
       "p.csv:2:3: expected a hardware address such as 000e08012345, "
       "found '000e0800000'"},
      {"a,mac\n1,\n", "p.csv:2:3: expected a hardware address such as 000e08012345, found nothing"},
      {"a,mac\n1,1.4E+10\n",
       "p.csv:2:3: expected a hardware address such as 000e08012345, found '1.4E+10'"},
      {"mac\n000e08000001\n\n000e08000002\n00:0E:08:00:00:01\n",
       "p.csv:5:1: the address 000e08000001 for the second time; line 2 has the first"},
  };
  for (const auto& [text, message] : rows) {
    INFO(message);
    CHECK(parsed(text) == message);
  }
}

TEST_CASE("a scenario that makes no sense of its inventory is refused with the place") {
  const auto phones = [](const std::string& keys) {
    return "phones: [{group: g, inventory: phones.csv, " + keys + "}]";
  };
  struct Row {
    std::string yaml, message;
  };
  const Row rows[] = {
      {"phones: [{inventory: other.csv}]",
       "dir/a.yaml:1:22: cannot read dir/other.csv: no such file"},
      {phones("count: 5"),
       "dir/a.yaml:1:51: count goes without inventory, whose rows are the phones"},
      {phones("mac: 000e08000000"),
       "dir/a.yaml:1:49: mac goes without inventory, whose rows are the phones"},
      {"phones: [{where: {site: sales}}]",
       "dir/a.yaml:1:18: where picks rows of an inventory, and there is none"},
      {phones("where: {sit: sales}"),
       "dir/a.yaml:1:52: dir/phones.csv has no column 'sit'; did you mean 'site'?"},
      {phones("where: {site: slaes}"),
       "dir/a.yaml:1:58: no row of dir/phones.csv has 'slaes' in "
       "its column 'site'; did you mean 'sales'?"},
      {phones("where: {site: sales, Extension: 1003}"),
       "dir/a.yaml:1:51: no row of dir/phones.csv has all of this"},
      {phones("where: {mac: 000e08000009}"),
       "dir/a.yaml:1:52: phones are not picked by their address here"},
      {phones("set: {GPP_A: \"{extension}\"}"),
       "dir/a.yaml:1:57: group 'g' has no variable 'extension'; did you mean 'Extension'?"},
      {phones("set: {GPP_A: \"{Display_Name}\"}"),
       "dir/a.yaml:1:57: group 'g' has no variable 'Display_Name'; the column 'Display Name' is no "
       "name of letters, digits and _"},
      {phones("set: {GPP_A: \"{model}\"}"),
       "dir/a.yaml:1:57: group 'g' has no variable 'model'; the column 'Model' says what the phone "
       "is"},
      {"phones: [{group: a, inventory: phones.csv}, {group: b, inventory: phones.csv, where: "
       "{site: "
       "stock}}]",
       "dir/a.yaml:1:67: 000e08000001 of dir/phones.csv:4:12 is in group 'a' already"},
      {"phones: [{group: a, inventory: phones.csv}, {mac: 000e08000006, count: 2}]",
       "dir/a.yaml:1:51: 000e08000007 of dir/phones.csv:5:7 is in group 'a' already"},
      {"phones: [{inventory: phones.csv, source: 127.1.0.0/31}]",
       "dir/a.yaml:1:42: 2 addresses for 4 phones"},
  };
  for (const auto& [yaml, message] : rows) {
    INFO(message);
    CHECK(refusal_of(yaml) == message);
  }
  CHECK(refusal_of("phones: [{inventory: phones.csv}]",
                   "mac,source\n000e08000001,10.0.0.1\n000e08000002,10.0.0\n") ==
        "dir/phones.csv:3:14: expected an IPv4 address such as 10.1.2.3, found '10.0.0'");
  CHECK(refusal_of("phones: [{inventory: phones.csv}]", "mac,personality\n000e08000001,mpp13\n") ==
        "dir/phones.csv:2:14: expected spa, mpp11 or mpp12, found 'mpp13'");
  CHECK(refusal_of("phones: [{inventory: phones.csv}]", "mac,key\n000e08000001,a\n") ==
        "dir/a.yaml:1:22: dir/phones.csv has a column 'key' and none 'certificate'");
  CHECK(refusal_of("phones: [{inventory: phones.csv, set: {GPP_A: \"{group}\"}}]",
                   "mac,group\n000e08000001,a\n") ==
        "dir/a.yaml:1:47: {group} means something already, and dir/phones.csv has a column of that "
        "name; give the column another one");
  CHECK(read_scenario("phones: [{inventory: phones.csv}]", "a.yaml").error().detail ==
        "a.yaml:1:22: 'phones.csv' is out of reach here");
}

TEST_CASE("an expectation may be one for each value of a column") {
  const auto expected = [](const std::string& keys) {
    std::vector<std::pair<std::string, std::vector<std::uint32_t>>> all;
    const auto scenario = scenario_of(
        "phones: [{inventory: phones.csv}, {group: own, count: 2, mac: 000e08100000}]\n"
        "expect: [{error: file_not_found, max: 1, " +
        keys + "}]");
    for (std::size_t i = 0; i < scenario.expect.size(); ++i)
      all.emplace_back(scenario.expect[i].title.substr(scenario.expect[i].title.find('(')),
                       phones_of_expectation(scenario, i));
    return all;
  };
  using All = decltype(expected(""));
  // Phones are numbered by model: 1001 and 1003, 1002, 1004.
  CHECK(expected("by: site") ==
        All{{"(no site)", {4, 5}}, {"(site: sales)", {0, 2}}, {"(site: stock)", {1, 3}}});
  CHECK(expected("by: group") ==
        All{{"(group: own)", {4, 5}}, {"(group: phones-1)", {0, 1, 2, 3}}});
  CHECK(expected("by: model, phones: phones-1").size() == 2);
  CHECK(expected("by: site, phones: phones-1") ==
        All{{"(site: sales)", {0, 2}}, {"(site: stock)", {1, 3}}});
  const auto refused = [](const std::string& by) {
    return refusal_of(
        "phones: [{inventory: phones.csv}]\nexpect: [{error: file_not_found, by: " + by + "}]");
  };
  CHECK(refused("sit") == "dir/a.yaml:2:38: no inventory has a column 'sit'; did you mean 'site'?");
  std::string many = "mac,n\n";
  for (int i = 0; i < 201; ++i)
    many += format_lower({std::uint64_t{0x000e08000000} + static_cast<std::uint64_t>(i)}) + "," +
            std::to_string(i) + "\n";
  CHECK(refusal_of("phones: [{inventory: phones.csv}]\nexpect: [{error: file_not_found, by: n}]",
                   many) == "dir/a.yaml:2:38: 'n' has more than 200 values");
}

TEST_CASE("another list makes another scenario") {
  const std::string yaml = "phones: [{inventory: phones.csv}]";
  const auto one = scenario_of(yaml), again = scenario_of(yaml),
             other = scenario_of(yaml, "mac\n000e08000001\n");
  CHECK(one.fingerprint == again.fingerprint);
  CHECK(one.fingerprint != other.fingerprint);
  CHECK(one.files == std::vector<std::string>{"phones.csv"});
}

TEST_CASE("there may be as many groups as somebody writes down") {
  std::string yaml = "phones:\n";
  for (std::uint64_t i = 0; i < 3'000; ++i)
    yaml += "  - {group: g" + std::to_string(i) +
            ", mac: " + format_lower({std::uint64_t{0x000e08000000} + 7 * (3'000 - i)}) + "}\n";
  CHECK(phone_count(scenario_of(yaml)) == 3'000);
}

}  // namespace inventory_test
