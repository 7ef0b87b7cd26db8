#include "client/report/screen_text.hpp"

#include <catch2/catch.hpp>

namespace screen_text_test {

using namespace provphone::client::report;

TEST_CASE("texts take the columns that a terminal gives them") {
  struct Row {
    std::string text;
    std::size_t columns;
  };
  const std::vector<Row> rows{{"", 0},
                              {"abc", 3},
                              {"Müller", 6},
                              {"東京", 4},
                              {"📞x", 3},
                              {"e\u0301", 1},
                              {"\x1b[1;31mred\x1b[0m", 3},
                              {"█▌·", 3}};
  for (const auto& row : rows) {
    INFO(row.text);
    CHECK(columns_of(row.text) == row.columns);
  }
}

TEST_CASE("what does not fit is cut with a sign") {
  struct Row {
    std::string text;
    std::size_t columns;
    Charset charset;
    std::string cut;
  };
  constexpr auto utf8 = Charset::utf8;
  const std::vector<Row> rows{
      {"abcdef", 6, utf8, "abcdef"},
      {"abcdef", 5, utf8, "abcd…"},
      {"abcdef", 5, Charset::ascii, "abcd>"},
      {"abcdef", 1, utf8, "…"},
      {"abcdef", 0, utf8, ""},
      {"abc   ", 3, utf8, "abc"},
      {"東京東京", 5, utf8, "東京…"},
      {"東京東京", 4, utf8, "東…"},
      {"\x1b[1mabcdef\x1b[0m", 4, utf8, "\x1b[1mabc…\x1b[0m"},
      {"\x1b[1mabcd\x1b[0m", 4, utf8, "\x1b[1mabcd\x1b[0m"},
  };
  for (const auto& row : rows) {
    INFO(row.text << " in " << row.columns);
    CHECK(clipped(row.text, row.columns, row.charset) == row.cut);
  }
  CHECK(fitted("東京東", 5, utf8) == "東京…");
  CHECK(fitted("東京東", 4, utf8) == "東… ");
  CHECK(fitted("ab", 4, utf8) == "ab  ");
}

TEST_CASE("lines are broken at blanks") {
  struct Row {
    std::string text;
    std::size_t columns;
    std::vector<std::string> lines;
  };
  const std::vector<Row> rows{
      {"", 10, {""}},
      {"one two", 10, {"one two"}},
      {"one two three", 8, {"one two", "three"}},
      {"one two three", 7, {"one two", "three"}},
      {"one two three", 6, {"one", "two", "three"}},
      {"one  two", 4, {"one ", "two"}},
      {"a http://127.0.0.1/ b", 8, {"a", "http://127.0.0.1/", "b"}},
      {"http://127.0.0.1/", 8, {"http://127.0.0.1/"}},
      {"x", 0, {"x"}},
  };
  for (const auto& row : rows) {
    INFO(row.text << " in " << row.columns);
    CHECK(wrapped(row.text, row.columns) == row.lines);
  }
}

TEST_CASE("bars and charts are as wide and high as they are meant to be") {
  const auto whole = [](const Bar& bar) { return bar.full + bar.empty; };
  CHECK(whole(bar_of(0, 4, Charset::utf8)) == "····");
  CHECK(whole(bar_of(0.5, 4, Charset::utf8)) == "██··");
  CHECK(whole(bar_of(0.6, 4, Charset::utf8)) == "██▍·");
  CHECK(whole(bar_of(1, 4, Charset::utf8)) == "████");
  CHECK(whole(bar_of(7, 4, Charset::utf8)) == "████");
  CHECK(whole(bar_of(0.6, 4, Charset::ascii)) == "##..");
  using Lines = std::vector<std::string>;
  CHECK(chart_of({0, 1, 50, 100}, 1, Charset::utf8) == Lines{" ▁▄█"});
  CHECK(chart_of({0, 1, 50, 100}, 2, Charset::utf8) == Lines{"   █", " ▁██"});
  CHECK(chart_of({0, 1, 50, 100}, 1, Charset::ascii) == Lines{" .:#"});
  CHECK(chart_of({0, 0}, 1, Charset::utf8) == Lines{"  "});
  CHECK(chart_of({}, 2, Charset::utf8) == Lines{"", ""});
}

}  // namespace screen_text_test
