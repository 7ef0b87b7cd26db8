#pragma once

#include "client/trace/event.hpp"

#include <cstdint>
#include <string>

// An event in words: what the timeline shows, and what messages say a phone did last.
namespace provphone::client::trace {

// What a reader is to feel at a line; how that looks is for whoever shows it.
enum class Tone : std::uint8_t {
  plain,
  minor,  // may be passed over
  turn,   // something begins or ends
  good,
  held,  // waits, or was kept from happening
  bad,
};

struct Line {
  std::string text;  // indented where it belongs to the pass above; empty: the event has no line
  Tone tone = Tone::plain;
};

// Not every event has one: what the next event of the phone says better is left out.
Line line_of(const TraceEvent& event);

// The same without its indentation.
std::string line_text(const TraceEvent& event);

// Who asked, as the end of a sentence: `by a SIP NOTIFY`; an origin that has no words of its own is
// a person.
std::string_view asked_by(std::string_view origin);

// What becomes of requests while an outage lasts that has begun so.
std::string outage_text(const TraceEvent& outage);

// What a registrar said to a line, or why it was not asked: of `registered` and
// `registration_failed`.
std::string registrar_text(const TraceEvent& event);

// `1.5 s`, `6 ms`, `2 h`: a duration that is read, not calculated with.
std::string format_duration(resync::Duration duration);
// `512 B`, `1.5 kB`, `2.0 MB`: powers of ten.
std::string format_bytes(std::uint64_t bytes);

}  // namespace provphone::client::trace
