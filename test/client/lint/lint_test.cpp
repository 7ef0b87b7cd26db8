#include "test/client/lint/phone.hpp"

#include <catch2/catch.hpp>

namespace provphone::lint_test {
namespace {

using profile::Generation;
using test::brief;
using test::in_profile;
using test::lint;

struct Row {
  std::string_view elements;
  std::string_view findings;  // as brief() has them
};

TEST_CASE("a profile is told what is wrong with its elements, and where") {
  const auto row = GENERATE(values<Row>({
      {"<Resync_On_Reset>Yes</Resync_On_Reset>", ""},
      // --- names
      {"<resync_on_reset>Yes</resync_on_reset>", "2:1 LINT-NAME-SPELLING medium resync_on_reset\n"},
      {" <Proxy_17_>sip.example.net</Proxy_17_>", "2:2 LINT-NAME-NUMBER info Proxy_17_\n"},
      {"<Coffee_Machine>On</Coffee_Machine>", "2:1 LINT-NAME-UNKNOWN info Coffee_Machine\n"},
      // --- values and attributes
      {"<Resync_On_Reset>maybe</Resync_On_Reset>", "2:1 LINT-VALUE medium Resync_On_Reset\n"},
      {"<Resync_On_Reset ua=\"xx\">Yes</Resync_On_Reset>",
       "2:1 LINT-ATTRIBUTE low Resync_On_Reset\n"},
      {"<GPP_A>a<b>c</b></GPP_A>", "2:1 LINT-NESTED medium GPP_A\n"},
      {"<GPP_A>{{ tenant }}</GPP_A>", "2:1 LINT-TEMPLATE medium GPP_A\n"},
      {"<Dial_Plan_1_>(<:1>xx.|{[2-9]})</Dial_Plan_1_>", "2:32 LINT-UNREADABLE high\n"},
      {"<Dial_Plan_1_>(&lt;:1&gt;xx.|[2-9]xxS0)</Dial_Plan_1_>", ""},
      {"<Password_1_>hunter2</Password_1_>", "2:1 LINT-SECRET low Password_1_\n"},
      {"<Password_1_></Password_1_>", ""},
      {"<Report_Rule>[--key Secret]http://a.example/r</Report_Rule>",
       "2:1 LINT-SECRET low Report_Rule\n2:1 LINT-NEXT info Report_Rule\n"},
      {"<Report_Rule>[--key $A]http://a.example/r</Report_Rule>",
       "2:1 LINT-RULE-UNREADABLE high Report_Rule\n"},
      {"<GPP_A>Secret</GPP_A>\n<Report_Rule>[--key \"$A\"]http://a.example/r</Report_Rule>",
       "3:1 LINT-SECRET low Report_Rule\n3:1 LINT-NEXT info Report_Rule\n"},
      {"<Report_Rule>[--uid phone --pwd word]http://a.example/r</Report_Rule>",
       "2:1 LINT-SECRET low Report_Rule\n2:1 LINT-NEXT info Report_Rule\n"},
      // --- twice
      {"<GPP_A>1</GPP_A>\n<GPP_A>1</GPP_A>", "3:1 LINT-DOUBLED low GPP_A\n"},
      {"<GPP_A>1</GPP_A>\n<GPP_A>2</GPP_A>", "3:1 LINT-DOUBLED medium GPP_A\n"},
      // The one that is ruled out is named, and not its neighbour.
      {"<Resync_On_Reset>Yes</Resync_On_Reset>\n<Resync_On_Reset>9</Resync_On_Reset>",
       "3:1 LINT-VALUE medium Resync_On_Reset\n"},
      {"<Resync_On_Reset>9</Resync_On_Reset>\n<Resync_On_Reset>Yes</Resync_On_Reset>",
       "2:1 LINT-VALUE medium Resync_On_Reset\n"},
      {"<Nn>1</Nn>\n<Mm>1</Mm>\n<Nn>2</Nn>",
       "2:1 LINT-NAME-UNKNOWN info Nn\n3:1 LINT-NAME-UNKNOWN info Mm\n"
       "4:1 LINT-NAME-UNKNOWN info Nn\n"},
      // --- what nobody writes
      {"<!-- <Nn>1</Nn> --><GPP_A>2</GPP_A>", ""},
      {"<GPP_A><![CDATA[</GPP_A><Nn>]]></GPP_A><Mm/>", "2:40 LINT-NAME-UNKNOWN info Mm\n"},
      {"<flat-profile><Nn>1</Nn></flat-profile>", "2:15 LINT-NAME-UNKNOWN info Nn\n"},
      {"<Nn><flat-profile><Resync_On_Reset>9</Resync_On_Reset></flat-profile></Nn>",
       "2:1 LINT-NAME-UNKNOWN info Nn\n2:19 LINT-VALUE medium Resync_On_Reset\n"},
      {"<router-configuration><Time_Zone>x</Time_Zone></router-configuration>",
       "2:1 LINT-NAME-UNKNOWN info router-configuration\n"},
      // Two names of one parameter.
      {"<Resync_At_HHmm>0300</Resync_At_HHmm>\n<Resync_At__HHmm_>0400</Resync_At__HHmm_>",
       "3:1 LINT-DOUBLED medium Resync_At__HHmm_\n"},
  }));
  INFO(row.elements);
  CHECK(brief(lint(in_profile(row.elements))) == row.findings);
}

TEST_CASE("a file is judged as a whole") {
  const auto row = GENERATE(values<Row>({
      {"<flat-profile></flat-profile>", ""},
      {"<device><GPP_A>1</GPP_A></device>",
       "0:0 LINT-NO-PROFILE high\n1:9 LINT-OUTSIDE medium GPP_A\n"},
      {"<all><GPP_A>1</GPP_A><other/><flat-profile><GPP_A>1</GPP_A></flat-profile></all>",
       "1:6 LINT-OUTSIDE medium GPP_A\n"},
      {"<flat-profile>\n<GPP_A>Tom & Jerry</GPP_A></flat-profile>", "2:12 LINT-UNREADABLE high\n"},
      {"", "0:0 LINT-UNREADABLE high\n"},
      {"Salted__0123456789abcdef", "0:0 LINT-UNREADABLE high\n"},
      {"\xEF\xBB\xBF<flat-profile><Nn>1</Nn></flat-profile>", "1:15 LINT-NAME-UNKNOWN info Nn\n"},
      {"<flat-profile>\r\n  <Nn\r\n/>\r\n  <Mm a='>'/></flat-profile>",
       "2:3 LINT-NAME-UNKNOWN info Nn\n4:3 LINT-NAME-UNKNOWN info Mm\n"},
      {"<flat-profile><GPP_A>\xE9</GPP_A></flat-profile>", "1:22 LINT-ENCODING low\n"},
      {"<flat-profile><GPP_A>\xC3\xA9</GPP_A></flat-profile>", ""},
      {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><flat-profile><GPP_A>\xC3\xA9</GPP_A>"
       "</flat-profile>",
       "1:65 LINT-ENCODING low\n"},
      {"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><flat-profile/>", ""},
  }));
  INFO(row.elements);
  CHECK(brief(lint(row.elements)) == row.findings);
}

TEST_CASE("a name that no source has is told as such, never as one that no phone has") {
  const auto linted = lint(in_profile("<Coffee_Machine>On</Coffee_Machine>"));
  REQUIRE(linted.findings.size() == 1);
  CHECK(linted.findings[0].text == "no document up to 12.0(7)SR5 and no dump read so far has it");
}

TEST_CASE("findings hold no secret and no value that was refused") {
  const auto linted = lint(
      in_profile("<Password_1_>hunter2</Password_1_>\n<Password_1_>hunter3</Password_1_>\n"
                 "<Resync_On_Reset>hunter4</Resync_On_Reset>\n"
                 "<Profile_Rule>[--key hunter5 --pwd hunter6] http://127.0.0.1/a?password=hunter7"
                 "</Profile_Rule>\n<Profile_Rule_B>[--key hunter8 http://</Profile_Rule_B>"));
  CHECK(linted.findings.size() >= 5);
  for (const auto& finding : linted.findings)
    CHECK(finding.text.find("hunter") == std::string::npos);
}

TEST_CASE("what the phone already has decides what a file restarts") {
  auto phone = test::phone_of(Generation::mpp11);
  const auto options = resync::decode_options_of(phone.personality);
  const auto file = in_profile("<Web_Server_Port>8080</Web_Server_Port>");
  CHECK(brief(client::lint::lint(file, options, phone)) ==
        "2:1 LINT-RESTART info Web_Server_Port\n");
  phone.parameters.set(*profile::find_parameter("Web_Server_Port"), "8080");
  CHECK(brief(client::lint::lint(file, options, phone)).empty());
}

}  // namespace
}  // namespace provphone::lint_test
