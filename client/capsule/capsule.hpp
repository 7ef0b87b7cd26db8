#pragma once

#include "client/capsule/tape.hpp"
#include "client/scenario/lease_file.hpp"
#include "resync/local_time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// A run as one file, from which it can be had once more: scenario, seed and what came to its phones
// from outside. The format is in docs/reference/capsule.md.
namespace provphone::client::capsule {

inline constexpr int format_version = 1;

enum class SecretsAre : std::uint8_t { replaced, kept };

// The first line: what a person reads who has the file before him.
struct Manifest {
  std::string program;   // that wrote it, with its version
  std::string command;   // run, fleet
  std::string recorded;  // when, `2026-11-27T23:00:00Z`
  SecretsAre secrets = SecretsAre::replaced;
  std::uint32_t phones = 0;
  std::uint64_t seed = 0;
  resync::Time end{};   // of the run
  std::string verdict;  // pass, fail, void
  // 16 hexadecimal digits each: of the trace as run --json has it, empty where several threads
  // wrote it; and of each phone's course (course_hash.hpp).
  std::string trace_hash, course_hash;
};

// A file that the scenario names.
struct NamedFile {
  std::string name;  // as it stands there
  std::string octets;
};

// The scenario as it was read.
struct Source {
  std::string yaml;
  std::string name;               // of its file
  std::vector<std::string> with;  // overrides, in their order
  scenario::LeasedPhones leased;  // null: the phones are the scenario's own
  std::vector<NamedFile> files;
  std::vector<std::pair<std::string, std::string>> environment;  // names and values it took
};

struct Capsule {
  Manifest manifest;
  Source source;
  resync::WallClock wall;  // what the phones' clocks showed
  Tape tape;
};

// The lines of the trace that follow the tape, one after the other: false when there is none left.
class TraceLines {
 public:
  virtual ~TraceLines() = default;
  virtual bool next(std::string& line) = 0;
};

}  // namespace provphone::client::capsule
