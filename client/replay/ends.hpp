#pragma once

#include "client/capsule/capsule.hpp"
#include "client/replay/seen_server.hpp"

#include <map>
#include <string>
#include <vector>

// What phones end up with in one run and in another: before a server was changed, and after.
namespace provphone::client::replay {

// What differs from the factory's value, by parameter; secret values are left out, since each
// capsule has stand-ins of its own.
using End = std::map<std::string, std::string>;
using Ends = std::map<MacAddress, End>;

// Plays the capsule. Fails as cast_of() does.
Result<Ends> ends_of(const capsule::Capsule& capsule);

// A parameter that phones have another value of now; `none`: the factory's.
struct ChangedValue {
  std::string parameter;
  std::optional<std::string> before, after;
  std::vector<MacAddress> phones;  // that this change is the same for
};

struct EndsCompared {
  std::size_t phones = 0;  // that are in both
  std::size_t different = 0;
  std::vector<ChangedValue> changes;  // that concern the most phones first
  std::vector<MacAddress> only_before, only_after;

  bool same() const { return different == 0 && only_before.empty() && only_after.empty(); }
};

EndsCompared compared(const Ends& before, const Ends& after);

}  // namespace provphone::client::replay
