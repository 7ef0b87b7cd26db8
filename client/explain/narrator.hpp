#pragma once

#include "client/explain/read.hpp"

#include <string>
#include <vector>

// What one phone did and left undone, and why, in sentences.
namespace provphone::client::explain {

// What happened around one pass, or between passes.
struct Section {
  resync::Time at;
  resync::Time end;
  std::string clock;    // the phone's, at its beginning; empty: not known
  std::string title;    // `periodic pass`
  std::string outcome;  // `held`; empty: the title says all
  std::vector<std::string> sentences;
  std::vector<std::string> remedies;           // what would have to change
  std::string_view purpose = "For it to act";  // what the remedies are for
  // Equal for sections that differ in nothing but their times; for folding, never shown.
  std::string shape;
  bool is_beside = false;  // of a line or the server, beside the course of passes
  // When the same happened again right after it, in the order of time; those sections are left out.
  std::vector<resync::Time> again;
};

// Both ends belong to it.
struct Span {
  resync::Time from;
  resync::Time to;
};

enum class Beginning : std::uint8_t {
  without_power,  // of a scenario: phones are switched on by its events
  unknown,        // of a trace, which may have been begun at any time
};

struct Explanation {
  MacAddress phone;
  Span span;
  std::vector<Section> sections;  // in order of time
  Section situation;              // at the end of the span: what the phone is waiting for
};

// `trace` holds the phone's entries from the beginning: those before the span say what the phone
// waits for in it. Sections that ended before the span are left out, and sections alike in a row
// are one.
Explanation tell(const Trace& trace, const Span& span, Beginning beginning);

// The same at one moment: the last thing that happened by then, with what happened to its lines and
// the server since, and what the phone waits for.
Explanation tell_moment(const Trace& trace, resync::Time at, Beginning beginning);

}  // namespace provphone::client::explain
