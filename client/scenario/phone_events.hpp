#pragma once

#include "client/scenario/scenario.hpp"
#include "macro/rule.hpp"
#include "resync/machine.hpp"
#include "resync/saved_state.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

// What the events of a scenario come to for each phone, the same for every driver.
namespace provphone::client::scenario {

// One thing that happens to one phone by the scenario's plan.
struct PhoneEvent {
  enum class Kind : std::uint8_t {
    power_on,
    power_off,
    resync,
    notify,
    restart,
    call_start,
    call_end,
    registration_lost,
    registration_restored,
    clock_set,
    report,
    set,
  } kind;
  std::uint8_t line = 0;  // 0-based
  std::size_t event = 0;  // number in the scenario

  friend bool operator==(const PhoneEvent&, const PhoneEvent&) = default;
};

// What the machine is told, behind assignments_of().
resync::Event machine_event_of(const PhoneEvent& event);

// What a person changes first; nothing but for `set`.
std::vector<macro::Assignment> assignments_of(const Scenario& scenario, std::uint32_t phone,
                                              const PhoneEvent& event);

// The macros of the last request that some text looks at which a person sets in the course of the
// run: phones have to remember them, whatever their parameters say until then.
resync::RequestMacros macros_set_by_hand(const Scenario& scenario);

using OnPhoneEvent =
    std::function<void(resync::Time at, std::uint32_t phone, const PhoneEvent& event)>;

// Tells every event of the first `length`, event by event as the scenario has them; those that
// end something begun in that time come too.
void plan_phone_events(const Scenario& scenario, Duration length, const OnPhoneEvent& tell);

// The first event that is repeated until the run ends, from which no end follows.
std::optional<std::size_t> endless_event(const Scenario& scenario);

}  // namespace provphone::client::scenario
