#pragma once

#include "resync/phone_clock.hpp"
#include "resync/time.hpp"

#include <optional>
#include <string>
#include <string_view>

// What a phone's web page says of the last time that it fetched something for itself (R-TLS-21,
// R-CERT-09).
namespace provphone::resync {

struct LastAttempt {
  Time at{};
  bool succeeded = false;
};

// `Last provisioning succeeded on 03/01/2026 06:00:00` of `what` provisioning, the day and the time
// left out where the phone has no clock (null), empty where nothing was tried.
std::string status_text(std::string_view what, const std::optional<LastAttempt>& last,
                        const PhoneClock* clock);

}  // namespace provphone::resync
