#pragma once

#include "client/cli/options.hpp"
#include "client/scenario/read.hpp"
#include "macro/error.hpp"

#include <string>
#include <string_view>
#include <vector>

// --inventory [GROUP=]FILE: the phones of a list in the place of those of a group.
namespace provphone::client::cli {

// `lists` must outlive the command.
Option inventory_option(std::vector<std::string>& lists);

// What the lists come to, behind the overrides of --with: overrides as well, so that a capsule has
// them. `scenario` is the scenario's file, from whose folder it names files.
std::vector<std::string> with_lists(std::vector<std::string> with,
                                    const std::vector<std::string>& lists,
                                    const std::string& scenario);

// read_scenario() with both; `file` may be `-`. What is wrong with a list is told of its flag; so
// is a list for no group in particular where there are several.
Result<scenario::Scenario> read_with_lists(std::string_view yaml, const std::string& file,
                                           const std::vector<std::string>& with,
                                           const std::vector<std::string>& lists,
                                           const scenario::Surroundings& given);

}  // namespace provphone::client::cli
