#include "profile/excerpt.hpp"

#include "profile/aes.hpp"
#include "profile/decode.hpp"
#include "profile/gzip.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

namespace excerpt_test {

using namespace provphone;
using namespace provphone::profile;

namespace {

DecodeFailure failure_of(std::string_view bytes, const DecodeOptions& options = {}) {
  const auto decoded = decode_or_explain(bytes, options);
  REQUIRE_FALSE(decoded);
  CHECK(decode(bytes, options).error() == decoded.error().error);
  return decoded.error();
}

}  // namespace

TEST_CASE("a position counts lines by LF and columns by octets", "[R-XML-27]") {
  CHECK(position_at("", 0) == Position{1, 1});
  CHECK(position_at("ab", 1) == Position{1, 2});
  CHECK(position_at("ab\ncd", 2) == Position{1, 3});
  CHECK(position_at("ab\ncd", 3) == Position{2, 1});
  CHECK(position_at("ab\r\ncd\r\n", 8) == Position{3, 1});
  CHECK(position_at("ab", 99) == Position{1, 3});
}

TEST_CASE("an excerpt shows the line with a caret under the place", "[R-XML-27]") {
  struct Row {
    std::string_view text;
    Position where;
    std::string_view shown;
  };
  const auto row = GENERATE(values<Row>({
      {"a\nb & c\nd", {2, 3}, "2 | b & c\n  |   ^\n"},
      {"a\r\nb & c\r\nd", {2, 3}, "2 | b & c\n  |   ^\n"},
      {"", {1, 1}, "1 | \n  | ^\n"},
      {"<a>", {1, 4}, "1 | <a>\n  |    ^\n"},
      {"\t&", {1, 2}, "1 |  &\n  |  ^\n"},
      {"\x1b[2J\x07&", {1, 6}, "1 | .[2J.&\n  |      ^\n"},
      {"caf\xc3\xa9 &", {1, 7}, "1 | caf\xc3\xa9 &\n  |      ^\n"},
      {"caf\xe9 &", {1, 6}, "1 | caf. &\n  |      ^\n"},
      {"\xc2\x9b&", {1, 3}, "1 | ..&\n  |   ^\n"},
      {"\xc3\xa9", {1, 2}, "1 | \xc3\xa9\n  | ^\n"},
      {"one line", {9, 4}, "9 | one line\n  |    ^\n"},
      {"1\n2\n3\n4\n5\n6\n7\n8\n9\n&", {10, 1}, "10 | &\n   | ^\n"},
  }));
  INFO(row.text);
  CHECK(excerpt(row.text, row.where) == row.shown);
}

TEST_CASE("an excerpt cuts a long line round the caret", "[R-XML-27]") {
  auto line = std::string(5000, 'a');
  line.append("&").append(5000, 'b');
  CHECK(excerpt(line, {1, 5001}) == "1 | ..." + std::string(60, 'a') + "&" + std::string(39, 'b') +
                                        "...\n  | " + std::string(63, ' ') + "^\n");
  CHECK(excerpt(line.substr(4990), {1, 11}) ==
        "1 | aaaaaaaaaa&" + std::string(39, 'b') + "...\n  | " + std::string(10, ' ') + "^\n");
}

TEST_CASE("an excerpt of any octets is two printable lines", "[R-XML-27]") {
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto size = random() % 400; size > 0; --size) text += static_cast<char>(random() % 256);
    const auto shown = excerpt(text, position_at(text, random() % 401));
    CHECK(std::count(shown.begin(), shown.end(), '\n') == 2);
    CHECK(shown.size() < 600);
    CHECK(std::none_of(shown.begin(), shown.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f;
    }));
  }
}

TEST_CASE("a file that fails to decode is explained at its place, under all its layers",
          "[R-XML-10][R-XML-27]") {
  const std::string text = "<flat-profile>\n <GPP_A>Tom & Jerry</GPP_A>\n</flat-profile>";
  DecodeOptions keyed;
  keyed.key = "phrase";
  const auto sealed = encrypt(gzip(text), "phrase", Layer::aes_256_cbc_sha256, {});
  for (const auto& failure :
       {failure_of(text), failure_of(gzip(text)), failure_of(sealed, keyed)}) {
    CHECK(failure.error ==
          Error{Errc::xml_malformed,
                "line 2, column 13: & that begins no entity XML knows, in GPP_A; write &amp;"});
    CHECK(failure.text == text);
    REQUIRE(failure.position);
    CHECK(excerpt(failure.text, *failure.position) ==
          "2 |  <GPP_A>Tom & Jerry</GPP_A>\n  |             ^\n");
  }
}

TEST_CASE("a byte order mark does not shift the place in an excerpt", "[R-XML-05][R-XML-27]") {
  const auto failure = failure_of("\xef\xbb\xbf<a>&</a>");
  CHECK(excerpt(failure.text, failure.position.value()) == "1 | <a>&</a>\n  |    ^\n");
}

TEST_CASE("a file that is no XML at all is explained by what it is", "[R-LAYER-15][R-LAYER-16]") {
  struct Row {
    std::string_view bytes, detail;
  };
  const auto row = GENERATE(values<Row>({
      {{"<\0?\0x\0", 6}, "looks like UTF-16 text: save it as UTF-8"},
      {{"\xff\xfe<\0", 4}, "looks like UTF-16 text: save it as UTF-8"},
      {{"\0<\0?", 4}, "looks like UTF-16 text: save it as UTF-8"},
      {"<html><body>404", "looks like an HTML page: the server's error page, or its login form"},
      {"\n<!DOCTYPE HTML>", "looks like an HTML page: the server's error page, or its login form"},
      {"Not Found", "looks like plain text"},
  }));
  const auto failure = failure_of(row.bytes);
  CHECK(failure.error == Error{Errc::not_a_profile, std::string(row.detail)});
  CHECK_FALSE(failure.position);
  CHECK(failure.text == row.bytes);
}

TEST_CASE("a failure before any text is explained without one", "[R-LAYER-10]") {
  const auto failure = failure_of("Salted__........");
  CHECK(failure.error.code == Errc::key_missing);
  CHECK(failure.text.empty());
  CHECK_FALSE(failure.position);
}

}  // namespace excerpt_test
