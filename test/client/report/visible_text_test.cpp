#include "client/report/visible_text.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace visible_text_test {

using namespace provphone::client::report;

TEST_CASE("what a terminal would obey is made visible, wherever it is cut") {
  struct Row {
    std::string text, visible;
  };
  const std::vector<Row> rows{
      {"plain \x1b[1mbold\x1b[0m\t\r\n", "plain \x1b[1mbold\x1b[0m\t\r\n"},
      {"M\xc3\xbcller \xe4\xb8\xad \xf0\x9f\x93\x9e",
       "M\xc3\xbcller \xe4\xb8\xad \xf0\x9f\x93\x9e"},
      {"a\xc2\x9b"
       "31mb",
       "a<U+009B>31mb"},
      {"a\x7f", "a<U+007F>"},
      {"\xe2\x80\xae"
       "fdp.exe",
       "<U+202E>fdp.exe"},
      {"\xe2\x81\xa6x\xe2\x81\xa9\xd8\x9c", "<U+2066>x<U+2069><U+061C>"},
      {"octets \x9b \xfc \xc3", "octets <9B> <FC> <C3>"},
      {"\xe2\x80"
       "a",
       "<E2><80>a"},
      {"\xc0\x80\xf5", "<C0><80><F5>"},
  };
  for (const auto& row : rows) {
    INFO(row.visible);
    VisibleText at_once;
    const auto whole = at_once.visible(row.text);
    CHECK(whole + at_once.rest() == row.visible);
    VisibleText octet_by_octet;
    std::string seen;
    for (const char c : row.text) seen += octet_by_octet.visible({&c, 1});
    CHECK(seen + octet_by_octet.rest() == row.visible);
  }
}

TEST_CASE("a line for a screen has no controls at all") {
  CHECK(visible_line("a\x1b[2Jb\r\n\xe2\x80\xae") == "a [2Jb  <U+202E>");
  CHECK(visible_line("M\xc3\xbcller") == "M\xc3\xbcller");
  CHECK(visible_line("cut \xc3") == "cut <C3>");
}

}  // namespace visible_text_test
