#pragma once

#include "client/lint/finding.hpp"
#include "profile/name_standing.hpp"

#include <optional>
#include <string_view>

// How to speak of an element's name.
namespace provphone::client::lint::detail {

// Nothing where the name is a parameter's of the phone that reads it.
std::optional<Finding> remark_on(std::string_view name, std::optional<profile::ProductLine> reader);

}  // namespace provphone::client::lint::detail
