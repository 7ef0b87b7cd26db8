#pragma once

#include "profile/catalogue.hpp"

#include <cstddef>
#include <cstdint>
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

namespace detail {

struct Right {
  ParameterId id;
  Access access = Access::factory;
  bool changed_by_user = false;

  friend bool operator==(const Right&, const Right&) = default;
};

// Values and rights by id, each id once and in its order, in as little space as may be: all texts
// are one. Added in the order of ids.
struct OwnValues {
  struct Place {
    ParameterId id;
    std::uint32_t end;  // of its text, which begins where the one before it ends

    friend bool operator==(const Place&, const Place&) = default;
  };

  std::size_t size() const { return places.size(); }
  bool is_empty() const { return places.empty() && rights.empty(); }
  std::string_view value(std::size_t at) const {
    const auto begin = at == 0 ? 0 : places[at - 1].end;
    return std::string_view(texts).substr(begin, places[at].end - begin);
  }
  void add(ParameterId id, std::string_view value) {
    texts.append(value);
    places.push_back({id, static_cast<std::uint32_t>(texts.size())});
  }
  // Gives back room that is left over, where that is much.
  void fit();

  std::vector<Place> places;
  std::string texts;
  std::vector<Right> rights;  // not as they would be else

  friend bool operator==(const OwnValues&, const OwnValues&) = default;
};

}  // namespace detail
}  // namespace provphone::profile
