#include "macro/rule.hpp"

#include "test/macro/reference_phone.hpp"

#include <catch2/catch.hpp>

namespace rule_test {

using namespace provphone;
using namespace provphone::macro;
using namespace provphone::macro::test;

namespace {

constexpr std::string_view version = "sip88xx.11-3-2MPP0001-609";

RuleContext profile_context() {
  RuleContext context;
  context.software_version = version;
  return context;
}

RuleContext with_dhcp_server() {
  RuleContext context = profile_context();
  context.default_server = DefaultServer{Scheme::tftp, "10.0.0.1", 0};
  return context;
}

Result<RuleOutcome> evaluate(std::string_view rule, const Values& values = {},
                             const RuleContext& context = profile_context()) {
  const auto phone = reference_phone(values);
  return evaluate_rule(expand(rule, phone, SecretScope::key_uid_and_pwd), context);
}

// The outcome in one line: alternative, assignments and URL, or the error.
std::string describe(const Result<RuleOutcome>& outcome) {
  if (!outcome) return std::string(name(outcome.error().code));
  std::string text = std::to_string(outcome->alternative);
  for (const auto& assignment : outcome->assignments) {
    text.append(" ").append(assignment.name).append("=").append(assignment.value);
  }
  if (outcome->url) text.append(" ").append(format(*outcome->url));
  return text;
}

void check_wrong(std::string_view rule, Errc code, std::string_view at,
                 const RuleContext& context = profile_context()) {
  CAPTURE(rule);
  const auto outcome = evaluate_rule(rule, context);
  REQUIRE_FALSE(outcome);
  CHECK(name(outcome.error().code) == name(code));
  CAPTURE(outcome.error().detail);
  CHECK(outcome.error().detail.find(at) != std::string::npos);
  CHECK(outcome.error().detail.find("expected") != std::string::npos);
}

}  // namespace

TEST_CASE("a rule without alternatives is a URL", "[R-RULE-07][R-RULE-08]") {
  CHECK(describe(evaluate("/$MA.cfg", {}, with_dhcp_server())) ==
        "1 tftp://10.0.0.1:69/000e08012345.cfg");
  CHECK(describe(evaluate("192.168.1.130/profiles/init.cfg")) ==
        "1 tftp://192.168.1.130:69/profiles/init.cfg");
  CHECK(describe(evaluate("http://neptune.speak.net:8080/prov/$A/$B.cfg")) ==
        "1 http://neptune.speak.net:8080/prov/ABC/123.cfg");
  const auto dynamic = evaluate("https://secure.me.com/profile?Linksys");
  REQUIRE(dynamic);
  CHECK(dynamic->url == Url{Scheme::https, "secure.me.com", 443, "/profile?Linksys"});
  CHECK_FALSE(dynamic->options.post);
}

TEST_CASE("the first alternative whose condition holds is taken", "[R-RULE-01]") {
  const std::string_view rule =
      "($PRVTMR ge 600)? http://p.tel.com/has-reg.cfg | [--post a] http://p.tel.com/lost-reg?";
  const auto first = evaluate(rule);
  CHECK(describe(first) == "1 http://p.tel.com:80/has-reg.cfg");
  CHECK_FALSE(first->options.post);
  const auto second = evaluate(rule, {{"PRVTMR", "10"}});
  CHECK(describe(second) == "2 http://p.tel.com:80/lost-reg?");
  CHECK(second->options.post == 'a');

  const std::string_view certified =
      "(\"$CCERT\" eq \"Installed\")? https://p.tel.com/config? | "
      "https://p.tel.com/config?cisco$MAU";
  CHECK(describe(evaluate(certified)) == "1 https://p.tel.com:443/config?");
  CHECK(describe(evaluate(certified, {{"CCERT", "Not Installed"}})) ==
        "2 https://p.tel.com:443/config?cisco000E08012345");

  CHECK(describe(evaluate("($SWVER ge sip78xx.11-0-0MPP-7)? http://s/sip78xx.11-2-1MES-3.loads| "
                          "http://s/sip78xx.11-0-0MPP-7.loads")) ==
        "1 http://s:80/sip78xx.11-2-1MES-3.loads");
}

TEST_CASE("an alternative without a condition is taken wherever it stands", "[R-RULE-01]") {
  CHECK(describe(evaluate("http://a/x | http://b/y")) == "1 http://a:80/x");
  CHECK(describe(evaluate("(1 eq 2)? http://a/x | http://b/y | http://c/z")) == "2 http://b:80/y");
  CHECK(describe(evaluate("(1 eq 1)? | http://b/y")) == "1");
  CHECK(describe(evaluate("(1 eq 2)? http://a/x |")) == "2");
}

TEST_CASE("the phone does not look at alternatives behind the one it takes", "[R-RULE-22]") {
  CHECK(describe(evaluate("http://a/x | (nonsense)? ftp://b")) == "1 http://a:80/x");
  CHECK(describe(evaluate("(1 eq 2)? [--nonsense] ftp://b | http://a/x")) == "2 http://a:80/x");
  CHECK(describe(evaluate("(nonsense)? http://b/ | http://a/x")) == "condition_syntax");
  CHECK(describe(evaluate("http://a/x | (unclosed ? http://b/")) == "rule_syntax");
}

TEST_CASE("a rule none of whose conditions hold is skipped", "[R-RULE-21]") {
  const auto outcome = evaluate("($PRVST eq 2)? http://a/x", {{"PRVST", "1"}});
  CHECK(describe(outcome) == "0");
  CHECK_FALSE(outcome->url);
  CHECK(describe(evaluate("(1 eq 2)? http://a/x | (2 eq 3)? http://b/x")) == "0");
}

TEST_CASE("an empty rule is skipped, and a commented one where the firmware has comments",
          "[R-RULE-03]") {
  RuleContext commented = profile_context();
  commented.dialect.leading_hash_comments = true;
  CHECK(describe(evaluate("# http://192.168.1.200/sample.cfg", {}, commented)) == "0");
  CHECK(describe(evaluate("#", {}, commented)) == "0");
  CHECK(describe(evaluate("", {}, commented)) == "0");
  CHECK(describe(evaluate("")) == "0");
  CHECK(describe(evaluate(" \r\n\t")) == "0");
  CHECK(describe(evaluate("# http://192.168.1.200/sample.cfg")) == "url_syntax");
  CHECK(describe(evaluate(" # http://192.168.1.200/sample.cfg", {}, commented)) == "url_syntax");
  CHECK(describe(evaluate("http://h/a#b", {}, commented)) == "1 http://h:80/a#b");
}

TEST_CASE("quotes, brackets and parentheses protect a bar", "[R-RULE-02]") {
  CHECK(describe(evaluate("(\"a|b\" eq \"a|b\")? http://a/x | http://b/y")) == "1 http://a:80/x");
  CHECK(describe(evaluate("(a=\"1|2\";)! http://a/x | http://b/y")) == "1 GPP_A=1|2 http://a:80/x");
  const auto quoted = evaluate("[--key \"x|]y\"] http://a/x | http://b/y");
  CHECK(describe(quoted) == "1 http://a:80/x");
  CHECK(quoted->options.key == "x|]y");
  const auto bare = evaluate("[--key x|y]http://a/x");
  CHECK(bare->options.key == "x|y");
  CHECK(describe(evaluate("http://a/(x|y) | http://b/")) == "1 http://a:80/(x|y)");
  CHECK(describe(evaluate("(2.0.6(b) eq 2.0.6(b))? http://a/x | http://b/y")) == "1 http://a:80/x");
}

TEST_CASE("what is opened and not closed is an error of the whole rule", "[R-RULE-02]") {
  check_wrong("[--key x http://h/p", Errc::rule_syntax, "offset 0");
  check_wrong("http://a/x | [--key \"x] http://h/p", Errc::rule_syntax, "offset 13");
  check_wrong("(1 eq 1 ? http://h/p", Errc::rule_syntax, "offset 0");
  check_wrong("(\"a) eq 1)? http://h/p", Errc::rule_syntax, "offset 0");
  check_wrong("http://h/\"p", Errc::rule_syntax, "offset 9");
  check_wrong("http://[::1/p", Errc::rule_syntax, "offset 7");
}

TEST_CASE("blanks and line ends may stand between the parts of a rule", "[R-RULE-04]") {
  const std::string_view tight =
      "($PRVTMR ge 600)?(a=\"x\";)![--uid u]http://a/x|(1 eq 1)?http://b/y";
  const std::string_view wide =
      "\r\n ( $PRVTMR ge 600 ) \n ? ( a = \"x\" ; ) \t ! [ --uid u ]\n http://a/x \n|\n "
      "(1 eq 1) ? http://b/y ";
  for (const auto rule : {tight, wide}) {
    const auto outcome = evaluate(rule);
    CHECK(describe(outcome) == "1 GPP_A=x http://a:80/x");
    CHECK(outcome->options.uid == "u");
  }
  CHECK(describe(evaluate(wide, {{"PRVTMR", "10"}})) == "2 http://b:80/y");
}

TEST_CASE("the parts of an alternative stand in one order", "[R-RULE-04]") {
  check_wrong("(1 eq 1) http://h/p", Errc::rule_syntax, "offset 9");
  check_wrong("(1 eq 1)", Errc::rule_syntax, "offset 8");
  check_wrong("(1 eq 1)? (2 eq 2)? http://h/p", Errc::rule_syntax, "offset 18");
  check_wrong("(a=\"x\";)! (1 eq 1)? http://h/p", Errc::url_syntax, "URL at offset 10");
  check_wrong("(a=\"x\";)! (b=\"x\";)! http://h/p", Errc::url_syntax, "URL at offset 10");
  check_wrong("http://h/p [--key x]", Errc::url_syntax, "offset 10");
  check_wrong("[--key x] (1 eq 1)? http://h/p", Errc::url_syntax, "URL at offset 10");
  check_wrong("? http://h/p", Errc::url_syntax, "offset 0");
  check_wrong("http://a/x http://b/y", Errc::url_syntax, "offset 10");
}

TEST_CASE("the error of a condition says where the condition stands", "[R-RULE-01]") {
  check_wrong("(1 eq 2)? http://a/x | (1 lt \"2\")? http://b/y", Errc::condition_type,
              "condition at offset 24: offset 26");
  check_wrong("()? http://a/x", Errc::condition_syntax, "condition at offset 1");
  check_wrong("(sip88xx.11-3-2MPP0001-609 lt 11.0.0)? http://a/x", Errc::version_format,
              "condition at offset 1");
}

TEST_CASE("legacy conditions in rules compare the running firmware", "[R-COND-14]") {
  RuleContext context;
  context.dialect = {VersionOrder::legacy, true, true};
  context.kind = RuleKind::upgrade;
  context.software_version = "2.0.6";
  CHECK(describe(evaluate_rule("(! 1.0.33)? http://a/x", context)) == "1 http://a:80/x");
  CHECK(describe(evaluate_rule("(<1.0)? http://a/x", context)) == "0");
  CHECK(describe(evaluate_rule("(2.0.6 lt 7.5.2b) ? http://h/fw/spa50x-30x-7-5-2b.bin | "
                               "http://h/fw/spa50x-30x-7-5-5.bin",
                               context)) == "1 http://h:80/fw/spa50x-30x-7-5-2b.bin");
}

TEST_CASE("assignments come with the alternative that is taken", "[R-RULE-05]") {
  const std::string_view rule =
      "(\"$A\" ne \"Provisioned\")? (Line_Enable_1_ = \"No\";)! https://p.tel.com/init-prov | "
      "https://p.tel.com/configs";
  CHECK(describe(evaluate(rule)) == "1 Line_Enable_1_=No https://p.tel.com:443/init-prov");
  CHECK(describe(evaluate(rule, {{"A", "Provisioned"}})) == "2 https://p.tel.com:443/configs");
  CHECK(describe(evaluate("(c=\"\";d=\"$MA\";)!")) == "1 GPP_C= GPP_D=000e08012345");
  CHECK(describe(evaluate("(a=\"x;y=(z)[\";)!")) == "1 GPP_A=x;y=(z)[");
}

TEST_CASE("a single letter in an assignment is a general purpose register", "[R-RULE-06]") {
  const auto by_name =
      evaluate("( User_ID_1_ = \"uid$B\" ; GPP_C = \"\" ; GPP_D = \"$MA\" ; )! http://h/p");
  const auto by_letter =
      evaluate("( User_ID_1_ = \"uid$B\" ; c = \"\" ; d = \"$MA\" ; )! http://h/p");
  CHECK(describe(by_name) == "1 User_ID_1_=uid123 GPP_C= GPP_D=000e08012345 http://h:80/p");
  CHECK(describe(by_letter) == describe(by_name));
  CHECK(describe(evaluate("(a=\"1\";p=\"2\";q=\"3\";A=\"4\";ab=\"5\";)!")) ==
        "1 GPP_A=1 GPP_P=2 q=3 A=4 ab=5");
}

TEST_CASE("a malformed assignment fails the rule", "[R-RULE-05]") {
  check_wrong("()! http://h/p", Errc::assignment_syntax, "offset 1");
  check_wrong("( )! http://h/p", Errc::assignment_syntax, "offset 2");
  check_wrong("(a=\"x\")! http://h/p", Errc::assignment_syntax, "offset 6");
  check_wrong("(a=x;)! http://h/p", Errc::assignment_syntax, "offset 3");
  check_wrong("(a \"x\";)! http://h/p", Errc::assignment_syntax, "offset 3");
  check_wrong("(=\"x\";)! http://h/p", Errc::assignment_syntax, "offset 1");
  check_wrong("(a=\"x\";;)! http://h/p", Errc::assignment_syntax, "offset 7");
  check_wrong("(a=\"x\" b=\"y\";)! http://h/p", Errc::assignment_syntax, "offset 7");
  check_wrong("(a=\"x\";b)! http://h/p", Errc::assignment_syntax, "offset 8");
  check_wrong("(1 eq 1)? (a=\"x\")! http://h/p", Errc::assignment_syntax, "offset 16");
}

TEST_CASE("an upgrade rule names its server", "[R-RULE-18]") {
  RuleContext upgrade = with_dhcp_server();
  upgrade.kind = RuleKind::upgrade;
  check_wrong("/fw.loads", Errc::server_missing, "server", upgrade);
  check_wrong("http:///fw.loads", Errc::server_missing, "server", upgrade);
  check_wrong("http://", Errc::server_missing, "server", upgrade);
  CHECK(describe(evaluate("http://h/fw.loads", {}, upgrade)) == "1 http://h:80/fw.loads");
  CHECK(describe(evaluate("(1 eq 2)? /fw.loads", {}, upgrade)) == "0");
  CHECK(describe(evaluate("(a=\"x\";)! http://h/fw.loads", {}, upgrade)) ==
        "1 GPP_A=x http://h:80/fw.loads");
}

TEST_CASE("an upgrade rule with options is refused where the firmware knows none", "[R-RULE-18]") {
  Dialect strict;
  strict.upgrade_options = UpgradeOptions::refused;
  const auto outcome =
      evaluate_rule("[--uid u --pwd p] http://h/fw.loads", {strict, RuleKind::upgrade, {}, {}});
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().code == Errc::unknown_option);
  CHECK(evaluate_rule("http://h/fw.loads", {strict, RuleKind::upgrade, {}, {}}));
  CHECK(evaluate_rule("[--uid u] http://h/x", {strict, RuleKind::profile, {}, {}}));
}

