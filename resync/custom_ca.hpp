#pragma once

#include "profile/parameter_set.hpp"
#include "resync/last_attempt.hpp"
#include "resync/personality.hpp"
#include "resync/phone_clock.hpp"
#include "resync/tls_terms.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Roots that a phone fetches for itself: Custom_CA_Rule, or Custom_CA_URL (R-TLS-19).
namespace provphone::resync {

// The name of the rule that comes with a request for roots, which is no parameter (R-TLS-22).
inline constexpr std::string_view one_time_custom_ca_name = "one_time_custom_ca";

// What a phone remembers of it. Small: the roots are shared with all phones that have the same.
struct CustomCa {
  std::shared_ptr<const Roots> roots;  // null: none are installed
  bool is_by_url = false;              // a request has named them, and no rule
  // Of the rule's text whose file the roots are; 0 where it has to be fetched once more, since
  // power was lost or nothing has come of it yet.
  std::uint32_t fetched_print = 0;
  std::optional<LastAttempt> last;
};

struct CustomCaRule {
  std::string_view parameter;  // its name; static storage
  std::string_view text;       // a view of the parameters; blank: there is none
  std::uint32_t print = 0;     // of the text, never 0
};

// SPA phones have Custom_CA_URL. The others have Custom_CA_Rule, and go by Custom_CA_URL, as their
// ATAs call it, where that is blank.
CustomCaRule custom_ca_rule(const profile::ParameterSet& parameters,
                            const Personality& personality);

// R-TLS-21: as a phone's web page has them. `Last provisioning succeeded on 03/01/2026 06:00:00`,
// the day and the time left out where the phone has no clock (null), empty where nothing was tried;
// `Installed` with the first certificate's common name, or `Not Installed`.
std::string custom_ca_status(const CustomCa& custom_ca, const PhoneClock* clock);
std::string custom_ca_info(const CustomCa& custom_ca);

}  // namespace provphone::resync
