#pragma once

#include "macro/rule.hpp"
#include "resync/macros.hpp"
#include "resync/phone_clock.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a DHCP lease tells a phone about its provisioning server (behaviour rules R-DHCP-*).
namespace provphone::resync {

enum class DhcpVersion : std::uint8_t { v4, v6 };

struct DhcpOption {
  int number;
  std::string value;                      // as text, or the octets of a binary option as `0x...`
  DhcpVersion version = DhcpVersion::v4;  // the two number their options apart

  friend bool operator==(const DhcpOption&, const DhcpOption&) = default;
};

// An option without its value: `66`, of 1 to 254, or `v6-17` of DHCPv6. Nothing where it is
// neither.
std::optional<DhcpOption> parse_option_name(std::string_view text);

// What a server grants in the course of a life (R-DHCP-10, R-DHCP-11).
struct Lease {
  std::optional<std::vector<DhcpOption>> options{};  // all of them; nothing: they stay as they are
  std::string ip{};                                  // empty: the address stays

  friend bool operator==(const Lease&, const Lease&) = default;
};

// For people, without secrets: `option 66 is http://10.0.0.2/, the address 10.0.0.9`.
std::string describe(const Lease& lease);

// RFC 2132 §3.4 and §8.3.
inline constexpr int time_offset_option = 2;
inline constexpr int ntp_servers_option = 42;

// Option 2 is a number of seconds, as text or as `0x...` of four octets; one that is neither, or
// more than 14 hours either way, is as if it were not there.
LeaseTime lease_time_of(const std::vector<DhcpOption>& lease);

// Every server that the lease names, in the order of DHCP_Option_To_Use and behind them, where the
// phone speaks IPv6, of DHCPv6_Option_To_Use (R-DHCP-12): an address, a host name or
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
