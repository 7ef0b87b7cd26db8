#pragma once

#include "resync/saved_state.hpp"

#include <string_view>

// Which rules may be worked out once for many phones: the condition for a phone to stay asleep.
namespace provphone::client::forecast {

// Whether evaluating `rule` comes to the same for all phones of a group with equal parameters and
// equal memories, apart from the URL's own text. It does where no guard looks at anything that a
// phone has for itself, or at time; and where nobody will look at what the URL was, if that is a
// phone's own: `recalled` says what will be looked at (R-MACRO-20). In doubt: no, which costs time
// and changes nothing.
bool is_alike(std::string_view rule, resync::RequestMacros recalled);

}  // namespace provphone::client::forecast
