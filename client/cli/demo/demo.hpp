#pragma once

#include "client/report/timeline.hpp"
#include "macro/error.hpp"

#include <ostream>

// Four phones and the embedded server on loopback, in one process and a temporary directory.
namespace provphone::client::demo {

enum class Outcome : std::uint8_t { every_phone_provisioned, some_phone_not };

// Prints a timeline and a closing table to `out`; takes well under a minute, of real time, and
// blocks as long. Nothing but loopback is asked. Fails when the server cannot be set up.
Result<Outcome> run_demo(std::ostream& out, report::Colour colour);

}  // namespace provphone::client::demo
