#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/suggestions.hpp"

#include <fmt/format.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

// The scripts that shells read, client/cli/completion/, and what those ask for at each Tab.
namespace provphone::client::cli {

extern const std::string_view bash_completion;
extern const std::string_view zsh_completion;
extern const std::string_view fish_completion;

namespace {

struct CompletionFlags {
  std::string shell = "bash";
  std::vector<std::string> words;
};

constexpr std::string_view kind_of(FilesWanted files) {
  switch (files) {
    case FilesWanted::any:
      return "files";
    case FilesWanted::scenarios:
      return "scenarios";
    case FilesWanted::folders:
      return "folders";
    case FilesWanted::none:
      break;
  }
  return "words";
}

// A line that says of what kind they are, and one for each word: it, a tab, its help.
Exit print_suggestions(const Program& program, std::vector<std::string> words) {
  if (words.empty()) words.emplace_back();
  const auto found = suggest(program, words);
  std::cout << kind_of(found.files) << '\n';
  for (const auto& [word, help] : found.words) std::cout << word << '\t' << help << '\n';
  return Exit::as_expected;
}

Exit print_completion(const Program& program, const CompletionFlags& flags) {
  if (flags.shell == "words") return print_suggestions(program, flags.words);
  if (!flags.words.empty())
    return refuse_usage({Errc::bad_argument, "WORD: expected behind `words` alone"});
  if (flags.shell == "bash") {
    std::cout << bash_completion;
  } else if (flags.shell == "zsh") {
    std::cout << zsh_completion;
  } else if (flags.shell == "fish") {
    std::cout << fish_completion;
  } else {
    return refuse_usage({Errc::bad_argument, "SHELL: expected bash, zsh or fish"});
  }
  return Exit::as_expected;
}

}  // namespace

Command completion_command(const Program& program) {
  auto flags = std::make_shared<CompletionFlags>();
  return {"completion",
          "print the completion of a shell, for it to read",
          {OptionGroup{
              {{"SHELL", flags->shell, "",
                "bash, zsh or fish (bash); or words: what may stand where the last WORD does"},
               {"WORD", flags->words, "", "those of a command line up to the cursor, behind --"}}}},
          "Examples:\n"
          "  source <(provphone completion bash)\n"
          "  provphone completion zsh > ~/.zfunc/_provphone\n"
          "  provphone completion fish | source",
          [&program, flags] { return print_completion(program, *flags); }};
}

}  // namespace provphone::client::cli
