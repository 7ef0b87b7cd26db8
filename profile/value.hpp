#pragma once

#include "profile/catalogue.hpp"

#include <tl/expected.hpp>

#include <string>

namespace provphone::profile {

// What a phone stores when a profile gives parameter `id` the value `text`; otherwise why it keeps
// its old value. Only what Cisco documents is refused (Parameter::allowed). The reason never
// repeats the value.
tl::expected<std::string, std::string> accept_value(ParameterId id, std::string text);

}  // namespace provphone::profile
