#include "client/fleet/kinds.hpp"

#include "resync/random.hpp"

#include <algorithm>

namespace provphone::client::fleet {
namespace {

using profile::ParameterSet;

// So many differences cost no more than what they differ from is worth.
constexpr std::size_t few_differences = 32;

// A base is as large as the catalogue; phones that share none of so many go without.
constexpr std::size_t most_bases = 8;

}  // namespace

std::size_t Kinds::Print::operator()(std::uint32_t kind) const {
  const auto& it = (*kinds)[kind];
  auto print = it.parameters.fingerprint() ^ it.group;
  for (const auto file : it.files) print = resync::mix(print ^ file);
  return print;
}

bool Kinds::Same::operator()(std::uint32_t a, std::uint32_t b) const {
  const auto& one = (*kinds)[a];
  const auto& other = (*kinds)[b];
  return one.group == other.group && one.files == other.files && one.parameters == other.parameters;
}

ParameterSet Kinds::compact(std::size_t group, const ParameterSet& parameters) {
  if (parameters.differences().size() <= few_differences) return parameters;
  auto& bases = bases_[group];
  std::optional<ParameterSet> best;
  for (const auto& base : bases) {
    auto rebased = parameters.rebased(base);
    const auto differences = rebased.differences().size();
    if (!best || differences < best->differences().size()) best = std::move(rebased);
    if (differences <= few_differences) return *std::move(best);
  }
  if (bases.size() < most_bases) {
    bases.push_back(parameters.as_base());
    return parameters.rebased(bases.back());
  }
  return best->differences().size() < parameters.differences().size() ? *std::move(best)
                                                                      : parameters;
}

std::uint32_t Kinds::place(Kind kind) {
  if (free_.empty()) {
    kinds_.push_back(std::move(kind));
    return static_cast<std::uint32_t>(kinds_.size() - 1);
  }
  const auto place = free_.back();
  free_.pop_back();
  kinds_[place] = std::move(kind);
  return place;
}

std::uint32_t Kinds::hold(std::size_t group, const resync::Device& device) {
  auto parameters = compact(group, device.parameters);
  const auto recalled = resync::recalled_macros(parameters) | always_;
  const auto fresh =
      place({group, std::move(parameters), resync::prints_of(device), nullptr, recalled, 0});
  const auto [known, is_new] = index_.insert(fresh);
  if (!is_new) free_.push_back(fresh);
  hold(*known);
  return *known;
}

void Kinds::release(std::uint32_t kind) {
  if (--kinds_[kind].holders > 0) return;
  index_.erase(kind);
  kinds_[kind] = Kind{0, ParameterSet(kinds_[kind].parameters.base()), {}, nullptr, {}, 0};
  free_.push_back(kind);
}

std::shared_ptr<const resync::Settings> Kinds::settings(std::uint32_t kind,
                                                        const resync::Personality& personality) {
  auto& it = kinds_[kind];
  if (it.settings) return it.settings;
  auto made =
      std::make_shared<const resync::Settings>(resync::settings_of(it.parameters, personality));
  if (it.holders > 1) it.settings = made;
  return made;
}

void Kinds::assume(resync::Device& device, std::uint32_t kind) {
  const auto& it = kinds_[kind];
  device.parameters = it.parameters;
  device.settings = settings(kind, device.personality);
  resync::recall(device, it.files);
  device.kind = resync::KindAt{kind, it.parameters.revision()};
}

}  // namespace provphone::client::fleet
