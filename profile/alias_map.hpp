#pragma once

#include "profile/decode.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace provphone::profile {

// What a register named by --alias says: which foreign elements stand for which parameters
// (R-XML-21). Several entries may match one element, and all of them count.
struct AliasMap {
  struct Entry {
    std::string suffix;  // of an element's path, `/customer-account/SIP-number`
    ParameterId target;
  };

  std::vector<Entry> entries;
  std::vector<Ignored> ignored;  // entries that say nothing a phone could do
};

// Entries have `;` between. Never fails: what makes no sense, or is one too many, is in `ignored`.
AliasMap parse_alias_map(std::string_view text);

}  // namespace provphone::profile
