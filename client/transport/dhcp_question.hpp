#pragma once

#include "macro/mac_address.hpp"
#include "resync/dhcp.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

// What passes between a phone and a DHCP server, whichever version carries it (dhcp_packet.hpp,
// dhcp6_packet.hpp): what is asked, and what is answered.
namespace provphone::client::transport::dhcp {

// Who asks (R-DHCP-13).
struct Asker {
  MacAddress mac;
  std::string vendor_class;  // option 60; of DHCPv6 16
  std::string host_name;     // option 12; of DHCPv6 39
};

// What a server grants or offers.
struct Terms {
  std::string address;  // empty: options alone, as for an INFORM
  std::string server;   // its address; of DHCPv6 its identifier, in hexadecimal digits
  // From when it was asked for; the last one 0: for ever.
  std::chrono::seconds renew_after{}, rebind_after{}, length{};
  std::vector<resync::DhcpOption> options;  // as resync/dhcp.hpp takes them, in the packet's order

  friend bool operator==(const Terms&, const Terms&) = default;
};

enum class Asking : std::uint8_t {
  discover,  // SOLICIT of DHCPv6
  request,   // what was offered
  renew,     // from the server that granted it
  rebind,    // from any server
  inform,    // options alone; INFORMATION-REQUEST
  release,
};

// Whose address the one is that a phone renews. Where nobody on this machine has it, an answer to
// it would not arrive: it is asked for as behind a restart (INIT-REBOOT), and answered by
// broadcast.
enum class AddressAt : std::uint8_t { this_machine, nowhere };

struct Question {
  Asking what = Asking::discover;
  std::uint32_t transaction = 0;  // of DHCPv6 24 bits
  std::chrono::milliseconds elapsed{};
  Terms about;  // what was offered or is held; of an inform the address alone
  AddressAt address_at = AddressAt::nowhere;
};

enum class Answering : std::uint8_t { offer, ack, nak };

struct Answer {
  Answering what = Answering::offer;
  std::uint32_t transaction = 0;
  MacAddress mac;  // whom it is for
  Terms terms;
};

}  // namespace provphone::client::transport::dhcp
