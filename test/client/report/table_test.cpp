#include "client/report/table.hpp"

#include <catch2/catch.hpp>

// Tables for a terminal.
namespace table_test {

using namespace provphone::client::report;

TEST_CASE("columns of a table are as wide as what a terminal shows of their cells") {
  CHECK(format_table({{"name", "why"}, {"büro", "-"}, {"北京", "-"}, {"e\u0301t\u00e9", "-"}}) ==
        "  name  why\n"
        "  ----  ---\n"
        "  büro  -\n"
        "  北京  -\n"
        "  e\u0301t\u00e9   -\n");
  CHECK(format_table({{"of", "phones"}, {"é", "12"}}, Columns::figures) ==
        "  of  phones\n"
        "  --  ------\n"
        "  é       12\n");
}

TEST_CASE("a cell that is too wide goes on below itself, and no character is cut") {
  std::string first, rest;
  for (int i = 0; i < 50; ++i) (i < 44 ? first : rest) += "ü";
  CHECK(format_table({{"a"}, {first + rest}}) ==
        "  a\n  " + std::string(44, '-') + "\n  " + first + "\n  " + rest + "\n");
  CHECK(format_table({{"a"}, {first + " " + rest}}) ==
        "  a\n  " + std::string(44, '-') + "\n  " + first + "\n  " + rest + "\n");
  const std::string wide = "北";  // two columns
  std::string line;
  for (int i = 0; i < 22; ++i) line += wide;
  CHECK(format_table({{"a"}, {"x" + line}}).find("\n  " + wide + "\n") != std::string::npos);
}

}  // namespace table_test
