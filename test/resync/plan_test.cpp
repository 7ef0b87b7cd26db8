#include "resync/plan.hpp"

#include "resync/dhcp.hpp"
#include "resync/report_plan.hpp"
#include "resync/upgrade.hpp"

#include <catch2/catch.hpp>

namespace plan_test {
namespace {

using namespace provphone;
using profile::Generation;

struct Planner {
  resync::Identity identity;
  resync::Personality personality = resync::personality_of(Generation::mpp12);
  profile::ParameterSet parameters{profile::factory_values(Generation::mpp12)};
  resync::MacroState state;

  Planner& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  Result<resync::Plan> operator()(std::string_view rule,
                                  const std::optional<macro::DefaultServer>& dhcp = {}) const {
    const resync::MacroSource source{identity, personality, parameters, state};
    return resync::plan_profile_rule(rule, source, dhcp);
  }
};

}  // namespace

TEST_CASE("a rule without a server asks the one that DHCP named", "[R-RULE-40][R-DHCP-01]") {
  const Planner plan;
  const auto server = resync::dhcp_server({{66, "10.0.0.1"}}, plan.parameters);
  REQUIRE(server);
  const auto planned = plan("/$MA.cfg", server);
  REQUIRE(planned);
  CHECK(format(planned->request->url) == "tftp://10.0.0.1:69/000e08012345.cfg");
  const auto without = plan("/$MA.cfg");
  REQUIRE_FALSE(without);
  CHECK(without.error().code == Errc::server_missing);
}

TEST_CASE("the first usable option of DHCP_Option_To_Use names the server",
          "[R-DHCP-01][R-DHCP-02]") {
  struct Case {
    std::vector<resync::DhcpOption> lease;
    const char* rule;
  };
  const Planner plan;
  for (const auto& [lease, url] :
       {Case{{{160, "http://h.example.net"}, {66, "10.0.0.1"}}, "tftp://10.0.0.1:69/x"},
        Case{{{160, "http://h.example.net"}}, "http://h.example.net:80/x"},
        Case{{{66, ""}, {159, "https://10.0.0.2:8443/path/"}}, "https://10.0.0.2:8443/x"},
        Case{{{66, std::string("10.0.0.3\0", 9)}}, "tftp://10.0.0.3:69/x"},
        Case{{{66, "bad\x01host"}, {150, "10.0.0.4"}}, "tftp://10.0.0.4:69/x"},
        Case{{{159, "HTTP://10.0.0.5;10.0.0.6"}}, "http://10.0.0.5:80/x"}}) {
    INFO(url);
    const auto planned = plan("/x", resync::dhcp_server(lease, plan.parameters));
    REQUIRE(planned);
    CHECK(format(planned->request->url) == url);
  }
  CHECK_FALSE(resync::dhcp_server({{67, "10.0.0.1"}}, plan.parameters));
}

TEST_CASE("a lost registration is reported by POST with the register as body", "[R-RULE-41]") {
  Planner plan;
  plan.set("GPP_A", "mac=$MA");
  plan.state.prvtmr = 10;
  const auto planned = plan(
      "($PRVTMR ge 600)? http://p.tel.com/has-reg.cfg | [--post a] http://p.tel.com/lost-reg?");
  REQUIRE(planned);
  CHECK(planned->alternative == 2);
  CHECK(planned->request->method == resync::Request::Method::post);
  CHECK(planned->request->url.path == "/lost-reg?");
  CHECK(planned->request->body == "mac=000e08012345");
}

TEST_CASE("what --post sends has the content type of the personality", "[R-HTTP-05]") {
  for (const auto& [knob, type] :
       {std::pair{"post_content_type=text_plain", "text/plain"},
        {"post_content_type=none", ""},
        {"post_content_type=form", "application/x-www-form-urlencoded"}}) {
    Planner plan;
    REQUIRE(resync::set_knob(plan.personality, knob));
    CHECK(plan("[--post a] http://127.0.0.1/x")->request->content_type == type);
  }
}

TEST_CASE("a rule that cannot be read fails, or is skipped", "[R-RULE-48]") {
  for (const auto* rule :
       {"(1 eq)? http://h/x", "(\"a\" lt \"b\")? http://h/x", "($SWVER gt 11.0.0)? http://h/x",
        "[--nonsense] http://h/x", "[--post z] http://h/x", "(a = b;)! http://h/x",
        "[--key k http://h/x"}) {
    INFO(rule);
    Planner plan;
    CHECK_FALSE(plan(rule));
    REQUIRE(resync::set_knob(plan.personality, "unreadable_rule=skipped"));
    const auto planned = plan(rule);
    REQUIRE(planned);
    CHECK(planned->alternative == 0);
    CHECK(planned->skipped == resync::Reason::rule_unreadable);
  }
  Planner skips;
  REQUIRE(resync::set_knob(skips.personality, "unreadable_rule=skipped"));
  CHECK(skips("ftp://h/x").error().code == Errc::unsupported_scheme);
  CHECK(skips("/x").error().code == Errc::server_missing);
}

TEST_CASE("over TFTP --post does nothing", "[R-RULE-41]") {
  const auto planned = Planner{}("[--post a] tftp://127.0.0.1/x");
  REQUIRE(planned);
  CHECK(planned->request->method == resync::Request::Method::get);
}

TEST_CASE("key and credentials come from secret registers", "[R-RULE-42]") {
  Planner plan;
  plan.set("GPP_SA", "user").set("GPP_SB", "pass word").set("GPP_SC", "my secret phrase");
  const auto planned = plan("[--uid $SA --pwd \"$SB\" --key \"$SC\"] https://127.0.0.1/x");
  REQUIRE(planned);
  CHECK(planned->request->key == "my secret phrase");
  CHECK(planned->request->login->user == "user");
  CHECK(planned->request->login->password == "pass word");
}

TEST_CASE("gds:// leads to no place but to a code", "[R-RULE-50]") {
  const auto plan = Planner{}("gds://");
  REQUIRE(plan);
  CHECK(plan->onboards);
  CHECK_FALSE(plan->request);
}

TEST_CASE("a rule with --srv has its servers from the domain's SRV records", "[R-RULE-43]") {
  const Planner plan;
  CHECK(plan("[--srv] tftp://example.net/x").error().detail ==
        "Error - TFTP Scheme not supported in SRV lookups");
  CHECK(resync::srv_name(*plan("[--srv] http://example.net/x")->request) ==
        "_ciscoprov-http._tcp.example.net");
  auto planned = plan("[--srv] https://example.net/x");
  REQUIRE(planned);
  CHECK(resync::srv_name(*planned->request) == "_ciscoprov-https._tls.example.net");
  auto found = resync::with_srv_records(
      *planned, {{20, 0, 8443, "last"}, {10, 5, 8443, "second"}, {10, 1, 9443, "first"}});
  CHECK(format(found.request->url) == "https://first:9443/x");
  CHECK(found.request->certificate_name == "example.net");
  CHECK(found.request->srv_domain.empty());
  CHECK(format(resync::next_attempt(found)->url) == "https://second:8443/x");
  CHECK(resync::next_attempt(found)->certificate_name == "example.net");
  CHECK_FALSE(resync::next_attempt(found));
}

TEST_CASE("a server that a redirect leads to answers for itself", "[R-RULE-43]") {
  auto planned = Planner{}("[--srv] https://example.net/x");
  const auto found = resync::with_srv_records(*planned, {{0, 0, 443, "first"}});
  const auto elsewhere =
      resync::redirected(*found.request, {macro::Scheme::https, "other", 443, "/x"});
  CHECK(elsewhere.certificate_name.empty());
}

TEST_CASE("a rule of assignments alone fetches nothing", "[R-RULE-44]") {
  const auto planned = Planner{}("(c=\"\";d=\"$MA\";)!");
  REQUIRE(planned);
  CHECK(planned->alternative == 1);
  CHECK_FALSE(planned->request);
  CHECK(planned->assignments ==
        std::vector<macro::Assignment>{{"GPP_C", ""}, {"GPP_D", "000e08012345"}});
}

TEST_CASE("credentials follow a redirect to the same host only", "[R-HTTP-24]") {
  const auto planned = Planner{}("[--uid u --pwd p] http://a.example.net/x");
  REQUIRE(planned);
  const auto same =
      resync::redirected(*planned->request, {macro::Scheme::https, "a.example.net", 443, "/y"});
  CHECK(same.login.has_value());
  CHECK(same.url.path == "/y");
  CHECK_FALSE(
      resync::redirected(*planned->request, {macro::Scheme::http, "b.example.net", 80, "/x"})
          .login);
}

TEST_CASE("an error says where it is in the rule as it is written", "[R-RULE-24]") {
  const auto said = [](std::string_view rule) {
    const auto planned = Planner()(rule);
    REQUIRE_FALSE(planned);
    return planned.error().detail;
  };
  CHECK(said("spa$MA.xml") == "URL at offset 0: offset 10: expected a path that starts with /");
  CHECK(said("($MA eq 1)? http://h/x").starts_with("condition at offset 1: offset 1: "));
  CHECK(said("(\"$MA\" eq \"x\" and)? /x").starts_with("condition at offset 1: offset 17: "));
  CHECK(said("(\"$MA\" eq \"000e08012345\")? $PN") ==
        "URL at offset 27: offset 30: expected a path that starts with /");
  const Planner plan;
  const resync::MacroSource source{plan.identity, plan.personality, plan.parameters, plan.state};
  const auto upgrade = resync::plan_upgrade("spa$MA.xml", source, std::nullopt);
  REQUIRE_FALSE(upgrade);
  CHECK(upgrade.error().detail == "URL at offset 0: offset 10: expected a path that starts with /");
  const auto reports = resync::plan_reports("http://h/$MA spa$MA.xml", source, std::nullopt);
  REQUIRE(reports.size() == 2);
  REQUIRE_FALSE(reports[1]);
  CHECK(reports[1].error().detail ==
        "URL at offset 13: offset 23: expected a path that starts with /");
}

TEST_CASE("two rules in one profile rule are told where they belong", "[R-RULE-20]") {
  const auto planned = Planner()("[--delta]http://h/d.xml [--status]http://h/s.xml");
  REQUIRE_FALSE(planned);
  CHECK(planned.error().code == Errc::url_syntax);
  CHECK(planned.error().detail.ends_with("; two rules in one value belong in Report_Rule"));
  const auto blank = Planner()("http://h/a b");
  REQUIRE_FALSE(blank);
  CHECK(blank.error().detail.find("Report_Rule") == std::string::npos);
}

}  // namespace plan_test
