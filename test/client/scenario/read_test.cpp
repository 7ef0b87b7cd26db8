#include "client/scenario/read.hpp"

#include "client/input/file.hpp"
#include "client/scenario/phones.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace read_test {

using namespace provphone;
using namespace provphone::client::scenario;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const fs::path root = PROVPHONE_ROOT;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> examples(const std::string& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(root / "fixtures/scenarios" / folder)) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  REQUIRE_FALSE(files.empty());
  return files;
}

Surroundings from_disk() {
  Surroundings given;
  given.read_file = client::input::read_file;
  return given;
}

std::string message(const std::string& yaml) {
  const auto read = read_scenario(yaml, "a.yaml");
  if (read) return "it is accepted";
  CHECK(read.error().code == Errc::scenario_invalid);
  return read.error().detail;
}

// A scenario of two groups, of which only the first has a variable.
std::string two_groups(const std::string& rest) {
  return "phones: [{group: site-a, count: 5, variables: {site: x}}, {group: site-b}]\n" + rest;
}

// Of a scenario's second line: what is said about the place that `@` marks. Where another place is
// named, all of the message.
std::string message_at_mark(std::string line) {
  const auto mark = line.find('@');
  REQUIRE(mark != std::string::npos);
  line.erase(mark, 1);
  const auto place = "a.yaml:2:" + std::to_string(mark + 1) + ": ";
  const auto said = message("phones: [{}]\n" + line);
  return said.starts_with(place) ? said.substr(place.size()) : said;
}

Scenario read(const std::string& yaml) {
  auto scenario = read_scenario(yaml, "a.yaml");
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

}  // namespace

TEST_CASE("a scenario's example files are read, and the invalid ones are refused on one line") {
  for (const auto* folder : {".", "valid"}) {
    for (const auto& file : examples(folder)) {
      const auto scenario = load_scenario(file.string(), {}, from_disk());
      INFO(file << ": " << (scenario ? "" : scenario.error().detail));
      CHECK(scenario);
    }
  }
  for (const auto* folder : {"invalid/shape", "invalid/meaning", "invalid/yaml"}) {
    for (const auto& file : examples(folder)) {
      const auto scenario = load_scenario(file.string(), {}, from_disk());
      INFO(file);
      REQUIRE_FALSE(scenario);
      const auto& detail = scenario.error().detail;
      CHECK(scenario.error().code == Errc::scenario_invalid);
      CHECK(detail.starts_with(file.string() + ":"));
      CHECK(detail.find('\n') == std::string::npos);
    }
  }
}

