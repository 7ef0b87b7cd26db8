#include "client/cli/options.hpp"

#include "client/cli/command_words.hpp"
#include "client/cli/complain.hpp"
#include "client/run/signals.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <type_traits>

// The one place that knows CLI11, which is slow to compile.
namespace provphone::client::cli {
namespace {

// Help of a command: names, values and what they are for, and nothing that only CLI11 knows.
class HelpText : public CLI::Formatter {
 public:
  HelpText() {
    column_width(columns_of_names);
    label("SUBCOMMAND", "COMMAND");
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    const bool takes_many = option->get_expected_max() == CLI::detail::expected_max_vector_size;
    if (option->get_positional()) return takes_many ? " ..." : "";
    if (option->get_type_size() == 0) return "";
    return " " + option->get_type_name() + (takes_many ? " ..." : "");
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    return wrapped(option->get_description());
  }

 private:
  static constexpr std::size_t columns_of_names = 30;
  static constexpr std::size_t columns = 100;

  static std::string wrapped(std::string_view text) {
    std::string lines;
    for (constexpr auto width = columns - columns_of_names; text.size() > width;) {
      const auto blank = text.rfind(' ', width);
      if (blank == std::string_view::npos) break;
      lines.append(text.substr(0, blank)).append("\n");
      text.remove_prefix(blank + 1);
    }
    return lines.append(text);
  }
};

CLI::Option* add_target(CLI::App& command, const Option& option) {
  const auto add = [&](auto target) {
    auto& value = target.get();
    const auto name = fmt::format("{}", fmt::join(spellings(option), ","));
    const std::string help(option.help);
    if constexpr (std::is_same_v<decltype(value), bool&>) {
      return command.add_flag(name, value, help);
    } else {
      return command.add_option(name, value, help);
    }
  };
  return std::visit(add, option.target);
}

void add_option(CLI::App& command, const Option& option, std::string_view group) {
  auto* added = add_target(command, option);
  added->group(std::string(group))->required(option.presence == Presence::required);
  // Else CLI11 shows the type alone: TEXT, INT.
  if (!option.value_name.empty()) added->type_name(shown_value(option));
  if (!is_positional(option) && std::holds_alternative<To<std::vector<std::string>>>(option.target))
    // Else `--set A=1 TEXT` would take TEXT for a second value.
    added->allow_extra_args(false);
  if (const auto& range = option.range)
    // Without a description, which would stand in the help besides shown_value().
    added->check(CLI::Range(range->least, range->most).description(""));
  if (option.is_given != nullptr)
    added->each([is_given = option.is_given](const std::string&) { *is_given = true; });
}

CLI::App* add_command(CLI::App& app, const Program& program, const Command& command) {
  auto* added = app.add_subcommand(std::string(command.name), std::string(command.summary));
  added->footer(std::string(footer_of(program, command)))->group("Commands");
  for (const auto& group : command.groups)
    for (const auto& option : group.options) add_option(*added, option, group.title);
  for (const auto& [one, other] : command.exclusions)
    added->get_option(std::string(one))->excludes(added->get_option(std::string(other)));
  return added;
}

Exit refuse(std::string_view why, const Command* command) {
  complain(command == nullptr ? fmt::format("{}; see `provphone --help`", why)
                              : fmt::format("{}; see `provphone {} --help`", why, command->name));
  return Exit::wrong_usage;
}

// Where two outputs are to go to standard output, which would be of no use to anybody.
std::optional<std::string> mixed_outputs(const Command& command) {
  // `-`, or the kind of file and `-`.
  const auto is_standard_output = [](std::string_view file) {
    return file == "-" || file.ends_with("=-");
  };
  std::vector<std::string> given;
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      const auto* file = std::get_if<To<std::string>>(&option.target);
      if (option.is_output && file != nullptr && is_standard_output(file->get()))
        given.push_back(fmt::format("{} {}", option.name, file->get()));
    }
  }
  if (given.size() < 2) return std::nullopt;
  return fmt::format("{} and {} would both write to standard output; name a file for one", given[0],
                     given[1]);
}

}  // namespace

Exit run_command_line(const Program& program, int argc, char** argv) {
  CLI::App app(std::string(program.summary), std::string(program.name));
  app.formatter(std::make_shared<HelpText>());
  app.set_help_flag(fmt::format("-h,{}", help_name), std::string(help_help));
  app.set_version_flag(fmt::format("-V,{}", version_name), program.version);
  app.require_subcommand(1);
  app.footer(std::string(program.footer));
  const Command* wanted = nullptr;
  for (const auto& command : program.commands)
    add_command(app, program, command)->callback([&] { wanted = &command; });
  auto words = words_of(argc, argv);
  const auto* named = words.empty() ? nullptr : find_command(program, words.front());
  if (words.empty()) return refuse("expected a command", nullptr);
  // Before --help and --version, which alone may stand where a command does.
  if (named == nullptr && !words.front().starts_with('-'))
    return refuse(unknown_command(words.front(), program), nullptr);
  if (named != nullptr) add_variables(*named, words);
  try {
    std::reverse(words.begin(), words.end());  // as CLI11 takes them
    app.parse(words);
  } catch (const CLI::Success& asked) {  // --help, --version
    app.exit(asked);
    return Exit::as_expected;
  } catch (const CLI::ParseError& error) {
    if (named == nullptr) return refuse("expected a command", nullptr);
    const auto extra = app.get_subcommand(std::string(named->name))->remaining();
    return refuse(extra.empty() ? error.what() : unknown_word(extra.front(), *named), named);
  }
  if (const auto mixed = mixed_outputs(*wanted)) {
    complain(*mixed);
    return Exit::wrong_usage;
  }
  // Behind the parser: what a command throws is no wrong usage.
  if (wanted->signals == Signals::end_it) run::release_signals();
  return wanted->run();
}

std::vector<std::string_view> spellings(const Option& option) {
  if (option.name == "--quiet") return {"-q", "--quiet"};
  if (option.name == "--output") return {"-o", "--output", "--out"};
  if (option.name == "--ca") return {"--ca", "--cacert"};
  return {option.name};
}

bool is_positional(const Option& option) {
  return !option.name.starts_with('-');
}

std::string_view footer_of(const Program& program, const Command& command) {
  return command.footer.empty() ? program.footer : command.footer;
}

std::string shown_value(const Option& option) {
  return option.range ? fmt::format("{}:INT in [{} - {}]", option.value_name, option.range->least,
                                    option.range->most)
                      : std::string(option.value_name);
}

}  // namespace provphone::client::cli
