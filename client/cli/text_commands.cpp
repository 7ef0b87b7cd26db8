#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/phone_flags.hpp"
#include "macro/condition.hpp"
#include "macro/hide.hpp"
#include "resync/dhcp.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

// The commands that evaluate one text for the phone that the flags describe: expand, condition and
// rule.
namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;

struct TextFlags {
  PhoneFlags phone;
  std::string text;
  std::string kind = "profile";
};

resync::MacroSource source_of(const drive::PhoneSetup& setup) {
  return {setup.identity, setup.personality, setup.parameters, setup.state};
}

std::string expanded(const drive::PhoneSetup& setup, const std::string& text) {
  const auto source = source_of(setup);
  return macro::expand(text, resync::lookup_of(source), resync::secret_scope_of(setup.personality));
}

Exit expand(const TextFlags& flags) {
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  std::cout << expanded(*setup, flags.text) << '\n';
  return Exit::as_expected;
}

Exit condition(const TextFlags& flags) {
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  const auto holds =
      macro::evaluate_condition(expanded(*setup, flags.text),
                                resync::dialect_of(setup->personality), setup->identity.firmware);
  if (!holds) return complain(holds.error());
  std::cout << (*holds ? "true" : "false") << '\n';
  return Exit::as_expected;
}

// The same text with every secret register hidden.
std::string expanded_without_secrets(const drive::PhoneSetup& setup, const std::string& text) {
  auto masked = setup;
  for (const auto* name : {"GPP_SA", "GPP_SB", "GPP_SC", "GPP_SD"}) {
    masked.parameters.set(*profile::find_parameter(name), macro::hidden_value);
  }
  return expanded(masked, text);
}

// What may be shown of a user name, which may have come from a secret register: `masked` is its
// rule without secrets.
std::string shown_user(std::string_view masked, const macro::RuleContext& context,
                       const std::string& user) {
  const auto outcome = macro::evaluate_rule(masked, context);
  const bool same = outcome && outcome->options.uid && *outcome->options.uid == user;
  return same ? user : std::string(macro::hidden_value);
}

const char* outcome_name(const macro::RuleOutcome& outcome) {
  if (outcome.url) return "fetch";
  return outcome.alternative == 0 ? "skip" : "assign";
}

Json rule_json(const drive::PhoneSetup& setup, std::string_view masked,
               const macro::RuleContext& context, const macro::RuleOutcome& outcome) {
  Json result{{"outcome", outcome_name(outcome)}};
  if (outcome.alternative > 0) result["alternative"] = outcome.alternative;
  if (!outcome.assignments.empty()) {
    for (const auto& [name, value] : outcome.assignments) {
      const auto id = profile::find_parameter(name);
      const bool hide = id && profile::parameter(*id).secret && !value.empty();
      result["assignments"].push_back(
          {{"name", name}, {"value", hide ? std::string(macro::hidden_value) : value}});
    }
  }
  if (!outcome.url) return result;
  const auto& [scheme, host, port, path] = *outcome.url;
  const auto& options = outcome.options;
  const bool posts = options.post && scheme != macro::Scheme::tftp;
  const bool puts = context.kind == macro::RuleKind::report &&
                    setup.parameters.get(*profile::find_parameter("HTTP_Report_Method")) == "PUT";
  const bool reports = context.kind == macro::RuleKind::report;
  result["method"] = puts ? "PUT" : posts || reports ? "POST" : "GET";
  result["url"] = format(*outcome.url);
  result["scheme"] = name(scheme);
  if (!host.empty()) result["host"] = host;
  if (port != 0) result["port"] = port;
  if (!path.empty()) result["path"] = path;
  result["key"] = options.key.has_value();
  if (options.uid) result["user"] = shown_user(masked, context, *options.uid);
  if (options.post) result["post"] = std::string(1, *options.post);
  if (options.alias) result["alias"] = std::string(1, *options.alias);
  result["srv"] = options.srv;
  return result;
}

std::optional<macro::RuleKind> parse_kind(const std::string& text) {
  if (text == "profile") return macro::RuleKind::profile;
  if (text == "upgrade") return macro::RuleKind::upgrade;
  if (text == "report") return macro::RuleKind::report;
  return std::nullopt;
}

std::vector<std::string_view> rules_in(macro::RuleKind kind, std::string_view text) {
  if (kind == macro::RuleKind::report) return macro::split_report_rule(text);
  return {text};
}

Exit rule(const TextFlags& flags) {
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  const auto kind = parse_kind(flags.kind);
  if (!kind)
    return refuse_usage({Errc::bad_argument, "--kind: expected profile, upgrade or report"});
  const macro::RuleContext context{resync::dialect_of(setup->personality), *kind,
                                   setup->identity.firmware,
                                   resync::dhcp_server(setup->lease, setup->parameters)};
  const auto text = expanded(*setup, flags.text);
  const auto masked_text = expanded_without_secrets(*setup, flags.text);
  const auto rules = rules_in(*kind, text);
  const auto masked = rules_in(*kind, masked_text);
  auto exit = Exit::as_expected;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const auto outcome = macro::evaluate_rule(rules[i], context);
    if (outcome) {
      std::cout << rule_json(*setup, i < masked.size() ? masked[i] : "", context, *outcome).dump()
                << '\n';
      continue;
    }
    const auto& [code, detail] = outcome.error();
    std::cout
        << Json{{"outcome", "error"}, {"error", {{"code", name(code)}, {"detail", detail}}}}.dump()
        << '\n';
    exit = Exit::failed;
  }
  return exit;
}

CLI::App* add_text_command(CLI::App& app, const char* name, const char* help,
                           const std::shared_ptr<TextFlags>& flags) {
  auto* command = app.add_subcommand(name, help);
  command->add_option("TEXT", flags->text, "the text, in one argument")->required();
  add_phone_flags(*command, flags->phone);
  return command;
}

}  // namespace

void add_expand(CLI::App& app, Action& action) {
  auto flags = std::make_shared<TextFlags>();
  auto* command = add_text_command(app, "expand", "what a text's macros stand for", flags);
  command->footer("Example:\n  provphone expand 'http://h/$PSN/$(MAU:6).cfg' --mac 000e08abcdef");
  command->callback([flags, &action] { action = [flags] { return expand(*flags); }; });
}

void add_condition(CLI::App& app, Action& action) {
  auto flags = std::make_shared<TextFlags>();
  auto* command =
      add_text_command(app, "condition", "whether a condition holds: prints true or false", flags);
  command->footer(
      "Example:\n  provphone condition '$UPGTMR gt 300 and $PRVTMR ge 600' --set UPGTMR=301 --set "
      "PRVTMR=600\n"
      "Exit status: 0 evaluated, 1 a phone could not read it, 2 wrong usage.");
  command->callback([flags, &action] { action = [flags] { return condition(*flags); }; });
}

void add_rule(CLI::App& app, Action& action) {
  auto flags = std::make_shared<TextFlags>();
  auto* command = add_text_command(app, "rule", "what a rule makes the phone do, as JSON", flags);
  command->add_option("--kind", flags->kind, "profile, upgrade or report (profile)")
      ->type_name("KIND");
  command->footer(
      "Example:\n  provphone rule '($PRVTMR ge 600)? http://h/$MA.cfg | [--post a] http://h/lost?' "
      "--set PRVTMR=10\n"
      "Exit status: 0 evaluated, 1 the rule is in error, 2 wrong usage.");
  command->callback([flags, &action] { action = [flags] { return rule(*flags); }; });
}

}  // namespace provphone::client::cli
