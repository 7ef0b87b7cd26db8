#include "client/cli/command_words.hpp"
#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/version.hpp"
#include "client/figures/version.hpp"
#include "macro/ascii.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <sstream>
#include <string>

// The man pages, made from the same table as --help: one of the program, and one of each command.
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
    } else if (c == '\'') {
      out += "\\(aq";  // else a closing quotation mark, which no shell takes
    } else {
      out += c;
    }
  }
  // `.` at the beginning of a line is a request; `\&` is nothing, and in front of it.
  if (out.starts_with('.')) out.insert(0, "\\&");
  return out;
}

void title(std::ostream& out, std::string_view page) {
  out << fmt::format(".TH {} 1 \"{}\" \"provphone {}\" \"User Commands\"\n",
                     troff(ascii::uppered(page)), build_day, figures::version);
}

// A term and what it means.
void item(std::ostream& out, std::string_view term, std::string_view meaning) {
  out << ".TP\n.B " << troff(term) << '\n' << troff(meaning) << '\n';
}

void see_also(std::ostream& out, std::string_view page) {
  out << ".BR " << troff(page) << " (1)";
}

// --- a command's page

// A footer by the kinds of its lines.
struct Footer {
  std::string notes;
  std::string examples;  // as typed
  std::string statuses;
};

Footer read_footer(std::string_view text) {
  Footer footer;
  std::istringstream lines{std::string(text)};
  bool is_status = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("Example")) continue;
    is_status = line.starts_with("Exit status: ") || (is_status && !line.starts_with(' '));
    if (is_status) {
      footer.statuses += troff(line.starts_with("Exit status: ") ? line.substr(13) : line) + '\n';
    } else if (line.starts_with(' ')) {
      footer.examples += troff(line.substr(2)) + '\n';
    } else if (!line.empty()) {
      footer.notes += troff(line) + "\n.br\n";
    }
  }
  return footer;
}

std::string term_of(const Option& option) {
  const auto value = is_positional(option) ? "" : shown_value(option);
  return fmt::format("{}{}{}", fmt::join(spellings(option), ", "), value.empty() ? "" : " ", value);
}

void options(std::ostream& out, const Command& command) {
  out << ".SH OPTIONS\n";
  item(out, fmt::format("-h, {}", help_name), help_help);
  for (const auto& group : command.groups) {
    if (group.title != OptionGroup{}.title) out << ".SS " << troff(group.title) << '\n';
    for (const auto& option : group.options) item(out, term_of(option), option.help);
  }
}

void synopsis(std::ostream& out, const Program& program, const Command& command) {
  out << ".SH SYNOPSIS\n.B " << program.name << ' ' << command.name << "\n[\\fIOPTIONS\\fR]";
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      if (!is_positional(option)) continue;
      const auto name = fmt::format("\\fI{}\\fR", troff(option.name));
      out << '\n' << (option.presence == Presence::required ? name : fmt::format("[{}]", name));
    }
  }
  out << '\n';
}

void command_page(std::ostream& out, const Program& program, const Command& command) {
  const auto page = fmt::format("{}-{}", program.name, command.name);
  title(out, page);
  out << ".SH NAME\n" << troff(page) << " \\- " << troff(command.summary) << '\n';
  synopsis(out, program, command);
  const auto footer = read_footer(command.footer);
  if (!footer.notes.empty()) out << ".SH DESCRIPTION\n" << footer.notes;
  options(out, command);
  if (!footer.examples.empty()) out << ".SH EXAMPLES\n.nf\n" << footer.examples << ".fi\n";
  if (!footer.statuses.empty()) out << ".SH EXIT STATUS\n" << footer.statuses;
  out << ".SH SEE ALSO\n";
  see_also(out, program.name);
  out << '\n';
}

// --- the program's page

void surroundings(std::ostream& out) {
  out << ".SH ENVIRONMENT\n";
  item(out, "PROVPHONE_CACHE",
       "where keys and certificates of phones are kept from run to run; off keeps nothing "
       "($XDG_CACHE_HOME/provphone or ~/.cache/provphone)");
  item(out, "PROVPHONE_CERT_PASSWORD",
       "the password of PKCS#12 or a token's PIN, where --cert-password is not given");
  for (const auto& [option, variable] : option_variables)
    item(out, variable, fmt::format("stands for {}, where that is not typed", option));
  item(out, "NO_COLOR", "where it is not empty, no colours");
  out << ".SH FILES\n";
  item(out, "/usr/share/doc/provphone/examples",
       "what the examples of these pages name, where a package was installed: they work in this "
       "folder as they stand");
  item(out, "/usr/share/doc/provphone/docs", "tutorial, guides, reference, behaviour");
  item(out, "/usr/share/provphone/scenario.schema.json", "what editors complete scenarios with");
  item(out, "~/.cache/provphone", "keys and certificates; it may be deleted at any time");
}

void program_page(std::ostream& out, const Program& program) {
  title(out, program.name);
  out << ".SH NAME\nprovphone \\- virtual Cisco desk phones, as a provisioning server sees them\n"
      << ".SH SYNOPSIS\n.B provphone\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH DESCRIPTION\n"
      << troff(
             "A phone powers on, expands the macros of its rules, fetches over TFTP, HTTP or HTTPS "
             "with a certificate of its own, decrypts, unpacks and applies what it got, and comes "
             "back on its schedule. Traffic goes to loopback only, unless --target names more.")
      << "\n.SH COMMANDS\n";
  for (const auto& command : program.commands) item(out, command.name, command.summary);
  out << ".SH OPTIONS\n";
  item(out, fmt::format("-h, {}", help_name), help_help);
  item(out, fmt::format("-V, {}", version_name), "print version, commit and libraries, and exit");
  out << ".SH EXAMPLES\n.nf\n"
      << troff("provphone demo") << '\n'
      << troff("provphone run --rule 'http://127.0.0.1:8080/$PSN/$MA.xml' --mac 000e08abcdef")
      << '\n'
      << troff("provphone forecast fixtures/scenarios/blackout.yaml") << "\n.fi\n"
      << ".SH EXIT STATUS\n";
  item(out, "0", "all as expected");
  item(out, "1", "an expectation or a pass failed, or there are findings");
  item(out, "2", "wrong usage, or output that could not be written");
  item(out, "3", "void: the generator could not keep its own schedule, or the run was cut short");
  item(out, "4", "internal error");
  surroundings(out);
  out << ".SH SEE ALSO\n";
  std::string_view comma;
  for (const auto& command : program.commands) {
    out << comma;
    see_also(out, fmt::format("{}-{}", program.name, command.name));
    comma = ",\n";
  }
  out << '\n';
}

Exit print_man_page(const Program& program, const std::string& wanted) {
  if (wanted.empty()) {
    program_page(std::cout, program);
    return Exit::as_expected;
  }
  for (const auto& command : program.commands) {
    if (command.name != wanted) continue;
    command_page(std::cout, program, command);
    return Exit::as_expected;
  }
  return refuse_usage({Errc::bad_argument, fmt::format("there is no command {}", wanted)});
}

}  // namespace

Command man_command(const Program& program) {
  auto wanted = std::make_shared<std::string>();
  return {"man",
          "print a man page: provphone man run | man -l -",
          {OptionGroup{{{"COMMAND", *wanted, "", "whose page (the program's)"}}}},
          "Example:\n  provphone man run | man -l -",
          [&program, wanted] { return print_man_page(program, *wanted); }};
}

}  // namespace provphone::client::cli
