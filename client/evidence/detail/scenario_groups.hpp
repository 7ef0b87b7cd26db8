#pragma once

#include "client/evidence/detail/yaml_lines.hpp"
#include "client/evidence/scenario_text.hpp"

namespace provphone::client::evidence::detail {

// What stands below `phones:`, a group for each run of MAC addresses that count up.
void write_groups(const Guess& guess, const ScenarioSource& source, YamlLines& out);

}  // namespace provphone::client::evidence::detail
