#pragma once

#include "client/cli/options.hpp"

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

// What the environment says of the command's options (PROVPHONE_TARGET and others), behind the
// command, as if it had been typed. An option that was typed counts alone.
void add_variables(const Command& command, std::vector<std::string>& words);

// What is wrong with a word that the command has no place for, or that stands where a command has
// to be; the nearest that there is is suggested.
std::string unknown_word(const std::string& word, const Command& command);
std::string unknown_command(const std::string& word, const Program& program);

}  // namespace provphone::client::cli
