#include "client/replay/difference.hpp"

#include "client/capsule/course_hash.hpp"
#include "client/explain/read.hpp"
#include "client/scenario/phones.hpp"
#include "client/trace/read.hpp"
#include "client/trace/sentence.hpp"
#include "macro/try.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace provphone::client::replay {
namespace {

using resync::Time;
using trace::TraceEvent;

// A line without what does not count (trace::TraceHash).
std::string print_of(const TraceEvent& event) {
  trace::TraceHash hash;
  hash.add(event);
  return hash.hex();
}

struct Line {
  Time at;
  std::string print;
};
using Lines = std::map<MacAddress, std::vector<Line>>;

// Where two courses part: the phone, and how many lines they have in common.
struct Parting {
  MacAddress phone;
  std::size_t common = 0;
  Time at = Time::max();
};

void consider(Parting& first, MacAddress phone, const std::vector<Line>& recorded,
              const std::vector<Line>& played) {
  std::size_t common = 0;
  while (common < recorded.size() && common < played.size() &&
         recorded[common].print == played[common].print)
    ++common;
  if (common == recorded.size() && common == played.size()) return;
  auto at = Time::max();
  if (common < recorded.size()) at = recorded[common].at;
  if (common < played.size()) at = std::min(at, played[common].at);
  if (at < first.at) first = {phone, common, at};
}

Parting first_parting(const Lines& recorded, const Lines& played) {
  static const std::vector<Line> none;
  const auto of = [](const Lines& lines, MacAddress phone) -> const std::vector<Line>& {
    const auto found = lines.find(phone);
    return found == lines.end() ? none : found->second;
  };
  Parting first;
  for (const auto& [phone, lines] : recorded) consider(first, phone, lines, of(played, phone));
  for (const auto& [phone, lines] : played)
    if (!recorded.contains(phone)) consider(first, phone, none, lines);
  return first;
}

// A line that is not known here is none of what could be compared.
void for_each_recorded(capsule::CapsuleReader& reader,
                       const std::function<void(TraceEvent&&)>& tell) {
  for (std::string line; reader.next(line);) {
    auto read = trace::parse_trace_line(line);
    if (read && read->event && read->phone) tell(*std::move(read->event));
  }
}

Result<void> play(const capsule::Capsule& capsule, const Changes& changes,
                  const trace::TraceSink& told, resync::Depth depth) {
  TRY(auto cast, cast_of(capsule, changes));
  Player player(capsule, std::move(cast), {told, {}, depth});
  player.play();
  return {};
}

std::string sentence_at(const std::vector<TraceEvent>& entries, std::size_t place) {
  return place < entries.size() ? trace::line_text(entries[place]) : std::string();
}

explain::Explanation why(MacAddress phone, std::vector<TraceEvent> entries, Time at) {
  const explain::Trace trace{phone, std::move(entries), {}, at};
  return explain::tell_moment(trace, at, explain::Beginning::unknown);
}

}  // namespace

Result<Replayed> replay(const capsule::Capsule& capsule, const Changes& changes,
                        const trace::TraceSink& told) {
  TRY(auto cast, cast_of(capsule, changes));
  trace::TraceHash hash;
  capsule::CourseHash courses;
  Replayed replayed;
  const auto hear = [&](const TraceEvent& event) {
    hash.add(event);
    courses.add(event);
    ++replayed.lines;
    if (told) told(event);
  };
  Player player(capsule, std::move(cast), {hear, {}, resync::Depth::everything});
  player.play();
  replayed.trace_hash = hash.hex();
  replayed.course_hash = courses.hex();
  replayed.departures = player.departures();
  replayed.unknown = player.unknown();
  return replayed;
}

Result<std::optional<Difference>> first_difference(const std::string& name,
                                                   const Changes& changes) {
  TRY(auto reader, capsule::CapsuleReader::open(name));
  Lines recorded, played;
  for_each_recorded(reader, [&](TraceEvent&& event) {
    recorded[event.phone].push_back({event.at, print_of(event)});
  });
  TRY(play(
      reader.capsule(), changes,
      [&](const TraceEvent& event) {
        played[event.phone].push_back({event.at, print_of(event)});
      },
      resync::Depth::everything));
  const auto parting = first_parting(recorded, played);
  if (parting.at == Time::max()) return std::optional<Difference>{};
  // Once more, for that phone's sake, with what stood behind its decisions.
  TRY(auto again, capsule::CapsuleReader::open(name));
  std::vector<TraceEvent> was, is;
  for_each_recorded(again, [&](TraceEvent&& event) {
    if (event.phone == parting.phone) was.push_back(std::move(event));
  });
  TRY(play(
      again.capsule(), changes,
      [&](const TraceEvent& event) {
        if (event.phone == parting.phone) is.push_back(event);
      },
      resync::Depth::everything));
  Difference difference;
  difference.phone = parting.phone;
  difference.at = parting.at;
  difference.recorded = sentence_at(was, parting.common);
  difference.played = sentence_at(is, parting.common);
  difference.why_recorded = why(parting.phone, std::move(was), parting.at);
  difference.why_played = why(parting.phone, std::move(is), parting.at);
  return std::optional(std::move(difference));
}

}  // namespace provphone::client::replay
