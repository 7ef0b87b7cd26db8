#include "resync/saved_state.hpp"

#include <catch2/catch.hpp>

namespace saved_state_test {
namespace {

using namespace provphone;
using namespace provphone::resync;

Device phone_with(std::initializer_list<std::pair<const char*, std::string>> values) {
  Device device;
  for (const auto& [name, value] : values)
    device.parameters.set(*profile::find_parameter(name), value);
  device.settings_changed();
  return device;
}

RequestMacros macros(const std::string& bits) {
  return RequestMacros(std::string(bits.rbegin(), bits.rend()));  // SCHEME first
}

}  // namespace

TEST_CASE("a phone recalls of its last request what one of its texts may look at", "[R-MACRO-20]") {
  struct Row {
    const char* name;
    std::string text;
    const char* recalled;  // SCHEME SERV SERVIP PORT PATH ERR
  };
  const std::vector<Row> rows{
      {"Profile_Rule", "http://h/$MA.xml", "000000"},
      {"Profile_Rule_B", "(\"$ERR\" eq \"\")? http://h/a", "000001"},
      {"Profile_Rule_C", "http://$SERVIP/a", "011000"},  // in doubt, SERV too
      {"Upgrade_Rule", "$SCHEME://h:$PORT/x", "100100"},
      {"Report_Rule", "$METH://h/x", "100000"},
      {"Resync_Trigger_1", "\"$PATH\" eq \"/a\"", "000010"},
      {"GPP_A", "error=$(ERR)", "000001"},
      {"Log_Failure_Msg", "$PATH failed", "000000"},  // nobody listens
  };
  for (const auto& [name, text, recalled] : rows) {
    INFO(name << " " << text);
    CHECK(recalled_macros(phone_with({{name, text}}).parameters) == macros(recalled));
  }
  CHECK(recalled_macros(phone_with({{"Log_Failure_Msg", "$PATH failed"},
                                    {"Log_Upgrade_Failure_Msg", ""},
                                    {"Log_Resync_Failure_Msg", ""},
                                    {"Syslog_Server", "h"}})
                            .parameters) == macros("000010"));
}

TEST_CASE("a phone at rest remembers what somebody will ask for, and nothing else") {
  auto device = phone_with({});
  const auto firmware = device.identity.firmware;
  device.state.err = "File not found";
  device.state.path = "/a.xml";
  auto forgotten = device;
  CHECK_FALSE(saved_state_of(forgotten, firmware, {}));
  const auto kept = saved_state_of(device, firmware, macros("000001"));
  REQUIRE(kept);
  auto again = phone_with({});
  again.state.serv = "stale";
  restore(again, *kept);
  CHECK(again.state.err == "File not found");
  CHECK(again.state.path.empty());
  CHECK(again.state.serv.empty());
}

TEST_CASE("what an upgrade, a report and a one-time rule leave behind is worth keeping") {
  const auto leaves = [](auto change) {
    auto device = phone_with({});
    const auto firmware = device.identity.firmware;
    change(device);
    return saved_state_of(device, firmware, {}).has_value();
  };
  CHECK_FALSE(leaves([](Device&) {}));
  CHECK(leaves([](Device& it) { it.identity.firmware = "sip88xx.12-0-2MPP0001-116"; }));
  CHECK(leaves([](Device& it) { it.state.upgerr = "done"; }));
  CHECK(leaves([](Device& it) { it.one_time_rule = "http://h/once.xml"; }));
  CHECK(leaves([](Device& it) { it.one_time_upgrade = "http://h/once.loads"; }));
  CHECK(leaves([](Device& it) { it.tried_upgrade.emplace(); }));
  CHECK(leaves([](Device& it) { it.reported = it.parameters; }));
}

TEST_CASE(
    "the files that would change nothing are those taken in with the parameters as they are") {
  auto device = phone_with({{"GPP_A", "1"}});
  device.applied[0] = AppliedFile{7, device.parameters.revision()};
  device.applied[2] = AppliedFile{8, device.parameters.revision() + 1};
  const auto prints = fingerprints_of(device);
  CHECK(prints == FileFingerprints{7, 0, 0, 0, 0});
  auto other = phone_with({{"GPP_A", "1"}, {"GPP_B", "2"}});
  restore(other, prints);
  REQUIRE(other.applied[0]);
  CHECK(other.applied[0]->revision == other.parameters.revision());
  CHECK_FALSE(other.applied[2]);
}

}  // namespace saved_state_test
