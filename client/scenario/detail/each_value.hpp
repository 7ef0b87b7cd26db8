#pragma once

#include "client/scenario/detail/keys.hpp"

#include <vector>

namespace provphone::client::scenario {

// An expectation of each value of a column is a tracker; a column of names is none to ask for.
inline constexpr std::size_t max_values = 200;

// The expectation once for each value that `by` has among the scenario's phones: `group`, `model`,
// `firmware`, or a column of an inventory. Phones without a value are one more, so that none is
// forgotten. Values are in the order of their octets.
Result<std::vector<Expectation>> each_value(const Node& by, const Expectation& expectation,
                                            const Scenario& scenario);

}  // namespace provphone::client::scenario
