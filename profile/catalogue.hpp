#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The parameters a phone has: names, types and factory values, compiled in from
// profile/catalogue.tsv and profile/roles.tsv. Read once, when first asked for, and immutable from
// then on: views and references are good for ever and in any thread.
namespace provphone::profile {

// The firmware families whose behaviour differs; resync/personality.hpp says how.
enum class Generation : std::uint8_t { spa, mpp11, mpp12, last = mpp12 };

std::string_view name(Generation generation);
std::optional<Generation> parse_generation(std::string_view text);

// Whether anything hangs on a parameter here (R-PARAM-01).
enum class Role : std::uint8_t {
  stored,  // kept, printed and reported, and nothing more
  acts,    // a phone with another value does something else
  last = acts
};

std::string_view name(Role role);

// A parameter's place in the catalogue. Stable within one build only.
enum class ParameterId : std::uint16_t {};

struct Parameter {
  std::string name;       // the XML element name, `User_ID_1_`
  std::string_view type;  // Cisco's word for it: Bool, Uns16, Rule, DelayList, ...
  bool secret = false;    // never shown: passwords, keys, GPP_SA..GPP_SD

  // Known from another line of products, or for a line that only some models have: phones take a
  // value for it, and print it only where it has one that is not the factory's (R-XML-30).
  bool elsewhere = false;

  // The values Cisco documents, `A|B|C`, `LEAST-MOST`, `HHmm` or `HH:mm`, and with a leading | also
  // the empty one; empty where anything goes. profile/value.hpp holds profiles to it.
  std::string_view allowed = {};

  Role role = Role::stored;
  std::string_view tab = {};  // of the phone's web page; empty where roles.tsv does not have it
  // The behaviour rule of what acts, the reason of what is stored; empty where roles.tsv does not
  // have it: such parameters are about calls, screens and the like.
  std::string_view why = {};
  std::uint16_t row = 0;  // of catalogue.tsv, counted from 0; the members of a family share one
};

std::size_t parameter_count();
const Parameter& parameter(ParameterId id);
// The factory value in that family; empty also where the family lacks the parameter, which
// profile/origin.hpp tells.
std::string_view default_value(ParameterId id, Generation generation);

// Case-sensitive, as element names are. Aliases (Resync_At_HHmm for Resync_At__HHmm_) find the same
// parameter.
std::optional<ParameterId> find_parameter(std::string_view name);

// The element name for what a web page or a plain-text profile calls `label`: `Proxy[1]` is
// Proxy_1_. Characters that no name holds become underscores too.
std::string element_name(std::string_view label);

// The catalogue's name nearest to a misspelt one, for error messages; empty when nothing is near.
std::string_view nearest_parameter(std::string_view name);

// The parameter that is spelt with the same letters and digits as `name`, which is no parameter's:
// their case and `_`, `.` and `-` do not count. Nothing where there is none, or more than one.
std::optional<ParameterId> parameter_of_same_letters(std::string_view name);

// The numbers with which a numbered family is known that `name` would be of, were its number
// another one: `1 to 16` for Proxy_17_, `1 to 3 and 1 to 40` for Unit_4_Key_1_. Empty for every
// other name.
std::string numbers_known_for(std::string_view name);

// What phones print for a name that guides alone print; empty for every other name.
std::string_view meant_by_misprint(std::string_view name);

// The numbers of a row of the catalogue in words, `1 to 16` of Proxy_#_; empty for a single one.
std::string numbers_of_row(std::string_view row);

// Whether an element of that name holds settings of a router, as ATAs have them, and has no value.
bool is_router_group(std::string_view name);

// What else files and guides call a parameter.
struct OtherName {
  enum class Kind : std::uint8_t {
    second_spelling,  // leads to the parameter
    misprint,         // of guides; no phone takes it
  };
  std::string_view name;
  Kind kind;
};

std::vector<OtherName> other_names(ParameterId id);

// How far apart two spellings are: two for each letter to insert, remove or replace, one where only
// its case is wrong.
std::size_t spelling_distance(std::string_view a, std::string_view b);

}  // namespace provphone::profile
