#include "resync/phone_classes.hpp"

#include "resync/random.hpp"

#include <utility>

namespace provphone::resync {
namespace {

using profile::ParameterSet;

// So many differences cost no more than what they differ from is worth.
constexpr std::size_t few_differences = 32;

// A base is as large as the catalogue; phones that share none of so many go without.
constexpr std::size_t most_bases = 8;

}  // namespace

std::size_t PhoneClasses::Hash::operator()(std::uint32_t number) const {
  const auto& it = (*classes)[number];
  auto hash = it.parameters.fingerprint() ^ it.group;
  for (const auto file : it.files) hash = mix(hash ^ file);
  return hash;
}

bool PhoneClasses::Equal::operator()(std::uint32_t a, std::uint32_t b) const {
  const auto& one = (*classes)[a];
  const auto& other = (*classes)[b];
  return one.group == other.group && one.files == other.files && one.parameters == other.parameters;
}

ParameterSet PhoneClasses::compact(std::size_t group, const ParameterSet& parameters) {
  if (parameters.own_count() <= few_differences) return parameters;
  auto& bases = bases_[group];
  auto best = parameters;
  for (const auto& base : bases) {
    auto rebased = parameters.rebased(base);
    if (rebased.own_count() < best.own_count()) best = std::move(rebased);
    if (best.own_count() <= few_differences) return best;
  }
  if (bases.size() == most_bases) return best;
  bases.push_back(parameters.as_base());
  return parameters.rebased(bases.back());
}

std::uint32_t PhoneClasses::place(PhoneClass fresh) {
  if (free_.empty()) {
    classes_.push_back(std::move(fresh));
    return static_cast<std::uint32_t>(classes_.size() - 1);
  }
  const auto number = free_.back();
  free_.pop_back();
  classes_[number] = std::move(fresh);
  return number;
}

// The index compares classes where they lie, so that a new one is put in its place first, and
// taken out again where it is known.
std::uint32_t PhoneClasses::hold(std::size_t group, const Device& device) {
  auto parameters = compact(group, device.parameters);
  const auto recalled = recalled_macros(parameters) | always_;
  const auto fresh =
      place({group, std::move(parameters), fingerprints_of(device), nullptr, recalled, 0});
  const auto [known, is_new] = index_.insert(fresh);
  if (!is_new) free_.push_back(fresh);
  hold(*known);
  return *known;
}

void PhoneClasses::release(std::uint32_t number) {
  if (--classes_[number].holders > 0) return;
  index_.erase(number);
  classes_[number] =
      PhoneClass{0, ParameterSet(classes_[number].parameters.base()), {}, nullptr, {}, 0};
  free_.push_back(number);
}

std::shared_ptr<const Settings> PhoneClasses::settings(std::uint32_t number,
                                                       const Personality& personality) {
  auto& it = classes_[number];
  if (it.settings) return it.settings;
  auto made = std::make_shared<const Settings>(settings_of(it.parameters, personality));
  if (it.holders > 1) it.settings = made;
  return made;
}

void PhoneClasses::adopt(Device& device, std::uint32_t number) {
  const auto& it = classes_[number];
  device.parameters = it.parameters;
  device.settings = settings(number, device.personality);
  restore(device, it.files);
  device.phone_class = ClassAt{number, it.parameters.revision()};
}

}  // namespace provphone::resync
