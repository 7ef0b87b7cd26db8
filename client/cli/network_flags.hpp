#pragma once

#include "client/cli/options.hpp"
#include "client/scenario/scenario.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"

#include <string>
#include <vector>

// The flags about where phones learn addresses, the same for every command that sends something.
namespace provphone::client::cli {

struct NetworkFlags {
  std::vector<std::string> dns, resolve;
};

// `flags` must outlive the command.
std::vector<Option> network_options(NetworkFlags& flags);

// What the flags say of the network of one phone. Fails with bad_argument, or with target_refused
// for a name server that is no target.
Result<transport::NameSources> sources_of(const NetworkFlags& flags,
                                          const transport::Targets& targets);

// --dns stands in for the scenario's name servers, --resolve goes before its hosts. Whether the
// servers are targets shows when the scenario is run.
Result<void> take_network(const NetworkFlags& flags, scenario::Scenario& scenario);

}  // namespace provphone::client::cli
