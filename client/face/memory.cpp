#include "client/face/memory.hpp"

#include <utility>

namespace provphone::client::face {
namespace {

using trace::EventKind;

template <class Value>
void put_first(std::deque<Value>& all, Value value, std::size_t most) {
  all.push_front(std::move(value));
  if (all.size() > most) all.pop_back();
}

Attempt attempt_of(const trace::TraceEvent& event, const Memory& memory) {
  Attempt attempt{event.at, !event.error, event.url.empty() ? memory.asked : event.url, {}};
  if (event.error) attempt.why = name(*event.error);
  if (event.error && !event.detail.empty()) attempt.why += ": " + event.detail;
  return attempt;
}

// What goes to the syslog server and to the debug server (R-LOG-17) is one message.
void note(Memory& memory, LogLine line) {
  if (!memory.log.empty() && memory.log.back() == line) return;
  memory.log.push_back(std::move(line));
  if (memory.log.size() > Memory::most_lines) memory.log.pop_front();
}

}  // namespace

void remember(Memory& memory, const trace::TraceEvent& event) {
  switch (event.event) {
    case EventKind::pass_started:
    case EventKind::upgrade_started:
      return memory.asked.clear();
    case EventKind::request:
      // Reports go out beside what the phone does.
      if (event.rule != "Report_Rule") memory.asked = event.url;
      return;
    case EventKind::pass_succeeded:
    case EventKind::pass_failed:
      return put_first(memory.passes, attempt_of(event, memory), Memory::most_attempts);
    case EventKind::upgrade_done:
      return put_first(memory.upgrades, attempt_of(event, memory), Memory::most_attempts);
    case EventKind::rebooted:
      // R-FACE-06: what the phone had of it goes with all else.
      if (event.reason == resync::Reason::factory_reset) memory = {};
      return put_first(memory.reboots, {event.at, event.reason.value_or(resync::Reason{})},
                       Memory::most_reboots);
    case EventKind::syslog:
      return note(memory, {event.at, event.text});
    case EventKind::powered_off:
      memory.log.clear();
      return;
    default:
      return;
  }
}

}  // namespace provphone::client::face
