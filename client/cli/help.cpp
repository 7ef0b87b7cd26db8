#include "client/cli/commands.hpp"
#include "client/figures/version.hpp"

#include <fmt/format.h>

#include <iostream>
#include <sstream>
#include <string>

// The man page and the shell completion, made from the same table as --help.
namespace provphone::client::cli {
namespace {

// A line that troff takes as text: backslashes and hyphens kept, no control line.
std::string troff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      // troff prints `\` for `\e`, and for `\-` a hyphen that can be copied into a shell.
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  // `.` and `'` at the beginning of a line are requests; `\&` is nothing, and in front of them.
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

void man_option(std::ostream& out, std::string_view heading, std::string_view help) {
  out << ".TP\n\\fB" << troff(heading) << "\\fR\n" << troff(help) << '\n';
}

void man_section(std::ostream& out, const Program& program, const Command& command) {
  out << ".SS " << troff(command.name) << '\n' << troff(command.summary) << ".\n";
  man_option(out, fmt::format("{} ", help_name), help_help);
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      const auto value = is_positional(option) ? "" : " " + shown_value(option);
      man_option(out, std::string(option.name) + value, option.help);
    }
  }
  out << ".PP\n.nf\n";
  std::istringstream footer{std::string(footer_of(program, command))};
  for (std::string line; std::getline(footer, line);) out << troff(line) << '\n';
  out << ".fi\n";
}

Exit print_man_page(const Program& program) {
  auto& out = std::cout;
  out << ".TH PROVPHONE 1 \"\" \"provphone " << figures::version << "\"\n"
      << ".SH NAME\nprovphone \\- virtual Cisco desk phones, as a provisioning server sees them\n"
      << ".SH SYNOPSIS\n\\fBprovphone\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH COMMANDS\n";
  for (const auto& command : program.commands) man_section(out, program, command);
  out << ".SH EXIT STATUS\n0 all as expected, 1 an expectation or a pass failed, 2 wrong usage, 3 "
         "the generator could not keep "
         "its own schedule, 4 internal error.\n";
  return Exit::as_expected;
}

std::string option_names(const Command& command) {
  std::string names(help_name);
  for (const auto& group : command.groups) {
    for (const auto& option : group.options)
      if (!is_positional(option)) names.append(" ").append(option.name);
  }
  return names;
}

Exit print_bash_completion(const Program& program) {
  std::string words;
  std::string cases;
  for (const auto& command : program.commands) {
    words.append(command.name).append(" ");
    cases += fmt::format("    {}) words=\"{}\" ;;\n", command.name, option_names(command));
  }
  std::cout << fmt::format(
      "_provphone() {{\n"
      "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" words=\"{}{} --version\"\n"
      "  if [ \"$COMP_CWORD\" -gt 1 ]; then case \"${{COMP_WORDS[1]}}\" in\n{}  esac; fi\n"
      "  case \"$word\" in\n"
      "    -*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")) ;;\n"
      "    *) if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W \"$words\" -- "
      "\"$word\"))\n"
      "       else COMPREPLY=($(compgen -f -- \"$word\")); fi ;;\n"
      "  esac\n}}\n"
      "complete -o filenames -F _provphone provphone\n",
      words, help_name, cases);
  return Exit::as_expected;
}

}  // namespace

Command man_command(const Program& program) {
  return {"man", "print the man page: provphone man | man -l -", {}, "", [&program] {
            return print_man_page(program);
          }};
}

Command completion_command(const Program& program) {
  return {
      "completion", "print bash completion: source <(provphone completion)", {}, "", [&program] {
        return print_bash_completion(program);
      }};
}

}  // namespace provphone::client::cli
