#pragma once

#include "macro/enum_array.hpp"
#include "resync/personality.hpp"

#include <algorithm>
#include <initializer_list>
#include <type_traits>
#include <utility>

// How a row of the knob table is written: in the knob's own type, checked by the compiler.
namespace provphone::resync::detail {

// A cell and a choice in the knob's own type. What stands in the table as a number comes from these
// alone, so that a value cannot be taken for another one.
template <class Value>
struct Stated {
  Value value;
  Status status;
  std::string_view source;
};

template <class Value>
struct Named {
  Value value;
  std::string_view name;
};

template <class Value>
using ByFamily = EnumArray<profile::Generation, Stated<Value>>;

template <class Value>
constexpr ByFamily<Value> same(Value value, Status status, std::string_view source) {
  const Stated<Value> cell{value, status, source};
  return {{cell, cell, cell}};
}

template <class Value>
constexpr std::int64_t number_of(Value value) {
  if constexpr (std::is_same_v<Value, Duration>) {
    return value.count();
  } else {
    return static_cast<std::int64_t>(value);
  }
}

template <class Value>
constexpr Unit unit_of() {
  if (std::is_same_v<Value, Duration>) return Unit::duration;
  return std::is_enum_v<Value> ? Unit::choice : Unit::number;
}

template <auto knob>
using ValueOf = std::remove_cvref_t<decltype(std::declval<Personality>().*knob)>;

template <auto knob>
constexpr KnobRow row(std::string_view name, std::initializer_list<Named<ValueOf<knob>>> choices,
                      std::string_view meaning, const ByFamily<ValueOf<knob>>& cells) {
  using Value = ValueOf<knob>;
  KnobRow made{};
  made.name = name;
  made.unit = unit_of<Value>();
  made.choice_count = choices.size();
  std::transform(choices.begin(), choices.end(), made.choice_rows.begin(),
                 [](const Named<Value>& choice) {
                   return Choice{number_of(choice.value), choice.name};
                 });
  made.meaning = meaning;
  std::transform(cells.begin(), cells.end(), made.cells.begin(), [](const Stated<Value>& cell) {
    return Cell{number_of(cell.value), cell.status, cell.source};
  });
  made.get = [](const Personality& personality) { return number_of(personality.*knob); };
  made.set = [](Personality& personality, std::int64_t value) {
    personality.*knob = static_cast<Value>(value);
  };
  return made;
}

// A number or a duration.
template <auto knob>
constexpr KnobRow row(std::string_view name, std::string_view meaning,
                      const ByFamily<ValueOf<knob>>& cells) {
  return row<knob>(name, {}, meaning, cells);
}

constexpr bool is_choice_of(const KnobRow& row, std::int64_t value) {
  return std::ranges::count(row.choices(), value, &Choice::value) == 1;
}

// A choice names each of its values once, and its cells have no other value.
constexpr bool is_sound(const KnobRow& row) {
  if (row.unit != Unit::choice) return row.choices().empty();
  return std::ranges::all_of(row.choices(),
                             [&](const Choice& each) { return is_choice_of(row, each.value); }) &&
         std::ranges::all_of(row.cells,
                             [&](const Cell& cell) { return is_choice_of(row, cell.value); });
}
// Converts to whatever a member is, so that the compiler can be asked how many Personality{} takes:
// a knob without a row shall not compile.
struct Anything {
  template <class Member>
  constexpr operator Member() const;
};

template <class... Members>
consteval std::size_t member_count() {
  if constexpr (requires { Personality{Members{}..., Anything{}}; }) {
    return member_count<Members..., Anything>();
  } else {
    return sizeof...(Members);
  }
}
}  // namespace provphone::resync::detail
