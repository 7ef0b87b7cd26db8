#include "resync/naming.hpp"

#include "macro/ascii.hpp"
#include "profile/parameter_id.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

using profile::parameter_id;

// R-NAME-03. A family without the parameter knows IPv4 alone.
AddressFamilies families_of(std::string_view ip_mode, const Personality& personality) {
  if (ip_mode == "IPv6 Only") return AddressFamilies::ipv6;
  if (ip_mode != "Dual Mode")
    return personality.ipv4_lookup == Ipv4Lookup::a ? AddressFamilies::ipv4
                                                    : AddressFamilies::ipv4_asking_both;
  return personality.dual_mode_order == DualModeOrder::ipv4_first ? AddressFamilies::ipv4_then_ipv6
                                                                  : AddressFamilies::ipv6_then_ipv4;
}

bool uses(AddressFamilies families, std::string_view server) {
  const bool is_v6 = server.find(':') != std::string_view::npos;
  if (families == AddressFamilies::ipv4 || families == AddressFamilies::ipv4_asking_both)
    return !is_v6;
  return families != AddressFamilies::ipv6 || is_v6;
}

// What cannot be asked over the phone's families is no server of it.
void add(Naming& naming, std::string_view text) {
  const auto server = ascii::trimmed(text);
  const bool is_unspecified = server == "0.0.0.0" || server == "::";
  if (server.empty() || is_unspecified || !uses(naming.families, server)) return;
  if (std::find(naming.servers.begin(), naming.servers.end(), server) == naming.servers.end())
    naming.servers.emplace_back(server);
}

void add_manual(Naming& naming, const profile::ParameterSet& parameters) {
  add(naming, parameters.get(parameter_id("Primary_DNS")));
  add(naming, parameters.get(parameter_id("Secondary_DNS")));
  add(naming, parameters.get(parameter_id("IPv6_Primary_DNS")));
  add(naming, parameters.get(parameter_id("IPv6_Secondary_DNS")));
}

}  // namespace

Naming naming_of(const std::vector<DhcpOption>& lease, const profile::ParameterSet& parameters,
                 const Personality& personality) {
  Naming naming;
  naming.families = families_of(parameters.get(parameter_id("IP_Mode")), personality);
  const auto order = parameters.get(parameter_id("DNS_Server_Order"));
  // R-NAME-05. With `Manual` alone the lease's servers are not looked at.
  const auto add_leased = [&] {
    for (const auto& server : dhcp_name_servers(lease)) add(naming, server);
  };
  if (order == "DHCP,Manual") add_leased();
  add_manual(naming, parameters);
  if (order != "DHCP,Manual" && order != "Manual") add_leased();
  if (parameters.get(parameter_id("DNS_Query_Mode")) == "Parallel")
    naming.mode = QueryMode::parallel;
  naming.keeps_answers = parameters.get(parameter_id("DNS_Caching_Enable")) != "No";
  // Equal for all phones that ask alike, so that they share what is known.
  if (naming.servers.size() < 2) naming.mode = QueryMode::in_order;
  return naming;
}

}  // namespace provphone::resync
