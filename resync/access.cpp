#include "resync/access.hpp"

#include "profile/parameter_id.hpp"
#include "resync/server_name.hpp"

#include <fmt/format.h>

namespace provphone::resync {
namespace {

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_in_list(std::string_view host, std::string_view domains) {
  while (!domains.empty()) {
    const auto comma = domains.find(',');
    const auto domain = without_blanks(domains.substr(0, comma));
    if (!domain.empty() && is_at_or_below(host, domain)) return true;
    domains = comma == std::string_view::npos ? std::string_view{} : domains.substr(comma + 1);
  }
  return false;
}

}  // namespace

// R-RULE-46
Result<void> check_access(const macro::Url& url, const MacroSource& source) {
  if (source.personality.generation == profile::Generation::spa) return {};
  const auto domains =
      without_blanks(source.parameters.get(profile::parameter_id("Restricted_Access_Domains")));
  if (domains.empty() || url.host.empty() || is_in_list(url.host, domains)) return {};
  return fail(Errc::server_restricted,
              fmt::format("{} is not among Restricted_Access_Domains", url.host));
}

}  // namespace provphone::resync
