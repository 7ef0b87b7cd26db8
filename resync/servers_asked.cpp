#include "resync/servers_asked.hpp"

#include "resync/settings.hpp"

#include <algorithm>

namespace provphone::resync {
namespace {

using macro::Scheme;

// The way of the request, as detail/pac.cpp and proxy_of() have it.
AskedServer server_of(const Device& device, const macro::Url& url) {
  const auto naming = naming_of(device);
  const auto source = device.macros();
  if (const auto proxy = proxy_of(source, url))
    return {Scheme::http, proxy->host, proxy->port, {}, naming};
  const auto pac = pac_place(source, device.lease, url);
  const auto& asked = pac ? *pac : url;
  return {asked.scheme, asked.host, asked.port,
          asked.scheme == Scheme::tftp ? asked.path : std::string(), naming};
}

bool is_same_place(const AskedServer& a, const AskedServer& b) {
  const auto is_tftp = [](const AskedServer& server) { return server.scheme == Scheme::tftp; };
  return a.host == b.host && a.port == b.port && is_tftp(a) == is_tftp(b) && a.naming == b.naming;
}

}  // namespace

std::string format(const AskedServer& server) {
  auto text = macro::format(macro::Url{server.scheme, server.host, server.port, "/"});
  text.pop_back();
  return text;
}

std::vector<AskedServer> servers_asked(const Device& device) {
  std::vector<AskedServer> servers;
  for (std::size_t slot = 0; slot < rule_slots; ++slot) {
    const auto plan = plan_profile_rule(device.rule(slot), device.macros(), device.lease);
    // R-RULE-43: with records it is they who name the servers.
    if (!plan || !plan->request || !plan->request->srv_domain.empty()) continue;
    auto server = server_of(device, plan->request->url);
    const bool is_known =
        std::any_of(servers.begin(), servers.end(),
                    [&](const AskedServer& known) { return is_same_place(known, server); });
    if (!is_known) servers.push_back(std::move(server));
  }
  return servers;
}

}  // namespace provphone::resync
