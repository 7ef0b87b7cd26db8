#pragma once

#include <openssl/x509.h>

#include <string>
#include <vector>

namespace provphone::client::identity {

// Every name by which a server's certificate can be meant for a host, as octets and not checked.
// R-TLS-04 to R-TLS-07 say which of them count; that is decided in resync/server_name.hpp.
struct SubjectNames {
  std::vector<std::string> dns;        // subject alternative names
  std::vector<std::string> addresses;  // likewise, as text
  std::string common_name;             // the last, which is the most specific one
};

SubjectNames subject_names(X509* certificate);

}  // namespace provphone::client::identity
