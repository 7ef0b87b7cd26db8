#include "profile/parameter_set.hpp"

#include "macro/enum_array.hpp"

#include <algorithm>
#include <cassert>
#include <functional>
#include <iterator>
#include <utility>

namespace provphone::profile {

using detail::OwnValues;
using detail::Right;

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

Right right_in(const std::vector<Right>& rights, ParameterId id) {
  const auto place = place_of(rights, id);
  return place != rights.end() && place->id == id ? *place : Right{id};
}

// Walks two lists that are sorted by id side by side: `take(a, b)` for every id of either, null
// where one lacks it.
template <class A, class B, class Take>
void side_by_side(const std::vector<A>& all_a, const std::vector<B>& all_b, const Take& take) {
  auto a = all_a.begin();
  auto b = all_b.begin();
  while (a != all_a.end() || b != all_b.end()) {
    const bool has_a = b == all_b.end() || (a != all_a.end() && a->id <= b->id);
    const bool has_b = a == all_a.end() || (b != all_b.end() && b->id <= a->id);
    take(has_a ? &*a : nullptr, has_b ? &*b : nullptr);
    if (has_a) ++a;
    if (has_b) ++b;
  }
}

// Most sets in the making have nothing of their own yet.
const std::shared_ptr<const OwnValues>& no_own_values() {
  static const auto none = std::make_shared<const OwnValues>();
  return none;
}

// The places of `assignments` in the order of their ids, each with its id above it.
std::vector<std::uint32_t> by_id(std::span<const Assignment> assignments) {
  assert(assignments.size() <= UINT16_MAX);
  std::vector<std::uint32_t> keys;
  keys.reserve(assignments.size());
  for (std::size_t i = 0; i < assignments.size(); ++i)
    keys.push_back(static_cast<std::uint32_t>(assignments[i].id) << 16U |
                   static_cast<std::uint32_t>(i));
  if (!std::is_sorted(keys.begin(), keys.end())) std::sort(keys.begin(), keys.end());
  return keys;
}

// A set's own values while assignments are laid over them in the order of ids: what is passed over
// stays as it is. A profile of n parameters costs n log n, not n squared.
class Overlay {
 public:
  Overlay(const BaseValues& base, const OwnValues& before, std::size_t assignments)
      : base_(base), before_(before) {
    next_.places.reserve(before.size() + assignments);
    next_.texts.reserve(before.texts.size() + 16 * assignments);
    next_.rights.reserve(before.rights.size() + assignments);
  }

  // Whether the value becomes another one.
  bool take(const Assignment& wanted) {
    pass_values(wanted.id);
    pass_rights(wanted.id);
    const auto& base = base_[wanted.id];
    const bool has_value = value_ < before_.size() && before_.places[value_].id == wanted.id;
    const auto current = has_value ? before_.value(value_++) : std::string_view(base);
    const bool has_right = right_ < before_.rights.size() && before_.rights[right_].id == wanted.id;
    const auto usual = base_.right(wanted.id);
    const auto before = has_right ? before_.rights[right_++] : usual;
    const bool takes_value =
        wanted.value && !(wanted.by == Setter::preference && before.changed_by_user);
    const bool is_changed = takes_value && current != *wanted.value;
    // No right and the factory's are one: R-XML-19's knob sets the latter to get back to the
    // former.
    auto after = before;
    after.access = wanted.access.value_or(before.access);
    if (wanted.by == Setter::user ? is_changed : takes_value)
      after.changed_by_user = wanted.by == Setter::user;
    // A value that is the base's again is no difference, or sets that hold the same would compare
    // unequal; and likewise a right.
    const auto value = is_changed ? *wanted.value : current;
    if (value != base) next_.add(wanted.id, value);
    if (after != usual) next_.rights.push_back(after);
    is_other_ = is_other_ || is_changed || after != before;
    return is_changed;
  }

  // Nothing where all is as it was.
  std::optional<OwnValues> taken() {
    if (!is_other_) return std::nullopt;
    pass_values(ParameterId(UINT16_MAX));
    pass_rights(ParameterId(UINT16_MAX));
    return std::move(next_);
  }

 private:
  void pass_values(ParameterId end) {
    for (; value_ < before_.size() && before_.places[value_].id < end; ++value_)
      next_.add(before_.places[value_].id, before_.value(value_));
  }
  void pass_rights(ParameterId end) {
    for (; right_ < before_.rights.size() && before_.rights[right_].id < end; ++right_)
      next_.rights.push_back(before_.rights[right_]);
  }

