#pragma once

#include "profile/decode.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace provphone::profile {

// The changes of one file, of which several may be to one parameter. R-XML-07: the last mention
// wins, for the value and for the right each; the change moves to where it stands.
class ChangeList {
 public:
  explicit ChangeList(std::size_t expected) { changes_.reserve(expected); }

  // Value or right is there, or both. Costs the same however many changes there are.
  void add(Change change);

  // The changes so far; the list is empty afterwards.
  std::vector<Change> take();

 private:
  std::vector<Change> changes_;          // one without value and right is superseded
  std::vector<std::uint32_t> place_of_;  // by ParameterId: 1 + index in changes_, or 0
  bool superseded_ = false;              // any of them
};

}  // namespace provphone::profile
