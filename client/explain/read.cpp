#include "client/explain/read.hpp"

#include "client/trace/read.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::explain {

Result<void> TraceReader::take_line(std::string_view text) {
  ++lines_;
  if (text.find_first_not_of(" \t\r") == std::string_view::npos) return {};
  auto line = trace::parse_trace_line(text);
  if (!line) return fail(line.error().code, fmt::format("{}: {}", lines_, line.error().detail));
  trace_.phones.insert(line->phone);
  trace_.end = std::max(trace_.end, line->at);
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

}  // namespace provphone::client::explain