  const BaseValues& base_;
  const OwnValues& before_;
  OwnValues next_;
  std::size_t value_ = 0, right_ = 0;  // those of `before_` that have not been passed
  bool is_other_ = false;
};

// What `own` of `origin` is beside `base`, which was made of the same one.
void compare_with_kin(const BaseValues& origin, const OwnValues& own, const BaseValues& base,
                      OwnValues& differences) {
  side_by_side(own.places, base.own_of_origin->places,
               [&](const OwnValues::Place* mine, const OwnValues::Place* theirs) {
                 const auto id = mine != nullptr ? mine->id : theirs->id;
                 const auto value =
                     mine != nullptr ? own.value(static_cast<std::size_t>(mine - own.places.data()))
                                     : std::string_view(origin[id]);
                 if (value != base[id]) differences.add(id, value);
               });
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

void OwnValues::fit() {
  const auto fit_one = [](auto& part) {
    if (part.capacity() > part.size() + part.size() / 8) part.shrink_to_fit();
  };
  fit_one(places);
  fit_one(texts);
  fit_one(rights);
}

Right BaseValues::right(ParameterId id) const {
  return rights.empty() ? Right{id} : right_in(rights, id);
}

ParameterSet::ParameterSet(std::shared_ptr<const BaseValues> base)
    : base_(std::move(base)), own_(no_own_values()) {
  assert(base_ && base_->values.size() == parameter_count());
}

std::string_view ParameterSet::get(ParameterId id) const {
  const auto& places = own_->places;
  const auto place = place_of(places, id);
  if (place != places.end() && place->id == id)
    return own_->value(static_cast<std::size_t>(place - places.begin()));
  return (*base_)[id];
}

bool ParameterSet::set(ParameterId id, std::string_view value) {
  const Assignment assignment{id, value};
  return !set_all({&assignment, 1}).empty();
}

std::vector<ParameterId> ParameterSet::set_all(std::span<const Assignment> assignments) {
  constexpr std::uint32_t place = UINT16_MAX;
  Overlay overlay(*base_, *own_, assignments.size());
  std::vector<bool> is_changed(assignments.size());
  for (const auto key : by_id(assignments))
    is_changed[key & place] = overlay.take(assignments[key & place]);
  std::vector<ParameterId> changed;
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    if (is_changed[i]) changed.push_back(assignments[i].id);
  }
  if (auto taken = overlay.taken()) own(*std::move(taken));
  revision_ += static_cast<std::uint32_t>(changed.size());
  return changed;
}

void ParameterSet::own(OwnValues values) {
  values.fit();
  own_ = values.is_empty() ? no_own_values() : std::make_shared<const OwnValues>(std::move(values));
}

ParameterSet ParameterSet::rebased(std::shared_ptr<const BaseValues> base) const {
  OwnValues differences;
  if (base->origin == base_) {
    compare_with_kin(*base_, *own_, *base, differences);
  } else {
    for (std::size_t i = 0; i < parameter_count(); ++i) {
      const auto id = ParameterId(i);
      if (const auto value = get(id); value != (*base)[id]) differences.add(id, value);
    }
  }
  side_by_side(rights(), base->rights, [&](const Right* mine, const Right* theirs) {
    if (mine == nullptr) differences.rights.push_back(Right{theirs->id});
    if (mine != nullptr && (theirs == nullptr || *mine != *theirs))
      differences.rights.push_back(*mine);
  });
  ParameterSet moved(std::move(base));
  moved.own(std::move(differences));
  moved.revision_ = revision_;
  return moved;
}

std::shared_ptr<const BaseValues> ParameterSet::as_base() const {
  auto base = std::make_shared<BaseValues>(*base_);
  for (const auto& [id, value] : differences()) (*base)[id] = value;
  base->rights = rights();
  base->origin = base_;
  base->own_of_origin = own_;
  return base;
}

std::size_t ParameterSet::fingerprint() const {
  constexpr std::size_t spread = 0x9e3779b97f4a7c15U;
  // The base by its place, as operator== compares it.
  auto print =
      reinterpret_cast<std::uintptr_t>(base_.get()) ^ std::hash<std::string_view>()(own_->texts);
  for (const auto& [id, end] : own_->places)
    print = (print ^ static_cast<std::size_t>(id) ^ std::size_t{end} << 16U) * spread;
  for (const auto& [id, access, changed_by_user] : own_->rights) {
    const auto mark = static_cast<std::size_t>(access) << 1U | std::size_t{changed_by_user};
    print = (print ^ static_cast<std::size_t>(id) ^ mark << 16U) * spread;
  }
  return print;
}

Right ParameterSet::right(ParameterId id) const {
  const auto place = place_of(own_->rights, id);
  return place != own_->rights.end() && place->id == id ? *place : base_->right(id);
}

std::vector<Right> ParameterSet::rights() const {
  if (base_->rights.empty()) return own_->rights;
  std::vector<Right> all;
  side_by_side(own_->rights, base_->rights, [&](const Right* mine, const Right* usual) {
    const auto& right = mine != nullptr ? *mine : *usual;
    if (right != Right{right.id}) all.push_back(right);
  });
  return all;
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
