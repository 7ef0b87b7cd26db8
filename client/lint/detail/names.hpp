#pragma once

#include "client/lint/finding.hpp"

#include <string_view>

// How to speak of a name that is no parameter's.
namespace provphone::client::lint::detail {

Finding unknown_name(std::string_view name);

}  // namespace provphone::client::lint::detail
