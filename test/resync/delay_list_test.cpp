#include "resync/delay_list.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace delay_list_test {

using namespace provphone;
using resync::Delay;
using resync::DelayList;

TEST_CASE("a delay list is read as written", "[R-RESYNC-08]") {
  struct Case {
    const char* text;
    DelayList list;
  };
  for (const auto& [text, list] :
       {Case{"3600", {{{3600, 0}}}}, Case{"2400+30", {{{2400, 30}}}},
        Case{"1800+300,3600+600,7200+900", {{{1800, 300}, {3600, 600}, {7200, 900}}}},
        Case{" 60 , 120 + 5 ", {{{60, 0}, {120, 5}}}}, Case{"", {}}, Case{"  ", {}},
        Case{"0", {{{0, 0}}}}, Case{"4294967295", {{{4294967295U, 0}}}}}) {
    INFO(text);
    const auto parsed = resync::parse_delay_list(text);
    REQUIRE(parsed);
    CHECK(*parsed == list);
  }
}

TEST_CASE("a delay list that makes no sense is refused", "[R-RESYNC-10]") {
  for (const auto* text : {"soon", "60,", ",60", "60,,120", "-5", "60+", "+60", "60+-1", "1.5",
                           "4294967296", "60 120", "0x10", "60s"}) {
    INFO(text);
    const auto parsed = resync::parse_delay_list(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::delay_list_syntax);
  }
}

TEST_CASE("a delay list has a longest length", "[R-RESYNC-10]") {
  std::string text = "1";
  for (std::size_t n = 1; n < resync::max_delay_list_length; ++n) text += ",1";
  CHECK(resync::parse_delay_list(text));
  CHECK_FALSE(resync::parse_delay_list(text + ",1"));
}

TEST_CASE("only a single 0 or an empty list is disabled", "[R-RESYNC-09]") {
  CHECK(resync::is_disabled({}));
  CHECK(resync::is_disabled({{{0, 0}}}));
  CHECK_FALSE(resync::is_disabled({{{0, 5}}}));
  CHECK_FALSE(resync::is_disabled({{{0, 0}, {0, 0}}}));
}

}  // namespace delay_list_test
