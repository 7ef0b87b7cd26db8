#pragma once

#include "client/report/trace.hpp"

#include <map>
#include <ostream>
#include <string>

// A run as a person follows it: one line an event, as it happens.
namespace provphone::client::report {

enum class Colour : std::uint8_t { off, on };

class Timeline {
 public:
  // `out` must outlive the timeline.
  Timeline(std::ostream& out, Colour colour) : out_(out), colour_(colour) {}

  // Gives a phone a name of its own instead of its MAC.
  void label(MacAddress phone, std::string text) { labels_[phone] = std::move(text); }

  void add(const TraceEvent& event);

 private:
  std::string head(const TraceEvent& event);

  std::ostream& out_;
  Colour colour_;
  std::map<MacAddress, std::string> labels_;
  std::map<MacAddress, std::size_t> order_;  // of appearance: a phone's colour
};

// What the timeline says about an event, without time and phone; empty where it has no line.
std::string line_text(const TraceEvent& event);

// `1.5 s`, `6 ms`, `2 h`: a duration that is read, not calculated with.
std::string format_duration(resync::Duration duration);
std::string format_bytes(std::uint64_t bytes);

}  // namespace provphone::client::report
