#pragma once

#include "client/trace/sentence.hpp"

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <utility>

// A run as a person follows it: one line an event, as it happens.
namespace provphone::client::report {

enum class Colour : std::uint8_t { off, on };

class Timeline {
 public:
  // `out` must outlive the timeline.
  Timeline(std::ostream& out, Colour colour) : out_(out), colour_(colour) {}

  // Gives a phone a name of its own instead of its MAC.
  void label(MacAddress phone, std::string text) { labels_[phone] = std::move(text); }

  // In the order in which they are to be read. An event that has no words of its own prints
  // nothing; each line is flushed, so that whoever waits sees it. Remarks on a rule are printed the
  // first time, in front of its event.
  void add(const trace::TraceEvent& event);

 private:
  void add_remarks(const trace::TraceEvent& event);
  std::string head(const trace::TraceEvent& event);

  std::ostream& out_;
  Colour colour_;
  std::map<MacAddress, std::string> labels_;
  std::map<MacAddress, std::size_t> order_;                // of appearance: a phone's colour
  std::set<std::pair<std::string, std::string>> remarks_;  // printed: of a rule, the words
};

}  // namespace provphone::client::report
