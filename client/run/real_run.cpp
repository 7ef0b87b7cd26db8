#include "client/run/real_run.hpp"

#include "client/run/credentials.hpp"
#include "client/scenario/first_servers.hpp"
#include "client/scenario/phone_events.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/wall_clock.hpp"
#include "client/transport/name_service.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace provphone::client::run {
namespace {

using SystemTime = std::chrono::system_clock::time_point;

Result<void> check(const scenario::Scenario& scenario) {
  const auto phones = phone_count(scenario);
  if (phones <= max_real_phones) return {};
  return fail(Errc::bad_argument, fmt::format("run drives at most {} phones, and the scenario has "
                                              "{}; provphone fleet drives more",
                                              max_real_phones, phones));
}

Result<void> add_group(const scenario::Scenario& scenario, std::size_t group, SystemTime now,
                       const GroupCredentials& credentials,
                       std::vector<drive::DrivenPhone>& phones) {
  TRY(const auto setup, group_setup(scenario, group));
  const auto& described = scenario.phones[group];
  for (auto phone = described.first; phone < described.first + described.count; ++phone) {
    TRY(auto tls, tls_identity_of(scenario, credentials, phone, now));
    phones.push_back(
        {device_of(scenario, setup, phone), {}, std::move(tls), source_of(scenario, phone)});
  }
  return {};
}

Result<transport::Targets> targets_of(const scenario::Scenario& scenario) {
  transport::Targets targets;
  for (const auto& target : scenario.limits.targets) {
    if (const auto added = targets.add(target); !added) {
      return fail(added.error().code, "limits.targets: " + added.error().detail);
    }
  }
  return targets;
}

// R-HTTP-15, where the scenario alone says that nobody may be asked: better known before the first
// phone starts than from each of them. What a name comes to is not known by then.
Result<void> check_first_servers(const scenario::Scenario& scenario,
                                 const transport::Targets& targets) {
  TRY(const auto servers, first_servers(scenario));
  for (const auto& server : servers) {
    if (!transport::address_in(server.host) || targets.allows_address(server.host)) continue;
    return fail(Errc::bad_argument,
                fmt::format("phones ask {}, which is no target; name {} with --target or in "
                            "limits.targets, if it is yours",
                            format(server), server.host));
  }
  return {};
}

// The same event for one phone after the other.
class Recurring {
 public:
  drive::Plan::Happening in(drive::Plan& plan, const scenario::PhoneEvent& event) {
    // Of one event of the scenario there are two at most: it begins something, and ends it.
    if (!known_.empty() && known_.front().first.event != event.event) known_.clear();
    for (const auto& [known, what] : known_) {
      if (known == event) return what;
    }
    known_.emplace_back(event, plan.describe(machine_event_of(event), nullptr));
    return known_.back().second;
  }

 private:
  std::vector<std::pair<scenario::PhoneEvent, drive::Plan::Happening>> known_;
};

}  // namespace

Result<void> check_end(const scenario::Scenario& scenario, std::optional<resync::Duration> length) {
  if (length) return {};
  const auto endless = endless_event(scenario);
  if (!endless) return {};
  return fail(Errc::bad_argument,
              fmt::format("events[{}] is repeated until the run ends, and nothing says when that "
                          "is; give limits.duration or --for",
                          *endless));
}

drive::Plan plan_of(const scenario::Scenario& scenario, resync::Duration length,
                    const IndexOf& index_of) {
  drive::Plan plan;
  Recurring recurring;
  plan_phone_events(scenario, length,
                    [&](resync::Time at, std::uint32_t phone, const scenario::PhoneEvent& event) {
                      const auto index = index_of(phone);
                      if (!index) return;
                      auto brought = brought_with(scenario, phone, event);
                      plan.add(at, *index,
                               brought ? plan.describe(machine_event_of(event), std::move(brought))
                                       : recurring.in(plan, event));
                    });
  // Whose phone has the lower number comes first, as in virtual time.
  plan.sort();
  return plan;
}

Result<drive::RealRun> run_without_phones(const scenario::Scenario& scenario, SystemTime now) {
  TRY(auto wall, wall_clock_of(scenario, scenario::present_clock(
                                             std::chrono::floor<std::chrono::seconds>(now))));
  TRY(auto targets, targets_of(scenario));
  TRY(check_first_servers(scenario, targets));
  // R-HTTP-15 is for name servers as well: nothing is sent to one that is no target.
  for (const auto& server : scenario.dns) {
    if (const auto checked = transport::check_name_server(server, targets); !checked)
      return fail(checked.error().code, "dns: " + checked.error().detail);
  }
  auto hosts = std::make_shared<transport::Hosts>();
  for (const auto& [name, addresses] : scenario.hosts) {
    if (const auto added = transport::add_host(*hosts, name, addresses); !added)
      return fail(added.error().code, "hosts: " + added.error().detail);
  }
  drive::RealRun run;
  run.network.names = {scenario.dns, std::move(hosts), {}};
  run.seed = scenario.seed;
  run.wall = std::move(wall);
  run.network.targets = std::move(targets);
  return run;
}

Result<drive::RealRun> real_run_of(const scenario::Scenario& scenario,
                                   std::optional<resync::Duration> length, SystemTime now,
                                   const identity::Keeping& keeping) {
  TRY(check(scenario));
  TRY(check_end(scenario, length));
  auto run = run_without_phones(scenario, now);
  if (!run) return run;
  std::vector<drive::DrivenPhone> phones;
  TRY(const auto credentials, credentials_of_groups(scenario, now, keeping));
  for (std::size_t group = 0; group < scenario.phones.size(); ++group) {
    TRY(add_group(scenario, group, now, credentials[group], phones));
  }
  if (const auto rate = scenario.limits.starts_per_second) run->pace.starts_per_second = *rate;
  run->phones = drive::kept_phones(std::move(phones));
  run->plan = plan_of(scenario, length.value_or(resync::Duration::max()),
                      [](std::uint32_t number) { return std::optional(number); });
  return run;
}

}  // namespace provphone::client::run
