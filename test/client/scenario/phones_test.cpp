#include "client/scenario/phones.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace phones_test {

using namespace provphone;
using namespace provphone::client::scenario;

namespace {

// A folder with a scenario's files, gone when the test is over.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("provphone-scenario-" + std::to_string(getpid()));

  Folder() { std::filesystem::create_directories(path); }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
    return (path / name).string();
  }
};

Scenario loaded(const std::string& file) {
  auto scenario = load_scenario(file);
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

constexpr const char* two_groups = R"(
phones:
  - {group: a, count: 1000000, mac: 000e08000000}
  - group: b
    count: 300
    model: CP-7841-3PCC
    personality: mpp11
    knobs: {connect_timeout: 3s}
    mac: 00a0c9000000
    serial: "FCH2200{index:04X}"
    firmware: sip78xx.11-3-2MPP0001-609
    source: 127.1.0.0/16
    certificate: minted
    config: base.xml
    variables: {site: b}
    set: {Profile_Rule: "/{site}/$MA.xml", User_ID_1_: "{index+1000}", GPP_B: over}
    dhcp: {66: "prov-{site}"}
)";

std::string_view parameter(const resync::Device& device, std::string_view name) {
  return device.parameters.get(*profile::find_parameter(name));
}

}  // namespace

TEST_CASE("the generic certificate is none of a phone's own", "[R-CERT-05]") {
  const Folder folder;
  for (const auto& [certificate, is_own] :
       {std::pair{"minted", true}, {"generic", false}, {"none", false}, {"expired", true}}) {
    INFO(certificate);
    const auto scenario = loaded(folder.write(
        "s.yaml", std::string("pki: pki\nphones:\n  - certificate: ") + certificate + "\n"));
    CHECK(identity_of(scenario, 0).certificate_installed == is_own);
  }
}

TEST_CASE("a phone's identity is a function of its number") {
  const Folder folder;
  const auto scenario = loaded(folder.write("s.yaml", two_groups));
  CHECK(phone_count(scenario) == 1'000'300);
  CHECK(group_of(scenario, 0) == 0);
  CHECK(group_of(scenario, 999'999) == 0);
  CHECK(group_of(scenario, 1'000'000) == 1);
  CHECK(format_lower(mac_of(scenario, 999'999)) == "000e080f423f");
  CHECK(phone_with(scenario, {0x00a0c900012b}) == 1'000'299U);
  CHECK_FALSE(phone_with(scenario, {0x00a0c900012c}));
  CHECK_FALSE(phone_with(scenario, {0x000e07ffffff}));

  const auto identity = identity_of(scenario, 1'000'299);
  CHECK(identity.serial == "FCH2200012B");
  CHECK(identity.ip == "127.1.1.44");
  CHECK(identity.model == "CP-7841-3PCC");
  CHECK(identity.certificate_installed);
  const auto plain = identity_of(scenario, 10);
  CHECK(plain.serial == "FCH0000000A");
  CHECK(plain.ip == resync::Identity{}.ip);
  CHECK_FALSE(plain.certificate_installed);
  CHECK(source_of(scenario, 0).empty());
}

TEST_CASE("a source is a prefix, which has addresses of its own, or the first phone's address") {
  struct Row {
    std::string source;
    std::uint32_t most;  // phones
    std::string first, last;
  };
  for (const auto& [source, most, first, last] :
       std::vector<Row>{{"127.0.0.8/30", 2, "127.0.0.9", "127.0.0.10"},
                        {"127.0.0.9/31", 2, "127.0.0.8", "127.0.0.9"},
                        {"127.0.0.9/32", 1, "127.0.0.9", "127.0.0.9"},
                        {"127.1.9.9/16", 65'534, "127.1.0.1", "127.1.255.254"},
                        {"127.1.0.10", 300, "127.1.0.10", "127.1.1.53"},
                        {"10.0.0.0", 1, "10.0.0.0", "10.0.0.0"},
                        {"127.255.255.253", 2, "127.255.255.253", "127.255.255.254"},
                        {"255.255.255.254", 1, "255.255.255.254", "255.255.255.254"},
                        {"126.255.255.255", 2, "126.255.255.255", "127.0.0.0"}}) {
    INFO(source);
    const auto read = [&, source = source](std::uint32_t count) {
      return read_scenario(
          fmt::format("phones: [{{count: 3}}, {{source: {}, count: {}}}]", source, count),
          "a.yaml");
    };
    const auto scenario = read(most);
    REQUIRE(scenario);
    CHECK(source_of(*scenario, 3) == first);
    CHECK(source_of(*scenario, 2 + most) == last);
  }
}

TEST_CASE("a group's file is read once, and its phones share what they have in common") {
  const Folder folder;
  folder.write("base.xml",
               "<flat-profile><GPP_A ua=\"ro\">from file</GPP_A><GPP_B>from file</GPP_B>"
               "</flat-profile>");
  const auto scenario = loaded(folder.write("s.yaml", two_groups));
  const auto group = group_setup(scenario, 1);
  REQUIRE(group);
  std::filesystem::remove(folder.path / "base.xml");
  const auto device = device_of(scenario, *group, 1'000'007);
  CHECK(parameter(device, "GPP_A") == "from file");
  CHECK(parameter(device, "GPP_B") == "over");
  CHECK(parameter(device, "Profile_Rule") == "/b/$MA.xml");
  CHECK(parameter(device, "User_ID_1_") == "1007");
  CHECK(device.parameters.differences().size() == 1);
  CHECK(device.parameters.access(*profile::find_parameter("GPP_A")) == profile::Access::read_only);
  CHECK(device.personality.generation == profile::Generation::mpp11);
  CHECK(device.personality.connect_timeout == std::chrono::seconds(3));
  REQUIRE(device.lease.size() == 1);
  CHECK(device.lease[0].value == "prov-b");
  CHECK(device.identity.mac == mac_of(scenario, 1'000'007));
}

TEST_CASE("a group's file that is missing or no profile is named") {
  const Folder folder;
  const auto scenario = loaded(folder.write("s.yaml", two_groups));
  const auto missing = group_setup(scenario, 1);
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Errc::unreadable_file);
  CHECK(missing.error().detail.find((folder.path / "base.xml").string()) != std::string::npos);
  folder.write("base.xml", "<flat-profile>");
  const auto broken = group_setup(scenario, 1);
  REQUIRE_FALSE(broken);
  CHECK(broken.error().code == Errc::xml_malformed);
  const auto none = load_scenario((folder.path / "none.yaml").string());
  REQUIRE_FALSE(none);
  CHECK(none.error().code == Errc::unreadable_file);
}

}  // namespace phones_test
