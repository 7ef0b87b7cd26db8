#pragma once

#include "client/scenario/scenario.hpp"

#include <cstdint>
#include <vector>

// Which phones an event and an expectation are about. A draw is a function of (seed, event
// or expectation, occurrence, phone): the same on every run, whatever else is drawn.
namespace provphone::client::scenario {

// Phones in ascending order, none twice. `occurrence` counts the repetitions of the event from 0;
// each draws anew. It costs time and space for every phone of the scenario, so it is asked once and
// kept.
std::vector<std::uint32_t> phones_of_event(const Scenario& scenario, std::size_t event,
                                           std::uint32_t occurrence);

// Likewise; an expectation draws once.
std::vector<std::uint32_t> phones_of_expectation(const Scenario& scenario, std::size_t expectation);

// When it happens to the phone at `position` of `picked` ones, by the event's shape (shape.hpp): in
// a line position / picked of `over` behind the first, so that the last one comes before `over` has
// passed.
resync::Time time_of(const ScheduledEvent& event, std::uint32_t occurrence, std::size_t position,
                     std::size_t picked);

}  // namespace provphone::client::scenario
