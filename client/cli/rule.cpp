#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/trace/json_octets.hpp"
#include "macro/hide.hpp"
#include "profile/parameter_id.hpp"
#include "resync/explain_facts.hpp"
#include "resync/report_plan.hpp"
#include "resync/upgrade.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

// What a rule makes the phone do that the flags describe.
namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;
using macro::RuleKind;

struct RuleFlags {
  PhoneFlags phone;
  std::string text;
  std::string kind = "profile";
};

struct Question {
  const drive::DrivenPhone& setup;
  const std::string& text;
  macro::RuleContext context;

  resync::MacroSource source() const { return setup.device.macros(); }
};

// `text`, expanded with every secret hidden.
std::string expanded_without_secrets(const drive::DrivenPhone& setup, const std::string& text) {
  auto masked = setup;
  for (const auto id : profile::parameter_ids({"GPP_SA", "GPP_SB", "GPP_SC", "GPP_SD"})) {
    masked.device.parameters.set(id, macro::hidden_value);
  }
  // R-MACRO-24: it is as secret as the registers.
  masked.device.state.mpwd = macro::hidden_value;
  return resync::expand_rule(text, masked.device.macros());
}

// What may be shown of a user name, which may have come from a secret register: `masked` is its
// rule without secrets.
std::string shown_user(std::string_view masked, const macro::RuleContext& context,
                       const std::string& user) {
  // If the rule without secrets says the same, the name was no secret's.
  const auto outcome = macro::evaluate_rule(masked, context);
  const bool same = outcome && outcome->options.uid && *outcome->options.uid == user;
  return same ? user : std::string(macro::hidden_value);
}

Json error_json(const Error& error) {
  return {{"outcome", "error"}, {"error", {{"code", name(error.code)}, {"detail", error.detail}}}};
}

Json skip_json(std::string_view why) {
  return {{"outcome", "skip"}, {"reason", why}};
}

Json assignments_json(const std::vector<macro::Assignment>& assignments) {
  Json list = Json::array();
  for (const auto& [name, value] : assignments) {
    const auto id = profile::find_parameter(name);
    // R-RULE-45.
    const bool hide = id && profile::parameter(*id).secret && !value.empty();
    list.push_back({{"name", name}, {"value", hide ? std::string(macro::hidden_value) : value}});
  }
  return list;
}

// `masked` is the rule that `outcome` came from, without secrets.
Json outcome_json(std::string_view masked, const macro::RuleContext& context,
                  const macro::RuleOutcome& outcome, std::string_view method) {
  const bool onboards = outcome.url && outcome.url->scheme == macro::Scheme::gds;  // R-BOOT-01
  const auto* const what = onboards ? "onboarding" : outcome.url ? "fetch" : "assign";
  Json result{{"outcome", what}, {"alternative", outcome.alternative}};
  if (!outcome.assignments.empty()) result["assignments"] = assignments_json(outcome.assignments);
  if (!outcome.url || onboards) return result;
  const auto& [scheme, host, port, path] = *outcome.url;
  const auto& options = outcome.options;
  result["method"] = method;
  result["url"] = macro::hide_query_secrets(format(*outcome.url));
  result["scheme"] = name(scheme);
  if (!host.empty()) result["host"] = host;
  if (port != 0) result["port"] = port;
  if (!path.empty()) result["path"] = macro::hide_query_secrets(path);
  result["key"] = options.key.has_value();
  if (options.uid) result["user"] = shown_user(masked, context, *options.uid);
  if (options.post) result["post"] = std::string(1, *options.post);
  if (options.alias) result["alias"] = std::string(1, *options.alias);
  result["srv"] = options.srv;
  return result;
}

// A profile rule as it is read, also where it asks for what is not emulated.
Json profile_json(const Question& asked) {
  const auto plan = resync::plan_profile_rule(asked.text, asked.source(), asked.setup.device.lease);
  if (plan && plan->alternative == 0) return skip_json(name(plan->skipped));
  auto outcome =
      macro::evaluate_rule(resync::expand_rule(asked.text, asked.source()), asked.context);
  // R-RULE-46: read without fault, and refused all the same.
  const bool is_refused = !plan && plan.error().code == Errc::server_restricted;
  // The plan says more of what it could not read.
  if (is_refused || (!plan && !outcome)) return error_json(plan.error());
  if (!outcome) return error_json(resync::as_typed(outcome.error(), asked.text, asked.source()));
  // The plan has filled in the server that DHCP named (R-RULE-40).
  if (plan && plan->request) outcome->url = plan->request->url;
  // R-RULE-41: over TFTP --post changes nothing.
  const bool posts =
      outcome->url && outcome->options.post && outcome->url->scheme != macro::Scheme::tftp;
  auto result = outcome_json(expanded_without_secrets(asked.setup, asked.text), asked.context,
                             *outcome, posts ? "POST" : "GET");
  if (!plan || plan->fallbacks.empty()) return result;
  result["attempts"].push_back(macro::hide_query_secrets(format(*outcome->url)));
  for (const auto& url : plan->fallbacks)
    result["attempts"].push_back(macro::hide_query_secrets(format(url)));
  return result;
}

