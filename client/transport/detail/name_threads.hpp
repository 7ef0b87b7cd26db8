#pragma once

#include "client/transport/names.hpp"

// The system's resolver blocks, for many seconds where a name server is dead. The one thread that
// Asio has for it is waited for when the loop goes, and has one dead name hold all others up; so it
// is called on threads that nobody waits for.
namespace provphone::client::transport::detail {

// Blocks. Touches nothing that may go while it does.
using BlockingLookUp = std::function<Addresses(const std::string& name)>;

Addresses ask_system(const std::string& name, AddressFamily family);

// At most so many look-ups at a time; the others wait in the order in which they came.
inline constexpr std::size_t most_name_threads = 4;

// Gives `loop` work while a look-up is under way. When the last copy of what is returned goes,
// which must be before the loop, nobody is told any more, and look-ups under way end by themselves.
AskForName on_threads(boost::asio::io_context& loop, BlockingLookUp look_up);

}  // namespace provphone::client::transport::detail
