#pragma once

#include "client/capsule/capsule.hpp"
#include "client/drive/phone.hpp"
#include "client/scenario/read.hpp"

#include <string>
#include <vector>

namespace provphone::client::replay {

// What is changed of every phone of a capsule before it is played.
struct Changes {
  std::vector<std::string> set;       // NAME=VALUE of parameters
  std::vector<std::string> knobs;     // likewise
  std::string firmware, personality;  // empty: as recorded

  bool none() const {
    return set.empty() && knobs.empty() && firmware.empty() && personality.empty();
  }
};

// The phones of a capsule before anything has happened to them.
struct Cast {
  scenario::Scenario scenario;             // with the seed that the run had
  std::vector<drive::DrivenPhone> phones;  // by number; without certificates
};

// Files that the scenario names come from the capsule. Fails with what the scenario or a file is
// refused for, and with bad_argument where the capsule's phones are not as many as its scenario's.
Result<Cast> cast_of(const capsule::Capsule& capsule, const Changes& changes);

// What the capsule's scenario was read amid, from the capsule. Good as long as the source.
scenario::Surroundings kept_surroundings(const capsule::Source& source);

// The scenario alone. `folder` is where its files are.
Result<scenario::Scenario> scenario_of(const capsule::Capsule& capsule, const Changes& changes);

}  // namespace provphone::client::replay
