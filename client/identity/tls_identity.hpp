#pragma once

#include "macro/error.hpp"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// A phone's side of TLS as parsed objects, so that a connection parses nothing.
namespace provphone::client::identity {

// A token has the certificate too, and neither leaves it.
enum class KeyPlace : std::uint8_t { memory, token };

struct DeviceCertificate {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;
  std::vector<std::shared_ptr<X509>> chain;  // intermediates to send along
  KeyPlace key_place = KeyPlace::memory;
};

// Reads PEM files: a certificate (with its intermediates behind it) and its key. Fails with
// unreadable_file or bad_argument (the key is not the certificate's).
Result<DeviceCertificate> load_device_certificate(const std::string& certificate_file,
                                                  const std::string& key_file);

// Whether it is the one that early units have in common (R-CERT-04), by its subject: it tells no
// phone from another.
bool is_generic(const DeviceCertificate& certificate);

// The last part first, as servers write it: ST=000e08012345,L=FCH00000000,OU=CP-8841-3PCC.
std::string subject_of(const DeviceCertificate& certificate);

// Reads the roots of one or more PEM files. Fails with unreadable_file.
Result<std::shared_ptr<X509_STORE>> load_trust(const std::vector<std::string>& files);

// Whether the phone's wall clock is set; without it certificate dates are not looked at (R-TLS-03).
enum class Clock : std::uint8_t { set, unset };

// Shared by all connections that are made with it, and not changed once one of them has it. Who the
// server is and who the phone is: R-TLS-01 and R-TLS-09. On what terms they speak is
// resync::TlsTerms.
struct TlsIdentity {
  std::optional<DeviceCertificate> certificate;  // sent only when the server asks
  std::shared_ptr<X509_STORE> trust;             // null: nothing is trusted
  Clock clock = Clock::set;
  // Servers' certificates that a person has accepted once, by the SHA-256 of each in small
  // hexadecimal digits: for clients that ask (R-TLS-17). Phones ask nobody.
  std::vector<std::string> accepted;
};

std::string fingerprint_of(const X509* certificate);

}  // namespace provphone::client::identity
