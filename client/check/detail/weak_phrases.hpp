#pragma once

#include "resync/identity.hpp"

#include <string_view>

// Phrases that are tried first by whoever guesses. Pure.
namespace provphone::client::check::detail {

// Why that phrase is weak, as what stands behind "the phrase"; it does not say
// the phrase. Empty: nothing is known against it. `mac` is of the phone, in
// lower case. Static storage.
std::string_view weakness_of(std::string_view phrase, const resync::Identity& phone,
                             std::string_view mac);

}  // namespace provphone::client::check::detail
