#include "profile/parameter_id.hpp"
#include "resync/detail/stride.hpp"
#include "resync/request_target.hpp"

// By which way an answer came. Whoever has set a proxy up wants to see whether it was used
// (R-HTTP-30).
namespace provphone::resync::detail {

namespace {

std::string through(const Proxy& proxy) {
  return "through the proxy " + authority(proxy.host, proxy.port);
}

std::string way_by_pac(const Routes& routes) {
  if (!routes.why_direct.empty())
    return "asked directly: the PAC file cannot be used: " + routes.why_direct;
  const auto taken = routes.next - 1;
  const auto& way = routes.ways[taken];
  auto text = (way ? through(*way) : "asked directly") + ", as the PAC file says";
  for (std::size_t i = 0; i < taken; ++i) {
    const auto& other = routes.ways[i];
    text += i == 0 ? "; not reached: " : ", ";
    text += other ? authority(other->host, other->port) : "the server itself";
  }
  return text;
}

}  // namespace

std::string way_of(const Stride& s, Lane lane) {
  const auto& retrieval = *s.in(lane);
  const auto mode = s.device.parameters.get(profile::parameter_id("Proxy_Mode"));
  const bool wants_proxy = mode == "Manual" || mode == "Auto";
  if (!wants_proxy || retrieval.errand || retrieval.request.url.scheme == macro::Scheme::tftp)
    return {};
  if (s.device.personality.proxy_parameters == ProxyParameters::ignored)
    return "asked directly: phones of this family know no proxy";
  if (retrieval.routes) return way_by_pac(*retrieval.routes);
  if (retrieval.proxy) return through(*retrieval.proxy);
  if (mode == "Manual") return "asked directly: there is no Proxy_Host";
  if (retrieval.does_without_pac) return "asked directly: the PAC file could not be had";
  return "asked directly: Proxy_Mode Auto finds no PAC file";
}

}  // namespace provphone::resync::detail
