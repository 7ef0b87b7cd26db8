#pragma once

#include "resync/dhcp.hpp"
#include "resync/personality.hpp"

#include <cstdint>
#include <string>
#include <vector>

// What a phone goes by when a name has to become an address (behaviour rules R-NAME-*).
namespace provphone::resync {

// Which addresses a phone uses, and those of which family it tries first (R-NAME-03).
enum class AddressFamilies : std::uint8_t {
  ipv4,
  ipv6,
  ipv4_then_ipv6,
  ipv6_then_ipv4,
  ipv4_asking_both,  // looks for the other kind as well, and has no use for it
};

// How several name servers are asked (R-NAME-06).
enum class QueryMode : std::uint8_t {
  in_order,  // the next one where the one before gives no answer
  parallel,  // all at once; the first answer counts
};

// The default is what an MPP phone leaves the factory with, on a network that says nothing.
struct Naming {
  AddressFamilies families = AddressFamilies::ipv4_then_ipv6;
  // Of the phone's own name servers, an address each, none twice; empty: those of the network that
  // it is in.
  std::vector<std::string> servers;
  QueryMode mode = QueryMode::in_order;
  bool keeps_answers = true;  // for their time to live (R-NAME-07)

  friend bool operator==(const Naming&, const Naming&) = default;
};

// By IP_Mode, DNS_Server_Order, Primary_DNS and its like, DNS_Query_Mode and DNS_Caching_Enable.
Naming naming_of(const std::vector<DhcpOption>& lease, const profile::ParameterSet& parameters,
                 const Personality& personality);

}  // namespace provphone::resync
