#pragma once

#include "client/scenario/scenario.hpp"
#include "resync/local_time.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <string>
#include <vector>

// Certificates in files that phones of a scenario carry, and that end while it lasts: from then on
// servers turn these phones away.
namespace provphone::client::forecast {

struct CertificateEnd {
  std::string group;
  std::uint32_t phones = 0;  // that show it
  std::string subject;       // the last part first: ST=000e08012345,L=FCH00000000,OU=CP-8841-3PCC
  resync::sys_seconds at{};
};

// In the order of time, those that have ended before too. A forecast needs none of the files: what
// cannot be read, or is in a token, is left out.
std::vector<CertificateEnd> certificate_ends(const scenario::Scenario& scenario,
                                             resync::sys_seconds start, resync::Duration length);

}  // namespace provphone::client::forecast
