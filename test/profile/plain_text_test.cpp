#include "profile/plain_text.hpp"

#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace plain_text_test {

using namespace provphone;
using namespace provphone::profile;
using namespace provphone::profile::samples;

namespace {

ParameterId id(std::string_view name) {
  return find_parameter(name).value();
}

Decoded parse(std::string_view text) {
  auto decoded = parse_plain_text(text);
  if (!decoded) FAIL(format(decoded.error()));
  return *std::move(decoded);
}

}  // namespace

TEST_CASE("a line of plain text sets a value and a right", "[R-TEXT-01][R-TEXT-02]") {
  struct Row {
    std::string_view text;
    std::optional<std::string> value;
    Access access;
  };
  const auto row = GENERATE(values<Row>({
      {"GPP_A \"v\" ;", "v", Access::none},
      {"GPP_A ! \"v\" ;", "v", Access::read_write},
      {"GPP_A ? \"v\" ;", "v", Access::read_only},
      {"GPP_A!\"v\";", "v", Access::read_write},
      {"GPP_A\t\"\"\r\n;", "", Access::none},
      {"GPP_A ! ;", std::nullopt, Access::read_write},
      {"GPP_A ;", std::nullopt, Access::none},
      {"\xef\xbb\xbfGPP_A ? ;", std::nullopt, Access::read_only},
      {"GPP_A \" a; # & <b> \" ;", " a; # & <b> ", Access::none},
  }));
  INFO(row.text);
  const auto decoded = parse(row.text);
  CHECK(decoded.changes == std::vector<Change>{{id("GPP_A"), row.value, row.access}});
  CHECK(decoded.ignored.empty());
  CHECK(decoded.layers == std::vector{Layer::plain_text});
}

TEST_CASE("a name of plain text keeps the brackets of the web page's label",
          "[R-TEXT-03][R-XML-32]") {
  const auto decoded =
      parse("Proxy[1] \"p\" ; Dial_Plan[2] \"(xx)\" ; Resync_At_(HHmm) \"0100\" ;");
  CHECK(value_of(decoded, "Proxy_1_") == "p");
  CHECK(value_of(decoded, "Dial_Plan_2_") == "(xx)");
  CHECK(value_of(decoded, "Resync_At__HHmm_") == "0100");
}

TEST_CASE("a comment of plain text reaches to the end of its line", "[R-TEXT-04]") {
  const auto decoded =
      parse("# head \"quote ;\nGPP_A # of what\n \"1\" # why\n ; # done\n#GPP_B \"2\" ;\n# end");
  CHECK(decoded.changes == std::vector<Change>{{id("GPP_A"), "1", Access::none}});
  CHECK(parse("").changes.empty());
  CHECK(parse("# only").changes.empty());
}

TEST_CASE("of two lines of plain text for a parameter the last one wins", "[R-TEXT-05][R-XML-07]") {
  const auto decoded = parse("GPP_A ! \"1\" ;\nGPP_B \"2\" ;\nGPP_A ? ;\n");
  const std::vector<Change> expected{{id("GPP_B"), "2", Access::none},
                                     {id("GPP_A"), "1", Access::read_only}};
  CHECK(decoded.changes == expected);
}

TEST_CASE("what plain text says wrongly about one parameter is passed over",
          "[R-TEXT-01][R-XML-17][R-XML-18]") {
  const auto decoded = parse(
      "Nonsense \"secret\" ;\nProvision_Enable ! \"maybe\" ;\nResync_On_Reset \"enable\" ;\n");
  const std::vector<Ignored> expected{
      {"Nonsense", "no document up to 12.0(7)SR5 and no dump read so far has it"},
      {"Provision_Enable", "neither Yes nor No"}};
  CHECK(decoded.ignored == expected);
  CHECK(value_of(decoded, "Resync_On_Reset") == "Yes");
  CHECK(decoded.changes.size() == 1);
}

TEST_CASE("malformed plain text is refused with the place and the cause",
          "[R-TEXT-01][R-TEXT-06]") {
  struct Row {
    std::string_view text, detail;
  };
  const auto row = GENERATE(values<Row>({
      {"GPP_A \"1\"", "line 1, column 10: ; is due, to end what began on line 1"},
      {"GPP_A \"1\"\nGPP_B \"2\" ;", "line 2, column 1: ; is due, to end what began on line 1"},
      {"GPP_A \"hunter2\n\" ;", "line 1, column 7: a value whose closing quote is not on its line"},
      {"GPP_A \"hunter2", "line 1, column 7: a value whose closing quote is not on its line"},
      {"GPP_A ! ? ;", "line 1, column 9: ; is due, to end what began on line 1"},
      {"GPP_A \"1\" ! ;", "line 1, column 11: ; is due, to end what began on line 1"},
      {"\n;", "line 2, column 1: a parameter's name is due"},
      {"\"x\" ;", "line 1, column 1: a parameter's name is due"},
      {"GPP_A = 1 ;", "line 1, column 7: ; is due, to end what began on line 1"},
      {"<flat-profile>\n</flat-profile>",
       "line 2, column 1: ; is due, to end what began on line 1"},
      {"GPP_A ;\nimport common.txt\n",
       "line 2, column 1: import: files are not followed; put their lines here"},
  }));
  INFO(row.text);
  const auto decoded = parse_plain_text(row.text);
  REQUIRE_FALSE(decoded);
  CHECK(decoded.error() == Error{Errc::not_a_profile, std::string(row.detail)});
}

TEST_CASE("a phone does not read plain text", "[R-TEXT-07]") {
  const auto decoded = decode("GPP_A \"1\" ;\n", {});
  CHECK(error_of(decoded) == "not_a_profile");
  CHECK_THAT(decoded.error().detail, Catch::Contains("plain text"));
}

TEST_CASE("plain text has the size limit of a profile, tested from both sides", "[R-LAYER-17]") {
  std::string text(max_file_bytes, ' ');
  CHECK(parse_plain_text(text));
  CHECK(error_of(parse_plain_text(text + " ")) == "body_too_large");
}

TEST_CASE("no scramble of plain text breaks its reader", "[R-TEXT-01]") {
  const std::vector<std::string_view> pieces{
      "GPP_A", "GPP_B \"w\" ;", "Proxy[1]", " ", "\n", "\"", "\"v\"", ";", "!", "?", "#",
      "\\",    "import",        "\xff",     "x"};
  std::mt19937 random(5);
  int taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text;
    for (auto count = random() % 9; count > 0; --count) text += pieces[random() % pieces.size()];
    const auto decoded = parse_plain_text(text);
    taken += decoded && !decoded->changes.empty() ? 1 : 0;
    INFO(text);
    if (!decoded) CHECK_THAT(decoded.error().detail, Catch::StartsWith("line "));
  }
  CHECK(taken > 100);
}

}  // namespace plain_text_test
