#pragma once

#include "client/cli/options.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

// The words of a command line before they are parsed, and what is said of those that are none.
namespace provphone::client::cli {

// Behind the program's name. `help`, `help COMMAND` and `version` are what other programs have for
// --help and --version.
std::vector<std::string> words_of(int argc, char** argv);

// Null where there is none of that name.
const Command* find_command(const Program& program, std::string_view name);

// What a whole environment has in common: a variable, and the option that it stands for in every
// command that has it.
struct OptionVariable {
  std::string_view option;
  const char* name;
};
inline constexpr std::array<OptionVariable, 5> option_variables{
    {{"--color", "PROVPHONE_COLOR"},
     {"--dns", "PROVPHONE_DNS"},
     {"--resolve", "PROVPHONE_RESOLVE"},
     {"--target", "PROVPHONE_TARGET"},
     {"--workers", "PROVPHONE_WORKERS"}}};

// What these variables say of the command's options, behind the command, as if it had been typed.
// An option that was typed counts alone.
void add_variables(const Command& command, std::vector<std::string>& words);

// What is wrong with a word that the command has no place for, or that stands where a command has
// to be; the nearest that there is is suggested.
std::string unknown_word(const std::string& word, const Command& command);
std::string unknown_command(const std::string& word, const Program& program);

}  // namespace provphone::client::cli