TEST_CASE("a user name in a URL is an error, or as good as --uid and --pwd", "[R-RULE-11]") {
  Dialect dialect;
  const auto refused = evaluate_rule("http://u:p@h/x", {dialect, RuleKind::profile, {}, {}});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::url_syntax);
  dialect.user_info = UserInfo::login;
  struct Case {
    std::string_view rule, uid, pwd, url;
  };
  for (const auto& [rule, uid, pwd, url] :
       {Case{"http://u:p@h/x", "u", "p", "http://h:80/x"},
        Case{"https://u@ex:p:w@h:8443/x@y", "u@ex", "p:w", "https://h:8443/x@y"},
        Case{"u:p@h/x", "u", "p", "tftp://h:69/x"},
        Case{"[--uid a --pwd b] http://u:p@h/x", "a", "b", "http://h:80/x"},
        Case{"[--srv]http://u:@h/x", "u", "", "http://h:80/x"}}) {
    CAPTURE(rule);
    const auto outcome = evaluate_rule(rule, {dialect, RuleKind::profile, {}, {}});
    REQUIRE(outcome);
    CHECK(outcome->options.uid == std::string(uid));
    CHECK(outcome->options.pwd == std::string(pwd));
    CHECK(format(*outcome->url) == url);
  }
  CHECK_FALSE(evaluate_rule("http://h/x@y", {dialect, RuleKind::profile, {}, {}})->options.uid);
}

