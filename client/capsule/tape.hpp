#pragma once

#include "client/drive/witness.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// What came to the phones of a run from outside, in the order in which it was taken: with scenario
// and seed all that a run is made of. Written by recorder.hpp, played by client/replay.
namespace provphone::client::capsule {

// The phone became one that has been running for a while.
struct BeganRunning {};

// Its deadline had come. The driver came to it at the entry's time, which is no sooner.
struct Woken {
  resync::Time due;
};

// What a fetch came to, without what it was told besides.
struct Answer {
  resync::Answered answered;  // its body is empty, and stands in Tape::bodies
  std::size_t body = 0;
};
enum class NoAnswer : std::uint8_t {
  failed,     // resync::Failed
  not_asked,  // resync::NotAsked
};
struct Unanswered {
  NoAnswer why = NoAnswer::failed;
  Error error;
};
// The end of a fetch.
struct Ended {
  resync::Lane lane = resync::Lane::work;
  std::size_t asked = 0;     // place in Tape::asked
  resync::Duration after{};  // from when the phone wanted it, waiting for its turn included
  std::variant<Answer, Unanswered> with;
};

struct MessageFate {
  drive::FateKnown when = drive::FateKnown::at_once;
  std::optional<Error> error;
};

// An event that none of the phone's machines decided.
struct Told {
  std::shared_ptr<const trace::TraceEvent> line;  // never null
};

// The rest is as the driver posted it; never DeadlineReached, Answered, Failed or NotAsked.
using Happening = std::variant<BeganRunning, Woken, Ended, std::shared_ptr<const drive::Stimulus>,
                               MessageFate, Told>;

struct Entry {
  resync::Time at;
  std::uint32_t phone = 0;  // its number in the run
  Happening what;
};

// What a request asks for, as Tape::asked has it.
std::string asked_of(const resync::Request& request);

struct Tape {
  std::vector<Entry> entries;       // in the order in which they were taken; times never go back
  std::vector<std::string> asked;   // `GET http://h/p`, each once
  std::vector<std::string> bodies;  // of answers, each once
};

}  // namespace provphone::client::capsule
