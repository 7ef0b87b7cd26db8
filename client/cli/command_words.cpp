#include "client/cli/command_words.hpp"

#include "client/input/tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

namespace provphone::client::cli {
namespace {

// Without those of one letter, to which every other letter is near.
std::vector<std::string_view> named_flags(const Command& command) {
  std::vector<std::string_view> names{help_name};
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      if (is_positional(option)) continue;
      for (const auto each : spellings(option)) {
        if (each.starts_with("--")) names.push_back(each);
      }
    }
  }
  return names;
}

bool has_flag(const Command& command, std::string_view name) {
  const auto flags = named_flags(command);
  return std::find(flags.begin(), flags.end(), name) != flags.end();
}

bool is_typed(const std::vector<std::string>& words, std::string_view flag) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return word.substr(0, word.find('=')) == flag; });
}

}  // namespace

std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) return words;
  if (words.front() == "version") words.front() = version_name;
  if (words.front() != "help") return words;
  std::erase_if(words, [](const std::string& word) { return word == "help" || word == "version"; });
  words.emplace_back(help_name);
  return words;
}

const Command* find_command(const Program& program, std::string_view name) {
  const auto found = std::find_if(program.commands.begin(), program.commands.end(),
                                  [&](const Command& command) { return command.name == name; });
  return found == program.commands.end() ? nullptr : &*found;
}

void add_variables(const Command& command, std::vector<std::string>& words) {
  std::vector<std::string> added;
  for (const auto& [option, name] : option_variables) {
    const auto* value = std::getenv(name);
    if (value == nullptr || !has_flag(command, option) || is_typed(words, option)) continue;
    // What may be repeated is parted by blanks.
    std::istringstream values(value);
    for (std::string each; values >> each;) added.push_back(fmt::format("{}={}", option, each));
  }
  words.insert(words.begin() + 1, added.begin(), added.end());
}

std::string unknown_word(const std::string& word, const Command& command) {
  if (!word.starts_with('-'))
    return fmt::format("'{}' is one word too many for {}", word, command.name);
  const auto flag = word.substr(0, word.find('='));
  return fmt::format("{} has no {}{}", command.name, flag,
                     input::suggestion(flag, named_flags(command)));
}

std::string unknown_command(const std::string& word, const Program& program) {
  std::vector<std::string_view> names{"help", "version"};
  for (const auto& command : program.commands) names.push_back(command.name);
  return fmt::format("there is no command {}{}", word, input::suggestion(word, names));
}

}  // namespace provphone::client::cli
