#pragma once

#include "macro/rule.hpp"
#include "profile/parameter_set.hpp"

#include <optional>
#include <string>
#include <vector>

// What a DHCP lease tells a phone about its provisioning server (behaviour rules R-DHCP-*).
namespace provphone::resync {

struct DhcpOption {
  int number;
  std::string value;  // as text; a trailing NUL and white space are not part of it
};

// The server that a rule without one falls back on: the first option of DHCP_Option_To_Use that the
// lease holds and that names one, as an address, a host name or `scheme://host[:port][/...]`. Of a
// `;` list the first entry counts.
std::optional<macro::DefaultServer> dhcp_server(const std::vector<DhcpOption>& lease,
                                                const profile::ParameterSet& parameters);

}  // namespace provphone::resync
