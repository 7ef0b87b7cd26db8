#pragma once

#include "client/identity/certificate_source.hpp"

// Certificates and keys in tokens (PKCS#11), through OpenSSL's engine for them.
namespace provphone::client::identity::detail {

// Fails with bad_argument where this machine has no such engine, or the token has not what the URI
// names; a PIN is in no message.
Result<DeviceCertificate> load_from_token(const CertificateSource& source);

}  // namespace provphone::client::identity::detail
