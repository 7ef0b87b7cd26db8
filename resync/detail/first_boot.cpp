#include "resync/first_boot.hpp"

#include "resync/detail/stride.hpp"

#include <utility>

// A phone that nobody has provisioned yet: one place after the other is asked within its first rule
// (R-BOOT-04), and at the end a person for a code.
namespace provphone::resync::detail {
namespace {

Place next_place(FirstBoot& first_boot) {
  return static_cast<Place>(first_boot.next++);
}

bool is_over(const FirstBoot& first_boot) {
  return first_boot.next > static_cast<std::uint8_t>(Place::last);
}

bool has_onboarding(const Device& device) {
  return device.services && !device.services->onboarding.empty();
}

void ask_place(const Stride& s, Place place, Plan plan) {
  auto& first_boot = *s.retrievals.first_boot;
  first_boot.asks_redirect = place == Place::redirect;
  if (first_boot.asks_redirect) s.device.customization = Customization::pending;
  s.in(Lane::work).emplace();
  const auto name = first_boot.asks_redirect ? redirect_service_name : dns_discovery_name;
  ask_places(s, name, 0, std::move(plan), first_boot.needs_restart);
}

// R-BOOT-05: an empty file says that the service knows nothing of this phone.
void note_refusal(const Stride& s, const Error& failure) {
  if (failure.code == Errc::empty_body) s.device.customization = Customization::unavailable;
}

}  // namespace

void begin_first_boot(const Stride& s, std::uint8_t slot) {
  s.retrievals.first_boot.reset();
  if (looks_further(s.device, slot)) s.retrievals.first_boot.emplace();
}

bool goes_on_elsewhere(const Stride& s, Error& failure, bool needs_restart) {
  auto& first_boot = s.retrievals.first_boot;
  if (!first_boot) return false;
  if (first_boot->asks_redirect) note_refusal(s, failure);
  first_boot->needs_restart = needs_restart;
  while (!is_over(*first_boot)) {
    const auto place = next_place(*first_boot);
    auto plan = plan_place(place, s.device);
    // Where nothing else is found, what a service's URL lacks is what the rule fails with.
    if (!plan) failure = plan.error();
    if (plan && *plan) {
      ask_place(s, place, **std::move(plan));
      return true;
    }
    if (place == Place::code && has_onboarding(s.device)) {
      first_boot->asks_redirect = false;
      s.in(Lane::work).reset();
      onboard(s, needs_restart);
      return true;
    }
  }
  return false;
}

void note_provisioned(const Stride& s) {
  auto& customization = s.device.customization;
  const auto& first_boot = s.retrievals.first_boot;
  if (first_boot && first_boot->asks_redirect) {
    customization = Customization::custom_pending;
  } else if (customization == Customization::custom_pending) {
    customization = Customization::acquired;
    s.device.state.iscust = 1;
  } else if (first_boot || customization == Customization::pending ||
             customization == Customization::unavailable) {
    customization = Customization::aborted;
  }
}

void onboard(const Stride& s, bool needs_restart) {
  auto& entered = s.device.activation_code;
  if (!entered || entered->empty()) return conclude(s, RuleOnboards{needs_restart});
  auto request = plan_activation(std::exchange(*entered, {}), s.device);
  auto& retrieval = s.in(Lane::work).emplace();
  retrieval.needs_restart = needs_restart;
  if (!request) return code_refused(s, request.error());
  retrieval.rule = activation_code_name;
  retrieval.alternative = 1;
  retrieval.slot = one_time_slot;
  retrieval.is_activation = true;
  retrieval.request = *std::move(request);
  send(s, Lane::work);
}

void code_refused(const Stride& s, const Error& error) {
  const auto& retrieval = s.work();
  const bool was_asked = retrieval.is_activation;
  s.put(
      CodeJudged{judge_activation(error), was_asked ? url_asked(s.in(Lane::work)) : std::string()});
  conclude(s, RuleOnboards{retrieval.needs_restart});
}

}  // namespace provphone::resync::detail
