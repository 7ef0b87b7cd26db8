#pragma once

#include "profile/catalogue.hpp"
#include "resync/personality.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Which phones there are. A model's name leads to a family, and a family to what its phones run,
// how they call themselves and where they differ from the generation that they belong to
// (R-MODEL-01 to R-MODEL-05).
namespace provphone::resync {

// One line of products. Static storage, like all texts in it.
struct Family {
  std::string_view name;      // `linksys`
  std::string_view products;  // as people know them
  // That the firmware it leaves the factory with behaves as.
  profile::Generation generation;
  std::string_view firmware;  // that release; behind a model's own prefix where it has one
  // How serial numbers of the family look: this, and a phone's number in so many hexadecimal
  // digits behind it.
  std::string_view serial_prefix;
  int serial_digits;
  // Where it differs from its generation, as `knob=value`, parted by blanks.
  std::string_view knobs;
  Status status;  // of the row as a whole
  std::string_view source;
};

std::span<const Family> families();

struct Model {
  std::string_view name;         // `CP-7841-3PCC`, as `$PN` has it
  const Family* family;          // never null
  std::string_view load_prefix;  // `sip78xx`; empty: loads of the family have none
  int lines;                     // extensions that the phone has
};

std::span<const Model> models();

// By any usual spelling: `CP-7841-3PCC`, `cp-7841`, `7841`, `SPA-942`. Null where nobody knows it.
const Model* find_model(std::string_view name);

// What somebody says of a phone; empty where nothing was said.
struct PhoneRequest {
  std::string model;
  std::string firmware;
  std::optional<profile::Generation> generation;
};

// A phone that is consistent in itself.
struct PhoneKind {
  std::string model;     // as it was asked for
  std::string firmware;  // likewise
  Personality personality;
  std::string serial_prefix;
  int serial_digits;
  // Sentences about what was asked for and does not go together. It is done all the same: somebody
  // may want to see what such a phone does.
  std::vector<std::string> contradictions;
};

// Fills in what was not said by what was; the phone of the examples where nothing was (R-MODEL-01).
PhoneKind kind_of(const PhoneRequest& request);

// The serial number that a phone of that kind has where nobody gives one. `number` counts from 0.
std::string serial_of(const PhoneKind& kind, std::uint32_t number);

}  // namespace provphone::resync
