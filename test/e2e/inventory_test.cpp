#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>

// Scenarios whose phones are rows of a list, against a real server.
namespace provphone::e2e::inventory_test {
namespace {

constexpr const char* list =
    "Extension;Name;Site;Model;MAC\r\n"
    "1001;\"Doe, Jane\";north;CP-8841-3PCC;00:0E:08:00:00:09\r\n"
    "1002;M\xc3\xbcller;north;CP-7841-3PCC;00-0e-08-00-00-05\r\n"
    "1003;Smith;south;CP-8841-3PCC;000e.0800.0001\r\n"
    ";;;;\r\n";

// Each phone's file is its model's and its extension's, and says so.
struct Office {
  Workspace workspace;
  EmbeddedServer server;

  Office() : server(prepared(), {"--http", "0"}) {}

  Workspace& prepared() {
    workspace.make_folder("www");
    const std::pair<const char*, const char*> files[] = {
        {"8841-3PCC", "1001"}, {"7841-3PCC", "1002"}, {"8841-3PCC", "1003"}};
    for (const auto& [model, extension] : files)
      workspace.write(std::string("www/") + model + "/" + extension + ".xml",
                      profile(std::string(model) + " " + extension));
    workspace.write("phones.csv", list);
    return workspace;
  }

  std::string scenario(const std::string& expect) const {
    return workspace
        .write("office.yaml",
               "include: limits.yaml\n"
               "phones:\n  - group: desk\n    inventory: phones.csv\n    set:\n"
               "      Profile_Rule: \"${SERVER:-" +
                   server.origin("http") +
                   "}/$PSN/{Extension}.xml\"\n      Resync_Random_Delay: 0\n"
                   "      Resync_Periodic: 0\nexpect:\n" +
                   expect)
        .string();
  }
};

std::string status_of(const Json& result, const std::string& title) {
  for (const auto& each : result.at("expectations"))
    if (contains(each.dump(), title)) return each.at("status");
  return "there is none";
}

// Written when a test needs it, read by the scenario.
void write_limits(const Workspace& workspace) {
  workspace.write("limits.yaml", "limits: {duration: 60s}\n");
}

TEST_CASE("each phone of a list asks for what its row says, as its row's model") {
  Office office;
  write_limits(office.workspace);
  const auto file = office.scenario(
      "  - {converged: 100%, within: 50s, by: Site}\n"
      "  - {parameter: GPP_A, matches: \"^(8841|7841)-3PCC 100[123]$\"}\n"
      "  - {parameter: GPP_A, equals: \"7841-3PCC {Extension}\", phones: 000e08000005}\n"
      "  - {requests: \"/8841-3PCC/{Extension}.xml\", count: 1, each: true, by: Model}\n");
  const auto run = run_phone(office.workspace, {file});
  INFO(run.err << run.result.dump(1));
  REQUIRE(run.result.at("phones") == 3);
  for (const auto& phone : run.result.at("final")) {
    const std::string mac = phone.at("mac"), value = phone.at("parameters").at("GPP_A");
    CHECK(value == (mac == "000e08000009"   ? "8841-3PCC 1001"
                    : mac == "000e08000005" ? "7841-3PCC 1002"
                                            : "8841-3PCC 1003"));
  }
  CHECK(status_of(run.result, "(Site: north)") == "passed");
  CHECK(status_of(run.result, "(Site: south)") == "passed");
  CHECK(status_of(run.result, "equals: 7841-3PCC") == "passed");
  // The one of the other model asks for another file, and is told apart.
  CHECK(status_of(run.result, "(Model: CP-8841-3PCC)") == "passed");
  CHECK(status_of(run.result, "(Model: CP-7841-3PCC)") == "failed");
  CHECK(run.exit_code == 1);
}

TEST_CASE("a list of two models is one group in what a fleet and a forecast come to") {
  Office office;
  write_limits(office.workspace);
  const auto file = office.scenario("  - {converged: 100%, within: 50s, phones: desk}\n");
  const auto json = office.workspace.path("fleet.json").string();
  const auto fleet =
      provphone(office.workspace, {"fleet", file, "--until-converged", "--json", json, "--quiet"});
  INFO(fleet.out << fleet.err);
  REQUIRE(fleet.exit_code == 0);
  const auto result = Json::parse(read_file(json));
  CHECK(result.at("phones") == 3);
  REQUIRE(result.at("groups").size() == 1);
  CHECK(result.at("groups").at(0).at("name") == "desk");
  CHECK(result.at("groups").at(0).at("phones") == 3);
  const auto forecast = provphone(office.workspace, {"forecast", file, "--json", json});
  INFO(forecast.out << forecast.err);
  CHECK(forecast.exit_code == 0);
  CHECK(Json::parse(read_file(json)).at("phones") == 3);
}

TEST_CASE("a run of a list is kept with its list, and played again without it") {
  Office office;
  write_limits(office.workspace);
  const auto file = office.scenario("  - {converged: 100%, within: 50s}\n");
  const auto capsule = office.workspace.path("run.capsule").string();
  const auto run = run_phone(office.workspace, {file, "--record", capsule});
  INFO(run.err);
  REQUIRE(run.exit_code == 0);
  for (const auto* name : {"phones.csv", "limits.yaml", "office.yaml"})
    std::filesystem::remove(office.workspace.path(name));
  const auto again = provphone(office.workspace, {"replay", capsule});
  INFO(again.out << again.err);
  CHECK(again.exit_code == 0);
  CHECK(contains(again.out, "the same again: "));
}

// A scenario of two phones that are counted, beside which the list is somewhere else.
struct AnyList {
  Office office;
  std::string file, list;

