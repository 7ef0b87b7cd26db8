#pragma once

#include "client/cli/options.hpp"

#include <string>
#include <vector>

// A row of the table for each command. A command's flags live as long as its row, which main.cpp
// keeps; nothing is read or opened before it runs.
namespace provphone::client::cli {

Command run_command();
// `typed` is the command line, for its result to say.
Command fleet_command(const std::vector<std::string>& typed);
Command forecast_command();
Command check_command();
Command explain_command();
Command replay_command();
Command scenario_command();
Command report_command();
Command serve_command();
Command pki_command();
Command expand_command();
Command condition_command();
Command rule_command();
Command decode_command();
Command lint_command();
Command models_command();
Command parameters_command();
Command dhcp_command();
Command test_command();
Command demo_command();

// They print what is in the program's table when they run.
Command man_command(const Program& program);
Command completion_command(const Program& program);

}  // namespace provphone::client::cli
