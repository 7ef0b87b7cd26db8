#include "client/cli/options.hpp"

#include "client/cli/complain.hpp"
#include "client/run/signals.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

// The one place that knows CLI11, which is slow to compile.
namespace provphone::client::cli {
namespace {

CLI::Option* add_target(CLI::App& command, const Option& option) {
  const auto add = [&](auto target) {
    auto& value = target.get();
    const std::string name(option.name);
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

// CLI11 would list what an option excludes by its place in memory. To be called before it knows.
void show_exclusion(CLI::Option& option, const CLI::Option& other) {
  auto text = option.get_option_text();
  if (text.empty()) {
    const auto type = CLI::Formatter().make_option_opts(&option);  // begins with a space
    text = (type.empty() ? "" : type.substr(1) + " ") + "Excludes:";
  }
  option.option_text(text + " " + other.get_name());
}

CLI::App* add_command(CLI::App& app, const Program& program, const Command& command) {
  auto* added = app.add_subcommand(std::string(command.name), std::string(command.summary));
  added->footer(std::string(footer_of(program, command)));
  for (const auto& group : command.groups)
    for (const auto& option : group.options) add_option(*added, option, group.title);
  for (const auto& [one, other] : command.exclusions) {
    auto* first = added->get_option(std::string(one));
    auto* second = added->get_option(std::string(other));
    show_exclusion(*first, *second);
    show_exclusion(*second, *first);
    first->excludes(second);
  }
  return added;
}

Exit refuse(std::string_view why) {
  complain(fmt::format("{}; see `provphone --help`", why));
  return Exit::wrong_usage;
}

// What is wrong is that there is no command, or that a command's argument is missing.
Exit refuse_missing(const CLI::RequiredError& error, const Program& program, int argc,
                    char** argv) {
  // CLI11 says that a subcommand is required, whatever the word was that is none.
  const std::string_view first = argc > 1 ? argv[1] : "-";
  const bool is_known = std::any_of(program.commands.begin(), program.commands.end(),
                                    [&](const Command& command) { return command.name == first; });
  return first.starts_with('-') || is_known ? refuse(error.what())
                                            : refuse(fmt::format("there is no command {}", first));
}

// Where two outputs are to go to standard output, which would be of no use to anybody.
std::optional<std::string> mixed_outputs(const Command& command) {
  std::vector<std::string_view> names;
  for (const auto& group : command.groups) {
    for (const auto& option : group.options) {
      const auto* file = std::get_if<To<std::string>>(&option.target);
      if (option.is_output && file != nullptr && file->get() == "-") names.push_back(option.name);
    }
  }
  if (names.size() < 2) return std::nullopt;
  return fmt::format("{} - and {} - would both write to standard output; name a file for one",
                     names[0], names[1]);
}

}  // namespace

Exit run_command_line(const Program& program, int argc, char** argv) {
  CLI::App app(std::string(program.summary), std::string(program.name));
  app.set_help_flag(fmt::format("-h,{}", help_name), std::string(help_help));
  app.set_version_flag("--version", program.version);
  app.require_subcommand(1);
  app.footer(std::string(program.footer));
  const Command* wanted = nullptr;
  for (const auto& command : program.commands)
    add_command(app, program, command)->callback([&] { wanted = &command; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    app.exit(asked);
    return Exit::as_expected;
  } catch (const CLI::RequiredError& error) {
    return refuse_missing(error, program, argc, argv);
  } catch (const CLI::ParseError& error) {
    return refuse(error.what());
  }
  if (const auto mixed = mixed_outputs(*wanted)) {
    complain(*mixed);
    return Exit::wrong_usage;
  }
  // Behind the parser: what a command throws is no wrong usage.
  if (wanted->signals == Signals::end_it) run::release_signals();
  return wanted->run();
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
