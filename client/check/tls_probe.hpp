#pragma once

#include "client/check/detail/addresses.hpp"
#include "client/check/observations.hpp"

#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// One TLS handshake that shows no certificate and accepts any, to see who the server is.
namespace provphone::client::check {

struct Handshake {
  std::vector<std::shared_ptr<X509>> shown;  // the server's own first; empty: it got not so far
  bool asks_for_certificate = false;
  // There as soon as a connection stands, whatever becomes of the handshake; empty: none does.
  std::string server_address;
  std::string failure;  // why nothing was shown
};

// In `version` alone. Goes to allowed targets only, and tries all addresses of a name. Blocks, for
// `patience` at most besides the look-up of the name; never fails, but says why nothing was shown.
// `suites`, as OpenSSL writes such lists, holds for versions up to 1.2; empty: all there are.
Handshake shake_hands(const macro::Url& url, resync::TlsVersion version, std::string_view suites,
                      detail::AddressBook& address_book, std::chrono::milliseconds patience);

// What the certificates say; `shown` is not empty. `trust` may be null, and then nothing is said
// about the chain. Dates are not part of the chain's error.
ServerCertificate describe(const std::vector<std::shared_ptr<X509>>& shown, X509_STORE* trust);

// Trusts just what was shown, so that an audit gets past a certificate that it has found fault
// with.
std::shared_ptr<X509_STORE> trust_in(const std::vector<std::shared_ptr<X509>>& shown);

}  // namespace provphone::client::check
