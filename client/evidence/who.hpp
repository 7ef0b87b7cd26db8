#pragma once

#include "macro/mac_address.hpp"

#include <optional>
#include <string>
#include <string_view>

// What texts in logs tell of the phone that they are about.
namespace provphone::client::evidence {

// The first MAC address that the text has: 12 hexadecimal digits, alone or behind letters
// (`SEP000E08012345.cnf.xml`, `spa000e08012345.cfg`), or six pairs parted by `:` or `-`.
// Percent-encoded ones too. Group addresses, and twelve digits that are a date and time, are none.
std::optional<MacAddress> mac_in(std::string_view text);

// What a User-Agent says.
struct AgentSays {
  enum class Kind {
    nothing,  // there is none, or it is of a kind that nobody knows: phones can have any
    phone,
    other,  // a browser, a tool, a robot
  } kind = Kind::nothing;
  std::string model;     // `CP-8841-3PCC`, as the table of models has it where it does
  std::string firmware;  // `11.3.2`, `7.5.5`
  std::optional<MacAddress> mac;
  std::string serial;
};
AgentSays read_agent(std::string_view agent);

// Of a query that names it: `sn=`, `serial=`, `serialnumber=`. Empty: none does.
std::string serial_in(std::string_view path);

}  // namespace provphone::client::evidence
