#include "client/figures/fleet_result.hpp"
#include "macro/enum_array.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <optional>

// A result read back. Files come from other machines and other hands, so every number is checked
// against what the figures can hold.
namespace provphone::client::figures {
namespace {

using ParsedJson = nlohmann::json;

constexpr std::uint64_t most_counted = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t most_small = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t most_entries = 100'000;  // groups, shards, expectations, ...
// Three decades.
constexpr std::uint64_t longest_ms = 1'000'000'000'000;

// A value and where it stands. What is missing or out of bounds reads as 0 or empty, and the first
// such place is kept as the complaint.
class Member {
 public:
  Member(const ParsedJson& value, std::string path, std::string& complaint)
      : value_(value), path_(std::move(path)), complaint_(complaint) {}

  Member operator[](const char* member) const {
    // Null, which no reader takes: each complains as it would of a wrong value.
    static const ParsedJson missing;
    const auto path = path_.empty() ? member : fmt::format("{}.{}", path_, member);
    const auto found = value_.find(member);
    return {found == value_.end() ? missing : *found, path, complaint_};
  }

  // A member that files of earlier versions do not have.
  std::optional<Member> if_there(const char* member) const {
    return value_.contains(member) ? std::optional((*this)[member]) : std::nullopt;
  }

  std::vector<Member> list(std::size_t most = most_entries) const {
    if (!value_.is_array() || value_.size() > most) {
      expected(fmt::format("a list of at most {}", most));
      return {};
    }
    std::vector<Member> entries;
    for (std::size_t i = 0; i < value_.size(); ++i)
      entries.emplace_back(value_[i], fmt::format("{}[{}]", path_, i), complaint_);
    return entries;
  }

  std::vector<std::pair<std::string, Member>> members() const {
    std::vector<std::pair<std::string, Member>> all;
    if (!value_.is_object()) expected("an object");
    for (const auto& [member, value] : value_.items())
      all.emplace_back(member, Member(value, path_ + "." + member, complaint_));
    return all;
  }

  template <class Number = std::uint64_t>
  Number whole(std::uint64_t most = most_counted) const {
    const bool fits = value_.is_number_unsigned() && value_.get<std::uint64_t>() <= most;
    if (!fits) expected(fmt::format("a whole number from 0 to {}", most));
    return fits ? static_cast<Number>(value_.get<std::uint64_t>()) : Number{};
  }

  double real() const {
    const double number = value_.is_number() ? value_.get<double>() : -1;
    if (number >= 0 && std::isfinite(number)) return number;
    expected("a number that is not negative");
    return 0;
  }

  // Control characters would reach a terminal; they are blanks here.
  std::string text() const {
    if (!value_.is_string()) {
      expected("a text");
      return {};
    }
    auto text = value_.get<std::string>();
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
  }

  void expected(std::string_view what) const {
    if (complaint_.empty()) complaint_ = fmt::format("{}: expected {}", path_, what);
  }

