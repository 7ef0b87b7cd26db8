#include "client/cli/network_flags.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace provphone::client::cli {
namespace {

// NAME=ADDRESS[,ADDRESS...]
std::optional<scenario::HostEntry> parse_host_entry(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos) return std::nullopt;
  scenario::HostEntry entry{text.substr(0, equals), {}};
  for (auto begin = equals + 1; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    entry.addresses.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  transport::Hosts hosts;
  if (!transport::add_host(hosts, entry.name, entry.addresses)) return std::nullopt;
  return entry;
}

Result<std::vector<scenario::HostEntry>> host_entries(const NetworkFlags& flags) {
  std::vector<scenario::HostEntry> entries;
  for (const auto& text : flags.resolve) {
    auto entry = parse_host_entry(text);
    if (!entry) {
      return fail(Errc::bad_argument,
                  fmt::format("--resolve: '{}' is not NAME=ADDRESS[,ADDRESS]", text));
    }
    entries.push_back(*std::move(entry));
  }
  return entries;
}

}  // namespace

std::vector<Option> network_options(NetworkFlags& flags) {
  return {
      {"--dns", flags.dns, "ADDRESS[:PORT]",
       "a name server, one of the targets; several are asked in order; repeatable (the system's)"},
      {"--resolve", flags.resolve, "NAME=ADDRESS[,ADDRESS]",
       "the addresses of a name, which is not asked for then; repeatable"},
  };
}

Result<transport::NameSources> sources_of(const NetworkFlags& flags,
                                          const transport::Targets& targets) {
  for (const auto& server : flags.dns) {
    if (const auto checked = transport::check_name_server(server, targets); !checked)
      return fail(checked.error().code, "--dns: " + checked.error().detail);
  }
  TRY(const auto entries, host_entries(flags));
  auto hosts = std::make_shared<transport::Hosts>();
  for (const auto& entry : entries) {
    TRY(transport::add_host(*hosts, entry.name, entry.addresses));
  }
  return transport::NameSources{flags.dns, std::move(hosts), {}};
}

Result<void> take_network(const NetworkFlags& flags, scenario::Scenario& scenario) {
  if (!flags.dns.empty()) scenario.dns = flags.dns;
  TRY(const auto entries, host_entries(flags));
  // Of two entries of a name the last counts.
  scenario.hosts.insert(scenario.hosts.end(), entries.begin(), entries.end());
  return {};
}

}  // namespace provphone::client::cli
