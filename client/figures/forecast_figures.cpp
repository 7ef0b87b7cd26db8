#include "client/figures/forecast_figures.hpp"

#include "macro/enum_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace provphone::client::figures {
namespace {

// Variance over mean needs the counts and nothing else.
struct Moments {
  std::uint64_t count = 0;
  double mean = 0;
  double variance = 0;
};

Moments moments_of(const std::vector<std::uint32_t>& values) {
  const auto is_some = [](std::uint32_t value) { return value > 0; };
  const auto first = std::find_if(values.begin(), values.end(), is_some);
  const auto last = std::find_if(values.rbegin(), values.rend(), is_some).base();
  Moments moments;
  if (first == values.end()) return moments;
  double sum = 0;
  double squares = 0;
  for (auto value = first; value != last; ++value) {
    sum += *value;
    squares += static_cast<double>(*value) * *value;
  }
  moments.count = static_cast<std::uint64_t>(last - first);
  const auto n = static_cast<double>(moments.count);
  moments.mean = sum / n;
  moments.variance = squares / n - moments.mean * moments.mean;
  return moments;
}

}  // namespace

std::size_t Curve::place(resync::Time at) {
  const auto place = static_cast<std::size_t>(at.time_since_epoch() / step_);
  if (place >= values_.size()) values_.resize(place + 1);
  return place;
}

void Curve::add(resync::Time at, std::uint32_t count) {
  values_[place(at)] += count;
}

void Curve::raise(resync::Time at, std::uint32_t value) {
  auto& there = values_[place(at)];
  there = std::max(there, value);
}

void Curve::merge_sum(const Curve& other) {
  if (other.values_.size() > values_.size()) values_.resize(other.values_.size());
  for (std::size_t i = 0; i < other.values_.size(); ++i) values_[i] += other.values_[i];
}

void Curve::merge_largest(const Curve& other) {
  if (other.values_.size() > values_.size()) values_.resize(other.values_.size());
  for (std::size_t i = 0; i < other.values_.size(); ++i)
    values_[i] = std::max(values_[i], other.values_[i]);
}

void ForecastFigures::merge(const ForecastFigures& other) {
  phones += other.phones;
  events += other.events;
  passes.started += other.passes.started;
  passes.succeeded += other.passes.succeeded;
  passes.failed += other.passes.failed;
  passes.gated += other.passes.gated;
  passes.deferred += other.passes.deferred;
  requests += other.requests;
  requests_failed += other.requests_failed;
  restarts += other.restarts;
  turned_away += other.turned_away;
  for (const auto code : every<Errc>) errors[code] += other.errors[code];
  arrivals.merge_sum(other.arrivals);
  backlog.merge_largest(other.backlog);
  response_us.merge(other.response_us);
  queued_us.merge(other.queued_us);
  convergence_us.merge(other.convergence_us);
  decisions += other.decisions;
}

Peak peak_of(const Curve& curve) {
  const auto& values = curve.values();
  const auto most = std::max_element(values.begin(), values.end());
  if (most == values.end()) return {};
  return {curve.step() * (most - values.begin()), *most};
}

double synchrony(const Curve& curve) {
  const auto moments = moments_of(curve.values());
  return moments.count == 0 || moments.mean == 0 ? 0 : moments.variance / moments.mean;
}

std::optional<std::int64_t> converged_within(const ForecastFigures& figures, double share) {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * figures.phones));
  const auto reached = figures.convergence_us.count();
  if (reached < wanted || reached == 0 || wanted == 0) return std::nullopt;
  // The share is of all phones, the histogram of those that converged.
  return figures.convergence_us.quantile(static_cast<double>(wanted) /
                                         static_cast<double>(reached));
}

}  // namespace provphone::client::figures
