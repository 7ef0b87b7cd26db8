#pragma once

#include "resync/dhcp.hpp"

#include <optional>
#include <vector>

namespace provphone::resync {

// The option that names the server of dhcp_server(); nothing where none does (R-DHCP-01).
std::optional<DhcpOption> deciding_option(const std::vector<DhcpOption>& lease,
                                          const profile::ParameterSet& parameters);

}  // namespace provphone::resync
