#pragma once

#include "profile/catalogue.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::profile {

// What the User account may do with a parameter (attribute `ua`).
enum class Access : std::uint8_t {
  none,
  read_only,
  read_write,
  factory,  // whatever it was before any profile; a set holds it as no right at all
  last = factory,
};

std::string_view name(Access access);  // na, ro, rw, factory

// The values that phones of one kind share. Immutable once made; one object serves a whole fleet.
struct BaseValues {
  std::vector<std::string> values;  // by ParameterId; as long as the catalogue

  std::string& operator[](ParameterId id) { return values[static_cast<std::size_t>(id)]; }
  const std::string& operator[](ParameterId id) const {
    return values[static_cast<std::size_t>(id)];
  }
};

// The factory values of one firmware family. Always the same object for the same family.
std::shared_ptr<const BaseValues> factory_values(Generation generation);

// Who gives a parameter its value (R-XML-34, R-XML-35).
enum class Setter : std::uint8_t {
  profile,     // whatever there was before
  preference,  // of a profile, which leaves alone what the user has changed
  user,        // who is remembered until a profile sets the value
};

struct Difference {
  ParameterId id;
  std::string value;

  friend bool operator==(const Difference&, const Difference&) = default;
};

// What somebody wants of a parameter: a value, a right, or both. The text is only looked at.
struct Assignment {
  ParameterId id;
  std::optional<std::string_view> value;
  std::optional<Access> access = std::nullopt;
  Setter by = Setter::profile;  // of the value
};

// One phone's parameters: a shared base and its own differences, so that a phone costs what is its
// own. Values are taken as they come: profile/value.hpp is where they are checked.
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
  std::span<const Difference> differences() const { return differences_; }

  // Counts the changes of value: two equal revisions of one set hold equal values. Rights do not
  // count, and neither does setting what is set.
  std::uint32_t revision() const { return revision_; }

  const std::shared_ptr<const BaseValues>& base() const { return base_; }

  // The same values, rights and revision as differences from another base of the same catalogue.
  // Looks at every parameter, so it is for seldom.
  ParameterSet rebased(std::shared_ptr<const BaseValues> base) const;

  // All values, for sets to come that have most of them in common with this one.
  std::shared_ptr<const BaseValues> as_base() const;

  // Same base, same differences, same rights; the revision does not count. Sets of different bases
  // are unequal even where they hold equal values.
  friend bool operator==(const ParameterSet& a, const ParameterSet& b) {
    return a.base_ == b.base_ && a.differences_ == b.differences_ && a.rights_ == b.rights_;
  }

  // Equal sets have equal fingerprints, in one process.
  std::size_t fingerprint() const;

 private:
  struct Right {
    ParameterId id;
    Access access = Access::factory;
    bool changed_by_user = false;

    bool says_nothing() const { return access == Access::factory && !changed_by_user; }

    friend bool operator==(const Right&, const Right&) = default;
  };

  std::string_view base_value(ParameterId id) const;
  Right right(ParameterId id) const;

  std::shared_ptr<const BaseValues> base_;
  std::vector<Difference> differences_;  // sorted by id
  std::vector<Right> rights_;            // sorted by id
  std::uint32_t revision_ = 0;
};

}  // namespace provphone::profile
