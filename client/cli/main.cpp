#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/version.hpp"
#include "client/cli/visible_output.hpp"
#include "client/run/signals.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <iostream>

namespace provphone::client::cli {
namespace {

Exit run_program(int argc, char** argv) {
  Program program{
      "provphone",
      "Virtual Cisco desk phones, as a provisioning server sees them.",
      "`provphone COMMAND --help` has examples. Traffic goes to loopback only, unless --target "
      "names more.",
      version_text(),
      {}};
  // Once the program is in its place: two commands refer to it.
  program.commands = {run_command(),        fleet_command({argv, argv + argc}),
                      forecast_command(),   check_command(),
                      test_command(),       explain_command(),
                      replay_command(),     scenario_command(),
                      report_command(),     serve_command(),
                      pki_command(),        expand_command(),
                      condition_command(),  rule_command(),
                      decode_command(),     lint_command(),
                      models_command(),     parameters_command(),
                      dhcp_command(),       demo_command(),
                      man_command(program), completion_command(program)};
  return run_command_line(program, argc, argv);
}

// What a reader of standard output did not get must not pass for success.
Exit with_output_written(Exit exit) {
  errno = 0;
  std::cout.flush();
  // Of wrong usage somebody has complained, of an output that takes nothing among others.
  if (std::cout || exit == Exit::wrong_usage) return exit;
  // Where an earlier write failed its errno is gone.
  complain(fmt::format("cannot write standard output: {}",
                       errno != 0 ? std::strerror(errno) : "not all of it was taken"));
  return exit == Exit::as_expected ? Exit::wrong_usage : exit;
}

}  // namespace
}  // namespace provphone::client::cli

int main(int argc, char** argv) {
  using namespace provphone::client::cli;
  // Before anything that takes time: from here on no signal is without its result.
  provphone::client::run::hold_signals();
  const VisibleOutput out(std::cout, STDOUT_FILENO);
  const VisibleOutput err(std::cerr, STDERR_FILENO);
  try {
    return static_cast<int>(with_output_written(run_program(argc, argv)));
    // Errors are values everywhere (docs/architecture.md), so this one is a defect, or no memory.
  } catch (const std::exception& error) {
    complain(fmt::format("internal error: {}", error.what()));
    return static_cast<int>(Exit::internal_error);
  }
}
