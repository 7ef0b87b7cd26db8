#pragma once

#include "client/evidence/detail/guessed_rules.hpp"

#include <vector>

namespace provphone::client::evidence::detail {

// Fills in answers, outages, other_failures, logins and redirects.
void guess_failures(const Seen& seen, const std::vector<Person>& people, Guess& guess);

}  // namespace provphone::client::evidence::detail