TEST_CASE("a mistake in a scenario is named with its place and with what is accepted") {
  struct Row {
    std::string yaml, message;
  };
  const std::vector<Row> rows{
      {"", "a.yaml:1:1: expected a map with keys such as phones, seed, clock, found nothing"},
      {"phones: [", "a.yaml:1:1: not YAML: end of sequence flow not found"},
      {"phones: [\n  {group: a]", "a.yaml:2:12: not YAML: illegal flow end"},
      {"phones: [{}]\nevnts: []", "a.yaml:2:1: unknown key 'evnts'; did you mean 'events'?"},
      {"phones: [{modle: x}]", "a.yaml:1:11: unknown key 'modle'; did you mean 'model'?"},
      {"phones: [{}]\nqqq: []", "a.yaml:2:1: unknown key 'qqq'"},
      {"seed: 1", "a.yaml:1:1: the key 'phones' is missing"},
      {"phones: [{count: 1,\n  count: 2}]",
       "a.yaml:2:3: key 'count' for the second time; line 1 has the first"},
      {"phones: [{}]\n---\nphones: [{}]", "a.yaml:2:1: a second document; one a file is read"},
      {"phones: &a [*a]", "a.yaml:1:13: an alias stands inside of what it stands for"},
      {"phones: *b", "a.yaml:1:9: not YAML: the referenced anchor is not defined"},
      {"phones: !big [{}]", "a.yaml:1:9: the tag '!big' means nothing here"},
      {"phones: [{[a]: 1}]", "a.yaml:1:11: expected a key, found a list"},
      {"phones: [{count: 0}]", "a.yaml:1:18: expected a whole number from 1, found '0'"},
      {"phones: [{count: -2}]", "a.yaml:1:18: expected a whole number from 1, found '-2'"},
      {"phones: [{count: 10000001}]", "a.yaml:1:18: more than 10000000 phones altogether"},
      {"phones: [{group: a}, {group: a}]", "a.yaml:1:30: a second group 'a'"},
      {"phones: [{group: all}]",
       "a.yaml:1:18: 'all' would mean something else where phones are picked"},
      {"phones: [{group: _a}]",
       "a.yaml:1:18: expected a name of letters, digits, - and _ that begins with a letter, found "
       "'_a'"},
      {"phones: [{mac: 000e08}]",
       "a.yaml:1:16: expected a hardware address such as 000e08012345, found '000e08'"},
      {"phones: [{mac: ffffffffffff, count: 2}]",
       "a.yaml:1:16: 2 addresses do not fit behind ffffffffffff"},
      {"phones: [{group: a, mac: 000e08000000, count: 9}, {group: b, mac: 000e08000008}]",
       "a.yaml:1:67: the addresses of group 'b' and of group 'a' overlap"},
      {"phones: [{source: 127.0.0.8/30, count: 3}]", "a.yaml:1:19: 2 addresses for 3 phones"},
      {"phones: [{source: 127.255.255.253, count: 3}]", "a.yaml:1:19: 2 addresses for 3 phones"},
      {"phones: [{source: 255.255.255.255}]", "a.yaml:1:19: 0 addresses for 1 phones"},
      {"phones: [{source: 127.0.0}]",
       "a.yaml:1:19: expected an IPv4 prefix such as 127.1.0.0/16, or a first address, found "
       "'127.0.0'"},
      {"phones: [{source: 127.0.0.1/}]",
       "a.yaml:1:19: expected an IPv4 prefix of 8 to 32 bits, such as 127.1.0.0/16, found "
       "'127.0.0.1/'"},
      {"phones: [{personality: mpp13}]",
       "a.yaml:1:24: expected spa, mpp11 or mpp12, found 'mpp13'"},
      {"phones: [{knobs: {redirect_limit: few}}]",
       "a.yaml:1:19: knob redirect_limit: expected a number"},
      {"phones: [{set: {Resync_Periodicc: 1}}]",
       "a.yaml:1:17: there is no parameter 'Resync_Periodicc'; did you mean Resync_Periodic?"},
      {"phones: [{count: 1}]\nexpect: [{parameter: gpp_a, equals: x}]",
       "a.yaml:2:22: gpp_a is spelt GPP_A; the phone does not set it"},
      {"phones: [{count: 1}]\nexpect: [{parameter: Text_Display, equals: x}]",
       "a.yaml:2:22: Text_Display is what guides print for Text_Logo; the phone does not set it"},
      {"phones: [{count: 1}]\nexpect: [{parameter: \"no name\", equals: x}]",
       "a.yaml:2:22: there is no parameter 'no name'"},
      {"phones: [{set: {Resync_At_HHmm: 1, Resync_At__HHmm_: 2}}]",
       "a.yaml:1:36: Resync_At__HHmm_ is set already"},
      {"phones: [{set: {GPP_A: }}]",
       "a.yaml:1:24: expected a text (\"\" is an empty one), found nothing"},
      {"phones: [{variables: {site: b}, serial: \"{sit}\"}]",
       "a.yaml:1:41: group 'phones-1' has no variable 'sit'; did you mean 'site'?"},
      {"phones: [{serial: \"{index\"}]",
       "a.yaml:1:19: the brace at offset 0 has no other; write {{ or }} for a brace"},
      {"phones: [{certificate: minded}]",
       "a.yaml:1:24: expected minted, generic, none, expired, wrong_root or wrong_subject, found "
       "'minded'"},
      {"phones: [{certificate: {key: a}}]",
       "a.yaml:1:24: expected cert and perhaps key and password_file, or directory"},
      {"phones: [{dhcp: {300: a}}]",
       "a.yaml:1:18: expected an option of 1 to 254, or one of DHCPv6 as v6-17, found '300'"},
      {two_groups("clock: 2026-02-30T00:00:00"),
       "a.yaml:2:8: expected a date and time such as 2026-03-01T06:00:00, found "
       "'2026-02-30T00:00:00'"},
      {two_groups("time_zone: CET/"),
       "a.yaml:2:12: expected a time zone such as Europe/Paris, or UTC, found 'CET/'"},
      {two_groups("events: [{at: 0s, power_onn: all}]"),
       "a.yaml:2:19: unknown key 'power_onn'; did you mean 'power_on'?"},
      {two_groups("events: [{at: 0s}]"),
       "a.yaml:2:10: expected one of power_on, power_off, power_cycle, notify, call, register, "
       "clock, clock_forward, clock_back, resync, upgrade, updateca, link, activation_code, "
       "factory_reset, lease, "
       "set, "
       "submit"},
      {two_groups("events: [{at: 0s, upgrade: {}}]"), "a.yaml:2:28: the key 'rule' is missing"},
      {two_groups("events: [{at: 0s, notify: \"\"}]"),
       "a.yaml:2:27: expected a text that is not empty, found ''"},
      {two_groups("events: [{at: 0s, resync: {by: sipp}}]"),
       "a.yaml:2:32: expected operator, web, menu, xml or sip, found 'sipp'"},
      {two_groups("events: [{at: 0s, resync: {rule: \"\"}}]"),
       "a.yaml:2:34: expected a rule, found ''"},
      {two_groups("events: [{at: 0s, resync: {phones: all}}]"),
       "a.yaml:2:28: unknown key 'phones'"},
      {two_groups("events: [{at: 0s, submit: {GPP_A: \"{site}\"}}]"),
       "a.yaml:2:35: group 'site-b' has no variable 'site'"},
      {two_groups("events: [{at: 0s, clock_back: 90s}]"),
       "a.yaml:2:31: expected whole minutes, 504h at most, found '90s'"},
      {two_groups("events: [{at: 0s, clock_forward: 505h}]"),
       "a.yaml:2:34: expected whole minutes, 504h at most, found '505h'"},
      {two_groups("events: [{at: 0s, power_on: all, resync: all}]"),
       "a.yaml:2:34: a second action beside 'power_on'; an event has one"},
      {two_groups("events: [{power_on: all}]"), "a.yaml:2:10: the key 'at' is missing"},
      {two_groups("events: [{at: 5d, power_on: all}]"),
       "a.yaml:2:15: '5d' is no duration such as 500ms, 30s, 5m or 2h"},
      {two_groups("events: [{at: 900000h, power_on: all}]"),
       "a.yaml:2:15: '900000h' is longer than ten years"},
      {two_groups("events: [{at: 0s, power_on: 101%}]"),
       "a.yaml:2:29: expected a percentage from 0% to 100%, such as 40% or 0.25%, found '101%'"},
      {two_groups("events: [{at: 0s, power_on: site-c}]"),
       "a.yaml:2:29: there is no group 'site-c'; did you mean 'site-a'?"},
      {two_groups("events: [{at: 0s, power_on: 0012aabbccdd}]"),
       "a.yaml:2:29: no phone has the address '0012aabbccdd'"},
      {two_groups("events: [{at: 0s, power_on: []}]"), "a.yaml:2:29: an empty list picks no phone"},
      {two_groups("events: [{at: 0s, call: all}]"),
       "a.yaml:2:10: a call needs the key 'for', how long it lasts"},
      {two_groups("events: [{at: 0s, power_on: all, off: 5s}]"),
       "a.yaml:2:39: this key does not go with that action"},
      {two_groups("events: [{at: 0s, power_on: all, times: 5}]"), "a.yaml:2:41: times needs every"},
      {two_groups("events: [{at: 0s, power_on: all, every: 0s}]"),
       "a.yaml:2:41: expected a duration above 0, found '0s'"},
      {two_groups("events: [{at: 0s, set: {GPP_A: \"{site}\"}}]"),
       "a.yaml:2:32: group 'site-b' has no variable 'site'"},
      {two_groups("server: {outages: [{from: 5m, to: 4m, as: 503}]}"),
       "a.yaml:2:35: an outage ends after it begins"},
      {two_groups("server: {outages: [{from: 5m, to: 6m, as: asleep}]}"),
       "a.yaml:2:43: expected refused, timeout, corrupt or a status from 400 to 599, found "
       "'asleep'"},
      {two_groups("server: {latency: {p50: 9ms, p99: 5ms}}"), "a.yaml:2:35: p99 is below p50"},
      {two_groups("server: {capacity: 500}"),
       "a.yaml:2:20: expected a map with keys such as requests_per_second, queue, found '500'"},
      {two_groups("server: {bandwidth: 0}"),
       "a.yaml:2:21: expected octets a second above 0, such as 125MB, found '0'"},
      {two_groups("server: {bandwidth: {each: 1MB}}"), "a.yaml:2:21: the key 'total' is missing"},
      {two_groups("events: [{at: 0s, link: broken}]"),
       "a.yaml:2:25: expected down or up, found 'broken'"},
      {two_groups("server: {bytes: 9MiB}"),
       "a.yaml:2:17: expected a size of at most 8MiB, such as 512, 40KB or 2MiB, found '9MiB'"},
      {two_groups("server: {profiles: [{phones: 5%, set: {}}]}"),
       "a.yaml:2:30: expected all, or the name of a group, found '5%'"},
      {two_groups("expect: [{convergd: 5%}]"),
       "a.yaml:2:11: unknown key 'convergd'; did you mean 'converged'?"},
      {two_groups("expect: [{}]"),
       "a.yaml:2:10: expected one of converged, no_request_before, parameter, no_foreign_identity, "
       "latency, requests, error, log, upgrade, report, nothing_provisioned"},
      {two_groups("expect: [{parameter: GPP_A}]"),
       "a.yaml:2:10: expected one of equals, matches, one_of, absent"},
      {two_groups("expect: [{parameter: GPP_A, matches: \"(a\"}]"),
       "a.yaml:2:38: expected a regular expression, found '(a'"},
      {two_groups("expect: [{parameter: GPP_A, matches: \"a(?=b)\"}]"),
       "a.yaml:2:38: expected a regular expression, found 'a(?=b)': RE2 has no '(?='"},
      {two_groups("expect: [{requests: /a, user_agent: '(a)\\1'}]"),
       "a.yaml:2:37: expected a regular expression, found '(a)\\1': RE2 has no '\\1'"},
      {two_groups("expect: [{error: file_not_fond}]"),
       "a.yaml:2:18: expected a code of docs/errors.md, found 'file_not_fond'; did you mean "
       "'file_not_found'?"},
      {two_groups("expect: [{requests: /a, count: 1, none: true}]"),
       "a.yaml:2:10: expected count, or none, or min and max"},
      {two_groups("expect: [{requests: /a, then: [/b], none: true}]"),
       "a.yaml:2:10: then is about the order in which each phone asks, and counts nothing"},
      {two_groups("expect: [{requests: \"/{site}\"}]"),
       "a.yaml:2:21: group 'site-b' has no variable 'site'"},
      {two_groups("expect: [{requests: /a, min: 2, max: 1}]"), "a.yaml:2:38: max is below min"},
      {two_groups("expect: [{latency: fetch}]"),
       "a.yaml:2:10: expected at least one of p50, p90, p99"},
      {two_groups("limits: {targets: [10.0.0.0/99]}"), ""},
  };
  for (const auto& row : rows) {
    INFO(row.yaml);
    const auto said = message(row.yaml);
    if (row.message.empty()) {
      CHECK(said.starts_with("a.yaml:2:20: "));
    } else {
      CHECK(said == row.message);
    }
  }
}

