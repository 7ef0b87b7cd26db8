#include "resync/certificate_renewal.hpp"

namespace provphone::resync {

std::string certificate_renewal_status(const CertificateRenewal& renewal, const PhoneClock* clock) {
  return status_text("renewal", renewal.last, clock);
}

}  // namespace provphone::resync
