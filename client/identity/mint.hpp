#pragma once

#include "client/identity/tls_identity.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

// Making keys and certificates. The time is an argument: dates are a function of what the caller
// says now is. Everything fails with bad_argument where OpenSSL does not accept what it was given.
// Safe to call from several threads at once.
namespace provphone::client::identity {

using WallTime = std::chrono::system_clock::time_point;

// Ten years for everything: phones leave the factory with certificates that are to last as long as
// the phone.
inline constexpr std::chrono::days lifetime{3652};

struct Authority {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;
};

enum class KeyType : std::uint8_t { rsa_2048, p256 };

Result<std::shared_ptr<EVP_PKEY>> make_key(KeyType type);

// A self-signed root, with a new RSA key or over `key`. Valid from a day before `now` for ten
// years, like all that follow.
Result<Authority> make_root(const std::string& common_name, WallTime now);
Result<Authority> make_root(const std::string& common_name, std::shared_ptr<EVP_PKEY> key,
                            WallTime now);

// `hosts` are names and addresses; the first is the CN, all are subject alternative names.
Result<DeviceCertificate> make_server_certificate(const Authority& root,
                                                  const std::vector<std::string>& hosts,
                                                  WallTime now);
Result<DeviceCertificate> make_server_certificate(const Authority& root,
                                                  const std::vector<std::string>& hosts,
                                                  std::shared_ptr<EVP_PKEY> key, WallTime now);

// The subject of a device certificate, as phones carry it: OU=product, L=serial, S=mac in lower
// case (R-CERT-01). An empty product or serial is left out.
struct DeviceSubject {
  std::string product;
  std::string serial;
  MacAddress mac;
};

// Signs a certificate for `key`, which any number of devices may share. The serial number follows
// from the subject, and the only costly step is one signature with the root's key.
Result<DeviceCertificate> mint_device_certificate(const Authority& root,
                                                  const DeviceSubject& subject,
                                                  std::shared_ptr<EVP_PKEY> key, WallTime now);

// The same without its signature, and the signature for it. Of `key` the public half is enough.
Result<std::shared_ptr<X509>> draft_device_certificate(const Authority& root,
                                                       const DeviceSubject& subject,
                                                       std::shared_ptr<EVP_PKEY> key, WallTime now);
Result<void> sign_certificate(X509* draft, const Authority& root);

// Another certificate for a subject that has one (R-CERT-08): its serial number follows from
// subject and time. Of `key` the public half is enough.
Result<DeviceCertificate> mint_renewed_certificate(const Authority& root,
                                                   std::shared_ptr<X509_NAME> subject,
                                                   std::shared_ptr<EVP_PKEY> key, WallTime now);

// What phones carry that were made before each had a certificate of its own (R-CERT-04).
Result<DeviceCertificate> mint_generic_certificate(const Authority& root,
                                                   std::shared_ptr<EVP_PKEY> key, WallTime now);

}  // namespace provphone::client::identity
