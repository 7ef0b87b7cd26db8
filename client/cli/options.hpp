#pragma once

#include "client/cli/exit.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// The one table of commands and options. Parser, --help, man page and completion are made from it.
// Its texts are literals.
namespace provphone::client::cli {

template <typename T>
using To = std::reference_wrapper<T>;

// Where a value goes; it must outlive the command's run. A bool is a flag and has no value. An
// option that goes to a vector may be repeated and takes one value each time; a positional argument
// that does takes all there are. What is not given leaves the target as it is: its default.
using Target = std::variant<To<bool>, To<std::string>, To<std::vector<std::string>>, To<int>,
                            To<unsigned>, To<std::uint64_t>, To<std::optional<std::uint16_t>>,
                            To<std::optional<std::uint64_t>>>;

enum class Presence : std::uint8_t { optional, required };

// Both ends belong to it.
struct Range {
  int least = 0;
  int most = 0;
};

// Of --workers: each takes descriptors and memory of its own.
inline constexpr Range workers_range{1, 128};

// A row of the table. Its name begins with --, or it is a positional argument.
struct Option {
  std::string_view name;
  Target target;
  std::string_view value_name;  // none for a flag and for a positional argument
  // Without a capital and a full stop; a default stands in parentheses at its end.
  std::string_view help;
  Presence presence = Presence::optional;
  std::optional<Range> range = {};  // of a number
  bool* is_given = nullptr;         // set to true where it is given, be it with an empty value
  // Names a file that is written, where - is standard output; see output().
  bool is_output = false;
};

// The option names a file that the command writes, and - is standard output, which can be one
// file's alone: a command line that gives it to two such options is refused.
inline Option output(Option option) {
  option.is_output = true;
  return option;
}

struct OptionGroup {
  std::vector<Option> options;
  std::string_view title = "Options";
};

// Two options, by name, of which a command line may have one.
using Exclusion = std::pair<std::string_view, std::string_view>;

// What SIGINT, SIGTERM and SIGHUP do to a command.
enum class Signals : std::uint8_t {
  end_it,       // there and then
  are_handled,  // by the command itself, which releases them (client/run/signals.hpp)
};

struct Command {
  std::string_view name;
  std::string_view summary;
  std::vector<OptionGroup> groups;
  std::string_view footer;    // examples and exit statuses; see footer_of
  std::function<Exit()> run;  // once the targets are set; keeps them alive
  std::vector<Exclusion> exclusions = {};
  Signals signals = Signals::end_it;
};

// Must stay where it is: man_command() and completion_command() refer to it.
struct Program {
  std::string_view name;
  std::string_view summary;
  std::string_view footer;
  std::string version;  // what --version prints
  std::vector<Command> commands;
};

// Every command has it besides its table.
constexpr std::string_view help_name = "--help";
constexpr std::string_view help_help = "Print this help message and exit";
constexpr std::string_view version_name = "--version";

// Sets the targets of the command that is asked for, and runs it; or prints the help or the version
// that is asked for, which is as_expected. Complains of wrong usage. What a command throws goes
// through.
Exit run_command_line(const Program& program, int argc, char** argv);

bool is_positional(const Option& option);

// All that may be typed for it, in every command that has it, as help and man page list it; its
// name is among them.
std::vector<std::string_view> spellings(const Option& option);

// A command that has none of its own has the program's.
std::string_view footer_of(const Program& program, const Command& command);

// The value's name with its range, as help and man page show it.
std::string shown_value(const Option& option);

}  // namespace provphone::client::cli
