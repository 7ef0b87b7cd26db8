#include "client/input/csv.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace csv_test {
namespace {

using namespace provphone;
using namespace provphone::client::input;

using Rows = std::vector<std::vector<std::string>>;

// The header first; where something is wrong its message alone.
Rows rows_of(std::string_view text) {
  auto reader = CsvReader::open(text, "a.csv");
  if (!reader) return {{reader.error().detail}};
  Rows rows{reader->names()};
  std::vector<CsvField> row;
  for (;;) {
    const auto more = reader->next(row);
    if (!more) return {{more.error().detail}};
    if (!*more) return rows;
    auto& copy = rows.emplace_back();
    for (const auto& field : row) copy.emplace_back(field.text);
  }
}

std::string refusal_of(std::string_view text) {
  const auto rows = rows_of(text);
  return rows.size() == 1 && rows.front().size() == 1 ? rows.front().front() : "";
}

const Rows a_row{{"mac", "site"}, {"1", "x"}};

}  // namespace

TEST_CASE("a table is read as spreadsheets and telephone systems export it") {
  for (const std::string_view text : {
           "mac,site\n1,x\n",
           "mac,site\n1,x",
           "mac;site\r\n1;x\r\n",
           "mac\tsite\n1\tx\n",
           "mac,site\r1,x\r",
           "\xef\xbb\xbfmac,site\n1,x\n",
           "sep=;\nmac;site\n1;x\n",
           "\"mac\",\"site\"\n\"1\",\"x\"\n",
           " mac , site \n 1 ,\tx \n",
           " \"mac\" , \"site\"\n1, \"x\" \n",
           "mac,site,,\n1,x,,\n",
           "mac,site\n1,x,,,\n",
           "mac,site\n\n1,x\n,\n,,,\n\n",
           "\nmac,site\n1,x\n",
           "mac;site\n1;\"x\"\n",
       }) {
    INFO(text);
    CHECK(rows_of(text) == a_row);
  }
}

TEST_CASE("a quoted field has separators, quotes and lines of its own") {
  CHECK(rows_of("name,n\n\"Doe, John\",1\n") == Rows{{"name", "n"}, {"Doe, John", "1"}});
  CHECK(rows_of("name,n\n\"Jo \"\"the\"\" Doe\",1\n") ==
        Rows{{"name", "n"}, {"Jo \"the\" Doe", "1"}});
  CHECK(rows_of("name,n\n\"two\r\nlines\",1\n\" x \",2") ==
        Rows{{"name", "n"}, {"two\r\nlines", "1"}, {" x ", "2"}});
  CHECK(rows_of("name,n\n\"\"\"\",\"\"\n") == Rows{{"name", "n"}, {"\"", ""}});
  CHECK(rows_of("name,n\n24\" screen,1\n") == Rows{{"name", "n"}, {"24\" screen", "1"}});
  CHECK(rows_of("name,n\nJ\xc3\xbcrgen M\xc3\xbcller-L\xc3\xbc"
                "denscheidt,1\n")
            .at(1)
            .at(0) ==
        "J\xc3\xbcrgen M\xc3\xbcller-L\xc3\xbc"
        "denscheidt");
}

TEST_CASE("the separator is what the header has most of") {
  CHECK(rows_of("a;b,c;d\n1;2;3\n") == Rows{{"a", "b,c", "d"}, {"1", "2", "3"}});
  CHECK(rows_of("\"a,b,c\";d\n1;2\n") == Rows{{"a,b,c", "d"}, {"1", "2"}});
  CHECK(rows_of("mac\n1\n2\n") == Rows{{"mac"}, {"1"}, {"2"}});
}

TEST_CASE("a table that is wrong is refused with the place") {
  struct Row {
    std::string_view text;
    std::string_view message;
  };
  const Row rows[] = {
      {"", "a.csv:1:1: expected a line with the names of columns"},
      {"\xef\xbb\xbf\n\n", "a.csv:3:1: expected a line with the names of columns"},
      {",,\n1,2,3\n", "a.csv:2:1: expected a line with the names of columns"},
      {"a,b,a\n", "a.csv:1:5: column 'a' for the second time; the first is number 1"},
      {"a,b\n1,2\n3\n", "a.csv:3:1: expected 2 fields as line 1 has, found 1"},
      {"a,b\n1,2,3\n", "a.csv:2:5: expected 2 fields as line 1 has, found 3"},
      {"a,,b\n1,2,3\n", "a.csv:2:3: '2' in column 2, which has no name in line 1"},
      {"a,b\n1,\"x\n2,y\n", "a.csv:2:3: the quote that begins here is never closed"},
      {"a,b\n1,\"x\" y\n", "a.csv:2:7: expected the end of the field behind its closing quote"},
      {{"a,b\n1,\0\n", 8}, "a.csv:2:3: a NUL, which no table has"},
      {"a,b\n1,\xc3\xbc\xfc\n", "a.csv:2:4: the octet fc is no UTF-8; export the table as UTF-8"},
      {"a,b\n1,\xed\xa0\x80\n", "a.csv:2:3: the octet ed is no UTF-8; export the table as UTF-8"},
      {"a,b\n\"1\n2\",\xff", "a.csv:3:4: the octet ff is no UTF-8; export the table as UTF-8"},
      {{"\xff\xfe"
        "a\0,\0",
        6},
       "a.csv:1:1: this is UTF-16; export it as UTF-8"},
  };
  for (const auto& [text, message] : rows) {
    INFO(message);
    CHECK(refusal_of(text) == message);
  }
}

}  // namespace csv_test
