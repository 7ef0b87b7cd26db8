#include "macro/ascii.hpp"

#include "macro/whole_number.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

namespace ascii_test {

using namespace provphone;

TEST_CASE("letters are ASCII's, and an octet above them equals itself only") {
  CHECK(ascii::equal_ignoring_case("Content-Type", "cONTENT-tYPE"));
  CHECK_FALSE(ascii::equal_ignoring_case("abc", "ab"));
  CHECK_FALSE(ascii::equal_ignoring_case("\xC4", "\xE4"));
  CHECK_FALSE(ascii::equal_ignoring_case("[", "{"));
  CHECK(ascii::starts_with_ignoring_case("<!DOCTYPE HTML>", "<!doctype html"));
  CHECK_FALSE(ascii::starts_with_ignoring_case("<!", "<!doctype html"));
  CHECK(ascii::lowered("Aa1\xC4") == "aa1\xC4");
  CHECK(ascii::uppered("aA1\xE4") == "AA1\xE4");
}

TEST_CASE("what is trimmed is at the ends, and nothing may be left") {
  CHECK(ascii::trimmed(" \t a b\r\n") == "a b");
  CHECK(ascii::trimmed("").empty());
  CHECK(ascii::trimmed(" \n ").empty());
  CHECK(ascii::trimmed("--a-b-", "-") == "a-b");
  CHECK(ascii::trimmed("\va") == "\va");
}

TEST_CASE("a hexadecimal digit has a value in either case") {
  const std::string_view digits = "0123456789abcdefABCDEF";
  for (std::size_t i = 0; i < digits.size(); ++i)
    CHECK(ascii::hex_value(digits[i]) == static_cast<int>(i < 16 ? i : i - 6));
  for (const char c : {'g', 'G', '/', ':', '@', '`', '\0'}) CHECK(ascii::hex_value(c) == -1);
}

TEST_CASE("a whole number is digits and nothing else") {
  CHECK(parse_whole<std::uint16_t>("65535") == 65535);
  CHECK(parse_whole<std::uint16_t>("007") == 7);
  CHECK_FALSE(parse_whole<std::uint16_t>("65536"));
  for (const auto* text : {"", " 1", "1 ", "+1", "-1", "1.0", "0x10", "1e3"})
    CHECK_FALSE(parse_whole<std::uint32_t>(text));
  CHECK(parse_whole<unsigned>("254", 254) == 254U);
  CHECK_FALSE(parse_whole<unsigned>("255", 254));
  CHECK(parse_whole<unsigned>("fF", 0xFF, 16) == 0xFFU);
}

}  // namespace ascii_test
