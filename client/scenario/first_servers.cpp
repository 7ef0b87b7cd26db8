#include "client/scenario/first_servers.hpp"

#include "client/scenario/phones.hpp"
#include "macro/try.hpp"

#include <algorithm>

namespace provphone::client::scenario {

Result<std::vector<resync::AskedServer>> first_servers(const Scenario& scenario) {
  std::vector<resync::AskedServer> all;
  for (std::size_t group = 0; group < scenario.phones.size(); ++group) {
    if (scenario.phones[group].count == 0) continue;
    TRY(const auto setup, group_setup(scenario, group));
    const auto device = device_of(scenario, setup, scenario.phones[group].first);
    for (auto& server : servers_asked(device)) {
      const auto is_same = [&](const resync::AskedServer& known) {
        return format(known) == format(server) && known.naming == server.naming;
      };
      if (std::none_of(all.begin(), all.end(), is_same)) all.push_back(std::move(server));
    }
  }
  return all;
}

}  // namespace provphone::client::scenario
