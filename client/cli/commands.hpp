#pragma once

#include "client/cli/exit.hpp"

#include <CLI/App.hpp>

#include <functional>

// Each command adds itself to the one table of options, from which help, man page and completion
// are made.
namespace provphone::client::cli {

// What the chosen command does once the command line is read.
using Action = std::function<Exit()>;

void add_run(CLI::App& app, Action& action);
void add_fleet(CLI::App& app, Action& action);
void add_forecast(CLI::App& app, Action& action);
void add_check(CLI::App& app, Action& action);
void add_explain(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_serve(CLI::App& app, Action& action);
void add_pki(CLI::App& app, Action& action);
void add_expand(CLI::App& app, Action& action);
void add_condition(CLI::App& app, Action& action);
void add_rule(CLI::App& app, Action& action);
void add_decode(CLI::App& app, Action& action);
void add_parameters(CLI::App& app, Action& action);
void add_demo(CLI::App& app, Action& action);
void add_help(CLI::App& app, Action& action);  // man page and completion

}  // namespace provphone::client::cli
