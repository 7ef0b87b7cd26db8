#pragma once

#include "macro/error.hpp"
#include "resync/last_attempt.hpp"
#include "resync/local_time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// A phone that has its certificate renewed by the service of MIC_Cert_Refresh_Rule (R-CERT-06 to
// R-CERT-10).
namespace provphone::resync {

inline constexpr std::string_view certificate_renewal_rule_name = "MIC_Cert_Refresh_Rule";

// A certificate for a phone's own key and subject, as whoever parses certificates has found it.
// Never changed. The key is not in it: that stays where it was.
struct RenewedCertificate {
  std::string pem;            // intermediates behind it
  std::string subject;        // the last part first: ST=000e08012345,L=FCH00000000,OU=CP-8841-3PCC
  std::string serial_number;  // hexadecimal digits in capitals, as servers write it
  std::string fingerprint;    // SHA-256, in small hexadecimal digits
  sys_seconds not_after{};
};

// What a phone remembers of it. A factory reset leaves it alone (R-CERT-08).
struct CertificateRenewal {
  std::shared_ptr<const RenewedCertificate> certificate;  // null: it has the one it was made with
  // Settings::certificate_renewal_print as it was when that was tried last and when it succeeded
  // last; 0: not since power-on, and never.
  std::uint32_t tried_print = 0;
  std::uint32_t renewed_print = 0;
  bool waits = false;  // until the lane of reports is free
  std::optional<LastAttempt> last;

  bool has_begun() const { return last || waits || tried_print != 0; }
};

// --- what the retrieval of one asks for, and is answered (retrieval_values.hpp). It has the lane
// of reports. Keys are not for this room.

// What the phone asks for another certificate with is wanted: a request for its own subject, signed
// by its key; answered with CertificateRequestMade.
struct AskCertificateRequest {};
// A PKCS#10 request in PEM form, or why the phone can sign none.
struct CertificateRequestMade {
  Result<std::string> pem;
};

// Whether that is a certificate for the phone's own key; answered with CertificateRead, which costs
// no time of the phone's.
struct InstallCertificate {
  bool knows_time = false;  // R-TLS-03: a phone that does not cannot judge dates
  std::string pem;
};
// It is for the phone's own key and subject, and valid now; or an error.
struct CertificateRead {
  Result<std::shared_ptr<const RenewedCertificate>> certificate;
};

// What came of it.
struct CertificateRenewalEnded {
  std::string_view rule = certificate_renewal_rule_name;
  std::optional<Error> error;  // the certificate that the phone had is still in use
  std::string url;             // of a failure: what was asked last; empty: nothing was
  std::string serial_number;   // of the renewed one, like the next
  sys_seconds not_after{};
};

// R-CERT-09: `Last renewal succeeded on 03/01/2026 06:00:00`; see status_text().
std::string certificate_renewal_status(const CertificateRenewal& renewal, const PhoneClock* clock);

}  // namespace provphone::resync
