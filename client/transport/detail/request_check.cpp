#include "client/transport/detail/request_check.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace provphone::client::transport::detail {

Result<void> check_target(const Targets& targets, const std::string& host) {
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (no_address || targets.allows_address(host) || targets.allows_name(host)) return {};
  return fail(Errc::target_refused, fmt::format("{} is not among the allowed targets", host));
}

Result<void> check_source(const Request& request) {
  if (request.source_address.empty()) return {};
  boost::system::error_code no_address;
  boost::asio::ip::make_address(request.source_address, no_address);
  if (!no_address) return {};
  return fail(Errc::bad_argument,
              fmt::format("source \"{}\" is no address", request.source_address));
}

}  // namespace provphone::client::transport::detail
