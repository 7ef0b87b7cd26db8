#include "resync/access.hpp"

#include "macro/ascii.hpp"
#include "profile/parameter_id.hpp"
#include "resync/server_name.hpp"

#include <fmt/format.h>

namespace provphone::resync {
namespace {

bool is_in_list(std::string_view host, std::string_view domains) {
  while (!domains.empty()) {
    const auto comma = domains.find(',');
    const auto domain = ascii::trimmed(domains.substr(0, comma));
    if (!domain.empty() && is_at_or_below(host, domain)) return true;
    domains = comma == std::string_view::npos ? std::string_view{} : domains.substr(comma + 1);
  }
  return false;
}

}  // namespace

bool is_restricted(std::string_view host, profile::Generation generation,
                   const profile::ParameterSet& parameters) {
  if (generation == profile::Generation::spa) return false;
  const auto domains =
      ascii::trimmed(parameters.get(profile::parameter_id("Restricted_Access_Domains")));
  return !domains.empty() && !is_in_list(host, domains);
}

// R-RULE-46
Result<void> check_access(const macro::Url& url, const MacroSource& source) {
  if (url.host.empty() ||
      !is_restricted(url.host, source.personality.generation, source.parameters))
    return {};
  return fail(Errc::server_restricted,
              fmt::format("{} is not among Restricted_Access_Domains", url.host));
}

}  // namespace provphone::resync
