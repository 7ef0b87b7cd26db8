#include "macro/mac_address.hpp"

#include <catch2/catch.hpp>

namespace mac_address_test {

using namespace provphone;

TEST_CASE("a hardware address is read in each way it is printed on labels and in logs",
          "[R-MACRO-08]") {
  const auto* text = GENERATE("000e08012345", "000E08012345", "00:0e:08:01:23:45",
                              "00-0E-08-01-23-45", "00:0E:08:01:23:45", "000e.0801.2345");
  CAPTURE(text);
  const auto mac = parse_mac_address(text);
  REQUIRE(mac);
  CHECK(mac->bits == 0x000e08012345U);
}

TEST_CASE("the phone prints its hardware address in three ways", "[R-MACRO-08]") {
  const MacAddress mac{0x00a0bcdef012};
  CHECK(format_lower(mac) == "00a0bcdef012");
  CHECK(format_upper(mac) == "00A0BCDEF012");
  CHECK(format_colons(mac) == "00:a0:bc:de:f0:12");
  CHECK(format_colons(MacAddress{}) == "00:00:00:00:00:00");
  CHECK(format_upper(MacAddress{0xffffffffffff}) == "FFFFFFFFFFFF");
}

TEST_CASE("a text that is no hardware address is refused with the offset of what is wrong",
          "[R-MACRO-08]") {
  struct Row {
    std::string_view text;
    std::string_view at;
  };
  const auto row = GENERATE(
      Row{"", "offset 0"}, Row{"000e0801234", "offset 11"}, Row{"000e080123456", "offset 12"},
      Row{"000e0801234g", "offset 11"}, Row{"00:0e:08:01:23", "offset 14"},
      Row{"00:0e-08:01:23:45", "offset 5"}, Row{"00:0e:08:01:23:45:67", "offset 17"},
      Row{" 00e08012345", "offset 0"}, Row{"000e.0801:2345", "offset 9"},
      Row{"000e.0801.234", "offset 13"}, Row{"00:0e:8:01:23:45", "offset 7"});
  CAPTURE(row.text);
  const auto mac = parse_mac_address(row.text);
  REQUIRE_FALSE(mac);
  CHECK(mac.error().code == Errc::bad_argument);
  CHECK(mac.error().detail.find(row.at) != std::string::npos);
}

}  // namespace mac_address_test
