#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

// What a run leaves behind is written, or is said not to be.
namespace provphone::e2e::outputs_test {
namespace {

constexpr const char* scenario = R"(
phones: [{count: 1, set: {Profile_Rule: "http://127.0.0.1:PORT/all.xml", Resync_Random_Delay: 0}}]
events: [{at: 0s, power_on: all}]
limits: {duration: 2s}
)";

std::string scenario_for(Workspace& workspace, const EmbeddedServer& server) {
  std::string text = scenario;
  const auto origin = server.origin("http");
  text.replace(text.find("PORT"), 4, origin.substr(origin.rfind(':') + 1));
  workspace.write("phones.yaml", text);
  return (workspace.path() / "phones.yaml").string();
}

// With a standard output that takes nothing.
CommandResult provphone_to_full_disk(Workspace& workspace, const Flags& arguments) {
  const auto folder = workspace.make_folder("full");
  Process process(
      folder, "provphone",
      with({"bash", "-c", "exec \"$@\" > /dev/full", "bash", PROVPHONE_BINARY}, arguments));
  const auto status = process.wait(patience);
  REQUIRE(status.has_value());
  return {*status, process.out(), process.err()};
}

}  // namespace

TEST_CASE("a command whose standard output is full says so and does not succeed") {
  Workspace workspace;
  workspace.write("www/all.xml", "<flat-profile><GPP_A>x</GPP_A></flat-profile>");
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto phones = scenario_for(workspace, server);
  const auto rule = server.origin("http") + "/all.xml";
  const auto file = (workspace.path() / "www/all.xml").string();
  for (const auto& command : std::vector<Flags>{{"parameters"},
                                                {"decode", file},
                                                {"expand", "$MA"},
                                                {"rule", rule},
                                                {"explain", phones},
                                                {"forecast", phones},
                                                {"forecast", phones, "--json", "-"},
                                                {"run", "--rule", rule},
                                                {"run", "--rule", rule, "--json", "-"},
                                                {"fleet", phones},
                                                {"check", rule, "--fail-on", "high"},
                                                {"man"},
                                                {"completion"},
                                                {"run", "--help"},
                                                {"--version"}}) {
    const auto result = provphone_to_full_disk(workspace, command);
    INFO(command.front() << ": " << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("cannot write standard output: ") != std::string::npos);
  }
}

TEST_CASE("a file that cannot be written is known before the run is made") {
  Workspace workspace;
  workspace.write("www/all.xml", "<flat-profile/>");
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto phones = scenario_for(workspace, server);
  const auto rule = server.origin("http") + "/all.xml";
  const std::string nowhere = (workspace.path() / "missing/result").string();
  for (const auto& command : std::vector<Flags>{{"run", "--rule", rule, "--json"},
                                                {"run", "--rule", rule, "--junit"},
                                                {"run", "--rule", rule, "--tap"},
                                                {"run", phones, "--summary"},
                                                {"fleet", phones, "--json"},
                                                {"fleet", phones, "--trace"},
                                                {"fleet", phones, "--junit"},
                                                {"forecast", phones, "--csv"},
                                                {"forecast", phones, "--json"},
                                                {"check", rule, "--sarif"}}) {
    const auto result = provphone(workspace, with(command, {nowhere}));
    INFO(command.front() << " " << command.back() << ": " << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find("cannot write " + nowhere + ": No such file or directory") !=
          std::string::npos);
  }
  CHECK(server.said().find("all.xml") == std::string::npos);  // nobody asked for anything
}

TEST_CASE("a run that is refused leaves no files behind") {
  Workspace workspace;
  const auto file = (workspace.path() / "result.json").string();
  const auto nowhere = (workspace.path() / "missing/junit.xml").string();
  const auto result = provphone(
      workspace, {"run", "--rule", "http://127.0.0.1:1/a.xml", "--json", file, "--junit", nowhere});
  CHECK(result.exit_code == 2);
  CHECK_FALSE(std::filesystem::exists(file));
  CHECK_FALSE(std::filesystem::exists(file + ".partial"));
}

TEST_CASE("a secret in a URL's query is in nothing that a command writes") {
  Workspace workspace;
  workspace.write("www/all.xml", "<flat-profile><GPP_A>x</GPP_A></flat-profile>");
  const EmbeddedServer server(workspace, {"--http", "0"});
  const auto url = server.origin("http") + "/all.xml?mac=$MA&password=geheim1&api_token=geheim2";
  const auto written = [&](const std::string& file) { return (workspace.path() / file).string(); };
  workspace.write("phones.yaml",
                  "phones: [{count: 1, set: {Profile_Rule: \"" + url +
                      "\", Resync_Random_Delay: 0}}]\n"
                      "events: [{at: 0s, power_on: all}]\n"
                      "limits: {duration: 1s}\n"
                      "expect: [{no_request_before: 10s}, {requests: \"*\", none: true}]\n");
  const auto phones = written("phones.yaml");
  for (const auto& command : std::vector<Flags>{{"run", "--rule", url},
                                                {"run", "--rule", url, "--trace", "-"},
                                                {"run", "--rule", url, "--json", "-"},
                                                {"run", phones, "--junit", "-"},
                                                {"run", phones, "--github"},
                                                {"fleet", phones, "--json", "-"},
                                                {"fleet", phones, "--trace", "-"},
                                                {"forecast", phones, "--trace", "-"},
                                                {"explain", phones},
                                                {"rule", url},
                                                {"check", url},
                                                {"check", url, "--json", "-"},
                                                {"check", url, "--sarif", "-"},
                                                {"check", url, "--junit", "-"}}) {
    const auto result = provphone(workspace, command);
    INFO(command.front() << " " << command.back() << ": " << result.err << result.out);
    CHECK(result.exit_code < 2);
    CHECK((result.out + result.err).find("geheim") == std::string::npos);
  }
  CHECK(server.said().find("password=********") != std::string::npos);
  CHECK(server.said().find("geheim") == std::string::npos);
}

}  // namespace provphone::e2e::outputs_test
