#include "client/infer/detail/fits.hpp"

#include <algorithm>
#include <map>

namespace provphone::client::infer::detail {
namespace {

// A position of the list is looked at where so many waits are of it, so many positions at most.
constexpr std::size_t least_at_position = 5;
constexpr std::uint32_t most_positions = 16;
// Its end is at most that many times its beginning.
constexpr Seconds widest = 6;

std::vector<Seconds> sorted_from(const std::vector<Wait>& waits, std::uint32_t position) {
  std::vector<Seconds> values;
  for (const auto& wait : waits)
    if (wait.failures == 0 && wait.position >= position) values.push_back(wait.seconds);
  std::sort(values.begin(), values.end());
  return values;
}

std::vector<Seconds> sorted_at(const std::vector<Wait>& waits, std::uint32_t position) {
  std::vector<Seconds> values;
  for (const auto& wait : waits)
    if (wait.failures == 0 && wait.position == position) values.push_back(wait.seconds);
  std::sort(values.begin(), values.end());
  return values;
}

bool is_mostly_in(const std::vector<Seconds>& values, const Window& window) {
  const auto inside =
      std::count_if(values.begin(), values.end(), [&](Seconds each) { return window.has(each); });
  return static_cast<std::size_t>(inside) * 2 >= values.size();
}

// The position from which on all waits are of the last element. What befalls a whole fleet later
// makes one position look like another element; it is none, since a list does not go back.
std::uint32_t first_of_the_last(const std::vector<Wait>& waits, const Window& last) {
  for (std::uint32_t p = 0; p < most_positions; ++p) {
    const auto values = sorted_at(waits, p);
    if (values.size() < least_at_position) break;
    if (is_mostly_in(values, last)) return p;
  }
  return 0;
}

// Nobody writes 2357 into a list; what befalls a whole fleet in its first hour looks like that.
bool is_round(const resync::Delay& delay) {
  return delay.seconds % 60 == 0 || delay.seconds % 100 == 0;
}

std::uint32_t median_position(const std::vector<Wait>& waits) {
  std::vector<std::uint32_t> positions;
  for (const auto& wait : waits)
    if (wait.failures == 0) positions.push_back(wait.position);
  const auto middle = positions.begin() + static_cast<std::ptrdiff_t>(positions.size() / 2);
  std::nth_element(positions.begin(), middle, positions.end());
  return *middle;
}

// In front of the last element every one needs waits that are mostly of it.
std::optional<DelayEstimate> fit_position(const std::vector<Wait>& waits, std::uint32_t position,
                                          const Precision& precision) {
  const auto values = sorted_at(waits, position);
  if (values.size() < least_at_position) return std::nullopt;
  const auto fit = *densest_window(values);
  if (fit.inside * 10 < fit.observed * 6) return std::nullopt;
  return estimate_delay(values, fit, precision);
}

// A period again and again, and then another, is no list but a profile that changed.
bool repeats_before(const ListEstimate& list, const std::vector<Wait>& waits,
                    std::uint32_t position, Seconds slack) {
  return !list.elements.empty() &&
         is_mostly_in(sorted_at(waits, position), widened(list.elements.back().seen, slack));
}

}  // namespace

std::optional<ListEstimate> fit_periodic(const std::vector<Wait>& waits, const Courses& courses) {
  const auto all = sorted_from(waits, 0);
  if (all.empty()) return std::nullopt;
  const auto precision = precision_of(courses);
  const auto late = sorted_from(waits, median_position(waits));
  const auto last = *densest_window(late);
  const auto slack = slack_of(courses);
  const auto first = first_of_the_last(waits, widened(last.window, slack));
  ListEstimate list;
  for (std::uint32_t p = 0; p < first; ++p) {
    const auto element = fit_position(waits, p, precision);
    if (!element || !is_round(element->delay) || repeats_before(list, waits, p, slack)) {
      list.elements.clear();
      break;
    }
    list.elements.push_back(*element);
  }
  const auto values = sorted_from(waits, list.elements.empty() ? 0 : first);
  const auto fit = densest_window(values);
  if (!fit) return std::nullopt;
  // A window that has next to everything says nothing.
  if (fit->window.to > widest * std::max<Seconds>(fit->window.from, 1)) return std::nullopt;
  list.elements.push_back(estimate_delay(values, *fit, precision));
  list.end = ListEstimate::End::repeats;
  return list;
}

}  // namespace provphone::client::infer::detail
