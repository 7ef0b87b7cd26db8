#include "client/explain/read.hpp"

#include "client/trace/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace provphone::client::explain {

Result<void> TraceReader::take_line(std::string_view text) {
  ++lines_;
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return {};
  auto line = trace::parse_trace_line(text);
  if (!line) return fail(line.error().code, fmt::format("{}: {}", lines_, line.error().detail));
  trace_.end = std::max(trace_.end, line->at);
  if (!line->phone) {
    of_server_.push_back(*std::move(line->event));
    return {};
  }
  trace_.phones.insert(*line->phone);
  if (!trace_.phone) trace_.phone = line->phone;
  if (*trace_.phone != line->phone) return {};
  // What several threads have written is in no order over all phones, but a phone is one thread's:
  // going back would make a explanation of things that never followed one another.
  if (!trace_.entries.empty() && line->at < trace_.entries.back().at)
    return fail(Errc::bad_argument,
                fmt::format("{}: expected a time that is not before that of the phone's last line",
                            lines_));
  if (line->event) trace_.entries.push_back(*std::move(line->event));
  return {};
}

// What happens to the server comes before what phones do in the same instant, as it is driven.
Trace TraceReader::finish() {
  const auto earlier = [](const Entry& a, const Entry& b) { return a.at < b.at; };
  std::stable_sort(of_server_.begin(), of_server_.end(), earlier);
  std::vector<Entry> merged;
  std::merge(of_server_.begin(), of_server_.end(), trace_.entries.begin(), trace_.entries.end(),
             std::back_inserter(merged), earlier);
  trace_.entries = std::move(merged);
  return std::move(trace_);
}

}  // namespace provphone::client::explain
