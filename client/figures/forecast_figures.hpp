#pragma once

#include "client/figures/histogram.hpp"
#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "resync/reason.hpp"
#include "resync/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

// The figures of a run in virtual time. Those named `_us` are microseconds of that time.
namespace provphone::client::figures {

// Counts over virtual time, in steps of one width. The first begins at the start; no time is before
// it.
class Curve {
 public:
  explicit Curve(resync::Duration step) : step_(step) {}

  void add(resync::Time at, std::uint32_t count = 1);
  void raise(resync::Time at, std::uint32_t value);  // keeps the largest
  // Of another curve with the same step.
  void merge_sum(const Curve& other);
  void merge_largest(const Curve& other);

  resync::Duration step() const { return step_; }
  const std::vector<std::uint32_t>& values() const { return values_; }

 private:
  std::size_t place(resync::Time at);

  resync::Duration step_;
  std::vector<std::uint32_t> values_;
};

struct PassCounts {
  std::uint64_t started = 0, succeeded = 0, failed = 0, gated = 0, deferred = 0;
};

// Mergeable: phones may have been driven by several workers.
struct ForecastFigures {
  explicit ForecastFigures(resync::Duration step) : arrivals(step), backlog(step) {}

  std::uint32_t phones = 0;
  std::uint64_t events = 0;  // steps of phones' machines
  PassCounts passes;
  std::uint64_t requests = 0, requests_failed = 0, restarts = 0;
  std::uint64_t turned_away = 0;          // requests that met a full queue
  EnumArray<Errc, std::uint64_t> errors;  // of requests, by code
  Curve arrivals;                         // requests
  // The largest in each step, as the requests have met it.
  Curve backlog;
  Histogram response_us, queued_us;
  // From the latest power-on to the first pass that ever succeeded, once a phone.
  Histogram convergence_us;
  std::uint64_t decisions = 0;  // trace hash: a sum, so that the order of phones does not matter

  void merge(const ForecastFigures& other);
};

// The first of the steps with the largest count; 0 and 0 when empty.
struct Peak {
  resync::Duration at{};  // since the start
  std::uint32_t count = 0;
};

Peak peak_of(const Curve& curve);

// Variance over mean of the counts in a step, from the first that is not 0 to the last: about 1 for
// phones that have nothing to do with each other, more the more they move together. 0 when empty.
double synchrony(const Curve& curve);

// In so many microseconds that share (0..1) of all phones had converged, to the precision of the
// histogram; nothing where it never did, or where the share is 0.
std::optional<std::int64_t> converged_within(const ForecastFigures& figures, double share);

}  // namespace provphone::client::figures
