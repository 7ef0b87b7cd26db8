#include "client/scenario/template.hpp"

#include <catch2/catch.hpp>

namespace template_test {

using namespace provphone;
using namespace provphone::client::scenario;

TEST_CASE("a template gives each phone a text of its own") {
  const Variables variables{{"site", "b"}, {"floor", "3"}};
  const TemplateValues values{26, MacAddress{0x000e08abcdef}, "lab", variables};
  struct Row {
    std::string_view text, expanded;
  };
  for (const auto& row : std::initializer_list<Row>{
           {"", ""},
           {"plain $MA text", "plain $MA text"},
           {"{index}", "26"},
           {"{index:04X}", "001A"},
           {"{index:4x}", "  1a"},
           {"{index:1}", "26"},
           {"{index:06d}", "000026"},
           {"{index+1000}", "1026"},
           {"{index+4294967295:x}", "100000019"},
           {"{mac}/{group}-{site}{floor}", "000e08abcdef/lab-b3"},
           {"{{{site}}}", "{b}"},
           {"a{{}}b", "a{}b"},
       }) {
    INFO(row.text);
    const auto parsed = parse_template(row.text);
    REQUIRE(parsed);
    CHECK(expand(*parsed, values) == row.expanded);
  }
}

TEST_CASE("a template that cannot be taken apart is refused") {
  for (const auto* text :
       {"{", "}", "{index", "index}", "{a{b}", "{}", "{ }", "{in dex}", "{index:}x}", "{index:Q}",
        "{index:999}", "{index:99999999999999}", "{index+}", "{index+4294967296}", "{index-1}",
        "{site:04X}", "{1}", "{a-b}"}) {
    INFO(text);
    const auto parsed = parse_template(text);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().code == Errc::bad_argument);
  }
}

TEST_CASE("only index and address tell the phones of a group apart") {
  CHECK(parse_template("{index}")->differs_within_group());
  CHECK(parse_template("a{mac}")->differs_within_group());
  CHECK_FALSE(parse_template("{group}{site}$MA")->differs_within_group());
}

}  // namespace template_test
