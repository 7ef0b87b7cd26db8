#pragma once

#include "client/trace/event.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

// What there is to explain, and how it is read from a trace file. A trace of `--trace` and the
// events that a forecast's driver tells come as the same values, so that a explanation does not
// know which of the two it is about.
namespace provphone::client::explain {

// What happened to a phone, as the driver of a scenario says it or a line of a trace.
using Entry = trace::TraceEvent;

struct Trace {
  std::optional<MacAddress> phone;  // whose entries these are; nothing: the trace has no line
  std::vector<Entry> entries;       // in order of time; its own, and those of the server
  // Of the whole trace, also those whose entries were not kept; empty where a driver has filled the
  // rest, which knows of one phone only.
  std::set<MacAddress> phones;
  resync::Time end;  // time of the last line, whoever's
};

// Takes line after line and keeps one phone's: the wanted one's, or those of the first.
class TraceReader {
 public:
  explicit TraceReader(std::optional<MacAddress> wanted) { trace_.phone = wanted; }

  // Fails with bad_argument for what is no line of a trace, `LINE: what was expected`, and where
  // the kept phone's time goes back; other phones' lines may stand in any order. A blank line is
  // skipped, and so is an event of a kind that is not known here.
  Result<void> take_line(std::string_view line);

  // Once, behind the last line; the reader holds nothing afterwards.
  Trace finish();

 private:
  Trace trace_;
  std::vector<Entry> of_server_;
  std::size_t lines_ = 0;
};

}  // namespace provphone::client::explain
