#pragma once

#include "resync/macros.hpp"

#include <cstdint>
#include <string>

// What a phone says to its syslog server, and as what it introduces itself (behaviour rules
// R-LOG-*, R-HTTP-*).
namespace provphone::resync {

enum class LogKind : std::uint8_t {
  request,
  success,
  failure,
  upgrade_request,
  upgrade_success,
  upgrade_failure,
  last = upgrade_failure,
};

// The expanded template, with the macros as they are now; empty: no message is sent (R-LOG-11).
std::string log_message(LogKind kind, const MacroSource& source);

// Syslog_Server, `host[:port]`; empty: nothing is logged. Valid until the parameters change.
std::string_view syslog_server(const profile::ParameterSet& parameters);

// Debug_Server, `host[:port]`; empty: there is none (R-LOG-17). Valid until the parameters change.
std::string_view debug_server(const profile::ParameterSet& parameters);

// What stands behind the time of a message, both parts separated by a blank: the header's other
// fields where the knob syslog_form wants them (R-LOG-19), and Syslog_Identifier, expanded, where
// it is not `None`.
std::string syslog_identifier(const MacroSource& source);

// HTTP_User_Agent_Name, expanded, or the built-in text.
std::string user_agent(const MacroSource& source);

}  // namespace provphone::resync
