#pragma once

#include "client/cli/options.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

// What may stand where the cursor is, for the completions of all shells: decided by the table of
// commands and options.
namespace provphone::client::cli {

struct Suggestion {
  std::string word;       // as it would replace the one that is typed
  std::string_view help;  // static storage, or the program's table
};

// What the shell is to look for itself; the words are none then.
enum class FilesWanted : std::uint8_t { none, any, scenarios, folders };

struct Suggestions {
  FilesWanted files = FilesWanted::none;
  std::vector<Suggestion>
      words;  // those that begin with what is typed; NAME= where a value follows
};

// `words` are those behind the program's name up to the cursor, the last one as far as it is typed;
// at least one, and it may be empty. Where a shell parts `--flag=value` at its `=`, and an address
// at its `:`, as bash does, what is suggested stands for the last part.
Suggestions suggest(const Program& program, std::span<const std::string> words);

}  // namespace provphone::client::cli
