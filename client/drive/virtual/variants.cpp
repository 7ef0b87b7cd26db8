#include "client/drive/virtual/variants.hpp"

#include "resync/restart.hpp"

#include <algorithm>

namespace provphone::client::drive {
namespace {

using profile::ParameterId;
using profile::ParameterSet;

// Two sets of one group with equal differences are equal.
std::string key_of(std::size_t group, const ParameterSet& parameters) {
  auto key = std::to_string(group);
  for (const auto& [id, value] : parameters.differences()) {
    key.append(1, '\0').append(std::to_string(static_cast<unsigned>(id))).append("=").append(value);
  }
  return key;
}

bool differ_within_group(const std::vector<scenario::Setting>& settings) {
  return std::any_of(settings.begin(), settings.end(),
                     [](const auto& each) { return each.value.differs_within_group(); });
}

// A rule without a condition or assignments does the same for every phone, whatever its macros
// expand to; only the URL differs.
void classify(Variant& variant, const resync::MacroSource& source,
              const std::vector<resync::DhcpOption>& lease) {
  for (std::size_t slot = 0; slot < resync::rule_slots; ++slot) {
    const auto id = *profile::find_parameter(resync::rule_parameter_name(slot));
    const auto text = variant.parameters.get(id);
    variant.rules[slot] = RuleShape::varies;
    if (macro::is_blank(text, resync::dialect_of(source.personality))) {
      variant.rules[slot] = RuleShape::skipped;
    } else if (text.find('(') == std::string_view::npos) {
      const auto plan = resync::plan_profile_rule(text, source, lease);
      if (!plan || !plan->retrieval) continue;
      variant.rules[slot] = RuleShape::fetches;
      variant.schemes[slot] = plan->retrieval->url.scheme;
    }
  }
}

}  // namespace

std::vector<ParameterId> changes_between(const Variant& from, const Variant& to) {
  std::vector<ParameterId> candidates;
  for (const auto* parameters : {&from.parameters, &to.parameters}) {
    for (const auto& difference : parameters->differences()) candidates.push_back(difference.id);
  }
  std::sort(candidates.begin(), candidates.end());
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::erase_if(candidates,
                [&](ParameterId id) { return from.parameters.get(id) == to.parameters.get(id); });
  return candidates;
}

Variants::Variants(const scenario::Scenario& scenario, std::vector<scenario::GroupSetup> groups)
    : scenario_(scenario), groups_(std::move(groups)), initial_(scenario.phones.size()) {}

std::uint32_t Variants::intern(std::size_t group, ParameterSet parameters, std::uint32_t phone) {
  auto key = key_of(group, parameters);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(variants_.size());
  const auto& personality = scenario_.phones[group].personality;
  auto settings = resync::settings_of(parameters, personality);
  auto& variant =
      variants_.emplace_back(Variant{group, std::move(parameters), std::move(settings), {}, {}});
  const auto setup = scenario::phone_setup(scenario_, groups_[group], phone);
  classify(variant, {setup.identity, personality, variant.parameters, setup.state}, setup.lease);
  known_.emplace(std::move(key), number);
  return number;
}

std::uint32_t Variants::initial(std::uint32_t phone) {
  const auto group = scenario::group_of(scenario_, phone);
  if (initial_[group]) return *initial_[group];
  const auto variant =
      intern(group, scenario::phone_setup(scenario_, groups_[group], phone).parameters, phone);
  if (!differ_within_group(scenario_.phones[group].set)) initial_[group] = variant;
  return variant;
}

Transition Variants::changed(std::uint32_t from, ParameterSet parameters,
                             const std::vector<ParameterId>& ids, std::uint32_t phone) {
  if (ids.empty()) return {from, false};
  const auto group = variants_[from].group;
  const bool restart = resync::needs_restart(ids, scenario_.phones[group].personality);
  return {intern(group, std::move(parameters), phone), restart};
}

Transition Variants::with_profile(std::uint32_t from, std::size_t profile, std::uint32_t phone) {
  const auto& settings = scenario_.server.profiles[profile].set;
  if (differ_within_group(settings)) return with_settings(from, settings, phone);
  const auto key = std::pair(from, profile);
  if (const auto known = by_profile_.find(key); known != by_profile_.end()) return known->second;
  const auto transition = with_settings(from, settings, phone);
  by_profile_.emplace(key, transition);
  return transition;
}

Transition Variants::with_settings(std::uint32_t from,
                                   const std::vector<scenario::Setting>& settings,
                                   std::uint32_t phone) {
  auto parameters = variants_[from].parameters;
  const auto values = scenario::values_of(scenario_, phone);
  std::vector<ParameterId> ids;
  for (const auto& [id, value] : settings) {
    if (parameters.set(id, scenario::expand(value, values))) ids.push_back(id);
  }
  return changed(from, std::move(parameters), ids, phone);
}

Transition Variants::with_assignments(std::uint32_t from,
                                      const std::vector<macro::Assignment>& assignments) {
  auto parameters = variants_[from].parameters;
  std::vector<ParameterId> ids;
  for (const auto& [name, value] : assignments) {
    const auto id = profile::find_parameter(name);
    if (id && parameters.set(*id, value)) ids.push_back(*id);
  }
  const auto first = scenario_.phones[variants_[from].group].first;
  return changed(from, std::move(parameters), ids, first);
}

}  // namespace provphone::client::drive
