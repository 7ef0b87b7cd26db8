#pragma once

#include "client/cli/options.hpp"
#include "client/run/server_wait.hpp"

#include <optional>
#include <string>

// --wait-for-server, the same wherever phones ask real servers.
namespace provphone::client::cli {

// `at_most` must outlive the command.
Option wait_option(std::string& at_most);

// How long to wait: the flag's, else the scenario's; nothing: nobody waits. Fails with
// bad_argument.
Result<std::optional<resync::Duration>> length_of_wait(const std::string& at_most,
                                                       const scenario::Limits* limits);

// Waits, and tells what for when that takes a while. Nothing: all servers have answered.
std::optional<run::Waited> waited_in_vain(std::vector<resync::AskedServer> servers,
                                          const transport::Network& network,
                                          resync::Duration at_most);

// The same for the servers of a scenario, and what the run came to then: its phones have not
// begun. Nothing: they may begin. Fails as first_servers().
Result<std::optional<figures::Outcome>> wait_before_run(const scenario::Scenario& scenario,
                                                        const transport::Network& network,
                                                        std::optional<resync::Duration> at_most);

}  // namespace provphone::client::cli
