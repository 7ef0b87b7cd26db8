#pragma once

#include "client/capsule/file.hpp"
#include "client/explain/narrator.hpp"
#include "client/replay/player.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a capsule's phones do when it is played, beside what they did when it was recorded.
namespace provphone::client::replay {

// The first line in which a phone's course differs.
struct Difference {
  MacAddress phone;
  std::uint32_t number = 0;  // of the phone in the run
  resync::Time at;           // of the earlier of the two lines
  // The lines as sentences; empty: there is none any more.
  std::string recorded, played;
  // The phone's situation as it was told and as it is, each with its reasons.
  explain::Explanation why_recorded, why_played;
};

struct Replayed {
  std::string trace_hash, course_hash;
  std::vector<Departure> departures;
  std::vector<Unknown> unknown;
  std::uint64_t lines = 0;  // of the trace

  bool is_as(const capsule::Manifest& manifest) const {
    const bool has_order = !manifest.trace_hash.empty();
    return course_hash == manifest.course_hash && (!has_order || trace_hash == manifest.trace_hash);
  }
};

// Plays the capsule to its end. `told` hears every event; empty: nobody does, which is quicker.
// Fails as cast_of() does.
Result<Replayed> replay(const capsule::Capsule& capsule, const Changes& changes,
                        const trace::TraceSink& told);

// Plays it once more, beside the trace in the file `name`. Nothing where no line differs. Fails as
// cast_of() and CapsuleReader::open() do.
Result<std::optional<Difference>> first_difference(const std::string& name, const Changes& changes);

}  // namespace provphone::client::replay
