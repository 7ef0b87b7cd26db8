#pragma once

#include "client/report/trace.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// A trace file, read back.
namespace provphone::client::explain {

// One line of a trace. What it does not say is empty, and so is what it says in a way that is not
// understood: traces get new members.
struct Entry {
  resync::Time at;
  report::EventKind event;
  std::optional<resync::PassKind> kind;
  std::optional<resync::Reason> reason;
  std::optional<resync::Timer> timer;
  std::optional<resync::Time> due;  // Time::max(): never
  std::optional<Errc> error;
  std::shared_ptr<const nlohmann::ordered_json> members;  // of the line, all of them

  std::string text(const char* key) const;  // empty where there is none
  std::optional<resync::Time> time(const char* key) const;
  // The objects of a list, and the texts of one.
  std::vector<const nlohmann::ordered_json*> objects(const char* key) const;
  std::vector<std::string> texts(const char* key) const;
};

// The member of an object, empty where it is no text.
std::string text_of(const nlohmann::ordered_json& object, const char* key);

struct Trace {
  std::optional<MacAddress> phone;  // whose entries these are; nothing: the trace has no line
  std::vector<Entry> entries;
  std::set<MacAddress> phones;  // of the whole trace
  resync::Time end;             // time of the last line, whoever's
};

// Takes line after line and keeps one phone's: the wanted one's, or those of the first.
class TraceReader {
 public:
  explicit TraceReader(std::optional<MacAddress> wanted) { trace_.phone = wanted; }

  // Fails with bad_argument for what is no line of a trace, `LINE: what was expected`. A blank line
  // is skipped.
  Result<void> take_line(std::string_view line);

  Trace finish() { return std::move(trace_); }

 private:
  Trace trace_;
  std::size_t lines_ = 0;
};

}  // namespace provphone::client::explain
