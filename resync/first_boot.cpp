#include "resync/first_boot.hpp"

#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"
#include "macro/try.hpp"
#include "resync/access.hpp"
#include "resync/device.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::resync {
namespace {

constexpr int domain_option = 15;

bool has_factory_rule(const Device& device) {
  const auto factory = factory_values_of(device.personality);
  return device.parameters.get(rule_id(0)) == (*factory)[rule_id(0)];
}

// Without the NUL that some servers end it with; empty: the lease names none.
std::string_view domain_of(const std::vector<DhcpOption>& lease) {
  for (const auto& option : lease) {
    if (option.number != domain_option || option.version != DhcpVersion::v4) continue;
    return ascii::trimmed(std::string_view(option.value).substr(0, option.value.find('\0')));
  }
  return {};
}

// A service's URL for this phone; `path` where it names none. Fails as a rule does.
Result<macro::Url> service_url(std::string text, std::string_view path, const MacroSource& source) {
  const auto scheme_end = text.find("://");
  const bool has_path =
      scheme_end != std::string::npos && text.find('/', scheme_end + 3) != std::string::npos;
  if (!has_path) text += path;
  TRY(auto plan, plan_profile_rule(text, source, std::nullopt));
  if (!plan.request) return fail(Errc::url_syntax, "the service is no URL: " + text);
  return plan.request->url;
}

Plan plan_of(Request request) {
  Plan plan;
  plan.alternative = 1;
  plan.request = std::move(request);
  return plan;
}

Result<std::optional<Plan>> plan_dns(macro::Scheme scheme, const Device& device) {
  const auto domain = domain_of(device.lease);
  if (domain.empty()) return std::nullopt;
  Request request;
  request.url.scheme = scheme;
  request.url.host = domain;
  request.url.path = expand_text("/$PSN.xml", device.macros());
  request.srv_domain = domain;
  TRY(check_access(request.url, device.macros()));
  return plan_of(std::move(request));
}

// Knob redirect_service
bool may_ask_redirect(const Device& device) {
  return device.personality.redirect_service == RedirectService::after_dhcp_failed ||
         dhcp_servers(device.lease, device.parameters).empty();
}

Result<std::optional<Plan>> plan_redirect(const Device& device) {
  if (!device.services || device.services->redirect.empty() || !may_ask_redirect(device))
    return std::nullopt;
  Request request;
  TRY(request.url, service_url(device.services->redirect, "/$PSN/$MA.xml", device.macros()));
  return plan_of(std::move(request));
}

// Percent-encoded: names of products have blanks.
std::string form_value(std::string_view text) {
  std::string value;
  for (const char c : text) {
    const bool is_plain = ascii::is_digit(c) || ascii::is_alpha(c) || c == '-' || c == '.';
    value += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return value;
}

}  // namespace

std::string_view name(Customization customization) {
  constexpr EnumArray<Customization, std::string_view> names{
      {"Open", "Aborted", "Pending", "Custom-Pending", "Acquired", "Unavailable"}};
  return names[customization];
}

// Of a phone that knows of no other place, `aborted` follows from what it is, so that most phones
// have nothing to remember.
Customization customization_of(const Device& device) {
  if (device.customization != Customization::open) return device.customization;
  const bool has_file = std::any_of(device.applied.begin(), device.applied.end(),
                                    [](const auto& applied) { return applied.has_value(); });
  return has_file || !has_factory_rule(device) ? Customization::aborted : Customization::open;
}

bool looks_further(const Device& device, std::size_t slot) {
  const bool is_mpp = device.personality.generation != profile::Generation::spa;
  const bool has_places = device.services || !domain_of(device.lease).empty();
  if (!is_mpp || slot != 0 || !has_places) return false;
  const bool is_settled = device.customization == Customization::aborted ||
                          device.customization == Customization::acquired;
  return !is_settled && has_factory_rule(device);
}

Result<std::optional<Plan>> plan_place(Place place, const Device& device) {
  switch (place) {
    case Place::dns_https:
      return plan_dns(macro::Scheme::https, device);
    case Place::dns_http:
      return plan_dns(macro::Scheme::http, device);
    case Place::redirect:
      return plan_redirect(device);
    case Place::code:
      break;
  }
  return std::nullopt;
}

Plan with_discovered(Plan plan, std::vector<SrvRecord> records, const MacroSource& source) {
  plan = with_srv_records(std::move(plan), std::move(records));
  const auto other_path = expand_text("/Cisco/$MA.cfg", source);
  auto servers = std::exchange(plan.fallbacks, {});
  servers.insert(servers.begin(), plan.request->url);
  for (const auto& server : servers) {
    const bool is_first = plan.fallbacks.empty();
    if (!is_first) plan.fallbacks.push_back(server);
    plan.fallbacks.push_back(server);
    plan.fallbacks.back().path = other_path;
  }
  return plan;
}

Result<Request> plan_activation(std::string_view code, const Device& device) {
  constexpr std::size_t digits_of_code = 16;
  std::string digits(code);
  std::erase_if(digits, [](char c) { return c == ' ' || c == '-'; });
  if (digits.size() != digits_of_code ||
      !std::all_of(digits.begin(), digits.end(), ascii::is_digit))
    return fail(Errc::activation_refused, "Invalid activation code: it has not 16 digits");
  if (!device.services || device.services->onboarding.empty())
    return fail(Errc::server_missing, "no onboarding service is named (--onboarding-service URL)");
  const auto& identity = device.identity;
  Request request;
  TRY(request.url, service_url(device.services->onboarding, "/activate", device.macros()));
  request.method = Request::Method::post;
  request.content_type = "application/x-www-form-urlencoded";
  request.body =
      fmt::format("code={}&mac={}&serial={}&product={}", digits, format_lower(identity.mac),
                  form_value(identity.serial), form_value(identity.model));
  return request;
}

Error judge_activation(const Error& error) {
  switch (error.code) {
    case Errc::file_not_found:
    case Errc::bad_request:
    case Errc::unauthorized:
    case Errc::forbidden:
    case Errc::http_client_error:
      return {Errc::activation_refused, "Invalid activation code: " + error.detail, error.number};
    default:
      return error;
  }
}

}  // namespace provphone::resync
