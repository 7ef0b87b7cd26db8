#include "client/infer/detail/fits.hpp"

#include <algorithm>

namespace provphone::client::infer::detail {
namespace {

// Waits behind failures in a row, of one phone.
using Chain = std::vector<Wait>;

// Fewer of the fleet's waits are not enough for an element, but where there are few chains at all.
constexpr std::size_t least_waits = 3;
constexpr std::size_t few_chains = 10;
constexpr std::uint32_t most_elements = 64;

// `strict`: those whose first failure came when a pass was due, so that no line is missing in front
// of it and it is the first indeed.
std::vector<Chain> chains_of(const std::vector<Wait>& waits, const Courses& courses,
                             const Inferred& so_far, resync::ZoneView zone,
                             std::vector<Chain>& strict) {
  std::vector<Chain> chains;
  const Wait* before = nullptr;
  for (const auto& wait : waits) {
    if (before != nullptr && before->course != wait.course) before = nullptr;
    if (wait.failures == 1) {
      const bool is_strict =
          before != nullptr && before->failures == 0 &&
          match(*before, so_far, courses, zone).standing == Standing::on_schedule;
      chains.push_back({wait});
      if (is_strict) strict.push_back({wait});
    } else if (wait.failures > 1 && before != nullptr && !chains.empty()) {
      chains.back().push_back(wait);
      if (!strict.empty() && strict.back().back().course == wait.course &&
          strict.back().back().pass + 1 == wait.pass)
        strict.back().push_back(wait);
    }
    before = &wait;
  }
  return chains;
}

std::vector<Seconds> sorted_kth(const std::vector<Chain>& chains, std::size_t k) {
  std::vector<Seconds> values;
  for (const auto& chain : chains)
    if (chain.size() > k) values.push_back(chain[k].seconds);
  std::sort(values.begin(), values.end());
  return values;
}

std::size_t count_in(const std::vector<Seconds>& values, const Window& window) {
  return static_cast<std::size_t>(
      std::count_if(values.begin(), values.end(), [&](Seconds each) { return window.has(each); }));
}

bool repeats_last(const ListEstimate& list, const std::vector<Seconds>& values, Seconds slack) {
  if (list.elements.empty()) return false;
  return count_in(values, widened(list.elements.back().seen, slack)) * 10 >= values.size() * 6;
}

bool ends_alike(const ListEstimate& list) {
  const auto n = list.elements.size();
  return n > 1 && list.elements[n - 1].delay == list.elements[n - 2].delay;
}

// Chains go on while their waits are of the list: behind a missing line the next is another one.
void keep_those_in(std::vector<Chain>& chains, std::size_t k, const Window& window) {
  std::erase_if(chains, [&](const Chain& chain) {
    return chain.size() > k && !window.has(chain[k].seconds);
  });
}

// The last element takes in all waits that repeat it, and is the more exact for it.
void estimate_last_again(ListEstimate& list, const std::vector<std::vector<Seconds>>& by_element,
                         const Precision& precision) {
  std::vector<Seconds> all;
  for (std::size_t k = list.elements.size() - 1; k < by_element.size(); ++k)
    all.insert(all.end(), by_element[k].begin(), by_element[k].end());
  std::sort(all.begin(), all.end());
  list.elements.back() = estimate_delay(all, *densest_window(all), precision);
}

}  // namespace

std::optional<ListEstimate> fit_retries(const std::vector<Wait>& waits, const Courses& courses,
                                        const Inferred& so_far, resync::ZoneView zone) {
  std::vector<Chain> strict;
  auto chains = chains_of(waits, courses, so_far, zone, strict);
  if (strict.size() >= few_chains) chains = std::move(strict);
  if (chains.empty()) return std::nullopt;
  const auto least = chains.size() >= few_chains ? least_waits : 1;
  const auto precision = precision_of(courses);
  const auto slack = slack_of(courses);
  ListEstimate list;
  std::vector<std::vector<Seconds>> by_element;
  for (std::uint32_t k = 0; k < most_elements; ++k) {
    auto values = sorted_kth(chains, k);
    if (values.size() < least) break;
    const auto fit = *densest_window(values);
    if (fit.inside < least || fit.inside * 2 < fit.observed) break;
    const auto element = repeats_last(list, values, slack) ? list.elements.back()
                                                           : estimate_delay(values, fit, precision);
    list.elements.push_back(element);
    by_element.push_back(std::move(values));
    keep_those_in(chains, k, widened(element.seen, slack));
  }
  if (list.elements.empty()) return std::nullopt;
  while (ends_alike(list)) {
    list.elements.pop_back();
    list.end = ListEstimate::End::repeats;
  }
  if (list.end == ListEstimate::End::repeats) estimate_last_again(list, by_element, precision);
  return list;
}

}  // namespace provphone::client::infer::detail
