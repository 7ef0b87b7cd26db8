#pragma once

#include "client/figures/detail/member.hpp"
#include "client/figures/outcome.hpp"

namespace provphone::client::figures {

// What outcome_json.hpp wrote among the members of a result.
Outcome read_outcome(const Member& from);

// The value of an enumeration whose name() is the text; the first one, and a complaint, where there
// is none.
template <class Enum>
Enum read_name(const Member& from) {
  const auto text = from.text();
  const auto found = std::find_if(every<Enum>.begin(), every<Enum>.end(),
                                  [&](Enum each) { return name(each) == text; });
  if (found != every<Enum>.end()) return *found;
  from.expected("a name that this version of provphone knows");
  return every<Enum>.front();
}

}  // namespace provphone::client::figures
