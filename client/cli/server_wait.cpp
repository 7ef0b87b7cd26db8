#include "client/cli/server_wait.hpp"

#include "client/cli/complain.hpp"
#include "client/input/duration.hpp"
#include "client/scenario/first_servers.hpp"
#include "client/scenario/phones.hpp"
#include "client/trace/sentence.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace provphone::client::cli {

Option wait_option(std::string& at_most) {
  return {"--wait-for-server", at_most, "DURATION",
          "before the first phone starts wait until its servers answer, at most so long"};
}

Result<std::optional<resync::Duration>> length_of_wait(const std::string& at_most,
                                                       const scenario::Limits* limits) {
  if (at_most.empty())
    return limits == nullptr ? std::optional<resync::Duration>{} : limits->wait_for_server;
  const auto length = input::parse_duration(at_most);
  if (!length) return fail(Errc::bad_argument, "--wait-for-server: " + length.error().detail);
  return std::optional(*length);
}

std::optional<run::Waited> waited_in_vain(std::vector<resync::AskedServer> servers,
                                          const transport::Network& network,
                                          resync::Duration at_most) {
  const auto tell = [at_most](const std::vector<transport::Unanswered>& those) {
    std::vector<std::string> names;
    names.reserve(those.size());
    for (const auto& [server, why] : those)
      names.push_back(fmt::format("{} ({})", format(server), name(why.code)));
    complain(fmt::format("waiting for {}, {} at most", fmt::join(names, ", "),
                         trace::format_duration(at_most)));
  };
  auto waited = run::wait_for_servers({std::move(servers), network, at_most, tell});
  if (waited.unanswered.empty() && !waited.signal) return std::nullopt;
  return waited;
}

Result<std::optional<figures::Outcome>> wait_before_run(const scenario::Scenario& scenario,
                                                        const transport::Network& network,
                                                        std::optional<resync::Duration> at_most) {
  if (!at_most) return std::optional<figures::Outcome>{};
  TRY(auto servers, scenario::first_servers(scenario));
  const auto waited = waited_in_vain(std::move(servers), network, *at_most);
  if (!waited) return std::optional<figures::Outcome>{};
  return std::optional(
      run::never_begun(&scenario, scenario::phone_count(scenario), *waited, *at_most));
}

}  // namespace provphone::client::cli
