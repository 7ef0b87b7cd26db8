#pragma once

#include "client/figures/histogram.hpp"
#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"
#include "resync/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a fleet's run counts, in real time: figures of one worker, of all, or of several shards.
// Everything here is mergeable, and merging does not depend on the order.
namespace provphone::client::figures {

// Where the time of a retrieval goes, in microseconds. `response` is done - due, the figure to
// quote.
enum class Span : std::uint8_t {
  resolve,
  connect,
  tls,
  first_byte,
  body,
  decode,  // applying included
  response,
  last = response,
};

std::string_view name(Span span);

// Of the retrieval that the time was spent on: failed without an answer, and with one that the
// phone took for a failure. A redirect that was followed and a challenge that was answered
// succeeded.
enum class Ending : std::uint8_t { succeeded, failed, last = failed };
std::string_view name(Ending ending);

// A histogram for many intervals: four buckets to each power of two, from 1 us to 2^30 us (18
// minutes). What is beyond counts at the ends.
class CoarseHistogram {
 public:
  static constexpr std::size_t buckets = 120;

  void add(std::int64_t us);
  void merge(const CoarseHistogram& other);
  std::uint64_t count() const;
  std::int64_t quantile(double q) const;  // upper edge of its bucket; 0 when empty
  static std::int64_t upper_edge(std::size_t bucket);

  std::array<std::uint32_t, buckets> counts{};
};

// What happened in one stretch of the run. Retrievals count where they began or ended.
struct Interval {
  std::uint32_t started = 0, succeeded = 0, failed = 0;  // retrievals
  // Retrievals at once, at most. Parts of a run that are merged add up, so that of several workers
  // it is an upper limit.
  std::uint32_t in_flight = 0;
  std::uint32_t powered_on = 0, converged = 0;  // phones
  std::int64_t lag_us = 0;                      // the longest
  CoarseHistogram response;                     // of retrievals that succeeded
  // Passes that failed, of all codes: which of them are the most frequent is known at the end only.
  EnumArray<Errc, std::uint32_t> pass_errors;

  void merge_later(const Interval& next);       // of the same run: the stretch becomes longer
  void merge_beside(const Interval& parallel);  // of other phones at the same time
};

// Intervals of one width from the start on. They become twice as wide when there are too many, so
// that a run of a day costs as much as one of ten minutes. Widths are 1 s times a power of two,
// whence any two series can be merged.
class Series {
 public:
  static constexpr std::size_t most_intervals = 600;

  // Good until the next call. What is before the start counts at the start.
  Interval& at(resync::Time now);
  void merge(const Series& other);
  // Does nothing where intervals are as wide already. Of several series, widen all before merging
  // any: what was in flight at most in a longer stretch is otherwise a matter of the order.
  void widen_to(resync::Duration width);

  resync::Duration width() const { return width_; }
  const std::vector<Interval>& intervals() const { return intervals_; }
  // From what width() and intervals() of another said; the width has to be one of those above.
  static Series of(resync::Duration width, std::vector<Interval> intervals);

 private:
  void widen();

  resync::Duration width_ = std::chrono::seconds(1);
  std::vector<Interval> intervals_;
};

// The phones of one group of the scenario. Microseconds again.
struct GroupFigures {
  std::string name;
  std::uint32_t phones = 0;
  std::uint32_t powered_on = 0;  // at least once
  std::uint32_t converged = 0;   // a pass succeeded since
  std::uint64_t passes_succeeded = 0, passes_failed = 0;
  Histogram response_us;
  Histogram convergence_us;  // from power-on to the first pass that succeeded
};

// A phone was given what is another phone's (expect/identities.hpp).
struct Incident {
  MacAddress asked, owner;
  std::string datum;  // MAC address, serial number, ...; never a secret's value
  std::string url;

  friend auto operator<=>(const Incident&, const Incident&) = default;
};
inline constexpr std::size_t most_incidents = 100;  // that are listed; all are counted

struct FleetFigures {
  std::uint64_t passes_started = 0, passes_succeeded = 0, passes_failed = 0, passes_gated = 0,
                passes_deferred = 0, passes_retried = 0, restarts = 0;
  // Retrievals. `answers` have whatever status: those that phones took for a failure are
  // requests_refused besides. Without an answer: requests_failed.
  std::uint64_t requests = 0, answers = 0, requests_failed = 0, requests_refused = 0, octets = 0;
  std::uint64_t files_applied = 0, files_unchanged = 0;
  EnumArray<Errc, std::uint64_t> request_errors;    // of requests_failed
  EnumArray<Errc, std::uint64_t> request_refusals;  // of requests_refused
  EnumArray<Errc, std::uint64_t> pass_errors;
  EnumArray<Ending, EnumArray<Span, Histogram>> spans;
  Histogram lag_us;  // started - due: the generator's own
  Series series;
  std::vector<GroupFigures> groups;  // the scenario's, in their order
  std::uint64_t incident_count = 0;
  std::vector<Incident> incidents;
  // The hashes of all decisions, summed up: whatever order phones come in, and wherever they ran,
  // the same decisions come to the same.
  std::uint64_t decisions = 0;

  Histogram& span(Ending ending, Span span) { return spans[ending][span]; }
  const Histogram& span(Ending ending, Span span) const { return spans[ending][span]; }
  // Of other phones, or of another run, of the same scenario: with the same groups, or none so far.
  void merge(const FleetFigures& other);
};

std::uint64_t converged(const FleetFigures& figures);  // phones

// After so many microseconds that share of the phones that were powered on had been provisioned;
// nothing where it never was.
std::optional<std::int64_t> provisioned_within(const FleetFigures& figures, double share);
std::optional<std::int64_t> provisioned_within(const GroupFigures& group, double share);

}  // namespace provphone::client::figures
