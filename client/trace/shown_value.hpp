#pragma once

#include "profile/catalogue.hpp"

#include <string>
#include <string_view>

namespace provphone::client::trace {

// A parameter's value as outputs show it: secret ones as ********, and rules without the keys and
// passwords in them. Any text may be a rule one day.
std::string shown_value(profile::ParameterId parameter, std::string_view value);

}  // namespace provphone::client::trace
