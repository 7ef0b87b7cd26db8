#pragma once

#include "client/identity/tls_identity.hpp"
#include "macro/error.hpp"

#include <string>
#include <string_view>

// Where a person says that a phone's certificate is.
namespace provphone::client::identity {

struct CertificateSource {
  // A PEM file, a PKCS#12 file, or the URI of a token's object, pkcs11:...
  std::string certificate;
  // Of PEM: the file of the key; empty: it is in the certificate's. Of a token: the key's own URI;
  // empty: the certificate's names both. PKCS#12 has it inside, so this must be empty.
  std::string key;
  // Of PKCS#12, or the PIN of a token; never shown and in no error.
  std::string password;
};

// Whether that is the URI of a token's object, and no file.
bool names_token(std::string_view name);

// Of PKCS#12 or a token: the first line of the file, or of $PROVPHONE_CERT_PASSWORD where none is
// named, so that no list of processes shows it. Empty: there is none. Fails with unreadable_file,
// also for a line of more than a thousand octets.
Result<std::string> certificate_password(const std::string& file);

// Fails with unreadable_file or bad_argument; the message says what kind of source it was taken
// for. A token's key stays in the token: what is returned asks it to sign, and needs it for as
// long.
Result<DeviceCertificate> load_certificate(const CertificateSource& source);

}  // namespace provphone::client::identity
