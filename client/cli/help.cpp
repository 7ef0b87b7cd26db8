#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/figures/version.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>

// The man page and the shell completion, made from the same table of options as --help.
namespace provphone::client::cli {
namespace {

// A line that troff takes as text: backslashes and hyphens kept, no control line.
std::string troff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

std::string option_heading(const CLI::Option& option) {
  const auto type = option.get_type_size() == 0 ? std::string{} : " " + option.get_type_name();
  return option.get_positional() ? option.get_name() : option.get_name() + type;
}

void man_section(std::ostream& out, const CLI::App& command) {
  out << ".SS " << troff(command.get_name()) << '\n' << troff(command.get_description()) << ".\n";
  for (const auto* option : command.get_options()) {
    out << ".TP\n\\fB" << troff(option_heading(*option)) << "\\fR\n"
        << troff(option->get_description()) << '\n';
  }
  std::istringstream footer(command.get_footer());
  if (footer.str().empty()) return;
  out << ".PP\n.nf\n";
  for (std::string line; std::getline(footer, line);) out << troff(line) << '\n';
  out << ".fi\n";
}

Exit print_man_page(const CLI::App& app) {
  auto& out = std::cout;
  out << ".TH PROVPHONE 1 \"\" \"provphone " << figures::version << "\"\n"
      << ".SH NAME\nprovphone \\- virtual Cisco desk phones, as a provisioning server sees them\n"
      << ".SH SYNOPSIS\n\\fBprovphone\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH COMMANDS\n";
  for (const auto* command : app.get_subcommands(nullptr)) man_section(out, *command);
  out << ".SH EXIT STATUS\n0 all as expected, 1 an expectation or a pass failed, 2 wrong usage, 3 "
         "the generator could not keep "
         "its own schedule, 4 internal error.\n";
  return Exit::as_expected;
}

std::string long_names(const CLI::App& command) {
  std::string names;
  for (const auto* option : command.get_options()) {
    for (const auto& name : option->get_lnames())
      names.append(names.empty() ? "--" : " --").append(name);
  }
  return names;
}

Exit print_bash_completion(const CLI::App& app) {
  std::string commands;
  std::string cases;
  for (const auto* command : app.get_subcommands(nullptr)) {
    commands.append(commands.empty() ? "" : " ").append(command->get_name());
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command->get_name(), long_names(*command));
  }
  std::cout << fmt::format(
      "_provphone() {{\n"
      "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" words=\"{} {}\"\n"
      "  if [ \"$COMP_CWORD\" -gt 1 ]; then case \"${{COMP_WORDS[1]}}\" in\n{}  esac; fi\n"
      "  case \"$word\" in\n"
      "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
      "    *) if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \"$words\" -- "
      "\"$word\"))\n"
      "       else COMPREPLY=($(compgen -f -- \"$word\")); fi ;;\n"
      "  esac\n}}\n"
      "complete -o filenames -F _provphone provphone\n",
      commands, long_names(app), cases);
  return Exit::as_expected;
}

}  // namespace

void add_help(CLI::App& app, Action& action) {
  auto* man = app.add_subcommand("man", "print the man page: provphone man | man -l -");
  man->callback([&app, &action] { action = [&app] { return print_man_page(app); }; });
  auto* completion =
      app.add_subcommand("completion", "print bash completion: source <(provphone completion)");
  completion->callback([&app, &action] { action = [&app] { return print_bash_completion(app); }; });
}

}  // namespace provphone::client::cli
