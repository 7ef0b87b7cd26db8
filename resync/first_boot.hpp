#pragma once

#include "resync/dhcp.hpp"
#include "resync/plan.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Where a phone looks that nobody has provisioned yet, and how one is taken into service by a code
// (behaviour rules R-BOOT-*).
namespace provphone::resync {

struct Device;

// The names that these requests go by, which are no parameters.
inline constexpr std::string_view dns_discovery_name = "dns_discovery";
inline constexpr std::string_view redirect_service_name = "redirect_service";
inline constexpr std::string_view activation_code_name = "activation_code";

// Cisco's two services, or what stands in for them: URLs with macros, expanded when they are asked.
// Empty: the phone cannot reach that one.
struct Services {
  std::string redirect;
  std::string onboarding;
};

// What the web page calls the customization state: whether the redirect service has had its say.
enum class Customization : std::uint8_t {
  open,            // nobody has provisioned the phone
  aborted,         // somebody else has, and the service is not asked
  pending,         // it was asked, and there is no answer yet
  custom_pending,  // it named a provider, of whom nothing has come yet
  acquired,        // the provider's profile is there
  unavailable,     // it knows nothing of this phone
  last = unavailable,
};

std::string_view name(Customization customization);  // as the page has it: Custom-Pending

// R-BOOT-07
Customization customization_of(const Device& device);

// Whether the rule of that slot is evaluated by a phone that looks further where it leads nowhere,
// and knows of another place.
bool looks_further(const Device& device, std::size_t slot);

// Where a phone looks behind what its DHCP lease names, in this order.
enum class Place : std::uint8_t { dns_https, dns_http, redirect, code, last = code };

// What is asked there; nothing where the phone lacks what it takes: a domain of the lease's, or the
// service. `code` has no plan of its own. Fails where a service's URL is none.
Result<std::optional<Plan>> plan_place(Place place, const Device& device);

// The plan with the servers that DNS names, each for both files that a phone asks for there.
Plan with_discovered(Plan plan, std::vector<SrvRecord> records, const MacroSource& source);

// The request that has the onboarding service judge a code. Fails with activation_refused where it
// has not 16 digits, blanks and hyphens apart, and with server_missing where there is no service.
Result<Request> plan_activation(std::string_view code, const Device& device);

// What came of an activation code (R-BOOT-03): the onboarding service's profile, or an error.
struct CodeJudged {
  std::optional<Error> error;
  std::string url;  // of a failure: what was asked; empty: nothing was
};

// What the refusal of a code is to the phone: activation_refused where the service has answered.
Error judge_activation(const Error& error);

}  // namespace provphone::resync