TEST_CASE("a mistake in how the modelled server answers is named with its place") {
  struct Row {
    std::string keys;  // of one answer; `@` marks the place that is named, else it is the answer's
    std::string message;
  };
  const std::string location =
      "expected an http or https URL, or a path that begins with /, found ";
  const std::string host =
      "expected the name or address of a host, without scheme, port and path, found ";
  const std::string size = "expected a size of at most 4096MiB, such as 512, 40KB or 80MB, found ";
  const std::string beside_as = "; beside it there may be 'takes'";
  const std::vector<Row> rows{
      {"path: /a, redirect: @\"\"", location + "''"},
      {"path: /a, redirect: @b.xml", location + "'b.xml'"},
      {"path: /a, redirect: @tftp://h/b", location + "'tftp://h/b'"},
      {"path: /a, redirect: @http:///b", location + "'http:///b'"},
      {"path: /a, redirect: @http://h:99999/b", location + "'http://h:99999/b'"},
      {"path: /a, redirect: @b/http://h/b", location + "'b/http://h/b'"},
      {"path: /a, redirect: /b, status: @299",
       "expected a status from 300 to 399 beside 'redirect', found '299'"},
      {"path: /a, redirect: /b, status: @400",
       "expected a status from 300 to 399 beside 'redirect', found '400'"},
      {"path: /a, status: @300", "expected 'redirect' beside a status from 300 to 399"},
      {"path: /a, status: @399", "expected 'redirect' beside a status from 300 to 399"},
      {"path: /a, status: @199", "expected a status from 200 to 599, found '199'"},
      {"path: /a, status: @600", "expected a status from 200 to 599, found '600'"},
      {"path: /a, as: 404, status: @404", "expected 'as' without 'status'" + beside_as},
      {"path: /a, as: 404, redirect: @/b", "expected 'as' without 'redirect'" + beside_as},
      {"path: /a, as: 404, bytes: @1", "expected 'as' without 'bytes'" + beside_as},
      {"path: /a, as: 404, needs_login: @true", "expected 'as' without 'needs_login'" + beside_as},
      {"path: /a, as: @399",
       "expected refused, timeout, corrupt or a status from 400 to 599, found '399'"},
      {"path: /a, bytes: @-1", size + "'-1'"},
      {"path: /a, bytes: @4097MiB", size + "'4097MiB'"},
      {"path: /a, parts: @0", "expected a number from 1 to 64, found '0'"},
      {"path: /a, parts: @65", "expected a number from 1 to 64, found '65'"},
      {"path: /a, as: 404, parts: @2", "expected 'as' without 'parts'" + beside_as},
      {"path: /a, takes: @-1s", "'-1s' is no duration such as 500ms, 30s, 5m or 2h"},
      {"path: /a, as: 404, from: @-1s", "'-1s' is no duration such as 500ms, 30s, 5m or 2h"},
      {"path: /a, as: 404, from: 5m, to: @5m", "expected a time after 'from', found '5m'"},
      {"path: /a, as: 404, to: @0s", "expected a time after 'from', found '0s'"},
      {"path: /a, needs_login: @false", "expected true, found 'false'"},
      {"as: 503", "expected host or path; what every request meets is one of the 'outages'"},
      {"path: /a, from: 1m, to: 2m",
       "expected one of as, status, redirect, bytes, parts, takes, needs_login"},
      {"path: /a, @redirct: /b", "unknown key 'redirct'; did you mean 'redirect'?"},
      {"path: @a, as: 404", "expected a path such as /8841-3PCC/*.xml, found 'a'"},
      {"path: @\"\", as: 404", "expected a path such as /8841-3PCC/*.xml, found ''"},
      {"host: @http://h, as: 404", host + "'http://h'"},
      {"host: @h:80, as: 404", host + "'h:80'"},
      {"host: @\"\", as: 404", host + "''"},
  };
  for (const auto& row : rows) {
    INFO(row.keys);
    const auto* own_place = row.keys.find('@') == std::string::npos ? "@" : "";
    CHECK(message_at_mark(std::string("server: {answers: [") + own_place + "{" + row.keys +
                          "}]}") == row.message);
  }
  CHECK(message_at_mark("server: {answers: @{path: /a, as: 404}}") ==
        "expected a list of answers, found a map");
  CHECK(message_at_mark("server: {profiles: [{path: @a, set: {}}]}") ==
        "expected a path such as /8841-3PCC/*.xml, found 'a'");
  CHECK(message_at_mark("server: {profiles: [{host: @h:80, set: {}}]}") == host + "'h:80'");
}

