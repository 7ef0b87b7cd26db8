#include "macro/rule.hpp"
#include "test/macro/reference_phone.hpp"

#include <catch2/catch.hpp>

namespace rule_option_test {

using namespace provphone;
using namespace provphone::macro;
using namespace provphone::macro::test;

namespace {

RuleContext context_of(RuleKind kind) {
  RuleContext context;
  context.kind = kind;
  return context;
}

RuleOptions options_of(std::string_view rule, RuleKind kind = RuleKind::profile) {
  CAPTURE(rule);
  const auto outcome = evaluate_rule(expand(rule, reference_phone(), SecretScope::key_uid_and_pwd),
                                     context_of(kind));
  REQUIRE(outcome);
  return outcome->options;
}

void check_wrong(std::string_view rule, Errc code, std::string_view at) {
  for (const auto kind : {RuleKind::profile, RuleKind::upgrade, RuleKind::report}) {
    CAPTURE(rule);
    const auto outcome = evaluate_rule(rule, context_of(kind));
    REQUIRE_FALSE(outcome);
    CHECK(name(outcome.error().code) == name(code));
    CAPTURE(outcome.error().detail);
    CHECK(outcome.error().detail.starts_with(at));
  }
}

}  // namespace

TEST_CASE("an argument is a word or a phrase in quotes", "[R-RULE-12]") {
  CHECK(options_of("[--key \"my secret phrase\"] tftp://h/p.cfg").key == "my secret phrase");
  CHECK(options_of("[--key word] tftp://h/p.cfg").key == "word");
  CHECK(options_of("[--key \"\"] tftp://h/p.cfg").key == "");
  CHECK(options_of("[--key \"--uid\"] tftp://h/p.cfg").key == "--uid");
  CHECK(options_of("[--key \"a]b\"] tftp://h/p.cfg").key == "a]b");
  CHECK(options_of("[--key a(b] tftp://h/p.cfg").key == "a(b");
  CHECK(options_of("[--key a=[b] tftp://h/p.cfg").key == "a=[b");
  CHECK(options_of("[--pwd \"$SB\"] tftp://h/p.cfg").pwd == "MySecretPassword");
  CHECK(options_of("[--post \"b\"] http://h/p").post == 'b');
}

TEST_CASE("a key of hexadecimal digits is a phrase like any other", "[R-RULE-16]") {
  CHECK(options_of("[--key a37d2fb9055c1d04883a0745eb0917a4] http://h/p").key ==
        "a37d2fb9055c1d04883a0745eb0917a4");
}

TEST_CASE("options stand in any order, with or without blanks around the brackets", "[R-RULE-13]") {
  const auto three = options_of("[--alias a --key abracadabra321 --post c] http://h/p");
  CHECK(three.alias == 'a');
  CHECK(three.key == "abracadabra321");
  CHECK(three.post == 'c');
  const auto turned = options_of("[ --post c\t--key abracadabra321\n--alias a ]http://h/p");
  CHECK(turned.alias == three.alias);
  CHECK(turned.key == three.key);
  CHECK(turned.post == three.post);
  const auto account = options_of("[--uid u --pwd p]http://h/p");
  CHECK(account.uid == "u");
  CHECK(account.pwd == "p");
  CHECK_FALSE(account.key);
  CHECK(options_of("[--srv]http://h/p").srv);
  CHECK(options_of("[ --key k ]http://h/p").key == "k");
  CHECK(options_of("[--post f ]http://h/p").post == 'f');
  CHECK(options_of("[--key one --key two]http://h/p").key == "two");
}

TEST_CASE("an alternative without options has none", "[R-RULE-13]") {
  const auto none = options_of("(1 eq 2)? [--key k --srv] http://a/ | http://h/p");
  CHECK_FALSE(none.key);
  CHECK_FALSE(none.srv);
}

TEST_CASE("an unknown option, a missing argument and a missing bracket fail the rule",
          "[R-RULE-14]") {
  check_wrong("[--nonce x] http://h/p", Errc::unknown_option, "offset 1:");
  check_wrong("[--key x --KEY y] http://h/p", Errc::unknown_option, "offset 9:");
  check_wrong("[--] http://h/p", Errc::unknown_option, "offset 1:");
  check_wrong("[--uid\"u\"] http://h/p", Errc::unknown_option, "offset 1:");
  check_wrong("[--key] http://h/p", Errc::option_argument, "offset 1: --key");
  check_wrong("[--key ] http://h/p", Errc::option_argument, "offset 1: --key");
  check_wrong("[--srv --uid --pwd x] http://h/p", Errc::option_argument, "offset 7: --uid");
  check_wrong("[--key \"a\"b] http://h/p", Errc::option_argument, "offset 7:");
  check_wrong("[--key a\"b c\"] http://h/p", Errc::option_argument, "offset 7:");
  check_wrong("[--key a b] http://h/p", Errc::rule_syntax, "offset 9:");
  check_wrong("[key a] http://h/p", Errc::rule_syntax, "offset 1:");
  check_wrong("[\xe2\x80\x93key a] http://h/p", Errc::rule_syntax, "offset 1:");
  check_wrong("[-key a] http://h/p", Errc::rule_syntax, "offset 1:");
  check_wrong("[] http://h/p", Errc::rule_syntax, "offset 1:");
  check_wrong("[ ] http://h/p", Errc::rule_syntax, "offset 1:");
  check_wrong("[--key a http://h/p", Errc::rule_syntax, "offset 0:");
  check_wrong("[--key a]", Errc::url_syntax, "offset 9:");
  check_wrong("[--key a][--uid b]http://h/p", Errc::url_syntax, "URL at offset 9:");
}

TEST_CASE("post and alias name one of the sixteen registers", "[R-RULE-25]") {
  CHECK(options_of("[--post a --alias p] http://h/p").post == 'a');
  CHECK(options_of("[--post a --alias p] http://h/p").alias == 'p');
  check_wrong("[--post q] http://h/p", Errc::option_argument, "offset 1: --post");
  check_wrong("[--post A] http://h/p", Errc::option_argument, "offset 1: --post");
  check_wrong("[--alias GPP_A] http://h/p", Errc::option_argument, "offset 1: --alias");
  check_wrong("[--alias \"\"] http://h/p", Errc::option_argument, "offset 1: --alias");
}

TEST_CASE("credentials may spell special characters as octal escapes", "[R-RULE-15]") {
  const auto account = options_of("[--uid a\\043b --pwd \"\\133x \\042\\135\"] http://h/p");
  CHECK(account.uid == "a#b");
  CHECK(account.pwd == "[x \"]");
  CHECK(options_of("[--pwd \\377] http://h/p").pwd == "\xff");
  CHECK(options_of("[--pwd \\0431\\043] http://h/p").pwd == "#1#");
}

TEST_CASE("a backslash that starts no escape is a backslash", "[R-RULE-15]") {
  for (const std::string text : {"\\", "\\0", "\\04", "\\048", "\\n", "\\400", "\\000", "a\\\\b"}) {
    CHECK(options_of("[--pwd " + text + "] http://h/p").pwd == text);
  }
  CHECK(options_of("[--key a\\043b] http://h/p").key == "a\\043b");
}

TEST_CASE("only a report rule heeds the options for reports", "[R-RULE-17]") {
  const std::string_view rule = "[--delta --status --key k --uid u --pwd p --srv] http://h/p";
  const auto report = options_of(rule, RuleKind::report);
  CHECK(report.delta);
  CHECK(report.status);
  CHECK(report.key == "k");
  CHECK(report.uid == "u");
  CHECK(report.srv);
  const auto profile = options_of(rule, RuleKind::profile);
  CHECK_FALSE(profile.delta);
  CHECK_FALSE(profile.status);
  CHECK(profile.key == "k");
}

TEST_CASE("an upgrade rule heeds credentials only", "[R-RULE-18]") {
  const auto options =
      options_of("[--uid u --pwd p --key k --post a --alias b --srv --delta --status] http://h/f",
                 RuleKind::upgrade);
  CHECK(options.uid == "u");
  CHECK(options.pwd == "p");
  CHECK_FALSE(options.key);
  CHECK_FALSE(options.post);
  CHECK_FALSE(options.alias);
  CHECK_FALSE(options.srv);
  CHECK_FALSE(options.delta);
  CHECK_FALSE(options.status);
}

}  // namespace rule_option_test
