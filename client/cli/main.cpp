#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/figures/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <exception>
#include <iostream>

namespace provphone::client::cli {
namespace {

void add_commands(CLI::App& app, Action& action) {
  add_run(app, action);
  add_fleet(app, action);
  add_forecast(app, action);
  add_check(app, action);
  add_explain(app, action);
  add_report(app, action);
  add_serve(app, action);
  add_pki(app, action);
  add_expand(app, action);
  add_condition(app, action);
  add_rule(app, action);
  add_decode(app, action);
  add_parameters(app, action);
  add_demo(app, action);
  add_help(app, action);
}

Exit run_command_line(int argc, char** argv) {
  CLI::App app("Virtual Cisco desk phones, as a provisioning server sees them.", "provphone");
  app.set_version_flag("--version", fmt::format("provphone {}", figures::version));
  app.require_subcommand(1);
  app.footer(
      "`provphone COMMAND --help` has examples. Traffic goes to loopback only, unless --target "
      "names more.");
  Action action;
  add_commands(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& wanted) {  // --help, --version
    app.exit(wanted);
    return Exit::as_expected;
  } catch (const CLI::RequiredError& error) {
    const auto named = [&](const CLI::App* command) {
      return argc > 1 && command->get_name() == argv[1];
    };
    const bool unknown_command =
        argc > 1 && argv[1][0] != '-' && app.get_subcommands(named).empty();
    complain(unknown_command
                 ? fmt::format("there is no command {}; see `provphone --help`", argv[1])
                 : fmt::format("{}; see `provphone --help`", error.what()));
    return Exit::wrong_usage;
  } catch (const CLI::ParseError& error) {
    complain(fmt::format("{}; see `provphone --help`", error.what()));
    return Exit::wrong_usage;
  }
  return action();
}

}  // namespace
}  // namespace provphone::client::cli

int main(int argc, char** argv) {
  using provphone::client::cli::Exit;
  try {
    return static_cast<int>(provphone::client::cli::run_command_line(argc, argv));
  } catch (const std::exception& error) {
    provphone::client::cli::complain(fmt::format("internal error: {}", error.what()));
    return static_cast<int>(Exit::internal_error);
  }
}
