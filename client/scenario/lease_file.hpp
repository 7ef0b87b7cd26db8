#pragma once

#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Phones as a DHCP server's file of leases knows them.
namespace provphone::client::scenario {

struct LeasedPhone {
  MacAddress mac;
  std::string ip;         // IPv4
  std::string host_name;  // empty: the server knows none

  friend bool operator==(const LeasedPhone&, const LeasedPhone&) = default;
};

enum class LeaseFormat : std::uint8_t {
  dnsmasq,
  kea,  // the CSV file of its memfile back end
  isc,  // dhcpd.leases
};

struct LeaseFile {
  LeaseFormat format = LeaseFormat::dnsmasq;
  std::vector<LeasedPhone> phones;  // in the file's order, no hardware address twice: its last word
  std::size_t left_out = 0;         // of other vendors, where the server knows the vendor class
};

// The format is what the file looks like. Leases that ended, that are of DHCPv6 or of no Ethernet
// address are passed over. Fails with bad_argument, `name:line: message`, for a line that is not as
// the format has it, and for a file without a phone.
Result<LeaseFile> parse_lease_file(std::string_view text, std::string_view name);

// The same from a file. Fails with unreadable_file too.
Result<LeaseFile> read_lease_file(const std::string& file);

// The phones of a run; null: as the scenario has them.
using LeasedPhones = std::shared_ptr<const std::vector<LeasedPhone>>;

}  // namespace provphone::client::scenario
