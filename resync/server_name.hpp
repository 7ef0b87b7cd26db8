#pragma once

#include <span>
#include <string>
#include <string_view>

// Which names in a server's certificate a phone takes for the host it asked (behaviour rules
// R-TLS-*).
namespace provphone::resync {

struct CertificateNames {
  std::span<const std::string> dns_names;     // subject alternative names
  std::span<const std::string> ip_addresses;  // likewise, as text
  std::string_view common_name;
};

// dNSName entries first; the CN, up to its first `/`, only where there is none. A wildcard is the
// whole left-most label and stands for exactly one. A host that is an address needs an iPAddress
// entry or a CN of that very text.
bool certificate_names_host(const CertificateNames& names, std::string_view host);

}  // namespace provphone::resync
