#include "client/figures/fleet_figures.hpp"

#include "client/figures/quantile.hpp"
#include "macro/enum_array.hpp"

#include <bit>
#include <cmath>
#include <functional>
#include <numeric>

namespace provphone::client::figures {
namespace {

template <class Counts>
void add_each(Counts& counts, const Counts& others) {
  std::transform(counts.begin(), counts.end(), others.begin(), counts.begin(), std::plus<>());
}

void merge_beside(GroupFigures& group, const GroupFigures& other) {
  group.phones += other.phones;
  group.powered_on += other.powered_on;
  group.converged += other.converged;
  group.passes_succeeded += other.passes_succeeded;
  group.passes_failed += other.passes_failed;
  group.response_us.merge(other.response_us);
  group.convergence_us.merge(other.convergence_us);
}

// The first of all in an order of their own, so that it does not matter who merged what first.
void merge_incidents(std::vector<Incident>& incidents, const std::vector<Incident>& others) {
  incidents.insert(incidents.end(), others.begin(), others.end());
  std::sort(incidents.begin(), incidents.end());
  if (incidents.size() > most_incidents) incidents.resize(most_incidents);
}

void add_counts(Interval& interval, const Interval& other) {
  interval.started += other.started;
  interval.succeeded += other.succeeded;
  interval.failed += other.failed;
  interval.powered_on += other.powered_on;
  interval.converged += other.converged;
  interval.lag_us = std::max(interval.lag_us, other.lag_us);
  interval.response.merge(other.response);
  add_each(interval.pass_errors, other.pass_errors);
}

constexpr int quarters = 2;  // bits: a power of two has four buckets

std::size_t coarse_bucket(std::int64_t us) {
  if (us <= 1) return 0;
  const auto value = static_cast<std::uint64_t>(us);
  const int power = static_cast<int>(std::bit_width(value)) - 1;
  // Values from 2^30 us on count as the largest, which also keeps the shift within 64 bits.
  if (power >= static_cast<int>(CoarseHistogram::buckets >> quarters))
    return CoarseHistogram::buckets - 1;
  const auto within = ((value << quarters) >> power) - (1U << quarters);
  return (static_cast<std::size_t>(power) << quarters) + within;
}

std::uint64_t powered_on(const FleetFigures& figures) {
  std::uint64_t phones = 0;
  for (const auto& group : figures.groups) phones += group.powered_on;
  return phones;
}

// `of` phones were powered on, and those in the histogram were provisioned.
std::optional<std::int64_t> within(const Histogram& convergence, std::uint64_t of, double share) {
  // Up: 99 % of 10 phones are all ten. The histogram holds the phones that were provisioned, so
  // that the quantile is of those.
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(of)));
  const auto reached = convergence.count();
  if (reached < wanted || wanted == 0) return std::nullopt;
  return convergence.quantile(static_cast<double>(wanted) / static_cast<double>(reached));
}

}  // namespace

std::string_view name(Span span) {
  constexpr EnumArray<Span, std::string_view> names{
      {"resolve", "connect", "tls", "first_byte", "body", "decode", "response"}};
  return names[span];
}

std::string_view name(Ending ending) {
  return ending == Ending::succeeded ? "succeeded" : "failed";
}

// --- histograms for many intervals

std::int64_t CoarseHistogram::upper_edge(std::size_t bucket) {
  const auto power = bucket >> quarters;
  const auto within = bucket & ((1U << quarters) - 1);
  // In quarters of a microsecond and rounded up: below 4 us a bucket is narrower than one.
  const auto quarters_of_edge = (within + (1U << quarters) + 1) << power;
  return static_cast<std::int64_t>((quarters_of_edge + (1U << quarters) - 1) >> quarters) - 1;
}

void CoarseHistogram::add(std::int64_t us) {
  ++counts[coarse_bucket(us)];
}

void CoarseHistogram::merge(const CoarseHistogram& other) {
  add_each(counts, other.counts);
}

