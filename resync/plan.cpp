#include "resync/plan.hpp"

#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"
#include "macro/try.hpp"
#include "profile/parameter_id.hpp"
#include "resync/access.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace provphone::resync {
namespace {

bool says_nothing(std::string_view rule) {
  const auto text = ascii::trimmed(rule);
  return text.empty() || text.front() == '#';
}

// R-RULE-48: whether the rule could not be read, which some firmware takes for a rule that says
// nothing. A URL that cannot be read is no such case: the rule was read as far as to its URL.
bool is_unreadable(Errc error) {
  switch (error) {
    case Errc::rule_syntax:
    case Errc::condition_syntax:
    case Errc::condition_type:
    case Errc::version_format:
    case Errc::unknown_option:
    case Errc::option_argument:
    case Errc::assignment_syntax:
      return true;
    default:
      return false;
  }
}

std::string_view content_type_of(const Personality& personality) {
  constexpr EnumArray<PostContentType, std::string_view> types{
      {"text/plain", "", "application/x-www-form-urlencoded"}};
  return types[personality.post_content_type];
}

Result<Request> request_of(const macro::RuleOutcome& outcome, const MacroSource& source) {
  const auto& options = outcome.options;
  Request request;
  request.url = *outcome.url;
  if (options.srv && request.url.scheme == macro::Scheme::tftp) {
    return fail(Errc::unsupported_scheme, "Error - TFTP Scheme not supported in SRV lookups");
  }
  // The port of the URL does not count either: the records bring their own (R-RULE-43).
  if (options.srv) request.srv_domain = request.url.host;
  // R-RULE-41: --post is for HTTP and HTTPS; over TFTP the file is read as without it.
  if (options.post && request.url.scheme != macro::Scheme::tftp) {
    request.method = Request::Method::post;
    request.body = expand_text(register_value(source.parameters, *options.post), source);
    request.content_type = content_type_of(source.personality);
  }
  request.key = options.key;
  request.login = login_of(options);
  if (options.alias) request.alias_map = register_value(source.parameters, *options.alias);
  return request;
}

Plan skipped_plan(Reason why) {
  Plan plan;
  plan.skipped = why;
  return plan;
}

// Whether another rule follows a rule, as in a Report_Rule.
bool holds_two_rules(std::string_view expanded) {
  const auto rules = macro::split_report_rule(expanded);
  if (rules.size() < 2) return false;
  return rules[1].starts_with('[') || rules[1].find("://") != std::string_view::npos;
}

// The plan without regard to which servers the phone may turn to.
Result<Plan> evaluate(std::string_view rule, const MacroSource& source,
                      const std::optional<macro::DefaultServer>& default_server) {
  const auto expanded = expand_rule(rule, source);
  const macro::RuleContext context{dialect_of(source.personality), macro::RuleKind::profile,
                                   source.identity.firmware, default_server};
  auto outcome = macro::evaluate_rule(expanded, context);
  if (!outcome) {
    const bool skips = source.personality.unreadable_rule == UnreadableRule::skipped;
    if (skips && is_unreadable(outcome.error().code)) return skipped_plan(Reason::rule_unreadable);
    auto error = as_typed(outcome.error(), rule, source);
    // R-RULE-20
    if (error.code == Errc::url_syntax && holds_two_rules(expanded))
      error.detail += "; two rules in one value belong in Report_Rule";
    return tl::unexpected(std::move(error));
  }
  auto plan = skipped_plan(says_nothing(rule) ? Reason::rule_empty : Reason::no_guard_held);
  plan.alternative = outcome->alternative;
  plan.onboards = outcome->url && outcome->url->scheme == macro::Scheme::gds;
  if (outcome->url && !plan.onboards) {
    TRY(plan.request, request_of(*outcome, source));
  }
  plan.assignments = std::move(outcome->assignments);
  return plan;
}

// The plan with these places to look at, of which there is one at least.
Plan with_places(Plan plan, std::vector<macro::Url> places) {
  plan.request->url = std::move(places.front());
  places.erase(places.begin());
  plan.fallbacks = std::move(places);
  return plan;
}

// R-RULE-46: leaves out the places that the phone may not turn to; without another one the rule has
// failed.
Result<Plan> with_access(Result<Plan> plan, const MacroSource& source) {
  if (!plan || !plan->request) return plan;
  auto places = plan->fallbacks;
  places.insert(places.begin(), plan->request->url);
  // The first place's refusal is the one that is told where none is left.
  const auto refused = check_access(places.front(), source);
  std::erase_if(places, [&](const macro::Url& url) { return !check_access(url, source); });
  if (places.empty()) return tl::unexpected(refused.error());
  return with_places(*std::move(plan), std::move(places));
}

// R-DHCP-03, R-DHCP-07: where a rule without a server looks while Profile_Rule leaves the server to
// DHCP. Empty: at the first server alone.
std::vector<macro::Url> dhcp_places(std::string_view rule, const MacroSource& source,
                                    const std::vector<DhcpOption>& lease) {
  constexpr auto id = profile::parameter_id("Profile_Rule");
  const auto generation = source.personality.generation;
  const auto profile_rule = source.parameters.get(id);
  std::vector<macro::Url> places;
  if (generation == profile::Generation::spa || !profile_rule.starts_with('/')) return places;
  const auto factory_rule = profile::default_value(id, generation);
  if (profile_rule == factory_rule && rule == factory_rule)
    return provisioning_candidates(lease, source);
  for (const auto& server : dhcp_servers(lease, source.parameters)) {
    const auto plan = evaluate(rule, source, server);
    const bool is_new = plan && plan->request &&
                        std::find(places.begin(), places.end(), plan->request->url) == places.end();
    if (is_new) places.push_back(plan->request->url);
  }
  return places;
}

}  // namespace

