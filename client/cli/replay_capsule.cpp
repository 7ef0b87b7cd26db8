#include "client/cli/replay_capsule.hpp"

#include "client/cli/compare_capsules.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/live_capsule.hpp"
#include "client/cli/shrink_capsule.hpp"
#include "client/cli/terminal.hpp"
#include "client/explain/sentences.hpp"
#include "client/explain/text.hpp"
#include "client/replay/difference.hpp"
#include "client/report/output.hpp"
#include "client/trace/json_octets.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <optional>

namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;

// So many are named; the rest is a number.
constexpr std::size_t most_named = 5;

struct Course {
  replay::Replayed replayed;
  std::optional<replay::Difference> difference;
};

std::string line_or_nothing(const std::string& sentence) {
  return sentence.empty() ? "nothing more" : sentence;
}

std::string capsule_text(const capsule::Manifest& manifest) {
  return fmt::format("{} phone{}, {} of them, recorded {} by {} ({})", manifest.phones,
                     manifest.phones == 1 ? "" : "s", explain::time_text(manifest.end),
                     manifest.recorded, manifest.program, manifest.command);
}

// Of a fleet's phones each by itself.
const std::string& hash_of(const capsule::Manifest& manifest) {
  return manifest.trace_hash.empty() ? manifest.course_hash : manifest.trace_hash;
}

const std::string& hash_of(const replay::Replayed& replayed, const capsule::Manifest& manifest) {
  return manifest.trace_hash.empty() ? replayed.course_hash : replayed.trace_hash;
}

void tell_unknown(const std::vector<replay::Unknown>& unknown) {
  if (unknown.empty()) return;
  std::cout << fmt::format(
      "{} requests were never made before, so that nobody knows their "
      "answers; they failed here:\n",
      unknown.size());
  for (std::size_t i = 0; i < std::min(unknown.size(), most_named); ++i)
    std::cout << fmt::format("  {}  {}\n", explain::time_text(unknown[i].at), unknown[i].asked);
}

void tell_difference(const replay::Difference& difference) {
  const auto columns = static_cast<std::size_t>(terminal_columns());
  std::cout << fmt::format(
      "the first difference: phone {}, at {}\n  recorded  {}\n  now       {}\n",
      format_lower(difference.phone), explain::time_text(difference.at),
      line_or_nothing(difference.recorded), line_or_nothing(difference.played));
  std::cout << "\nas recorded:\n" << explain::format_text(difference.why_recorded, columns);
  std::cout << "\nnow:\n" << explain::format_text(difference.why_played, columns);
}

void tell_course(const capsule::Manifest& manifest, const Course& result) {
  std::cout << capsule_text(manifest) << '\n';
  const auto& replayed = result.replayed;
  if (replayed.is_as(manifest)) {
    std::cout << fmt::format("the same again: {} events, trace hash {}\n", replayed.lines,
                             hash_of(replayed, manifest));
    return;
  }
  std::cout << fmt::format("not the same: trace hash {}, recorded {}; {} phone{} left the course\n",
                           hash_of(replayed, manifest), hash_of(manifest),
                           replayed.departures.size(), replayed.departures.size() == 1 ? "" : "s");
  if (result.difference) tell_difference(*result.difference);
  tell_unknown(replayed.unknown);
}

double seconds(resync::Time time) {
  return static_cast<double>(time.time_since_epoch().count()) / 1000;
}

Json difference_json(const replay::Difference& difference) {
  return {{"phone", format_lower(difference.phone)},
          {"at", seconds(difference.at)},
          {"recorded", difference.recorded},
          {"now", difference.played},
          {"why_recorded", Json::parse(explain::format_json(difference.why_recorded))},
          {"why_now", Json::parse(explain::format_json(difference.why_played))}};
}

Json course_json(const capsule::Manifest& manifest, const Course& result) {
  const auto& replayed = result.replayed;
  Json json{{"same", replayed.is_as(manifest)},
            {"phones", manifest.phones},
            {"trace_hash", hash_of(replayed, manifest)},
            {"recorded_trace_hash", hash_of(manifest)},
            {"events", replayed.lines}};
  auto departures = Json::array();
  for (const auto& each : replayed.departures)
    departures.push_back({{"phone", format_lower(each.phone)},
                          {"at", seconds(each.at)},
                          {"recorded", each.recorded},
                          {"now", each.played}});
  json["departures"] = std::move(departures);
  auto unknown = Json::array();
  for (const auto& each : replayed.unknown)
    unknown.push_back(
        {{"phone", format_lower(each.phone)}, {"at", seconds(each.at)}, {"asked", each.asked}});
  json["unknown"] = std::move(unknown);
  if (result.difference) json["first_difference"] = difference_json(*result.difference);
  return json;
}

Result<Course> play(const capsule::CapsuleReader& reader, const ReplayFlags& flags) {
  TRY(auto trace, report::OutputFile::open_if_named(flags.trace));
  const trace::TraceSink write = [&](const trace::TraceEvent& event) {
    trace->write_line(format_json(event));
  };
  Course result;
  TRY(result.replayed,
      replay::replay(reader.capsule(), flags.changes, trace ? write : trace::TraceSink{}));
  if (trace) {
    TRY(trace->finish());
  }
  if (result.replayed.is_as(reader.capsule().manifest)) return result;
  TRY(result.difference, replay::first_difference(flags.file, flags.changes));
  return result;
}

}  // namespace

Exit replay_capsule(const ReplayFlags& flags) {
  if (!flags.compare_with.empty())
    return compare_capsules(flags.compare_with, flags.file, flags.json);
  if (flags.live) return replay_live(flags);
  if (!flags.shrink.empty()) return shrink_capsule(flags);
  const auto reader = capsule::CapsuleReader::open(flags.file);
  if (!reader) return refuse_usage(reader.error());
  const auto result = play(*reader, flags);
  if (!result) return refuse_usage(result.error());
  const auto& manifest = reader->capsule().manifest;
  if (flags.json != "-" && flags.trace != "-") tell_course(manifest, *result);
  if (!flags.json.empty()) {
    const auto written =
        report::write_output(flags.json, trace::json_text(course_json(manifest, *result), 2));
    if (!written) return refuse_usage(written.error());
  }
  return result->replayed.is_as(manifest) ? Exit::as_expected : Exit::failed;
}

}  // namespace provphone::client::cli
