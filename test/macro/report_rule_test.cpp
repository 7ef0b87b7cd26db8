#include "macro/rule.hpp"

#include <catch2/catch.hpp>

namespace report_rule_test {

using namespace provphone;
using namespace provphone::macro;

namespace {

using Pieces = std::vector<std::string_view>;

}  // namespace

TEST_CASE("a report rule holds two rules, each with its own brackets", "[R-RULE-20]") {
  CHECK(split_report_rule("[--delta]http://s/d.xml [--status]http://s/st.xml") ==
        Pieces{"[--delta]http://s/d.xml", "[--status]http://s/st.xml"});
  CHECK(split_report_rule("[--delta]http://s/d.xml; [--status]http://s/st.xml;") ==
        Pieces{"[--delta]http://s/d.xml", "[--status]http://s/st.xml"});
  CHECK(split_report_rule("http://s/a\n\thttp://s/b") == Pieces{"http://s/a", "http://s/b"});
  CHECK(split_report_rule("http://s/a ; http://s/b") == Pieces{"http://s/a", "http://s/b"});
}

TEST_CASE("each rule of a report rule is evaluated on its own", "[R-RULE-20]") {
  RuleContext context;
  context.kind = RuleKind::report;
  const auto rules = split_report_rule("[--delta]http://s/d.xml [--status]http://s/st.xml");
  REQUIRE(rules.size() == 2);
  const auto delta = evaluate_rule(rules[0], context);
  const auto status = evaluate_rule(rules[1], context);
  REQUIRE(delta);
  REQUIRE(status);
  CHECK((delta->options.delta && !delta->options.status));
  CHECK((status->options.status && !status->options.delta));
  CHECK(format(*delta->url) == "http://s:80/d.xml");
  CHECK(format(*status->url) == "http://s:80/st.xml");
}

TEST_CASE("one rule stays in one piece", "[R-RULE-20]") {
  for (const std::string_view rule :
       {"http://s/a", "[--key \"a b\" --delta] http://s/a", "[--delta]\n http://s/a?b;c=d",
        "(1 eq 1) ? (a = \"x y\" ; ) ! [ --delta ] http://s/a", "(1 eq 1)? http://s/a | http://s/b",
        "(1 eq 1)? http://s/a|[--delta] http://s/b", "http://[::1]/a", "[--key \"a; b", "(1 eq 1",
        "# http://s/a http://s/b"}) {
    CAPTURE(rule);
    CHECK(split_report_rule(rule) == Pieces{rule});
  }
  CHECK(split_report_rule("  http://s/a \n") == Pieces{"http://s/a"});
  CHECK(split_report_rule("http://s/a;") == Pieces{"http://s/a"});
}

TEST_CASE("alternatives belong to the rule that they stand in", "[R-RULE-20]") {
  CHECK(split_report_rule("(1 eq 2)? http://s/a | http://s/b [--status] http://s/c") ==
        Pieces{"(1 eq 2)? http://s/a | http://s/b", "[--status] http://s/c"});
}

TEST_CASE("an empty report rule holds no rule", "[R-RULE-20]") {
  CHECK(split_report_rule("").empty());
  CHECK(split_report_rule(" \n ").empty());
}

}  // namespace report_rule_test
