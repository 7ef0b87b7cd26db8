#pragma once

#include "client/lint/finding.hpp"

#include <vector>

// Octets above 7f (R-XML-05).
namespace provphone::client::lint {

// One finding at most: octets that are no UTF-8, the first of them with its place, or a declaration
// of another encoding, which phones do not look at, in front of characters beyond ASCII.
std::vector<Finding> encoding_findings(std::string_view text);

}  // namespace provphone::client::lint
