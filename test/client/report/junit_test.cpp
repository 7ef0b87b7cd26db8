#include "client/report/junit.hpp"

#include "client/report/detail/markup.hpp"

#include <catch2/catch.hpp>
#include <tinyxml2.h>

#include <random>

namespace junit_test {

using namespace provphone::client::report;

namespace {

JunitCase case_with(JunitCase::Status status) {
  JunitCase made;
  made.status = status;
  made.classname = "c";
  made.name = "n";
  made.type = "t";
  made.message = "m";
  made.text = "one\ntwo\n";
  return made;
}

std::string random_text(std::mt19937& random) {
  static const std::vector<std::string_view> pieces{
      "\"",
      "'",
      " ",
      "\t",
      "\n",
      "\r",
      "\r\n",
      "&",
      "<",
      ">",
      "]]>",
      "a",
      "&#32;",
      "\xc3\xa9",
      // None of these can be in XML: no UTF-8, half of a pair, control characters.
      "\xe9",
      "\xed\xa0\x80",
      "\xff",
      "\x01",
      {"\0", 1}};
  std::string text = "x";  // white space alone is no text to tinyxml2
  for (auto count = random() % 8; count > 0; --count) text += pieces[random() % pieces.size()];
  return text;
}

}  // namespace

TEST_CASE("suites have a root that names and counts all of them, where it has a name") {
  using Status = JunitCase::Status;
  auto timed = case_with(Status::passed);
  timed.time = "1.5";
  const JunitSuite suite{"s", "0", {{"seed", "7"}}, {timed, case_with(Status::error)}};
  const std::string inside =
      "  <testsuite name=\"s\" tests=\"2\" failures=\"0\" errors=\"1\" skipped=\"0\" time=\"0\">\n"
      "    <properties>\n"
      "      <property name=\"seed\" value=\"7\"/>\n"
      "    </properties>\n"
      "    <testcase classname=\"c\" name=\"n\" time=\"1.5\"/>\n"
      "    <testcase classname=\"c\" name=\"n\">\n"
      "      <error type=\"t\" message=\"m\">one\ntwo\n</error>\n"
      "    </testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n";
  CHECK(format_junit(JunitSuites{{}, {}, {suite}}) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n" + inside);
  const auto named = format_junit(JunitSuites{"all", "0", {suite, suite}});
  CHECK_THAT(named,
             Catch::Contains("<testsuites name=\"all\" tests=\"4\" failures=\"0\" errors=\"2\" "
                             "time=\"0\">\n  <testsuite ") &&
                 Catch::EndsWith(inside));
}

TEST_CASE("a suite alone is the root, and an empty text leaves an element's tags") {
  using Status = JunitCase::Status;
  auto failure = case_with(Status::failure);
  failure.text.clear();
  auto printed = case_with(Status::passed);
  printed.system_out = "out";
  const JunitSuite suite{"s", {}, {}, {failure, case_with(Status::skipped), printed}};
  CHECK(format_junit(suite) ==
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        "<testsuite name=\"s\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">\n"
        "  <testcase classname=\"c\" name=\"n\">\n"
        "    <failure type=\"t\" message=\"m\"></failure>\n"
        "  </testcase>\n"
        "  <testcase classname=\"c\" name=\"n\">\n"
        "    <skipped message=\"m\"/>\n"
        "  </testcase>\n"
        "  <testcase classname=\"c\" name=\"n\">\n"
        "    <system-out>out</system-out>\n"
        "  </testcase>\n"
        "</testsuite>\n");
}

TEST_CASE("white space that XML readers change is written as references") {
  auto failed = case_with(JunitCase::Status::failure);
  failed.message = failed.text = "<\t'\r\n\">";
  const auto text = format_junit(JunitSuite{"s", {}, {}, {failed}});
  CHECK_THAT(text, Catch::Contains("message=\"&lt;&#9;&apos;&#13;&#10;&quot;&gt;\"") &&
                       Catch::Contains(">&lt;\t'&#13;\n&quot;&gt;</failure>"));
}

TEST_CASE("a reader of JUnit XML finds every text as it was, but for what XML cannot say") {
  std::mt19937 random(19);
  for (int round = 0; round < 2000; ++round) {
    auto failed = case_with(JunitCase::Status::failure);
    for (auto* text : {&failed.name, &failed.message, &failed.text}) *text = random_text(random);
    failed.system_out = random_text(random);
    const JunitSuite suite{random_text(random), {}, {}, {failed}};
    const auto written = format_junit(suite);
    INFO(written);
    tinyxml2::XMLDocument document;
    REQUIRE(document.Parse(written.c_str(), written.size()) == tinyxml2::XML_SUCCESS);
    const auto* root = document.RootElement();
    const auto* element = root->FirstChildElement("testcase");
    CHECK(root->Attribute("name") == as_clean_text(suite.name));
    CHECK(element->Attribute("name") == as_clean_text(failed.name));
    CHECK(element->FirstChildElement("failure")->Attribute("message") ==
          as_clean_text(failed.message));
    CHECK(element->FirstChildElement("failure")->GetText() == as_clean_text(failed.text));
    CHECK(element->FirstChildElement("system-out")->GetText() == as_clean_text(failed.system_out));
  }
}

}  // namespace junit_test
