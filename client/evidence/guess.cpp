#include "client/evidence/guess.hpp"

#include "client/evidence/detail/guessed_failures.hpp"
#include "client/evidence/detail/guessed_rules.hpp"
#include "macro/ascii.hpp"
#include "resync/identity.hpp"
#include "resync/model.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace provphone::client::evidence {
namespace {

using detail::Person;

// A load of which a User-Agent would print that release. Empty: the one that the model leaves the
// factory with is such a load.
std::string load_of(const std::string& model, const std::string& release) {
  if (model.empty() || release.empty()) return {};
  const auto kind = resync::kind_of({model, {}, std::nullopt});
  resync::Identity identity;
  identity.model = model;
  identity.firmware = kind.firmware;
  const auto says = resync::version_string(identity, kind.personality);
  if (says.ends_with('/' + release) || says.ends_with('-' + release)) return {};
  const auto* const known = resync::find_model(model);
  const bool is_number = std::all_of(release.begin(), release.end(),
                                     [](char c) { return ascii::is_digit(c) || c == '.'; });
  if (known == nullptr || known->load_prefix.empty() || !is_number) return release;
  auto dashed = release;
  std::replace(dashed.begin(), dashed.end(), '.', '-');
  return fmt::format("{}.{}MPP0001-1", known->load_prefix, dashed);
}

template <class Number>
std::optional<Number> median_of(std::vector<Number>& numbers) {
  if (numbers.empty()) return std::nullopt;
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

void guess_groups(const Seen& seen, const std::vector<Person>& people, Guess& guess) {
  std::map<std::pair<std::string, std::string>, std::vector<Person>> groups;
  for (const auto& person : people) groups[{person.model, person.release}].push_back(person);
  for (const auto& [kind, members] : groups) {
    GuessedGroup group;
    std::tie(group.model, group.release) = kind;
    group.firmware = load_of(group.model, group.release);
    for (const auto& person : members) {
      if (person.phone->mac) {
        group.macs.push_back(*person.phone->mac);
      } else {
        ++group.without_mac;
      }
    }
    std::sort(group.macs.begin(), group.macs.end());
    detail::guess_rules(seen, members, group);
    guess.groups.push_back(std::move(group));
  }
}

void guess_figures(const Seen& seen, Guess& guess) {
  std::vector<std::int32_t> took;
  std::vector<std::int64_t> sizes;
  std::optional<Instant> first, last, latest_start;
  const auto note = [&](Instant at) {
    first = std::min(first.value_or(at), at);
    last = std::max(last.value_or(at), at);
  };
  constexpr std::int16_t ok = 200;
  for (const auto& phone : seen.phones) {
    ++guess.by_sureness[static_cast<std::size_t>(phone.sureness)];
    for (const auto& request : phone.requests) {
      note(request.at);
      if (request.took_ms >= 0) took.push_back(request.took_ms);
      if (request.status == ok && request.bytes > 0) sizes.push_back(request.bytes);
    }
    for (const auto& message : phone.messages) note(message.at);
    if (phone.requests.empty()) continue;
    const auto start = phone.requests.front().at;
    latest_start = std::max(latest_start.value_or(start), start);
  }
  if (!first) return;
  guess.from = *first;
  guess.to = *last;
  if (latest_start) guess.spread = std::chrono::floor<std::chrono::seconds>(*latest_start - *first);
  if (const auto ms = median_of(took)) guess.latency = std::chrono::milliseconds(*ms);
  guess.bytes = median_of(sizes);
}

}  // namespace

Guess guess_of(const Seen& seen) {
  Guess guess;
  guess_figures(seen, guess);
  std::vector<Person> people;
  people.reserve(seen.phones.size());
  for (const auto& phone : seen.phones) people.push_back(detail::person_of(seen, phone));
  guess_groups(seen, people, guess);
  detail::guess_failures(seen, people, guess);
  return guess;
}

}  // namespace provphone::client::evidence
