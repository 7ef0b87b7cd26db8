#include "profile/parameter_set.hpp"

#include "macro/enum_array.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <iterator>
#include <utility>

namespace provphone::profile {
namespace {

std::shared_ptr<const BaseValues> make_factory_values(Generation generation) {
  auto base = std::make_shared<BaseValues>();
  base->values.reserve(parameter_count());
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    base->values.emplace_back(default_value(ParameterId(i), generation));
  }
  return base;
}

// Made when it is first asked for: most runs have phones of one family.
template <Generation generation>
const std::shared_ptr<const BaseValues>& factory_values_of() {
  static const auto values = make_factory_values(generation);
  return values;
}

// Where the entry of `id` is, or would be inserted, among entries sorted by id.
template <class Entry>
auto place_of(const std::vector<Entry>& entries, ParameterId id) {
  return std::lower_bound(entries.begin(), entries.end(), id,
                          [](const Entry& e, ParameterId wanted) { return e.id < wanted; });
}

// Lays `fresh` over the sorted `entries`, one for each id. A profile of n parameters costs n log n,
// not n squared.
template <class Entry>
void overlay(std::vector<Entry>& entries, std::vector<Entry> fresh) {
  if (fresh.empty()) return;
  std::sort(fresh.begin(), fresh.end(), [](const Entry& a, const Entry& b) { return a.id < b.id; });
  std::vector<Entry> merged;
  merged.reserve(entries.size() + fresh.size());
  auto old = entries.begin();
  for (auto& entry : fresh) {
    for (; old != entries.end() && old->id < entry.id; ++old) merged.push_back(std::move(*old));
    if (old != entries.end() && old->id == entry.id) ++old;
    merged.push_back(std::move(entry));
  }
  std::move(old, entries.end(), std::back_inserter(merged));
  entries = std::move(merged);
}

}  // namespace

std::string_view name(Access access) {
  constexpr EnumArray<Access, std::string_view> names{{"na", "ro", "rw", "factory"}};
  return names[access];
}

std::shared_ptr<const BaseValues> factory_values(Generation generation) {
  switch (generation) {
    case Generation::spa:
      return factory_values_of<Generation::spa>();
    case Generation::mpp11:
      return factory_values_of<Generation::mpp11>();
    default:
      return factory_values_of<Generation::mpp12>();
  }
}

ParameterSet::ParameterSet(std::shared_ptr<const BaseValues> base) : base_(std::move(base)) {
  assert(base_ && base_->values.size() == parameter_count());
}

std::string_view ParameterSet::base_value(ParameterId id) const {
  return (*base_)[id];
}

std::string_view ParameterSet::get(ParameterId id) const {
  const auto place = place_of(differences_, id);
  if (place != differences_.end() && place->id == id) return place->value;
  return base_value(id);
}

bool ParameterSet::set(ParameterId id, std::string_view value) {
  const Assignment assignment{id, value};
  return !set_all({&assignment, 1}).empty();
}

std::vector<ParameterId> ParameterSet::set_all(std::span<const Assignment> assignments) {
  std::vector<ParameterId> changed;
  std::vector<Difference> values;
  std::vector<Right> rights;
  for (const auto& [id, value, wanted, by] : assignments) {
    const auto before = right(id);
    const bool takes_value = value && !(by == Setter::preference && before.changed_by_user);
    const bool is_changed = takes_value && get(id) != *value;
    // No right and the factory's are one: R-XML-19's knob sets the latter to get back to the
    // former.
    auto after = before;
    after.access = wanted.value_or(before.access);
    if (by == Setter::user ? is_changed : takes_value) after.changed_by_user = by == Setter::user;
    if (after != before) rights.push_back(after);
    if (!is_changed) continue;
    changed.push_back(id);
    values.push_back({id, std::string(*value)});
  }
  overlay(rights_, std::move(rights));
  std::erase_if(rights_, [](const Right& right) { return right.says_nothing(); });
  overlay(differences_, std::move(values));
  // A value that is the base's again is no difference, or sets that hold the same would compare
  // unequal.
  std::erase_if(differences_, [this](const Difference& d) { return d.value == base_value(d.id); });
  revision_ += static_cast<std::uint32_t>(changed.size());
  return changed;
}

ParameterSet ParameterSet::rebased(std::shared_ptr<const BaseValues> base) const {
  ParameterSet moved(std::move(base));
  moved.rights_ = rights_;
  moved.revision_ = revision_;
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    const auto id = ParameterId(i);
    if (const auto value = get(id); value != moved.base_value(id))
      moved.differences_.push_back({id, std::string(value)});
  }
  return moved;
}

std::shared_ptr<const BaseValues> ParameterSet::as_base() const {
  auto base = std::make_shared<BaseValues>(*base_);
  for (const auto& [id, value] : differences_) (*base)[id] = value;
  return base;
}

std::size_t ParameterSet::fingerprint() const {
  constexpr std::hash<std::string_view> hash;
  constexpr std::size_t spread = 0x9e3779b97f4a7c15U;
  // The base by its place, as operator== compares it.
  auto print = reinterpret_cast<std::uintptr_t>(base_.get());
  for (const auto& [id, value] : differences_)
    print = (print ^ static_cast<std::size_t>(id) ^ hash(value)) * spread;
  for (const auto& [id, access, changed_by_user] : rights_) {
    const auto mark = static_cast<std::size_t>(access) << 1U | std::size_t{changed_by_user};
    print = (print ^ static_cast<std::size_t>(id) ^ mark) * spread;
  }
  return print;
}

ParameterSet::Right ParameterSet::right(ParameterId id) const {
  const auto place = place_of(rights_, id);
  return place != rights_.end() && place->id == id ? *place : Right{id};
}

std::optional<Access> ParameterSet::access(ParameterId id) const {
  const auto found = right(id).access;
  return found == Access::factory ? std::nullopt : std::optional(found);
}

bool ParameterSet::is_changed_by_user(ParameterId id) const {
  return right(id).changed_by_user;
}

void ParameterSet::set_access(ParameterId id, Access access) {
  const Assignment assignment{id, std::nullopt, access};
  set_all({&assignment, 1});
}

}  // namespace provphone::profile
