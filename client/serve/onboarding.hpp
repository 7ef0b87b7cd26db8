#pragma once

#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A stand-in for the service that judges activation codes, so that taking phones into service can
// be rehearsed. How the real one speaks is not published; R-BOOT-03 says how this one is asked.
namespace provphone::client::serve {

struct ActivationCode {
  std::string digits;             // 16
  std::string file;               // a path from the served directory: what the phone gets for it
  std::optional<MacAddress> mac;  // nothing: whichever phone brings it
  std::optional<std::chrono::sys_seconds> expires;
  bool is_used = false;
};

struct OnboardingService {
  std::string path = "/activate";
  std::vector<ActivationCode> codes;
};

// `{path: /activate, codes: [{code: "...", profile: first.xml, mac: ..., expires: 2026-12-31}]}`; a
// code ends as its day begins, UTC. Fails with scenario_invalid and the place.
Result<OnboardingService> read_onboarding(std::string_view yaml, std::string_view name);

// What a code comes to.
struct Redeemed {
  std::string file;    // empty: it is not taken
  std::string reason;  // why not, for people; the code is not in it
};

// `body` is the form that a phone posts. A code that is taken is used up.
Redeemed redeem(OnboardingService& service, std::string_view body, std::chrono::sys_seconds now);

}  // namespace provphone::client::serve
