#pragma once

#include "resync/device.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace provphone::resync {

// A server that a phone turns to for its profile.
struct AskedServer {
  macro::Scheme scheme = macro::Scheme::http;
  std::string host;  // a name or an address
  std::uint16_t port = 0;
  std::string path;  // of TFTP alone: the file that is asked for
  Naming naming;     // how the host becomes an address

  friend bool operator==(const AskedServer&, const AskedServer&) = default;
};

// http://192.0.2.1:8080, as it is told to a person.
std::string format(const AskedServer& server);

// Where the phone's first requests go if its profile rules are evaluated as the phone is now, in
// the order of the rules, each place once: to the server that a rule names or DHCP does, to the
// proxy in its place, or to the server of the PAC file. Left out are rules that are skipped or
// cannot be read, and servers that SRV records or a service have to name first.
std::vector<AskedServer> servers_asked(const Device& device);

}  // namespace provphone::resync
