#include "client/cli/suggestions.hpp"

#include "profile/catalogue.hpp"
#include "resync/model.hpp"
#include "resync/personality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace provphone::client::cli {
namespace {

using Words = std::vector<Suggestion>;

// --- values

Words command_names(const Program& program) {
  Words words;
  for (const auto& command : program.commands)
    words.push_back({std::string(command.name), command.summary});
  return words;
}

Words model_names() {
  Words words;
  for (const auto& model : resync::models())
    words.push_back({std::string(model.name), model.family->products});
  return words;
}

Words parameter_names(std::string_view behind) {
  Words words;
  for (std::size_t i = 0; i < profile::parameter_count(); ++i) {
    const auto& name = profile::parameter(static_cast<profile::ParameterId>(i)).name;
    words.push_back({fmt::format("{}{}", name, behind), {}});
  }
  return words;
}

Words knob_names() {
  Words words;
  for (const auto& row : resync::knob_table())
    words.push_back({fmt::format("{}=", row.name), row.meaning});
  return words;
}

// A row of values that an option takes; without a command it is the option of every command.
struct Choice {
  std::string_view command;
  std::string_view option;
  std::string_view values;  // parted by blanks
};

constexpr std::array choices{
    Choice{"", "--personality", "spa mpp11 mpp12"},
    Choice{"", "--tls-policy", "phone jabber"},
    Choice{"", "--color", "auto always never"},
    Choice{"", "--fail-on", "info low medium high"},
    Choice{"serve", "--client-certificates", "ignored asked-for required"},
    Choice{"rule", "--kind", "profile upgrade report"},
    Choice{"decode", "--from", "file plain-text"},
    Choice{"decode", "--format", "text json cfg.xml delta"},
    Choice{"models", "--format", "text json"},
    Choice{"parameters", "--format", "text json"},
    Choice{"", "--format", "common combined main vhost_combined"},
    Choice{"scenario", "WHAT", "from-log from-phone"},
    Choice{"completion", "SHELL", "bash zsh fish"},
};

Words parted(std::string_view values) {
  Words words;
  while (!values.empty()) {
    const auto end = std::min(values.find(' '), values.size());
    words.push_back({std::string(values.substr(0, end)), {}});
    values.remove_prefix(std::min(end + 1, values.size()));
  }
  return words;
}

Words values_of(const Program& program, const Command& command, const Option& option) {
  for (const auto& choice : choices) {
    if (choice.option == option.name && (choice.command.empty() || choice.command == command.name))
      return parted(choice.values);
  }
  if (option.name == "--model" || option.name == "MODEL") return model_names();
  if (option.name == "--set") return parameter_names("=");
  if (option.name == "PATTERN") return parameter_names("");
  if (option.name == "--knob") return knob_names();
  if (option.name == "COMMAND") return command_names(program);
  return {};
}

// By what its value, or the argument itself, is called.
FilesWanted files_of(const Option& option) {
  const auto called = is_positional(option) ? option.name : option.value_name;
  if (called == "SCENARIO") return FilesWanted::scenarios;
  if (called == "DIR") return FilesWanted::folders;
  for (const auto* word : {"FILE", "CAPSULE", "RESULT", "TRACE"})
    if (called.find(word) != std::string_view::npos) return FilesWanted::any;
  return FilesWanted::none;
}

// --- the command line so far

bool takes_value(const Option& option) {
  return !is_positional(option) && !std::holds_alternative<To<bool>>(option.target);
}

const Option* find_option(const Command& command, std::string_view name) {
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      const auto all = spellings(option);
      if (std::find(all.begin(), all.end(), name) != all.end()) return &option;
    }
  }
  return nullptr;
}

// The positional argument of that number; the last one where there are fewer and it takes many.
const Option* find_positional(const Command& command, std::size_t number) {
  const Option* last = nullptr;
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      if (!is_positional(option)) continue;
      last = &option;
      if (number-- == 0) return last;
    }
  }
  const bool takes_many =
      last != nullptr && std::holds_alternative<To<std::vector<std::string>>>(last->target);
  return takes_many ? last : nullptr;
}

// What bash has parted, in one piece again.
std::vector<std::string> rejoined(std::span<const std::string> words) {
  std::vector<std::string> whole;
  bool goes_on = false;
  for (const auto& word : words) {
    const bool is_seam = !word.empty() && word.find_first_not_of("=:") == std::string::npos;
    if ((is_seam || goes_on) && !whole.empty()) {
      whole.back() += word;
    } else {
      whole.push_back(word);
    }
    goes_on = is_seam;
  }
  return whole;
}

Words begun_with(std::string_view typed, Words words) {
  std::erase_if(words, [&](const Suggestion& it) { return !it.word.starts_with(typed); });
  return words;
}

Suggestions value_of(const Program& program, const Command& command, const Option* option,
                     std::string_view typed) {
  if (option == nullptr) return {};
  return {files_of(*option), begun_with(typed, values_of(program, command, *option))};
}

Words flags_of(const Command& command) {
  Words flags{{std::string(help_name), help_help}};
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      if (is_positional(option)) continue;
      for (const auto each : spellings(option)) flags.push_back({std::string(each), option.help});
    }
  }
  return flags;
}

Suggestions first_word(const Program& program, std::string_view typed) {
  auto words = command_names(program);
  words.push_back({std::string(help_name), help_help});
  words.push_back({std::string(version_name), "print version, commit and libraries, and exit"});
  return {FilesWanted::none, begun_with(typed, std::move(words))};
}

// `words` are those behind the command.
Suggestions for_command(const Program& program, const Command& command,
                        std::span<const std::string> words) {
  const std::string_view typed = words.back();
  std::size_t positionals = 0;
  const Option* waiting = nullptr;  // the option whose value comes next
  for (const auto& word : words.first(words.size() - 1)) {
    const auto* option = waiting != nullptr ? nullptr : find_option(command, word);
    if (waiting == nullptr && !word.starts_with('-')) ++positionals;
    waiting = option != nullptr && takes_value(*option) ? option : nullptr;
  }
  if (waiting != nullptr) return value_of(program, command, waiting, typed);
  if (!typed.starts_with('-'))
    return value_of(program, command, find_positional(command, positionals), typed);
  const auto sign = typed.find('=');
  if (sign == std::string_view::npos)
    return {FilesWanted::none, begun_with(typed, flags_of(command))};
  auto values = value_of(program, command, find_option(command, typed.substr(0, sign)),
                         typed.substr(sign + 1));
  for (auto& it : values.words) it.word.insert(0, typed.substr(0, sign + 1));
  return values;
}

}  // namespace

Suggestions suggest(const Program& program, std::span<const std::string> words) {
  const auto whole = rejoined(words);
  if (whole.size() == 1) return first_word(program, whole.front());
  const auto command =
      std::find_if(program.commands.begin(), program.commands.end(),
                   [&](const Command& each) { return each.name == whole.front(); });
  if (command == program.commands.end()) return {};
  auto found = for_command(program, *command, std::span(whole).subspan(1));
  // For a shell that has parted the last word, its last part alone.
  const auto& last = words.back();
  const bool is_seam = last.find_first_not_of("=:") == std::string::npos;
  const auto kept = is_seam ? whole.back().size() : whole.back().size() - last.size();
  if (whole.back() != last || (is_seam && !last.empty()))
    for (auto& it : found.words) it.word.erase(0, kept);
  // NAME= is all there already; what its value may be nobody knows.
  std::erase_if(found.words, [](const Suggestion& it) { return it.word.empty(); });
  return found;
}

}  // namespace provphone::client::cli
