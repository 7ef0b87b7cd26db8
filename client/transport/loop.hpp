#pragma once

// The event loop's name, for headers that only pass it on: Asio's own is a second to compile. Who
// runs a loop, or makes one, includes <boost/asio/io_context.hpp>.
namespace boost::asio {
class io_context;
}
