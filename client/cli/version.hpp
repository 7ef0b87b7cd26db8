#pragma once

#include <string>
#include <string_view>

// What this program was made of. Scripts read the first line of version_text(); results and
// capsules have figures::version alone, so that they are the same whoever built it. What a fleet's
// result says of its surroundings has the commit too (tested_fleet.hpp).
namespace provphone::client::cli {

// As `git describe` has it, and the day it was made, 2026-03-01; both empty where the build knew of
// no commit. cmake/build_facts.cmake writes them.
extern const std::string_view build_commit;
extern const std::string_view build_day;

// What --version prints: the version, the commit, and the libraries that are loaded, a line each.
std::string version_text();

}  // namespace provphone::client::cli
