#pragma once

#include "client/identity/mint.hpp"
#include "client/identity/tls_identity.hpp"
#include "resync/certificate_renewal.hpp"

#include <memory>
#include <string>
#include <string_view>

// The renewal of a phone's certificate (R-CERT-07, R-CERT-08), from both sides: what the phone asks
// with and takes, and what a service signs. Keys stay where they are.
namespace provphone::client::identity {

// A PKCS#10 request in PEM form for the certificate's subject, signed by its key. Fails with
// certificate_unavailable where the certificate is the generic one (R-CERT-10), or its key is in a
// token.
Result<std::string> make_certificate_request(const DeviceCertificate& own);

// What a service answered, PEM with intermediates behind it. Fails with certificate_unusable: no
// certificate, one for another key or subject than `own` has, or, where the clock is set, one that
// is not valid at `now`.
Result<std::shared_ptr<const resync::RenewedCertificate>> read_renewed(const std::string& pem,
                                                                       const DeviceCertificate& own,
                                                                       Clock clock, WallTime now);

// The identity with `renewed` in place of its own certificate, over the same key. `renewed` must
// have come from read_renewed() for this identity.
std::shared_ptr<const TlsIdentity> with_renewed(const std::shared_ptr<const TlsIdentity>& identity,
                                                const resync::RenewedCertificate& renewed);

// The last second in which it is valid.
resync::sys_seconds end_of(const X509* certificate);

// --- the service's side

struct CertificateRequest {
  std::shared_ptr<X509_NAME> subject;
  std::shared_ptr<EVP_PKEY> key;  // the public half
};

// PEM or DER. Fails with bad_argument: it is no PKCS#10 request, or its own key has not signed it.
Result<CertificateRequest> read_certificate_request(std::string_view text);

// Whether the subject is one that phones have (R-CERT-01): a MAC address in S, and beside it at
// most OU and L.
bool is_of_a_phone(const X509_NAME* subject);

// A certificate as mint_device_certificate() makes them, for the request's key and subject. Its
// serial number follows from subject and time. In PEM form; fails as minting does.
Result<std::string> renew_certificate(const Authority& root, const CertificateRequest& request,
                                      WallTime now);

}  // namespace provphone::client::identity