TEST_CASE("only a profile rule starts onboarding by activation code", "[R-RULE-19]") {
  CHECK(describe(evaluate("gds://")) == "1 gds://");
  CHECK(describe(evaluate(" gds:// ")) == "1 gds://");
  RuleContext context = profile_context();
  for (const auto kind : {RuleKind::upgrade, RuleKind::report}) {
    context.kind = kind;
    check_wrong("gds://", Errc::unsupported_scheme, "offset 0", context);
  }
}

TEST_CASE("a rule without a server needs a default one", "[R-RULE-08]") {
  check_wrong("/p.cfg", Errc::server_missing, "URL at offset 0");
  check_wrong("(1 eq 1)? /p.cfg", Errc::server_missing, "URL at offset 10");
}

TEST_CASE("an error never repeats the rule, which may hold a password", "[R-RULE-24]") {
  for (const std::string_view rule : {"[--key hunter2",
                                      "[--key hunter2]",
                                      "[--key hunter2] ftp://h/p",
                                      "[hunter2] http://h/p",
                                      "[--hunter2] http://h/p",
                                      "[--key \"a\"hunter2] http://h/p",
                                      "[--post hunter2] http://h/p",
                                      "[--key x hunter2] http://h/p",
                                      "(hunter2)? http://h/p",
                                      "(\"hunter2\" lt 1)? http://h/p",
                                      "(hunter2)! http://h/p",
                                      "(a=hunter2;)! http://h/p",
                                      "http://user:hunter2@h/p",
                                      "http://h:hunter2/p",
                                      "hunter2://h/p",
                                      "http://hunter2",
                                      "http://hun ter2/hunter2",
                                      "http://h/ hunter2",
                                      "(1.0 eq hunter2.0)? http://h/p",
                                      "http://[hunter2]/p"}) {
    CAPTURE(rule);
    const auto outcome = evaluate_rule(rule, profile_context());
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error().detail.find("hunter2") == std::string::npos);
    CHECK_FALSE(outcome.error().detail.empty());
  }
}

}  // namespace rule_test
