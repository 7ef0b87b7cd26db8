#pragma once

#include "client/figures/detail/member.hpp"
#include "client/figures/tested.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::figures {

// The member `tested` of a result.
nlohmann::ordered_json tested_json(const Tested& tested);

// What tested_json() made.
Tested read_tested(const Member& from);

}  // namespace provphone::client::figures
