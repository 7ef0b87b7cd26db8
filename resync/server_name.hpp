#pragma once

#include "resync/tls_terms.hpp"

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
// entry or a CN of that very text. `host` is without port and brackets; letters' case and a final
// dot do not count. Where the check is the common name's alone, no alternative name counts.
bool certificate_names_host(const CertificateNames& names, std::string_view host,
                            NameCheck check = NameCheck::alternative_names_first);

// Whether `host` is `domain` or a name below it; in any case of letters. An address is only itself.
bool is_at_or_below(std::string_view host, std::string_view domain);

}  // namespace provphone::resync
