#pragma once

#include "client/replay/player.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// What a capsule's servers did, as a modelled server (client/forecast) would have to be told of it.
namespace provphone::client::replay {

using Values = std::vector<std::pair<std::string, std::string>>;  // name and value, in file order

// What came of a request.
struct Act {
  enum class Kind : std::uint8_t {
    profile,   // `values`
    failure,   // `word` is of a scenario: 404, refused, timeout, corrupt
    redirect,  // `status`, and `word` is where to
    login,     // it wants one, and has the next one's file
  };

  Kind kind = Kind::profile;
  int status = 200;
  std::string word;
  Values values;

  friend bool operator==(const Act&, const Act&) = default;
};

// A request and what came of it.
struct Met {
  resync::Time at;  // of the request
  std::uint32_t phone = 0;
  std::string host, path;
  Act act;
};

// What happened to a phone, in a scenario's words: `power_on`, `resync`, and what goes with it.
struct Happened {
  resync::Time at;
  std::uint32_t phone = 0;
  std::string action;  // `power_on: PHONE`, with PHONE for the phone's address
};

// What a phone failed of last, and what it asked for then.
struct LastFailure {
  Errc code{};
  std::string url;

  friend bool operator==(const LastFailure&, const LastFailure&) = default;
};

// A capsule as it was played, for who makes a scenario of it.
struct Recollection {
  Cast cast;
  std::vector<Met> requests;     // in the order of their ends
  std::vector<Happened> events;  // in the order of time
  // Of the phones that failed at something last, what it was.
  std::map<std::uint32_t, LastFailure> last_failures;
  // What no scenario says, each kind once; for people.
  std::vector<std::string> lost;
};

// Plays the capsule. Fails as cast_of() does.
Result<Recollection> recollect(const capsule::Capsule& capsule);

}  // namespace provphone::client::replay
