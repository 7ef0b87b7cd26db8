#pragma once

#include "client/identity/mint.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// A stand-in for the service that renews the certificates of phones (R-CERT-07). Its protocol is
// not published: this is the phone's, as it is assumed to be.
namespace provphone::client::serve {

struct CertificateService {
  std::string path;          // where requests are posted, as files.hpp has it
  identity::Authority root;  // that signs
};

struct Signed {
  int status = 200;
  std::string text;  // the certificate in PEM form, or why there is none
};

// Answers the body of a POST: 200 for a request that its own key has signed and whose subject is
// one that phones have, 400 where it is no such request, 403 for another subject, and 413 where it
// is larger than any request.
Signed renew(const CertificateService& service, std::string_view body, identity::WallTime now);

}  // namespace provphone::client::serve