Json upgrade_json(const Question& asked) {
  const auto plan = resync::plan_upgrade(asked.text, asked.source(), std::nullopt);
  if (!plan) return error_json(plan.error());
  if (!plan->fetch && plan->why_not != resync::Reason::no_url)
    return skip_json(name(plan->why_not));
  const auto outcome =
      macro::evaluate_rule(resync::expand_rule(asked.text, asked.source()), asked.context);
  if (!outcome) return error_json(resync::as_typed(outcome.error(), asked.text, asked.source()));
  auto result = outcome_json(expanded_without_secrets(asked.setup, asked.text), asked.context,
                             *outcome, "GET");
  if (plan->fetch) result["load"] = plan->fetch->load;
  return result;
}

Json report_json(const Question& asked, std::string_view rule, std::string_view masked,
                 const resync::ReportPlan& plan) {
  if (plan.alternative == 0) return skip_json(name(plan.skipped));
  const auto outcome = macro::evaluate_rule(rule, asked.context);
  if (!outcome) return error_json(outcome.error());
  const bool puts = plan.upload && plan.upload->method == resync::Upload::Method::put;
  auto result = outcome_json(masked, asked.context, *outcome, puts ? "PUT" : "POST");
  if (!plan.upload) return result;
  result["report"] = name(plan.upload->kind);
  const auto& key = plan.upload->key;
  if (key)
    result["encryption"] =
        key->method == resync::ReportKey::Method::aes ? "aes-256-cbc" : "rfc8188";
  return result;
}

std::vector<Json> reports_json(const Question& asked) {
  const auto text = resync::expand_rule(asked.text, asked.source());
  const auto masked_text = expanded_without_secrets(asked.setup, asked.text);
  const auto rules = macro::split_report_rule(text);
  const auto masked = macro::split_report_rule(masked_text);
  const auto plans = resync::plan_reports(asked.text, asked.source(), asked.context.default_server);
  std::vector<Json> lines;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    lines.push_back(
        // A secret may hold what ends a rule, so that the text without it has fewer.
        plans[i] ? report_json(asked, rules[i], i < masked.size() ? masked[i] : "", *plans[i])
                 : error_json(plans[i].error()));
  }
  return lines;
}

std::optional<RuleKind> parse_kind(const std::string& text) {
  if (text == "profile") return RuleKind::profile;
  if (text == "upgrade") return RuleKind::upgrade;
  if (text == "report") return RuleKind::report;
  return std::nullopt;
}

std::vector<Json> answer(const Question& asked) {
  switch (asked.context.kind) {
    case RuleKind::profile:
      break;
    case RuleKind::upgrade:
      return {upgrade_json(asked)};
    case RuleKind::report:
      return reports_json(asked);
  }
  return {profile_json(asked)};
}

Exit rule(const RuleFlags& flags) {
  const auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  const auto kind = parse_kind(flags.kind);
  if (!kind)
    return refuse_usage({Errc::bad_argument, "--kind: expected profile, upgrade or report"});
  const macro::RuleContext context{
      resync::dialect_of(setup->device.personality), *kind, setup->device.identity.firmware,
      resync::dhcp_server(setup->device.lease, setup->device.parameters)};
  auto exit = Exit::as_expected;
  auto lines = answer({*setup, flags.text, context});
  const auto remarks = resync::remarks_on_rule(flags.text, setup->device.macros());
  if (!lines.empty() && !remarks.empty()) lines.front()["remarks"] = remarks;
  for (const auto& line : lines) {
    std::cout << trace::json_text(line) << '\n';
    if (line.at("outcome") == "error") exit = Exit::failed;
  }
  return exit;
}

}  // namespace

Command rule_command() {
  auto flags = std::make_shared<RuleFlags>();
  const OptionGroup text{
      {{"TEXT", flags->text, "", "the text, in one argument", Presence::required}}};
  const OptionGroup kind{{{"--kind", flags->kind, "KIND", "profile, upgrade or report (profile)"}}};
  return {
      "rule",
      "what a rule makes the phone do, as JSON",
      {text, phone_options(flags->phone), kind},
      "Example:\n  provphone rule '($PRVTMR ge 600)? http://h/$MA.cfg | [--post a] http://h/lost?' "
      "--set PRVTMR=10\n"
      "Exit status: 0 evaluated, 1 the rule is in error, 2 wrong usage.",
      [flags] { return rule(*flags); }};
}

}  // namespace provphone::client::cli
