#pragma once

#include "macro/rule.hpp"
#include "resync/macros.hpp"
#include "resync/phone_clock.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a DHCP lease tells a phone about its provisioning server (behaviour rules R-DHCP-*).
namespace provphone::resync {

struct DhcpOption {
  int number;
  std::string value;  // as text, or the octets of a binary option as `0x...`
};

// RFC 2132 §3.4 and §8.3.
inline constexpr int time_offset_option = 2;
inline constexpr int ntp_servers_option = 42;

// Option 2 is a number of seconds, as text or as `0x...` of four octets; one that is neither, or
// more than 14 hours either way, is as if it were not there.
LeaseTime lease_time_of(const std::vector<DhcpOption>& lease);

// Every server that the lease names, in the order of DHCP_Option_To_Use: an address, a host name or
// `scheme://host[:port][/...]` each. What names no server is passed over, and paths are dropped.
// Empty: DHCP says nothing that the phone looks at.
std::vector<macro::DefaultServer> dhcp_servers(const std::vector<DhcpOption>& lease,
                                               const profile::ParameterSet& parameters);

// The first of them: the server that a rule without one falls back on (R-DHCP-01).
std::optional<macro::DefaultServer> dhcp_server(const std::vector<DhcpOption>& lease,
                                                const profile::ParameterSet& parameters);

// The name servers of option 6, in its order: separated by commas, blanks or `;`, or as `0x...` of
// four octets each (R-NAME-05).
std::vector<std::string> dhcp_name_servers(const std::vector<DhcpOption>& lease);

// What the lease holds and the phone cannot use, in words for people: each option, its value
// without secrets, and why not. Empty where there is none.
std::string unused_options(const std::vector<DhcpOption>& lease,
                           const profile::ParameterSet& parameters);

// Where an MPP phone that nobody has provisioned yet looks for its profile, in order; no place
// twice (R-DHCP-03). Its Profile_Rule then has the factory value, which is for the caller to know.
std::vector<macro::Url> provisioning_candidates(const std::vector<DhcpOption>& lease,
                                                const MacroSource& source);

}  // namespace provphone::resync
