#pragma once

#include "client/report/junit.hpp"

#include <string_view>
#include <vector>

namespace provphone::client::report {

// The suites of a document that format_junit() wrote. None where it is no such document: whoever
// joins reports has to say himself what came of the run.
std::vector<JunitSuite> suites_in(std::string_view junit);

}  // namespace provphone::client::report
