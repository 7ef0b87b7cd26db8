#include "client/transport/source_address.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fmt/format.h>

namespace provphone::client::transport {

Result<void> check_source(const std::string& source) {
  boost::system::error_code failed;
  const auto address = boost::asio::ip::make_address(source, failed);
  if (failed)
    return fail(Errc::bad_argument, "--source: '" + source +
                                        "' is no address; expected one of this machine's, such as "
                                        "192.0.2.7");
  const boost::asio::ip::tcp::endpoint any_port(address, 0);
  boost::asio::io_context loop;
  boost::asio::ip::tcp::socket socket(loop);
  socket.open(any_port.protocol(), failed);
  if (!failed) socket.bind(any_port, failed);
  // Two kinds that any socket may be bound to and nobody has.
  if (!failed && !address.is_unspecified() && !address.is_multicast()) return {};
  return fail(
      Errc::bad_argument,
      fmt::format("--source: {} is no address of this machine; expected one that it has", source));
}

}  // namespace provphone::client::transport
