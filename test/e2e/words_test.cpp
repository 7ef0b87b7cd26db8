#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

// The command line as fingers know it, and what a terminal is shown.
namespace provphone::e2e::words_test {
namespace {

// `env` sets variables in front of a program and its arguments.
CommandResult with_environment(Workspace& workspace, const Flags& variables,
                               const Flags& arguments) {
  Process process(workspace.path(), "env",
                  with(with({"env"}, variables), with({PROVPHONE_BINARY}, arguments)));
  const auto status = process.wait(patience);
  return {status.value_or(-1), process.out(), process.err()};
}

TEST_CASE("other words for --help and --version do the same") {
  struct Row {
    Flags words, same;
  };
  const std::vector<Row> rows{
      {{"help"}, {"--help"}},         {{"help", "run"}, {"run", "--help"}},
      {{"help", "help"}, {"--help"}}, {{"version"}, {"--version"}},
      {{"-V"}, {"--version"}},        {{"fleet", "-h"}, {"fleet", "--help"}}};
  Workspace workspace;
  for (const auto& row : rows) {
    INFO(row.words.front());
    const auto command = provphone(workspace, row.words);
    CHECK(command.exit_code == 0);
    CHECK_FALSE(command.out.empty());
    CHECK(command.out == provphone(workspace, row.same).out);
  }
}

TEST_CASE("a word that is none is told what is near, and where to look") {
  struct Row {
    Flags words;
    std::string said;
  };
  const std::vector<Row> rows{
      {{}, "expected a command; see `provphone --help`"},
      {{"rnu"}, "there is no command rnu; did you mean 'run'?; see `provphone --help`"},
      {{"help", "flete"}, "there is no command flete; did you mean 'fleet'?; see"},
      {{"run", "--ruel", "x"},
       "run has no --ruel; did you mean '--rule'?; see `provphone run --help`"},
      {{"fleet", "a.yaml", "--until-convergd"},
       "fleet has no --until-convergd; did you mean '--until-converged'?"},
      {{"run", "--josn=r.json"}, "run has no --josn; did you mean '--json'?"},
      {{"expand", "x", "--target", "y"}, "expand has no --target; see `provphone expand --help`"},
      {{"run", "a.yaml", "b.yaml"}, "'b.yaml' is one word too many for run"},
      {{"fleet", "a.yaml", "--workers", "9999"}, "--workers: Value 9999 not in range 1 to 128"},
      {{"forecast", "a.yaml", "--workers", "0"}, "--workers: Value 0 not in range 1 to 128"},
      {{"run", "--color", "blue"}, "--color: expected auto, always or never"},
      {{"run", "--source", "192.0.2.1"}, "--source: 192.0.2.1 is no address of this machine"},
      {{"run", "--pki", "nowhere"}, "--pki: nowhere/device-root.pem: No such file"},
  };
  Workspace workspace;
  for (const auto& row : rows) {
    const auto command = provphone(workspace, row.words);
    INFO(command.err);
    require_usage_error(command);
    CHECK(contains(command.err, row.said));
  }
}

TEST_CASE("help of a command has no word about what excludes what") {
  Workspace workspace;
  for (const auto* command : {"run", "check", "serve", "fleet"}) {
    INFO(command);
    const auto help = provphone(workspace, {command, "--help"}).out;
    CHECK(contains(help, "--help"));
    CHECK_FALSE(contains(help, "Excludes"));
  }
}

TEST_CASE("a variable stands for an option that was not typed") {
  Workspace workspace;
  const Flags run{"run", "--rule", "http://192.0.2.1/x"};
  const Flags target{"PROVPHONE_TARGET=192.0.2.0/24 bad/host"};
  const auto from_variable = with_environment(workspace, target, run);
  CHECK(from_variable.exit_code == 2);
  CHECK(contains(from_variable.err, "--target: target \"bad/host\" is no address"));
  // What is typed counts alone, and so does what the command has no option for.
  const auto typed = with_environment(workspace, target, with(run, {"--target", "worse/host"}));
  CHECK(contains(typed.err, "worse/host"));
  CHECK_FALSE(contains(typed.err, "bad/host"));
  CHECK(with_environment(workspace, target, {"expand", "$MA"}).exit_code == 0);
  CHECK(contains(with_environment(workspace, {"PROVPHONE_WORKERS=many"}, {"fleet", "a.yaml"}).err,
                 "--workers"));
}

TEST_CASE("colours are where somebody wants them") {
  Workspace workspace;
  const auto coloured = [&](const Flags& variables, const Flags& flags) {
    const auto command = with_environment(workspace, variables,
                                          with({"run", "--rule", "http://127.0.0.1:1/x"}, flags));
    CHECK(command.exit_code == 1);
    return contains(command.out, "\x1b[");
  };
  CHECK_FALSE(coloured({}, {}));
  CHECK(coloured({}, {"--color", "always"}));
  CHECK(coloured({"NO_COLOR=1"}, {"--color=always"}));
  CHECK(coloured({"PROVPHONE_COLOR=always"}, {}));
  CHECK_FALSE(coloured({"PROVPHONE_COLOR=always"}, {"--color", "never"}));
}

TEST_CASE("a phone has its certificate of --pki, and comes from --source") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {});
  workspace.write("www/000e08012345.xml", profile("mine"));
  EmbeddedServer server(workspace, {"--https", "0", "--pki", pki.folder.string(),
                                    "--client-certificates", "required"});
  const auto run = run_phone(workspace, {"--rule", server.origin("https") + "/$MA.xml", "--pki",
                                         pki.folder.string(), "--source", "127.9.8.7"});
  require_success(run);
  CHECK(server.logs("127.9.8.7 https GET /000e08012345.xml 200"));
  CHECK(run.parameter("GPP_A") == "mine");
}

}  // namespace
}  // namespace provphone::e2e::words_test
