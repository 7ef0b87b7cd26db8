#include "client/check/detail/addresses.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

namespace provphone::client::check::detail {

namespace ip = boost::asio::ip;

// R-HTTP-03: names have A records; IPv6 only where the URL has such an address.
Result<std::vector<ip::address>> addresses_of(const macro::Url& url,
                                              const transport::Targets& targets) {
  boost::asio::io_context loop;
  ip::udp::resolver resolver(loop);
  boost::system::error_code error;
  const auto family = url.host.find(':') == std::string::npos ? ip::udp::v4() : ip::udp::v6();
  const auto found = resolver.resolve(family, url.host, "", error);
  if (error || found.empty()) return fail(Errc::name_not_resolved, "no address for " + url.host);
  std::vector<ip::address> allowed;
  for (const auto& entry : found) {
    const auto address = entry.endpoint().address();
    if (targets.allows_address(address.to_string()) || targets.allows_name(url.host))
      allowed.push_back(address);
  }
  if (allowed.empty())
    return fail(Errc::target_refused, url.host + " is no allowed target; name it with --target");
  return allowed;
}

}  // namespace provphone::client::check::detail
