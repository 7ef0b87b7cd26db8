#pragma once

#include "client/scenario/scenario.hpp"
#include "resync/brought.hpp"
#include "resync/machine.hpp"
#include "resync/saved_state.hpp"

#include <cstdint>
#include <functional>
#include <memory>
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
    call_start,
    call_end,
    registration_lost,
    registration_restored,
    clock_set,
    clock_moved,
    upgrade,
    factory_reset,
    lease,
    set,
    submit,
    update_ca,
    link_lost,
    link_restored,
    code_entered,
  } kind;
  std::uint8_t line = 0;              // 0-based
  std::int16_t by = 0;                // minutes that a clock is put forward
  std::size_t event = 0;              // number in the scenario
  resync::ResyncRequested request{};  // of `resync`
  resync::NotifyEvent notified = resync::NotifyEvent::resync;  // of `notify`

  friend bool operator==(const PhoneEvent&, const PhoneEvent&) = default;
};

// What the machine is told.
resync::Event machine_event_of(const PhoneEvent& event);

// What comes along with that, expanded for that phone; null: nothing does.
std::shared_ptr<const resync::Brought> brought_with(const Scenario& scenario, std::uint32_t phone,
                                                    const PhoneEvent& event);

// The macros of the last request that some text looks at which a person sets or hands over in the
// course of the run: phones have to remember them, whatever their parameters say until then.
resync::RequestMacros macros_set_by_hand(const Scenario& scenario);

// Called once for each event, in no order of time: a driver sorts.
using OnPhoneEvent =
    std::function<void(resync::Time at, std::uint32_t phone, const PhoneEvent& event)>;

// Tells every event of the occurrences that begin within `length`, that moment included, event
// by event as the scenario has them. Phones that follow `over` a time, and what ends something
// begun, are told too where they come later: a driver leaves undone what is behind its end. An
// event that is repeated for ever needs a `length` that ends.
void plan_phone_events(const Scenario& scenario, Duration length, const OnPhoneEvent& tell);

// Which phones the scenario switches on, a bit a phone: those of all events that happen once, and
// of repeated ones what begins within `length`.
std::vector<bool> phones_to_power(const Scenario& scenario, Duration length);

// The first event that is repeated until the run ends, from which no end follows: who runs without
// a length has to refuse it.
std::optional<std::size_t> endless_event(const Scenario& scenario);

}  // namespace provphone::client::scenario
