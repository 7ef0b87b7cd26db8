#pragma once

#include "client/evidence/seen.hpp"

#include <array>
#include <cstddef>

// What phones and servers were like that would make a log look so. Guesses, each with what it goes
// by; nobody is asked.
namespace provphone::client::evidence {

// A rule that would ask so, with macros for what differs from phone to phone.
struct GuessedRule {
  std::string rule;          // `http://prov.example.net/$MA.xml`
  std::size_t phones = 0;    // that asked so
  std::size_t requests = 0;  // altogether
};

// Phones of one model and firmware.
struct GuessedGroup {
  std::string model;             // empty: no User-Agent says it
  std::string release;           // of the firmware, as User-Agents have it; likewise
  std::string firmware;          // the load that has that release; empty: what the model has anyway
  std::vector<MacAddress> macs;  // in their order
  std::size_t without_mac = 0;   // phones besides
  std::vector<GuessedRule> rules;   // that phones ask for again and again, the commonest first
  std::vector<GuessedRule> seldom;  // files of firmware, and what few phones asked for
  std::optional<std::chrono::seconds> period;  // between two requests of a phone by the first rule
};

// Requests for what fits `path` (with `*`) failed in that time, and no other did.
struct GuessedAnswer {
  std::string path;
  std::int16_t status;
  std::size_t requests;
  Instant from, to;
  enum class Span : std::uint8_t { all_the_time, a_while } span = Span::all_the_time;
};

// All that came in that time failed so.
struct GuessedOutage {
  Instant from, to;
  std::int16_t status;
  std::size_t requests;
};

struct Guess {
  Instant from{}, to{};  // of what was seen
  std::vector<GuessedGroup> groups;
  std::vector<GuessedAnswer> answers;
  std::vector<GuessedOutage> outages;
  std::size_t other_failures = 0;  // of single requests, among others that did not fail
  std::size_t logins = 0;          // requests that got 401 and were made again
  std::size_t redirects = 0;       // a log does not say where to
  std::optional<std::chrono::milliseconds> latency;  // half of the requests took no longer
  std::optional<std::int64_t> bytes;                 // half of the files were no larger
  std::chrono::seconds spread{};  // from the first phone's first request to the last one's
  std::array<std::size_t, static_cast<std::size_t>(Sureness::last) + 1> by_sureness{};
};

Guess guess_of(const Seen& seen);

}  // namespace provphone::client::evidence
