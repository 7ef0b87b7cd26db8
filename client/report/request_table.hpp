#pragma once

#include "client/trace/event.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

// The requests of a run as CSV (RFC 4180), a line each, for spreadsheets and data frames. A column
// is a promise: there will be more behind the last one, and none between.
namespace provphone::client::report {

class RequestTable {
 public:
  // Of the group of a phone, by its number in the run.
  using GroupOf = std::function<std::string(std::uint32_t phone)>;
  // Takes a line without its end.
  using Line = std::function<void(std::string_view line)>;

  // Writes the heading.
  RequestTable(GroupOf group_of, Line line);

  // Of the events, requests and what came of them count; those of a phone have to come in their
  // order. A line is written when an answer or a failure has come.
  void add(const trace::TraceEvent& event);

  // Writes those that nothing has come of.
  void finish();

 private:
  // One at a time under way for each phone and rule.
  using Key = std::pair<std::uint32_t, std::string_view>;

  void write(const trace::TraceEvent& request, const trace::TraceEvent* answer);

  GroupOf group_of_;
  Line line_;
  std::map<Key, trace::TraceEvent> under_way_;
};

}  // namespace provphone::client::report
