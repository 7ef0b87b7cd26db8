#include "client/report/tested_facts.hpp"

#include "client/report/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace provphone::client::report {
namespace {

using Texts = std::vector<std::string>;

Texts first_ones(Texts texts) {
  constexpr std::size_t most_shown = 10;
  if (texts.size() <= most_shown) return texts;
  const auto more = count_text(texts.size() - most_shown);
  texts.resize(most_shown);
  texts.push_back(fmt::format("and {} more", more));
  return texts;
}

// With all their values, known or not, in one order.
std::vector<TestedFact> all_facts(const figures::Tested& tested) {
  Texts generators;
  for (const auto& [host, processors] : tested.generators)
    generators.push_back(fmt::format("{} ({} processor{})", host, count_text(processors),
                                     processors == 1 ? "" : "s"));
  return {{"servers", tested.targets}, {"transports", tested.transports},
          {"models", tested.models},   {"overrides", tested.overrides},
          {"driven from", generators}, {"with provphone", tested.versions},
          {"command", tested.commands}};
}

Texts or_dash(Texts texts) {
  return texts.empty() ? Texts{"-"} : first_ones(std::move(texts));
}

}  // namespace

std::vector<TestedFact> tested_facts(const figures::Tested& tested) {
  auto facts = all_facts(tested);
  std::erase_if(facts, [](const TestedFact& fact) { return fact.values.empty(); });
  for (auto& fact : facts) fact.values = first_ones(std::move(fact.values));
  return facts;
}

std::vector<FactApart> facts_apart(const figures::Tested& before, const figures::Tested& after) {
  auto in_before = all_facts(before);
  auto in_after = all_facts(after);
  std::vector<FactApart> apart;
  for (std::size_t i = 0; i < in_before.size(); ++i) {
    if (in_before[i].values == in_after[i].values) continue;
    apart.push_back({in_before[i].term, or_dash(std::move(in_before[i].values)),
                     or_dash(std::move(in_after[i].values))});
  }
  return apart;
}

std::string tested_sentence(const figures::Tested& tested) {
  if (tested.targets.empty()) return {};
  auto sentence = fmt::format("against {}", fmt::join(first_ones(tested.targets), ", "));
  if (!tested.models.empty())
    sentence += fmt::format(" with {}", fmt::join(first_ones(tested.models), ", "));
  if (!tested.overrides.empty())
    sentence += fmt::format(", overrides {}", fmt::join(first_ones(tested.overrides), ", "));
  return sentence;
}

}  // namespace provphone::client::report
