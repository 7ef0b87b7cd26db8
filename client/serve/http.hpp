#pragma once

#include "client/serve/state.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <memory>

namespace provphone::client::serve {

// Serves one connection from its first octet on, until either side closes it. The context outlives
// the call.
void serve_http(std::shared_ptr<State> state, boost::asio::ip::tcp::socket socket);
void serve_https(std::shared_ptr<State> state, boost::asio::ip::tcp::socket socket,
                 std::shared_ptr<boost::asio::ssl::context> context);

}  // namespace provphone::client::serve
