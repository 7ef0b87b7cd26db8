#pragma once

#include "resync/delay_list.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

// From many waits to the one window that most of them are drawn from.
namespace provphone::client::infer {

using Seconds = std::int64_t;

// Both ends belong to it.
struct Window {
  Seconds from = 0;
  Seconds to = 0;

  bool has(Seconds value) const { return value >= from && value <= to; }
  friend bool operator==(const Window&, const Window&) = default;
};

Window widened(const Window& window, Seconds by);

struct WindowFit {
  Window window;
  std::size_t inside = 0;
  std::size_t observed = 0;
};

// The window of the likeliest mixture of two uniform distributions: one over the window, and one
// over all values for what does not belong to it: lost lines, restarts, what somebody asked for.
// `sorted` are in ascending order; nothing where there are none.
std::optional<WindowFit> densest_window(std::span<const Seconds> sorted);

// The roundest number of seconds in the window, as a person would write it; 0 where it has that.
Seconds roundest_in(const Window& window);

// One element of a delay list, and how sure it is.
struct DelayEstimate {
  resync::Delay delay;     // the roundest that the data allow
  Window base;             // what they allow of its seconds
  Window spread;           // and of its spread
  Window seen;             // of the waits that belong to it
  std::size_t inside = 0;  // waits that belong to it
  std::size_t observed = 0;
  enum class Written : std::uint8_t { as_measured, rounded } written = Written::as_measured;
};

// How exactly waits are known, in seconds.
struct Precision {
  Seconds rounding = 1;  // of their ends together
  Seconds transfer = 0;  // they may seem longer by that
};

// `a+b` is drawn in whole seconds (R-RESYNC-08).
DelayEstimate estimate_delay(std::span<const Seconds> sorted, const WindowFit& fit,
                             const Precision& precision);

}  // namespace provphone::client::infer