std::uint64_t CoarseHistogram::count() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::int64_t CoarseHistogram::quantile(double q) const {
  const auto total = count();
  if (total == 0) return 0;
  // A rank that rounding carries beyond the total has no bucket.
  return upper_edge(std::min(bucket_at(counts, total, q), buckets - 1));
}

// --- intervals

void Interval::merge_later(const Interval& next) {
  add_counts(*this, next);
  in_flight = std::max(in_flight, next.in_flight);
}

void Interval::merge_beside(const Interval& parallel) {
  add_counts(*this, parallel);
  in_flight += parallel.in_flight;
}

Series Series::of(resync::Duration width, std::vector<Interval> intervals) {
  Series series;
  series.width_ = width;
  series.intervals_ = std::move(intervals);
  return series;
}

Interval& Series::at(resync::Time now) {
  const auto since_start = std::max(now.time_since_epoch(), resync::Duration::zero());
  while (since_start / width_ >= static_cast<std::int64_t>(most_intervals)) widen();
  const auto place = static_cast<std::size_t>(since_start / width_);
  if (place >= intervals_.size()) intervals_.resize(place + 1);
  return intervals_[place];
}

void Series::widen() {
  width_ *= 2;
  // In place, from the front: i / 2 is written when it has been read. Both begin at the start, so
  // that a pair here is a pair in every other series.
  for (std::size_t i = 0; i < intervals_.size(); ++i) {
    if (i % 2 == 1) {
      intervals_[i / 2].merge_later(intervals_[i]);
    } else if (i > 0) {
      intervals_[i / 2] = intervals_[i];
    }
  }
  intervals_.resize((intervals_.size() + 1) / 2);
}

void Series::widen_to(resync::Duration width) {
  while (width_ < width) widen();
}

void Series::merge(const Series& other) {
  widen_to(other.width_);
  if (other.width_ < width_) {
    // Somebody else's, which stays as it is.
    auto widened = other;
    widened.widen_to(width_);
    return merge(widened);
  }
  if (other.intervals_.size() > intervals_.size()) intervals_.resize(other.intervals_.size());
  for (std::size_t i = 0; i < other.intervals_.size(); ++i)
    intervals_[i].merge_beside(other.intervals_[i]);
}

// --- all

void FleetFigures::merge(const FleetFigures& other) {
  for (const auto member :
       {&FleetFigures::passes_started, &FleetFigures::passes_succeeded,
        &FleetFigures::passes_failed, &FleetFigures::passes_gated, &FleetFigures::passes_deferred,
        &FleetFigures::passes_retried, &FleetFigures::restarts, &FleetFigures::requests,
        &FleetFigures::answers, &FleetFigures::requests_failed, &FleetFigures::requests_refused,
        &FleetFigures::octets, &FleetFigures::files_applied, &FleetFigures::files_unchanged,
        &FleetFigures::incident_count, &FleetFigures::decisions})
    this->*member += other.*member;
  add_each(request_errors, other.request_errors);
  add_each(request_refusals, other.request_refusals);
  add_each(pass_errors, other.pass_errors);
  for (const auto ending : every<Ending>) {
    for (const auto each : every<Span>) span(ending, each).merge(other.span(ending, each));
  }
  lag_us.merge(other.lag_us);
  series.merge(other.series);
  // A sum that begins empty knows no groups yet.
  for (std::size_t i = groups.size(); i < other.groups.size(); ++i)
    groups.emplace_back().name = other.groups[i].name;
  for (std::size_t i = 0; i < other.groups.size(); ++i) merge_beside(groups[i], other.groups[i]);
  merge_incidents(incidents, other.incidents);
}

std::uint64_t converged(const FleetFigures& figures) {
  std::uint64_t phones = 0;
  for (const auto& group : figures.groups) phones += group.converged;
  return phones;
}

std::optional<std::int64_t> provisioned_within(const FleetFigures& figures, double share) {
  Histogram convergence;
  for (const auto& group : figures.groups) convergence.merge(group.convergence_us);
  return within(convergence, powered_on(figures), share);
}

std::optional<std::int64_t> provisioned_within(const GroupFigures& group, double share) {
  return within(group.convergence_us, group.powered_on, share);
}

}  // namespace provphone::client::figures
