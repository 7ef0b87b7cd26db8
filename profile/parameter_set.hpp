#pragma once

#include "profile/catalogue.hpp"
#include "profile/detail/own_values.hpp"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::profile {

std::string_view name(Access access);  // na, ro, rw, factory

// The values that phones of one kind share, and the rights. Immutable once made; one object serves
// a whole fleet.
struct BaseValues {
  std::vector<std::string> values;    // by ParameterId; as long as the catalogue
  std::vector<detail::Right> rights;  // by id, those that say something

  // What ParameterSet::as_base() made it of; null: it was made of nothing.
  std::shared_ptr<const BaseValues> origin{};
  std::shared_ptr<const detail::OwnValues> own_of_origin{};

  std::string& operator[](ParameterId id) { return values[static_cast<std::size_t>(id)]; }
  const std::string& operator[](ParameterId id) const {
    return values[static_cast<std::size_t>(id)];
  }
  detail::Right right(ParameterId id) const;
};

// The factory values of one firmware family. Always the same object for the same family.
std::shared_ptr<const BaseValues> factory_values(Generation generation);

// Who gives a parameter its value (R-XML-34, R-XML-35).
enum class Setter : std::uint8_t {
  profile,     // whatever there was before
  preference,  // of a profile, which leaves alone what the user has changed
  user,        // who is remembered until a profile sets the value
};

// The text is only looked at.
struct Difference {
  ParameterId id;
  std::string_view value;

  friend bool operator==(const Difference&, const Difference&) = default;
};

// What somebody wants of a parameter: a value, a right, or both. The text is only looked at.
struct Assignment {
  ParameterId id;
  std::optional<std::string_view> value;
  std::optional<Access> access = std::nullopt;
  Setter by = Setter::profile;  // of the value
};

// The values of a set that differ from its base, in ParameterId order. Good as long as the set is
// not changed.
class Differences {
 public:
  class Iterator {
   public:
    using value_type = Difference;
    using reference = Difference;
    using pointer = void;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    Iterator() = default;
    Iterator(const detail::OwnValues* own, std::size_t at) : own_(own), at_(at) {}
    Difference operator*() const { return {own_->places[at_].id, own_->value(at_)}; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) {
      auto before = *this;
      ++at_;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const detail::OwnValues* own_ = nullptr;
    std::size_t at_ = 0;
  };

  explicit Differences(const detail::OwnValues& own) : own_(&own) {}
  std::size_t size() const { return own_->size(); }
  bool empty() const { return size() == 0; }
  Difference operator[](std::size_t at) const { return *Iterator(own_, at); }
  Iterator begin() const { return {own_, 0}; }
  Iterator end() const { return {own_, size()}; }

 private:
  const detail::OwnValues* own_;
};

// One phone's parameters: a shared base and its own differences, so that a phone costs what is its
// own. A copy costs nothing until one of the two is changed. Values are taken as they come:
// profile/value.hpp is where they are checked.
class ParameterSet {
 public:
  explicit ParameterSet(std::shared_ptr<const BaseValues> base);

  // The value as the phone has it. Valid until the next set().
  std::string_view get(ParameterId id) const;

  // Returns whether the value changed. Setting the base's value again removes the difference.
  bool set(ParameterId id, std::string_view value);

  // As set() and set_access(), for a whole profile in one go; no parameter may stand twice. Returns
  // the parameters whose value became another one, in the order of `assignments`.
  std::vector<ParameterId> set_all(std::span<const Assignment> assignments);

  // Nothing where no profile said anything about the right.
  std::optional<Access> access(ParameterId id) const;
  void set_access(ParameterId id, Access access);

  // Whether the user changed the value, and no profile has set it since.
  bool is_changed_by_user(ParameterId id) const;

  // What differs from the base, in ParameterId order. Valid until the next set(), like get().
  Differences differences() const { return Differences(*own_); }
  // How many values and rights are its own.
  std::size_t own_count() const { return own_->places.size() + own_->rights.size(); }

  // Counts the changes of value: two equal revisions of one set hold equal values. Rights do not
  // count, and neither does setting what is set.
  std::uint32_t revision() const { return revision_; }

  const std::shared_ptr<const BaseValues>& base() const { return base_; }

  // The same values, rights and revision as differences from another base of the same catalogue.
  // Looks at every parameter, but for a base that as_base() made of a set with this one's base.
  ParameterSet rebased(std::shared_ptr<const BaseValues> base) const;

  // All values and rights, for sets to come that have most of them in common with this one.
  std::shared_ptr<const BaseValues> as_base() const;

  // Same base, same differences, same rights; the revision does not count. Sets of different bases
  // are unequal even where they hold equal values.
  friend bool operator==(const ParameterSet& a, const ParameterSet& b) {
    return a.base_ == b.base_ && (a.own_ == b.own_ || *a.own_ == *b.own_);
  }

  // Equal sets have equal fingerprints, in one process.
  std::size_t fingerprint() const;

 private:
  detail::Right right(ParameterId id) const;
  std::vector<detail::Right> rights() const;  // of all that say something
  void own(detail::OwnValues values);

  std::shared_ptr<const BaseValues> base_;
  // What is not as in the base. Never null, and shared with copies.
  std::shared_ptr<const detail::OwnValues> own_;
  std::uint32_t revision_ = 0;
};

}  // namespace provphone::profile
