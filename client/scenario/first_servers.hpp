#pragma once

#include "client/scenario/scenario.hpp"
#include "macro/error.hpp"
#include "resync/servers_asked.hpp"

#include <vector>

namespace provphone::client::scenario {

// Where the first phone of each group asks for its profile as it leaves the scenario's hands
// (resync/servers_asked.hpp), in the order of the groups, each place once. Reads what `config`
// names; fails as group_setup().
Result<std::vector<resync::AskedServer>> first_servers(const Scenario& scenario);

}  // namespace provphone::client::scenario
