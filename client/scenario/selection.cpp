#include "client/scenario/selection.hpp"

#include "client/scenario/phones.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <iterator>
#include <numeric>

namespace provphone::client::scenario {
namespace {

using Phones = std::vector<std::uint32_t>;

enum class Salt : std::uint64_t { event_among, event_who, expectation };

// What tells one pick of phones from another.
std::uint64_t key_of(std::uint64_t seed, Salt salt, std::uint64_t number,
                     std::uint32_t occurrence) {
  using resync::mix;
  return mix(mix(mix(seed) ^ static_cast<std::uint64_t>(salt)) + mix(number) + occurrence);
}

std::uint64_t draw(std::uint64_t key, std::uint32_t phone) {
  return resync::mix(key ^ resync::mix(phone));
}

Phones pick_share(const Phones& among, Share share, std::uint64_t key) {
  if (share.ppm >= whole_ppm) return among;
  Phones picked;
  std::copy_if(among.begin(), among.end(), std::back_inserter(picked), [&](std::uint32_t phone) {
    // 32 drawn bits, scaled to a million without a division.
    return ((draw(key, phone) >> 32U) * whole_ppm) >> 32U < share.ppm;
  });
  return picked;
}

// Those with the smallest draws, in no order; all where there are fewer.
Phones pick_number(Phones among, std::uint32_t count, std::uint64_t key) {
  if (among.size() <= count) return among;
  const auto end = among.begin() + static_cast<std::ptrdiff_t>(count);
  std::nth_element(among.begin(), end, among.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto drawn_a = draw(key, a), drawn_b = draw(key, b);
    return drawn_a != drawn_b ? drawn_a < drawn_b : a < b;
  });
  among.erase(end, among.end());
  return among;
}

// Those of a sorted list from `first` on, `count` numbers wide.
Phones pick_range(const Phones& among, std::uint32_t first, std::uint32_t count) {
  return {std::lower_bound(among.begin(), among.end(), first),
          std::lower_bound(among.begin(), among.end(), first + count)};
}

Phones pick(const Scenario& scenario, const Phones& among, const Selection& selection,
            std::uint64_t key) {
  if (const auto* group = std::get_if<PhonesOfGroup>(&selection)) {
    const auto numbers = phones_of_group(scenario, group->group);
    return pick_range(among, numbers.first, numbers.count);
  }
  if (const auto* share = std::get_if<ShareOfPhones>(&selection))
    return pick_share(among, share->share, key);
  if (const auto* number = std::get_if<NumberOfPhones>(&selection))
    return pick_number(among, number->count, key);
  if (const auto* single = std::get_if<SinglePhone>(&selection))
    return pick_range(among, single->phone, 1);
  return among;
}

Phones only_those(Phones picked, const Selector& selector) {
  if (selector.only == nullptr) return picked;
  Phones both;
  std::set_intersection(picked.begin(), picked.end(), selector.only->begin(), selector.only->end(),
                        std::back_inserter(both));
  return both;
}

Phones pick(const Scenario& scenario, Phones among, const Selector& selector, std::uint64_t key) {
  if (selector.any_of.empty()) return only_those(std::move(among), selector);
  Phones picked;
  for (std::size_t i = 0; i < selector.any_of.size(); ++i) {
    // A key of its own: two shares of 50 % are not the same half, and one more selection moves no
    // other.
    const auto more = pick(scenario, among, selector.any_of[i], resync::mix(key + i));
    picked.insert(picked.end(), more.begin(), more.end());
  }
  std::sort(picked.begin(), picked.end());
  picked.erase(std::unique(picked.begin(), picked.end()), picked.end());
  return only_those(std::move(picked), selector);
}

Phones every_phone(const Scenario& scenario) {
  Phones all(phone_count(scenario));
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

}  // namespace

std::vector<std::uint32_t> phones_of_event(const Scenario& scenario, std::size_t event,
                                           std::uint32_t occurrence) {
  const auto& described = scenario.events[event];
  const auto key = [&](Salt salt) { return key_of(scenario.seed, salt, event, occurrence); };
  auto among = pick(scenario, every_phone(scenario), described.among, key(Salt::event_among));
  return pick(scenario, std::move(among), described.who, key(Salt::event_who));
}

std::vector<std::uint32_t> phones_of_expectation(const Scenario& scenario,
                                                 std::size_t expectation) {
  return pick(scenario, every_phone(scenario), scenario.expect[expectation].phones,
              key_of(scenario.seed, Salt::expectation, expectation, 0));
}

resync::Time time_of(const ScheduledEvent& event, std::uint32_t occurrence, std::size_t position,
                     std::size_t picked) {
  const Duration repeated = event.repeat ? event.repeat->every * occurrence : Duration::zero();
  return resync::Time(event.at + repeated + offset_of(event.shape, event.over, position, picked));
}

}  // namespace provphone::client::scenario