TEST_CASE("a mistake in the modelled server's DNS is named with its place") {
  struct Row {
    std::string yaml, message;
  };
  const std::string target = "expected the name or address of a host, without its port, found ";
  const std::vector<Row> rows{
      {"{a: [@{port: 80}]}", "the key 'target' is missing"},
      {"{a: [@{target: a}]}", "the key 'port' is missing"},
      {"{a: [{port: @0, target: a}]}", "expected a port from 1 to 65535, found '0'"},
      {"{a: [{port: @65536, target: a}]}", "expected a port from 1 to 65535, found '65536'"},
      {"{a: [{port: 80, target: a, weight: @65536}]}",
       "expected a number from 0 to 65535, found '65536'"},
      {"{a: [{port: 80, target: a, priority: @-1}]}",
       "expected a number from 0 to 65535, found '-1'"},
      {"{a: [{port: 80, target: @\"\"}]}", target + "''"},
      {"{a: [{port: 80, target: @\"*.a\"}]}", target + "'*.a'"},
      {"{a: [{port: 80, @targt: a}]}", "unknown key 'targt'; did you mean 'target'?"},
      {"{a: @[]}", "expected at least one record; a name without any is left out"},
      {"{a: @{port: 80, target: a}}", "expected a list of SRV records, found a map"},
      {"{@a/b: [{port: 80, target: a}]}",
       "expected a name such as _ciscoprov-http._tcp.example.net, found 'a/b'"},
      {"@[]", "expected a map of names and their SRV records, found a list"},
  };
  for (const auto& row : rows) {
    INFO(row.yaml);
    CHECK(message_at_mark("server: {srv: " + row.yaml + "}") == row.message);
  }
}

