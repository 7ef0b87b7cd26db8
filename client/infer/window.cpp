#include "client/infer/window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

namespace provphone::client::infer {
namespace {

// Equal values, or those of a coarse step, together.
struct Step {
  Seconds from = 0;
  Seconds to = 0;
  std::size_t below = 0;  // values in front of it
  std::size_t upto = 0;   // ... and with it
};

// Of all pairs of steps one is chosen; where there are more, in coarse steps first.
constexpr std::size_t most_steps = 500;

std::vector<Step> steps_of(std::span<const Seconds> sorted, Seconds width) {
  std::vector<Step> steps;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto from = sorted[i];
    if (steps.empty() || from - steps.back().from >= width) steps.push_back({from, from, i, i});
    steps.back().to = from;
    steps.back().upto = i + 1;
  }
  return steps;
}

// Log-likelihood of `inside` of `all` values in a window of that width and the others over `range`.
double likelihood(std::size_t inside, std::size_t all, double width, double range) {
  const auto in = static_cast<double>(inside);
  const auto out = static_cast<double>(all - inside);
  const auto share = in / static_cast<double>(all);
  double sum = in * std::log(share / width);
  if (all > inside) sum += out * std::log((1 - share) / range);
  return sum;
}

Window likeliest(std::span<const Step> steps, std::size_t all, double range) {
  Window best{steps.front().from, steps.back().to};
  double best_likelihood = -1e300;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (std::size_t j = i; j < steps.size(); ++j) {
      const auto inside = steps[j].upto - steps[i].below;
      // Whole seconds at both ends leave a wait three values.
      const auto width = std::max<double>(3, static_cast<double>(steps[j].to - steps[i].from + 1));
      const auto each = likelihood(inside, all, width, range);
      if (each > best_likelihood) {
        best_likelihood = each;
        best = {steps[i].from, steps[j].to};
      }
    }
  }
  return best;
}

// The same between two coarse ends, to the second.
Window refined(std::span<const Seconds> sorted, const Window& coarse, Seconds step, double range) {
  const auto fine = steps_of(sorted, 1);
  std::vector<Step> first, last;
  for (const auto& each : fine) {
    if (std::abs(each.from - coarse.from) <= 2 * step) first.push_back(each);
    if (std::abs(each.to - coarse.to) <= 2 * step) last.push_back(each);
  }
  Window best = coarse;
  double best_likelihood = -1e300;
  for (const auto& from : first) {
    for (const auto& to : last) {
      if (to.from < from.from) continue;
      const auto width = std::max<double>(3, static_cast<double>(to.to - from.from + 1));
      const auto each = likelihood(to.upto - from.below, sorted.size(), width, range);
      if (each > best_likelihood) {
        best_likelihood = each;
        best = {from.from, to.to};
      }
    }
  }
  return best;
}

constexpr std::array<Seconds, 19> round_units{86'400, 43'200, 21'600, 14'400, 10'800, 7'200, 3'600,
                                              1'800,  1'000,  900,    600,    500,    300,   100,
                                              60,     30,     20,     10,     5};

// Hardly ever (once in ten thousand) does a uniform draw leave that much free at an end of its
// window.
// window.
Seconds free_end(const WindowFit& fit) {
  const auto width = static_cast<double>(fit.window.to - fit.window.from);
  return static_cast<Seconds>(
      std::ceil(9.2 * width / static_cast<double>(std::max<std::size_t>(fit.inside, 1))));
}

double mean_inside(std::span<const Seconds> sorted, const Window& window) {
  const auto from = std::lower_bound(sorted.begin(), sorted.end(), window.from);
  const auto to = std::upper_bound(from, sorted.end(), window.to);
  return static_cast<double>(std::accumulate(from, to, Seconds{0})) /
         static_cast<double>(std::max<std::ptrdiff_t>(to - from, 1));
}

}  // namespace

Window widened(const Window& window, Seconds by) {
  return {window.from - by, window.to + by};
}

std::optional<WindowFit> densest_window(std::span<const Seconds> sorted) {
  if (sorted.empty()) return std::nullopt;
  const auto range = static_cast<double>(std::max(sorted.back(), 2 * sorted.front()) + 1 -
                                         std::min<Seconds>(sorted.front(), 0));
  Seconds width = 1;
  auto steps = steps_of(sorted, width);
  if (steps.size() > most_steps) {
    width = (sorted.back() - sorted.front()) / static_cast<Seconds>(most_steps) + 1;
    steps = steps_of(sorted, width);
  }
  auto window = likeliest(steps, sorted.size(), range);
  if (width > 1) window = refined(sorted, window, width, range);
  const auto from = std::lower_bound(sorted.begin(), sorted.end(), window.from);
  const auto to = std::upper_bound(from, sorted.end(), window.to);
  return WindowFit{window, static_cast<std::size_t>(to - from), sorted.size()};
}

Seconds roundest_in(const Window& window) {
  if (window.has(0)) return 0;
  const auto middle = (window.from + window.to) / 2;
  for (const auto unit : round_units) {
    const auto below = middle / unit * unit;
    const auto above = below + unit;
    // The nearer one first.
    const auto near = middle - below <= above - middle ? below : above;
    for (const auto value : {near, below, above})
      if (value > 0 && window.has(value)) return value;
  }
  // Whatever delays an answer makes waits longer and none shorter.
  return (window.from + window.to + 1) / 2;
}

DelayEstimate estimate_delay(std::span<const Seconds> sorted, const WindowFit& fit,
                             const Precision& precision) {
  const auto slack = precision.rounding + precision.transfer;
  const auto& [from, to] = fit.window;
  DelayEstimate estimate;
  estimate.seen = fit.window;
  estimate.inside = fit.inside;
  estimate.observed = fit.observed;
  const auto free = free_end(fit);
  Window top{to - slack, to + free};
  if (to - from <= 2 * slack) {
    // No spread can be told from rounding; the mean is more exact than the ends.
    const auto mean = mean_inside(sorted, fit.window);
    const auto off = fit.inside >= 10 ? 0.5 : static_cast<double>(precision.rounding);
    estimate.base = {
        static_cast<Seconds>(std::ceil(mean - off - static_cast<double>(precision.transfer))),
        static_cast<Seconds>(std::floor(mean + off))};
    if (estimate.base.to < estimate.base.from) estimate.base.to = estimate.base.from;
    estimate.spread = {0, to - from};
  } else {
    estimate.base = {from - free - precision.transfer, from + precision.rounding};
    estimate.spread = {};
  }
  estimate.base.from = std::max<Seconds>(estimate.base.from, 0);
  const auto base = roundest_in(estimate.base);
  if (to - from > 2 * slack)
    estimate.spread = {std::max<Seconds>(top.from - base, 0), std::max<Seconds>(top.to - base, 0)};
  const auto spread = roundest_in(estimate.spread);
  estimate.delay = {static_cast<std::uint32_t>(base), static_cast<std::uint32_t>(spread)};
  const bool is_exact =
      estimate.base.from == estimate.base.to && estimate.spread.from == estimate.spread.to;
  estimate.written =
      is_exact ? DelayEstimate::Written::as_measured : DelayEstimate::Written::rounded;
  return estimate;
}

}  // namespace provphone::client::infer
