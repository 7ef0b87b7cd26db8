#pragma once

#include "profile/catalogue.hpp"
#include "profile/origin.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How to speak of a name that somebody wrote: one function, for everybody who does (R-XML-03).
namespace provphone::profile {

// What is known of a name, and how far that counts against whoever wrote it.
enum class NameStanding : std::uint8_t {
  known,
  other_line,    // a parameter, but of other products than the phone (R-XML-36)
  other_number,  // its family is known with other numbers, which another model may have
  same_letters,  // as a parameter but for case, `_`, `.` and `-`: a mistake
  misprint,      // of guides: a mistake too
  container,     // holds the settings of a router, and is no parameter
  in_no_source,  // nobody has seen it, which does not mean that no phone has it
};

struct NameRemark {
  NameStanding standing = NameStanding::known;
  std::string text;  // goes on from the name: `is spelt GPP_A; ...`; empty for a name that is known
};

// To a phone of `reader`; without one every product's names are known.
NameRemark remark_on_name(std::string_view name, std::optional<ProductLine> reader = std::nullopt);

// Whether a name of that standing is a mistake, as far as anybody can tell.
bool is_mistake(NameStanding standing);

}  // namespace provphone::profile
