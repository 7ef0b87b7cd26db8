#include "resync/report_plan.hpp"

#include <catch2/catch.hpp>

namespace report_plan_test {
namespace {

using namespace provphone;
using profile::Generation;
using resync::ReportKey;
using resync::ReportKind;
using Method = resync::Upload::Method;

struct Reporter {
  resync::Identity identity;
  resync::Personality personality;
  profile::ParameterSet parameters;
  resync::MacroState state;

  explicit Reporter(Generation generation = Generation::mpp12)
      : personality(resync::personality_of(generation)),
        parameters(profile::factory_values(generation)) {}
  Reporter& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  std::vector<Result<resync::ReportPlan>> plans(
      std::string_view rule, const std::optional<macro::DefaultServer>& server = {}) const {
    return resync::plan_reports(rule, {identity, personality, parameters, state}, server);
  }
  resync::Upload upload(std::string_view rule) const {
    const auto planned = plans(rule);
    REQUIRE(planned.size() == 1);
    REQUIRE(planned[0]);
    REQUIRE(planned[0]->upload);
    return *planned[0]->upload;
  }
};

}  // namespace

TEST_CASE("a report rule holds up to two uploads", "[R-REPORT-01]") {
  const Reporter phone;
  const auto plans = phone.plans("[--delta]http://s/d.xml [--status]http://s/st.xml");
  REQUIRE(plans.size() == 2);
  CHECK(plans[0]->upload->kind == ReportKind::delta);
  CHECK(format(plans[0]->upload->url) == "http://s:80/d.xml");
  CHECK(plans[1]->upload->kind == ReportKind::status);
  CHECK(format(plans[1]->upload->url) == "http://s:80/st.xml");
  CHECK(phone.upload("http://s/$MA.xml").kind == ReportKind::full);
  CHECK(phone.upload("http://s/$MA.xml").url.path == "/000e08012345.xml");
  CHECK(phone.plans("http://s/a http://s/b http://s/c").size() == 2);
  CHECK(phone.plans("").empty());
  CHECK(resync::name(ReportKind::status) == "status");
}

TEST_CASE("a report rule may be skipped, assign or fail without the other", "[R-REPORT-01]") {
  const Reporter phone;
  const auto plans = phone.plans("(1 eq 2)? http://s/a; [--nonsense]http://s/b");
  REQUIRE(plans.size() == 2);
  REQUIRE(plans[0]);
  CHECK(plans[0]->alternative == 0);
  CHECK(plans[0]->skipped == resync::Reason::no_guard_held);
  REQUIRE_FALSE(plans[1]);
  CHECK(plans[1].error().code == Errc::unknown_option);
  const auto commented = phone.plans("# http://s/a");
  REQUIRE(commented.size() == 1);
  CHECK(commented[0]->skipped == resync::Reason::rule_empty);
}

TEST_CASE("a report without a server goes to the one that DHCP named", "[R-REPORT-01]") {
  const auto plans = Reporter().plans("/r.xml", macro::DefaultServer{macro::Scheme::tftp, "h", 0});
  REQUIRE(plans.size() == 1);
  CHECK(format(plans[0]->upload->url) == "tftp://h:69/r.xml");
  CHECK(Reporter().plans("/r.xml")[0].error().code == Errc::server_missing);
}

TEST_CASE("reports are posted or put, as HTTP_Report_Method says", "[R-REPORT-02]") {
  Reporter phone;
  CHECK(phone.upload("http://s/r").method == Method::post);
  phone.set("HTTP_Report_Method", "PUT");
  CHECK(phone.upload("https://s/r").method == Method::put);
  CHECK(phone.upload("tftp://s/r").method == Method::put);
  Reporter legacy(Generation::spa);
  legacy.set("HTTP_Report_Method", "PUT");
  CHECK(legacy.upload("http://s/r").method == Method::post);
  CHECK(legacy.upload("tftp://s/r").method == Method::put);
}

TEST_CASE("a report is encrypted with the rule's key, else with the IKM", "[R-REPORT-03]") {
  Reporter phone;
  CHECK_FALSE(phone.upload("http://s/r").key);
  phone.set("IKM_HTTP_Encrypt_Content", "ikm").set("GPP_SA", "phrase");
  const auto own = phone.upload("[--key $SA --uid u --pwd p] http://s/r");
  REQUIRE(own.key);
  CHECK(own.key->method == ReportKey::Method::aes);
  CHECK(own.key->key == "phrase");
  CHECK(own.login->user == "u");
  const auto shared = phone.upload("http://s/r");
  REQUIRE(shared.key);
  CHECK(shared.key->method == ReportKey::Method::rfc8188);
  CHECK(shared.key->key == "ikm");
  CHECK_FALSE(shared.login);
  CHECK_FALSE(phone.upload("tftp://s/r").key);
  for (const auto family : {Generation::spa, Generation::mpp11}) {
    Reporter other(family);
    other.set("IKM_HTTP_Encrypt_Content", "ikm");
    CHECK_FALSE(other.upload("http://s/r").key);
  }
}

TEST_CASE("no report goes to a server outside Restricted_Access_Domains", "[R-RULE-46]") {
  Reporter phone;
  phone.set("Restricted_Access_Domains", "example.net");
  const auto plans = phone.plans("http://s/a http://s.example.net/b");
  REQUIRE(plans.size() == 2);
  CHECK(plans[0].error().code == Errc::server_restricted);
  CHECK(plans[1]->upload.has_value());
}

}  // namespace report_plan_test
