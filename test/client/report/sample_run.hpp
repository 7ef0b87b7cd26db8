#pragma once

#include "client/figures/fleet_result.hpp"

// Results of fleets that never ran, for tests.
namespace provphone::test {

// What phones `first` to `first + count - 1` of a made-up fleet of two groups contribute: each is
// powered on, makes a pass, and of seven one fails.
client::figures::FleetFigures sample_figures(std::uint32_t first, std::uint32_t count);

// A run of `count` phones from `first` on, of ten minutes.
client::figures::FleetResult sample_run(std::uint32_t count, std::uint32_t first = 0);

}  // namespace provphone::test
