#include "macro/enum_array.hpp"

#include <catch2/catch.hpp>

#include <numeric>
#include <string_view>
#include <type_traits>

namespace enum_array_test {

using provphone::EnumArray;

namespace {

enum class Colour : char { red, green, blue, last = blue };
enum class Counted : char { one, two, count_ };

constexpr EnumArray<Colour, std::string_view> words{{"r", "g", "b"}};

struct Row {
  Colour colour;
  int number;
};
constexpr EnumArray<Colour, Row> in_order{
    {{Colour::red, 1}, {Colour::green, 2}, {Colour::blue, 3}}};
constexpr EnumArray<Colour, Row> mixed_up{
    {{Colour::red, 1}, {Colour::blue, 3}, {Colour::green, 2}}};

template <std::size_t size>
constexpr bool is_made_of = std::is_constructible_v<EnumArray<Colour, int>, const int (&)[size]>;

template <class Index>
concept Indexes = requires(EnumArray<Colour, int> array, Index index) {
  array[index];
};

}  // namespace

TEST_CASE("an enum's table has an entry for each of its values", "[enum_array]") {
  STATIC_REQUIRE(provphone::enum_size<Colour> == 3);
  STATIC_REQUIRE(provphone::enum_size<Counted> == 2);
  STATIC_REQUIRE(words[Colour::green] == "g");
  STATIC_REQUIRE(is_made_of<3>);
  STATIC_REQUIRE_FALSE(is_made_of<2>);
  STATIC_REQUIRE_FALSE(is_made_of<4>);
}

TEST_CASE("an enum's table has no other index than the enum", "[enum_array]") {
  STATIC_REQUIRE(Indexes<Colour>);
  STATIC_REQUIRE_FALSE(Indexes<int>);
  STATIC_REQUIRE_FALSE(Indexes<Counted>);
}

TEST_CASE("the entries of an enum's table are counted up from 0 and gone through in order",
          "[enum_array]") {
  EnumArray<Colour, int> seen;
  for (const auto colour : provphone::every<Colour>) seen[colour] += static_cast<int>(colour) + 1;
  CHECK(seen == EnumArray<Colour, int>{{1, 2, 3}});
  CHECK(std::accumulate(seen.begin(), seen.end(), 0) == 6);
}

TEST_CASE("an enum's value is found by its entry", "[enum_array]") {
  CHECK(words.key_of("b") == Colour::blue);
  CHECK(words.key_of("y") == std::nullopt);
}

TEST_CASE("rows that name their key are seen to be out of place", "[enum_array]") {
  STATIC_REQUIRE(stand_in_order(in_order, &Row::colour));
  STATIC_REQUIRE_FALSE(stand_in_order(mixed_up, &Row::colour));
}

}  // namespace enum_array_test