  AnyList() {
    office.workspace.write(
        "lists/all.csv",
        "MAC,Extension,Model\n000e08000009,1001,\n000e08000005,1002,CP-7841-3PCC\n"
        "000e08000001,1003,\n");
    list = office.workspace.path("lists/all.csv").string();
    file =
        office.workspace
            .write("scenarios/any.yaml",
                   "phones:\n  - {count: 2, mac: 000e08100000, variables: {Extension: none}, set: "
                   "{Profile_Rule: \"" +
                       office.server.origin("http") +
                       "/$PSN/{Extension}.xml\", Resync_Random_Delay: 0, Resync_Periodic: 0}}\n"
                       "expect:\n  - {parameter: GPP_A, matches: \"3PCC 100[123]$\"}\n"
                       "limits: {duration: 60s}\n")
            .string();
  }
};

TEST_CASE("a list of the command line takes the place of the phones that a scenario counts") {
  AnyList any;
  auto& workspace = any.office.workspace;
  const auto capsule = workspace.path("run.capsule").string();
  const auto run = run_phone(workspace, {any.file, "--inventory", any.list, "--record", capsule});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  REQUIRE(run.result.at("phones") == 3);
  CHECK(run.result.at("final")[0].at("mac") == "000e08000009");
  const auto json = workspace.path("f.json").string();
  for (const auto* command : {"fleet", "forecast"}) {
    const auto said = provphone(workspace, {command, any.file, "--inventory", "0=" + any.list,
                                            "--with", "expect=[]", "--json", json, "--for", "5s"});
    INFO(command << said.err);
    CHECK(said.exit_code == 0);
    CHECK(Json::parse(read_file(json)).at("phones") == 3);
  }
  // What was recorded has the list in it.
  std::filesystem::remove_all(workspace.path("lists"));
  std::filesystem::remove_all(workspace.path("scenarios"));
  const auto again = provphone(workspace, {"replay", capsule});
  INFO(again.out << again.err);
  CHECK(contains(again.out, "the same again: "));
}

TEST_CASE("a list of the command line that is wrong is told on one line") {
  Workspace workspace;
  workspace.write("one.yaml", "phones: [{count: 3}]\n");
  workspace.write("two.yaml", "phones: [{group: a}, {group: b}]\n");
  workspace.write("sub/three.yaml", "phones: [{inventory: none.csv, where: {Site: x}}]\n");
  workspace.write("good.csv", "mac\n000e08000001\n");
  workspace.write("twice.csv", "mac\n000e08000001\n000e08000001\n");
  workspace.write("odd.csv", "mac\n000e0800000g\n");
  workspace.write("none=a.csv", "name\na\n");
  const auto refused = [&](const std::string& scenario, const std::string& list,
                           const std::string& message) {
    for (const auto* command : {"run", "fleet", "forecast"}) {
      Process process(workspace.path(), "provphone",
                      {PROVPHONE_BINARY, command, scenario, "--inventory", list});
      const auto status = process.wait(patience);
      REQUIRE(status);
      const CommandResult said{*status, process.out(), process.err()};
      INFO(command << " " << list << ": " << said.err);
      require_usage_error(said);
      CHECK(contains(said.err, message));
    }
  };
  refused("one.yaml", "twice.csv",
          "provphone: twice.csv:3:1: the address 000e08000001 for the second");
  refused("one.yaml", "odd.csv", "provphone: odd.csv:2:1: expected a hardware address");
  refused("one.yaml", "./none=a.csv", "provphone: none=a.csv:1:1: expected a column 'mac'");
  refused("one.yaml", "missing.csv", "provphone: --inventory missing.csv: cannot read missing.csv");
  // No other of that name in the scenario's folder is taken for it.
  workspace.write("sub/four.yaml", "phones: [{count: 3}]\n");
  workspace.write("sub/away.csv", "mac\n000e08000001\n");
  refused("sub/four.yaml", "away.csv", "provphone: --inventory away.csv: cannot read sub/../away");
  refused("one.yaml", "b=good.csv", "--inventory b=good.csv: 'b' is neither");
  refused("two.yaml", "good.csv",
          "the scenario has 2 groups; say whose phones these are, GROUP=good.csv by");
  refused("sub/three.yaml", "good.csv", "sub/three.yaml:1:40: good.csv has no column 'Site'");
  require_usage_error(provphone(workspace, {"run", "--inventory", "good.csv"}));
}

TEST_CASE("the environment says where the phones ask") {
  Office office;
  write_limits(office.workspace);
  const auto file = office.workspace.write(
      "env.yaml",
      "phones: [{set: {Profile_Rule: \"${PROVPHONE_TEST_SERVER}/8841-3PCC/1001.xml\",\n"
      "  Resync_Periodic: 0, Resync_Random_Delay: 0}}]\nlimits: {duration: 60s}\n");
  const auto without = provphone(office.workspace, {"forecast", file.string()});
  require_usage_error(without);
  CHECK(contains(without.err, "env.yaml:1:31: the environment has no PROVPHONE_TEST_SERVER"));
  const auto said =
      office.workspace.run({"env", "PROVPHONE_TEST_SERVER=" + office.server.origin("http"),
                            PROVPHONE_BINARY, "run", file.string(), "--quiet", "--json", "-"});
  CHECK(Json::parse(said).at("verdict") == "pass");
}

TEST_CASE("the list of 5 000 phones is forecast in a moment, site by site") {
  Workspace workspace;
  const auto json = workspace.path("f.json").string();
  const auto run = provphone(
      workspace,
      {"forecast", PROVPHONE_SOURCE_DIR "/fixtures/inventories/sites.yaml", "--json", json});
  INFO(run.out << run.err);
  CHECK(run.exit_code == 0);
  const auto result = Json::parse(read_file(json));
  CHECK(result.at("phones") == 5'000);
  CHECK(status_of(result, "(Site: Z\xc3\xbcrich)") == "passed");
}

TEST_CASE("a list that is wrong ends a run before it begins, on one line with the place") {
  Workspace workspace;
  const std::pair<std::string, const char*> lists[] = {
      {"Extension\n1\n", "phones.csv:1:1: expected a column 'mac', found 'Extension'"},
      {"mac\n000e08000001\n000E.0800.0001\n",
       "phones.csv:3:1: the address 000e08000001 for the second time; line 2 has the first"},
      {"mac;x\n000e0800000g;1\n", "phones.csv:2:1: expected a hardware address"},
      {"mac,mac\n", "phones.csv:1:5: column 'mac' for the second time"},
      {"mac,x\n000e08000001\n", "phones.csv:2:1: expected 2 fields as line 1 has, found 1"},
      {"mac,x\n000e08000001,1,2\n", "phones.csv:2:16: expected 2 fields as line 1 has, found 3"},
      {"mac,x\n000e08000001,\"1\n", "phones.csv:2:14: the quote that begins here is never closed"},
      {std::string("mac,x\n000e08000001,\0\n", 21), "phones.csv:2:14: a NUL"},
      {"mac,x\n000e08000001,\xfc\n", "phones.csv:2:14: the octet fc is no UTF-8"},
  };
  const auto file = workspace.write("a.yaml", "phones: [{inventory: phones.csv}]\n").string();
  for (const auto& [text, message] : lists) {
    workspace.write("phones.csv", text);
    for (const auto* command : {"run", "fleet", "forecast"}) {
      const auto said = provphone(workspace, {command, file});
      INFO(command << ": " << said.err);
      require_usage_error(said);
      CHECK(contains(said.err, message));
    }
  }
  // Nothing of a file that is too large is read.
  std::filesystem::resize_file(workspace.path("phones.csv"), std::uintmax_t{1} << 30U);
  const auto large = provphone(workspace, {"forecast", file});
  require_usage_error(large);
  CHECK(contains(large.err, "larger than 268435456 octets"));
}

}  // namespace
}  // namespace provphone::e2e::inventory_test
