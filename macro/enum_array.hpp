#pragma once

#include <array>
#include <cstddef>
#include <optional>

// Tables with one entry for each value of an enum.
namespace provphone {

// How many values `E` has, which count from 0 without a gap. `E` says so itself: `last` is another
// name of its last value, `count_` stands behind it.
template <class E>
inline constexpr std::size_t enum_size = [] {
  if constexpr (requires { E::count_; }) {
    return static_cast<std::size_t>(E::count_);
  } else {
    return static_cast<std::size_t>(E::last) + 1;
  }
}();

// Every value of `E`, in order.
template <class E>
inline constexpr std::array<E, enum_size<E>> every = [] {
  std::array<E, enum_size<E>> all{};
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<E>(i);
  return all;
}();

// An array that `E` alone is an index of.
template <class E, class T>
class EnumArray {
 public:
  constexpr EnumArray() = default;

  // As many values as `E` has: one too few or too many does not compile.
  template <std::size_t size>
  requires(size == enum_size<E>) constexpr EnumArray(const T (&values)[size])
      : values_(std::to_array(values)) {}

  constexpr T& operator[](E key) { return values_[static_cast<std::size_t>(key)]; }
  constexpr const T& operator[](E key) const { return values_[static_cast<std::size_t>(key)]; }

  // The entries, in the order of `E`.
  constexpr auto begin() { return values_.begin(); }
  constexpr auto end() { return values_.end(); }
  constexpr auto begin() const { return values_.begin(); }
  constexpr auto end() const { return values_.end(); }

  // The first key whose entry is `value`; nothing where none is.
  constexpr std::optional<E> key_of(const T& value) const {
    for (const auto key : every<E>) {
      if ((*this)[key] == value) return key;
    }
    return std::nullopt;
  }

  friend constexpr bool operator==(const EnumArray&, const EnumArray&) = default;

 private:
  std::array<T, enum_size<E>> values_{};
};

// Whether each row of a table stands at the key that it names: rows out of place shall not compile.
template <class E, class Row>
consteval bool stand_in_order(const EnumArray<E, Row>& rows, E Row::*key) {
  for (const auto place : every<E>) {
    if (rows[place].*key != place) return false;
  }
  return true;
}

}  // namespace provphone
