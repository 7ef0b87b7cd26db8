#include "profile/parameter_id.hpp"
#include "resync/detail/stride.hpp"

#include <fmt/format.h>

// By which way an answer came. Whoever has set a proxy up wants to see whether it was used
// (R-HTTP-30).
namespace provphone::resync::detail {

std::string way_of(const Stride& s, Lane lane) {
  const auto& retrieval = *s.in(lane);
  const auto mode = s.device.parameters.get(profile::parameter_id("Proxy_Mode"));
  const bool wants_proxy = mode == "Manual" || mode == "Auto";
  if (!wants_proxy || retrieval.errand || retrieval.request.url.scheme == macro::Scheme::tftp)
    return {};
  if (s.device.personality.proxy_parameters == ProxyParameters::ignored)
    return "asked directly: phones of this family know no proxy";
  if (retrieval.proxy)
    return fmt::format("through the proxy {}:{}", retrieval.proxy->host, retrieval.proxy->port);
  if (mode == "Manual") return "asked directly: there is no Proxy_Host";
  if (retrieval.does_without_pac) return "asked directly: the PAC file could not be had";
  // What a PAC file has said, whoever evaluates it knows.
  return goes_by_pac(s, lane) ? "" : "asked directly: Proxy_Mode Auto finds no PAC file";
}

}  // namespace provphone::resync::detail
