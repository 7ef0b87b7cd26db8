#include "client/cli/tested_fleet.hpp"

#include "client/cli/version.hpp"
#include "client/figures/version.hpp"
#include "client/scenario/first_servers.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

namespace provphone::client::cli {
namespace {

std::string name_of_this_machine() {
  std::array<char, 256> name{};
  // One that was cut has no end of its own.
  if (gethostname(name.data(), name.size() - 1) != 0) return "not known";
  return name.data();
}

std::string version_and_commit() {
  return build_commit.empty() ? std::string(figures::version)
                              : fmt::format("{} ({})", figures::version, build_commit);
}

}  // namespace

figures::Tested tested_fleet(const scenario::Scenario& scenario,
                             const std::vector<std::string>& overrides,
                             const std::vector<std::string>& typed) {
  figures::Tested tested;
  for (const auto& server :
       scenario::first_servers(scenario).value_or(std::vector<resync::AskedServer>{})) {
    figures::add_once(tested.targets, format(server));
    figures::add_once(tested.transports, std::string(name(server.scheme)));
  }
  if (tested.targets.empty()) {
    for (const auto& target : scenario.limits.targets)
      figures::add_once(tested.targets, figures::shown_word(target));
  }
  for (const auto& group : scenario.phones) {
    if (group.count > 0) figures::add_once(tested.models, group.model);
  }
  for (const auto& each : overrides) figures::add_once(tested.overrides, figures::shown_word(each));
  // The program by its name: where it lies is of no use to whoever reads this.
  auto command = typed;
  if (!command.empty()) command.front() = "provphone";
  tested.commands = {figures::shown_command(command)};
  tested.generators = {{name_of_this_machine(), std::max(1U, std::thread::hardware_concurrency())}};
  tested.versions = {version_and_commit()};
  return tested;
}

}  // namespace provphone::client::cli