 private:
  const ParsedJson& value_;
  std::string path_;
  std::string& complaint_;
};

// --- parts of figures

// [place, count] of those that are not 0.
template <class Counts>
Counts read_sparse(const Member& from) {
  Counts counts{};
  for (const Member& entry : from.list(counts.size())) {
    const auto pair = entry.list(2);
    if (pair.size() != 2) {
      entry.expected("a place and a count");
      continue;
    }
    // What is out of bounds reads as 0, so that the place is one in any case.
    counts[pair[0].whole(counts.size() - 1)] = pair[1].whole<std::uint32_t>(most_small);
  }
  return counts;
}

Histogram read_histogram(const Member& from) {
  return Histogram::of(read_sparse<Histogram::Counts>(from["buckets"]),
                       from["largest"].whole<std::int64_t>(), from["sum"].whole());
}

EnumArray<Errc, std::uint64_t> read_errors(const Member& from) {
  EnumArray<Errc, std::uint64_t> counts;
  for (const auto& [member, count] : from.members()) {
    const auto* const code =
        std::find_if(every<Errc>.begin(), every<Errc>.end(),
                     [&wanted = member](Errc each) { return name(each) == wanted; });
    if (code == every<Errc>.end()) {
      count.expected("an error code that this version of provphone knows");
    } else {
      counts[*code] = count.whole();
    }
  }
  return counts;
}

template <class Number>
void read_row(const Member& from, Number Interval::*member, std::vector<Interval>& intervals) {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<Number>::max());
  const auto values = from.list(Series::most_intervals);
  if (values.size() != intervals.size()) from.expected("as many values as in series.started");
  for (std::size_t i = 0; i < std::min(values.size(), intervals.size()); ++i)
    intervals[i].*member = values[i].whole<Number>(most);
}

Series read_series(const Member& from) {
  const auto width = from["width_ms"].whole(longest_ms);
  // Widths double, which is what lets any two series be merged.
  const bool is_width = width % 1000 == 0 && std::has_single_bit(width / 1000);
  if (!is_width) from["width_ms"].expected("1000, 2000, 4000, 8000, ...");
  // This row says how many intervals there are, the others have to agree.
  std::vector<Interval> intervals(from["started"].list(Series::most_intervals).size());
  read_row(from["started"], &Interval::started, intervals);
  read_row(from["succeeded"], &Interval::succeeded, intervals);
  read_row(from["failed"], &Interval::failed, intervals);
  read_row(from["in_flight"], &Interval::in_flight, intervals);
  read_row(from["powered_on"], &Interval::powered_on, intervals);
  read_row(from["converged"], &Interval::converged, intervals);
  read_row(from["lag_us"], &Interval::lag_us, intervals);
  const auto responses = from["response"].list(Series::most_intervals);
  if (responses.size() != intervals.size())
    from["response"].expected("as many values as in series.started");
  for (std::size_t i = 0; i < std::min(responses.size(), intervals.size()); ++i)
    intervals[i].response.counts =
        read_sparse<std::array<std::uint32_t, CoarseHistogram::buckets>>(responses[i]);
  return Series::of(resync::Duration(is_width ? width : 1000), std::move(intervals));
}

GroupFigures read_group(const Member& from) {
  GroupFigures group;
  group.name = from["name"].text();
  group.phones = from["phones"].whole<std::uint32_t>(most_small);
  group.powered_on = from["powered_on"].whole<std::uint32_t>(most_small);
  group.converged = from["converged"].whole<std::uint32_t>(most_small);
  group.passes_succeeded = from["passes_succeeded"].whole();
  group.passes_failed = from["passes_failed"].whole();
  group.response_us = read_histogram(from["response"]);
  group.convergence_us = read_histogram(from["convergence"]);
  return group;
}

MacAddress read_mac(const Member& from) {
  const auto mac = parse_mac_address(from.text());
  if (!mac) from.expected("a MAC address");
  return mac.value_or(MacAddress{});
}

std::uint64_t read_hex(const Member& from) {
  const auto text = from.text();
  const auto number = parse_whole(text, std::numeric_limits<std::uint64_t>::max(), 16);
  if (text.size() != 16 || !number) from.expected("16 hex digits");
  return number.value_or(0);
}

void read_counters(const Member& from, FleetFigures& figures) {
  const auto passes = from["passes"];
  figures.passes_started = passes["started"].whole();
  figures.passes_succeeded = passes["succeeded"].whole();
  figures.passes_failed = passes["failed"].whole();
  figures.passes_gated = passes["gated"].whole();
  figures.passes_deferred = passes["deferred"].whole();
  figures.passes_retried = passes["retried"].whole();
  const auto requests = from["requests"];
  figures.requests = requests["sent"].whole();
  figures.answers = requests["answered"].whole();
  figures.requests_failed = requests["failed"].whole();
  if (const auto refused = requests.if_there("refused"))
    figures.requests_refused = refused->whole();
  figures.octets = requests["octets"].whole();
  figures.files_applied = from["files"]["applied"].whole();
  figures.files_unchanged = from["files"]["unchanged"].whole();
  figures.restarts = from["restarts"].whole();
  figures.decisions = read_hex(from["trace_hash"]);
}

void read_figures(const Member& from, FleetFigures& figures) {
  read_counters(from, figures);
  figures.pass_errors = read_errors(from["errors"]);
  figures.request_errors = read_errors(from["request_errors"]);
  if (const auto refusals = from.if_there("request_refusals"))
    figures.request_refusals = read_errors(*refusals);
  figures.lag_us = read_histogram(from["histograms"]["lag"]);
  for (const auto ending : {Ending::succeeded, Ending::failed}) {
    // Names are literals, so that a NUL stands behind them.
    const auto spans = from["histograms"][name(ending).data()];
    for (const auto span : every<Span>)
      figures.span(ending, span) = read_histogram(spans[name(span).data()]);
  }
  figures.series = read_series(from["series"]);
  for (const auto& group : from["groups"].list()) figures.groups.push_back(read_group(group));
  figures.incident_count = from["incidents"]["count"].whole();
  for (const auto& incident : from["incidents"]["listed"].list(most_incidents))
    figures.incidents.push_back({read_mac(incident["asked"]), read_mac(incident["owner"]),
                                 incident["datum"].text(), incident["url"].text()});
}

// --- the rest of a result

Resources read_resources(const Member& from) {
  Resources resources;
  resources.processors_used = from["processors_used"].real();
  resources.processors = from["processors"].whole<unsigned>(most_small);
  resources.memory_peak = from["memory_peak"].whole();
  resources.open_files_peak = from["open_files_peak"].whole();
  resources.open_files_limit = from["open_files_limit"].whole();
  resources.ports_first = from["ports_first"].whole(65535);
  resources.ports_last = from["ports_last"].whole(65535);
  resources.longest_stall_us = from["longest_stall_us"].whole<std::int64_t>();
  return resources;
}

ExpectationLine read_expectation(const Member& from) {
  ExpectationLine line{from["title"].text(), ExpectationStatus::not_judged, from["detail"].text()};
  const auto status = from["status"].text();
  for (const auto each : {ExpectationStatus::passed, ExpectationStatus::failed}) {
    if (status == name(each)) line.status = each;
  }
  if (status != name(line.status)) from["status"].expected("passed, failed or not_judged");
  return line;
}

Pause read_pause(const Member& from) {
  return {resync::Duration(from["at_ms"].whole<std::int64_t>(longest_ms)),
          resync::Duration(from["length_ms"].whole<std::int64_t>(longest_ms))};
}

Shard read_shard(const Member& from) {
  const Shard shard{from["number"].whole<unsigned>(most_entries),
                    from["of"].whole<unsigned>(most_entries)};
  if (shard.number < 1 || shard.number > shard.of) from["number"].expected("1 to `of`");
  return shard;
}

FleetResult read_result(const Member& from) {
  FleetResult result;
  result.title = from["title"].text();
  result.scenario_hash = from["scenario_hash"].text();
  result.seed = from["seed"].whole(std::numeric_limits<std::uint64_t>::max());
  result.started = from["started"].text();
  result.length = resync::Duration(from["length_ms"].whole<std::int64_t>(longest_ms));
  if (const auto pauses = from.if_there("pauses")) {
    for (const auto& pause : pauses->list()) result.pauses.push_back(read_pause(pause));
  }
  for (const auto& shard : from["shards"].list()) result.shards.push_back(read_shard(shard));
  result.runs = from["runs"].whole<unsigned>(most_entries);
  result.lag_limit_us = from["lag_limit_us"].whole<std::int64_t>();
  result.workers = from["workers"].whole<unsigned>(most_entries);
  result.phones = from["phones"].whole<std::uint32_t>(most_small);
  read_figures(from, result.figures);
  result.resources = read_resources(from["resources"]);
  for (const auto& reason : from["void_reasons"].list())
    result.void_reasons.push_back(
        {reason["resource"].text(), reason["evidence"].text(), reason["remedy"].text()});
  for (const auto& line : from["expectations"].list())
    result.expectations.push_back(read_expectation(line));
  result.version = from["version"].text();
  return result;
}

}  // namespace

Result<FleetResult> parse_fleet_result(std::string_view text, std::string_view file) {
  const auto not_one = [&](const std::string& why) {
    return fail(Errc::bad_argument, fmt::format("{}: {}", file, why));
  };
  // No exception leaves the file that calls the library.
  ParsedJson json;
  try {
    json = ParsedJson::parse(text);
  } catch (const ParsedJson::parse_error& error) {
    return not_one(
        fmt::format("expected a result that `provphone fleet --json` wrote, but this is "
                    "no JSON: fault at octet {}",
                    error.byte));
  } catch (const ParsedJson::out_of_range&) {
    return not_one(
        "expected a result that `provphone fleet --json` wrote; this has a number that is too "
        "large");
  }
  if (!json.is_object() || !json.contains("histograms") || !json.contains("series"))
    return not_one(
        "expected a result that `provphone fleet --json` wrote; this has no series and "
        "histograms");
  std::string complaint;
  auto result = read_result(Member(json, "", complaint));
  if (!complaint.empty()) return not_one(complaint);
  return result;
}

}  // namespace provphone::client::figures
