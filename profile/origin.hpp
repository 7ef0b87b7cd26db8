#pragma once

#include "macro/enum_array.hpp"
#include "profile/catalogue.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Whose each parameter is and where it is known from, out of profile/sources.tsv. Read once, when
// first asked for, and immutable from then on: views and references are good for ever and in any
// thread.
namespace provphone::profile {

// The lines of products whose parameters differ. MPP phones before 11.3 are one by themselves.
enum class ProductLine : std::uint8_t { spa, mpp11, mpp12, ata, phoneos, last = phoneos };

std::string_view name(ProductLine line);      // mpp11
std::string_view products(ProductLine line);  // MPP phones before 11.3

// Whether phones of a line have a parameter, as far as anybody has seen.
enum class Presence : std::uint8_t {
  unknown,
  has,
  lacks,  // sources of other lines have it, and all of this line's lack it (R-XML-36)
};

struct Origin {
  std::string_view row;  // of the catalogue: Proxy_#_

  // The firmware of MPP phones that has it; empty: every release that was read.
  std::string_view since, until;
  std::string_view was;  // what it was called before `since`, and still may be; empty: nothing else

  std::string_view sources;  // their codes, parted by blanks; empty: none was kept
  EnumArray<ProductLine, Presence> in;
};

const Origin& origin(ParameterId id);

// Cheap: decode() asks for every element.
Presence presence(ParameterId id, ProductLine line);

// What a code of Origin::sources stands for; empty for what is no code.
std::string_view source_of(std::string_view code);

// The newer name of a parameter that was renamed; nothing for any other.
std::optional<ParameterId> renamed_to(ParameterId id);

// Who has a parameter, and who lacks it: `SPA phones and ATAs`; empty: nobody that is known of.
std::string owners(ParameterId id);
std::string those_without(ParameterId id);

}  // namespace provphone::profile
