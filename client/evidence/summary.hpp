#pragma once

#include "client/evidence/log_reader.hpp"

#include <string>

namespace provphone::client::evidence {

// What was read and what was not, how many phones are in it and how sure that is, in a few lines
// for people. A line end behind each.
std::string summary_text(const LogReport& report, const Gathered& gathered);

}  // namespace provphone::client::evidence