std::string_view name(Request::Method method) {
  constexpr EnumArray<Request::Method, std::string_view> names{{"GET", "POST", "PUT", "HEAD"}};
  return names[method];
}

std::optional<Login> login_of(const macro::RuleOptions& options) {
  if (!options.uid && !options.pwd) return std::nullopt;
  return Login{options.uid.value_or(""), options.pwd.value_or("")};
}

Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::optional<macro::DefaultServer>& default_server) {
  return with_access(evaluate(rule, source, default_server), source);
}

Result<Plan> plan_profile_rule(std::string_view rule, const MacroSource& source,
                               const std::vector<DhcpOption>& lease) {
  auto plan = evaluate(rule, source, std::nullopt);
  // Whether the rule names a server shows only once it is evaluated: alternatives may differ in it.
  const bool names_server = plan || plan.error().code != Errc::server_missing;
  if (names_server || lease.empty()) return with_access(std::move(plan), source);
  const auto server = dhcp_server(lease, source.parameters);
  plan = evaluate(rule, source, server);
  if (!plan && !server) plan.error().detail += "; " + unused_options(lease, source.parameters);
  if (!plan || !plan->request) return plan;
  auto places = dhcp_places(rule, source, lease);
  if (!places.empty()) plan = with_places(*std::move(plan), std::move(places));
  return with_access(std::move(plan), source);
}

std::optional<Request> next_attempt(Plan& plan) {
  if (plan.fallbacks.empty()) return std::nullopt;
  auto places = std::exchange(plan.fallbacks, {});
  plan = with_places(std::move(plan), std::move(places));
  return plan.request;
}

std::string srv_name(const Request& request) {
  const bool secure = request.url.scheme == macro::Scheme::https;
  return (secure ? "_ciscoprov-https._tls." : "_ciscoprov-http._tcp.") + request.srv_domain;
}

// R-RULE-43: of equal priority the lower weight comes first. What the certificate has to name is
// the domain that the rule names.
Plan with_srv_records(Plan plan, std::vector<SrvRecord> records) {
  std::stable_sort(records.begin(), records.end(), [](const SrvRecord& a, const SrvRecord& b) {
    return std::tie(a.priority, a.weight) < std::tie(b.priority, b.weight);
  });
  plan.request->certificate_name = std::exchange(plan.request->srv_domain, {});
  std::vector<macro::Url> places;
  for (auto& record : records) {
    places.push_back(plan.request->url);
    places.back().host = std::move(record.target);
    places.back().port = record.port;
  }
  return with_places(std::move(plan), std::move(places));
}

// R-HTTP-24. `--key` stays: it is for what comes back and is not sent.
Request redirected(Request request, macro::Url location) {
  if (location.host != request.url.host) {
    request.login.reset();
    request.certificate_name.clear();
    request.at_foreign_host = true;
  }
  request.url = std::move(location);
  return request;
}

}  // namespace provphone::resync