TEST_CASE("a scenario that is too much is refused before it costs much") {
  CHECK(message("# " + std::string(8 << 20, 'x')) == "a.yaml:1:1: larger than 8388608 octets");
  CHECK(message("phones: " + std::string(400, '[')).find("nested deeper than 16 levels") !=
        std::string::npos);
  CHECK(message("phones: " + std::string(100'000, '[')).find("nested deeper than 16 levels") !=
        std::string::npos);
  std::string bomb = "x0: &x0 [a, a, a, a, a, a, a, a, a, a]\n";
  for (int i = 1; i < 9; ++i) {
    const auto part = "*x" + std::to_string(i - 1);
    bomb += "x" + std::to_string(i) + ": &x" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) bomb += (j == 0 ? "" : ", ") + part;
    bomb += "]\n";
  }
  CHECK(message(bomb).find("more than 1000000 values") != std::string::npos);
  std::string keys = "phones: [{variables: {";
  for (int i = 0; i < 2'001; ++i) keys += "v" + std::to_string(i) + ": 1, ";
  CHECK(message(keys + "}}]").find("more than 2000 keys") != std::string::npos);
  CHECK(message("phones: [{group: \"a\\n\\u0007b\"}]").find("'a  b'") != std::string::npos);
}

TEST_CASE("a scenario says what its keys say, in units of the program") {
  const auto file = root / "fixtures/scenarios/valid/everything.yaml";
  auto loaded = load_scenario(file.string(), {}, from_disk());
  if (!loaded) FAIL(loaded.error().detail);
  const auto scenario = *std::move(loaded);
  CHECK(scenario.seed == 18446744073709551615U);
  CHECK(scenario.clock == std::chrono::local_days(std::chrono::year(2026) / 3 / 1) + 6h);
  CHECK(scenario.phones.size() == 9);
  CHECK(named_groups(scenario) == 8);
  const auto& group = scenario.phones.front();
  CHECK(group.count == 10);
  CHECK(group.personality.connect_timeout == std::chrono::seconds(3));
  CHECK(group.mac == MacAddress{0x000e08400000});
  CHECK(group.variables.at("floor") == "3");
  CHECK(std::holds_alternative<MintedCertificate>(group.certificate));
  CHECK(std::get<CertificateFiles>(scenario.phones[3].certificate).key == "phone.key");
  CHECK(std::get<CertificateFiles>(scenario.phones[4].certificate).key.empty());
  CHECK(std::get<CertificateFiles>(scenario.phones[5].certificate).password_file == "pin.txt");
  CHECK(scenario.events.size() == 29);
  CHECK(std::get<Notify>(scenario.events[15].action).event ==
        resync::NotifyEvent::check_sync_reboot);
  CHECK(std::get<Notify>(scenario.events[16].action).event == resync::NotifyEvent::other);
  const auto& by_menu = std::get<RequestResync>(scenario.events[17].action);
  CHECK(by_menu.by == resync::Origin::phone_menu);
  CHECK_FALSE(by_menu.rule);
  const auto& by_web = std::get<RequestResync>(scenario.events[18].action);
  CHECK(by_web.by == resync::Origin::web);
  CHECK(by_web.rule.has_value());
  const auto& submitted = std::get<SetParameters>(scenario.events[19].action);
  CHECK(submitted.how == resync::ByHand::submitted);
  CHECK(submitted.set.size() == 2);
  CHECK(std::get<SetParameters>(scenario.events[20].action).set.empty());
  CHECK_FALSE(std::get<RequestUpgrade>(scenario.events[21].action).rule.pieces.empty());
  CHECK(std::holds_alternative<FactoryReset>(scenario.events[22].action));
  const auto& lease = std::get<GrantLease>(scenario.events[23].action);
  REQUIRE(lease.options);
  CHECK(lease.options->size() == 2);
  CHECK(lease.options->back().version == resync::DhcpVersion::v6);
  CHECK(lease.ip.has_value());
  CHECK_FALSE(std::get<RequestCustomCa>(scenario.events[24].action).rule.pieces.empty());
  CHECK(std::get<Link>(scenario.events[25].action).state == Link::State::down);
  CHECK(scenario.events[27].shape.curve == Curve::burst);
  const auto& stages = scenario.events[28].shape.stages;
  REQUIRE(stages.size() == 4);
  CHECK(std::get<Rate>(stages[0].whom).per == 1min);
  CHECK(std::get<Share>(stages[1].whom).ppm == 200'000);
  CHECK(std::get<Rate>(stages[2].whom).phones == 5);
  CHECK(stages[3].whom.index() == 0);
  CHECK(scenario.events[28].over == 1h + 3min);
  CHECK(scenario.limits.wait_for_server == 30s);
  CHECK(scenario.limits.abort_when == AbortWhen::lost);
  CHECK(scenario.server.bandwidth->each == 12'000'000);
  CHECK(scenario.server.answers[2].parts == 6);
  CHECK(std::get<MoveClock>(scenario.events[13].action).by == 90min);
  CHECK(std::get<MoveClock>(scenario.events[14].action).by == -60min);
  CHECK(std::get<PowerCycle>(scenario.events[2].action).off == 1min);
  CHECK(std::get<Call>(scenario.events[6].action).length == 3min);
  CHECK(std::get<Registration>(scenario.events[8].action).line == 2);
  CHECK(scenario.events[11].repeat->times == 4);
  CHECK(scenario.server.latency.p99 == 50ms);
  CHECK(scenario.server.capacity->queue == 0);
  CHECK(scenario.server.outages[3].as.status == 404);
  CHECK(scenario.server.profiles[0].group == 0);
  CHECK_FALSE(scenario.server.profiles[1].group);
  CHECK(scenario.server.bytes == 40'000);
  CHECK(scenario.trouble.disconnect_mid_body.ppm == 2'000);
  CHECK(std::get<Converged>(scenario.expect[0].what).share.ppm == 995'000);
  CHECK(scenario.expect[0].title == "converged: 99.5%, within: 15m, phones: all");
  CHECK(std::get<ErrorsSeen>(scenario.expect[15].what).bounds.most == 3);
  CHECK(std::get<RequestsMade>(scenario.expect[11].what).bounds.counted == Counted::each);
  CHECK(std::get<RequestsMade>(scenario.expect[12].what).then.size() == 2);
  CHECK(std::get<NoRequestBefore>(scenario.expect[14].what).wait == 2s);
  CHECK(scenario.expect[14].line == 101);
  CHECK(std::get<RequestsMade>(scenario.expect[10].what).bounds.least == 1);
  CHECK(scenario.limits.starts_per_second == 2'000U);
  CHECK(scenario.limits.targets.size() == 2);
}

TEST_CASE("a scenario says how the modelled server answers single requests") {
  const auto server = read(text_of(root / "fixtures/scenarios/valid/answers.yaml")).server;
  REQUIRE(server.answers.size() == 7);
  const auto& moved = server.answers[0];
  CHECK(moved.host.empty());
  CHECK(moved.path == "/old/*");
  CHECK(moved.redirect == "http://10.0.0.2/new/$MA.xml");
  CHECK(moved.status == 301);
  CHECK(moved.from == 0s);
  CHECK(moved.to == Duration{10min});
  CHECK_FALSE(moved.as);
  CHECK_FALSE(moved.bytes);
  CHECK(server.answers[1].redirect == "/new.xml");
  CHECK(server.answers[1].status == 302);
  CHECK_FALSE(server.answers[1].to);
  CHECK(server.answers[2].host == "10.0.0.9");
  CHECK(server.answers[2].path.empty());
  CHECK(server.answers[2].as->kind == Failure::Kind::refused);
  CHECK(server.answers[3].bytes == 30'000'000U);
  CHECK(server.answers[3].takes == 40s);
  CHECK(server.answers[3].status == 200);
  CHECK_FALSE(server.answers[3].needs_login);
  CHECK(server.answers[4].needs_login);
  CHECK(server.answers[5].as->status == 404);
  CHECK(server.answers[5].from == 1h);
  CHECK(server.answers[6].status == 503);
  CHECK_FALSE(server.answers[6].as);

  REQUIRE(server.profiles.size() == 3);
  CHECK(server.profiles[0].path == "/first.xml");
  CHECK(server.profiles[0].host.empty());
  CHECK(server.profiles[1].host == "10.0.0.2");
  CHECK(server.profiles[2].host == "10.0.0.*");
  CHECK(server.profiles[2].path.empty());

  REQUIRE(server.srv.size() == 1);
  CHECK(server.srv[0].name == "_ciscoprov-http._tcp.example.net");
  REQUIRE(server.srv[0].records.size() == 2);
  const auto& [priority, weight, port, target] = server.srv[0].records[0];
  CHECK(priority == 1);
  CHECK(weight == 0);
  CHECK(port == 8080);
  CHECK(target == "a.example.net");
  CHECK(server.srv[0].records[1].weight == 5);
}

TEST_CASE("an answer of the modelled server may be as odd as a real one") {
  for (const auto* keys :
       {"path: \"*\", status: 599", "host: \"*\", status: 204", "host: \"fd00::*\", as: timeout",
        "host: fd00::5, bytes: 0", "path: /a, bytes: 4096MiB", "path: /a, takes: 0s",
        "path: /a, as: 404, takes: 1m", "path: /a, redirect: HTTPS://h",
        "path: /a, redirect: //h/b", "path: /a, redirect: /, status: 399",
        "path: /a, redirect: /b, needs_login: true",
        "path: /a, status: 200, from: 1s, to: 1001ms"}) {
    INFO(keys);
    CHECK(message(std::string("phones: [{}]\nserver: {answers: [{") + keys + "}]}") ==
          "it is accepted");
  }
  CHECK(message("phones: [{}]\nserver: {answers: [], srv: {}}") == "it is accepted");
  CHECK(message("phones: [{}]\nserver: {srv: {_https._tcp.example.net: [{port: 65535, target: ., "
                "priority: 65535}]}}") == "it is accepted");
}

TEST_CASE("the title of an expectation shows no secret that the scenario expects") {
  const auto scenario = read(
      two_groups("expect:\n"
                 "  - {parameter: Password_1_, one_of: [geheim, streng]}\n"
                 "  - {parameter: Profile_Rule, equals: \"[--key geheim] http://h/a.cfg\"}\n"));
  CHECK(scenario.expect[0].title == "parameter: Password_1_, one_of: ********");
  CHECK(scenario.expect[1].title.find("geheim") == std::string::npos);
  CHECK(scenario.expect[0].line == 3);
}

TEST_CASE("what a scenario leaves out has a default") {
  const auto scenario = read("phones: [{}, {count: 2}]");
  CHECK(scenario.seed == 0);
  CHECK_FALSE(scenario.clock);
  CHECK(scenario.time_zone == "UTC");
  CHECK(scenario.phones[0].name == "phones-1");
  CHECK(scenario.phones[1].name == "phones-2");
  CHECK(scenario.phones[1].mac == MacAddress{0x000e08000001});
  CHECK(std::holds_alternative<NoCertificate>(scenario.phones[0].certificate));
  REQUIRE(scenario.events.size() == 1);
  CHECK(std::holds_alternative<PowerOn>(scenario.events[0].action));
  CHECK(scenario.server.latency.p50 == 0ms);
  CHECK_FALSE(scenario.server.capacity);
  CHECK(scenario.server.overload.kind == Failure::Kind::timeout);
  CHECK(scenario.server.bytes == 4'000);
  CHECK(scenario.server.answers.empty());
  CHECK(scenario.server.srv.empty());
  CHECK_FALSE(scenario.limits.duration);
}

TEST_CASE("a scenario's fingerprint goes by what it says, not by how") {
  const auto fingerprint = [](const std::string& yaml) { return read(yaml).fingerprint; };
  CHECK(fingerprint("seed: 1\nphones: [{count: 2}]") ==
        fingerprint("# hello\nphones:\n  - count: '2'\nseed: 1"));
  CHECK(fingerprint("seed: 1\nphones: [{}]") != fingerprint("seed: 2\nphones: [{}]"));
}

TEST_CASE("a scenario may expect a name that the catalogue lacks", "[R-XML-03]") {
  const auto read = read_scenario(
      "phones: [{count: 1}]\nexpect:\n  - {parameter: New_Name, equals: geheim}\n"
      "  - {parameter: Proxy_17_, absent: true}\n  - {parameter: GPP_A, equals: a}\n",
      "a.yaml");
  REQUIRE(read);
  const auto value = [&](std::size_t i) { return std::get<ParameterValue>(read->expect[i].what); };
  CHECK(value(0).element == "New_Name");
  CHECK_FALSE(value(0).parameter);
  CHECK(value(1).element == "Proxy_17_");
  CHECK(value(2).element.empty());
  CHECK(value(2).parameter == profile::find_parameter("GPP_A"));
  CHECK(read->expect[0].title.find("geheim") == std::string::npos);
}

}  // namespace read_test
