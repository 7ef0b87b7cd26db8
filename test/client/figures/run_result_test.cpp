#include "client/figures/run_result.hpp"

#include "client/figures/verdicts.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace run_result_test {
namespace {

using namespace provphone;
using client::figures::RunResult;

// Without a phone or an expectation.
RunResult result_of(const client::figures::Verdicts& verdicts,
                    const client::figures::Outcome& outcome) {
  RunResult result;
  result.verdicts = &verdicts;
  result.outcome = &outcome;
  return result;
}

const client::figures::Outcome nothing;
const client::figures::Verdicts verdicts_on_nothing = judge(client::figures::RunFacts{}, nothing);
using client::trace::EventKind;

}  // namespace

TEST_CASE("a result counts passes, requests and errors of its trace") {
  auto result = result_of(verdicts_on_nothing, nothing);
  result.phones = 1;
  const auto add = [&](EventKind kind, std::optional<Errc> error = {},
                       std::optional<Errc> refused = {}) {
    client::trace::TraceEvent event{.at = {}, .phone = MacAddress{1}, .event = kind};
    event.error = error;
    event.refused = refused;
    result.tally.add(event);
  };
  add(EventKind::pass_started);
  add(EventKind::request);
  add(EventKind::response, {}, Errc::service_unavailable);
  add(EventKind::pass_failed, Errc::service_unavailable);
  add(EventKind::pass_started);
  add(EventKind::request);
  add(EventKind::response, Errc::connection_refused);
  add(EventKind::pass_failed, Errc::connection_refused);
  add(EventKind::pass_gated);
  const auto json = nlohmann::json::parse(format_json(result));
  CHECK(json["verdict"] == "fail");
  CHECK(json["passes"] ==
        nlohmann::json(
            {{"started", 2}, {"succeeded", 0}, {"failed", 2}, {"gated", 1}, {"deferred", 0}}));
  CHECK(json["requests"] ==
        nlohmann::json({{"sent", 2}, {"answered", 1}, {"failed", 1}, {"refused", 1}}));
  CHECK(json["errors"] == nlohmann::json({{"service_unavailable", 1}, {"connection_refused", 1}}));
  for (const auto* member : {"phones", "latency_us", "lag_us", "expectations", "seed",
                             "scenario_hash", "trace_hash", "version", "final"}) {
    INFO(member);
    CHECK(json.contains(member));
  }
}

TEST_CASE("the final parameters are those that differ, secrets hidden") {
  profile::ParameterSet parameters(profile::factory_values(profile::Generation::mpp12));
  const auto set = [&](std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
  };
  set("GPP_A", "12345678");
  set("GPP_SA", "top secret");
  set("Password_1_", "hidden too");
  set("Profile_Rule", "[--key MyOwnSecret] http://127.0.0.1/x");
  auto result = result_of(verdicts_on_nothing, nothing);
  result.phones = 1;
  result.final_phones.push_back({MacAddress{0x000e08abcdef}, &parameters});
  const auto text = format_json(result);
  const auto json = nlohmann::json::parse(text);
  CHECK(json["final"][0]["mac"] == "000e08abcdef");
  CHECK(json["final"][0]["parameters"]["GPP_A"] == "12345678");
  CHECK(json["final"][0]["parameters"]["GPP_SA"] == "********");
  CHECK(json["final"][0]["parameters"].size() == 4);
  CHECK(json["final"][0]["parameters"]["Profile_Rule"] == "[--key ********] http://127.0.0.1/x");
  CHECK(text.find("top secret") == std::string::npos);
  CHECK(text.find("hidden too") == std::string::npos);
}

TEST_CASE("a result has what a phone's page says of its own roots", "[R-TLS-21]") {
  const profile::ParameterSet parameters(profile::factory_values(profile::Generation::mpp12));
  auto result = result_of(verdicts_on_nothing, nothing);
  result.phones = 2;
  result.final_phones.push_back({MacAddress{1}, &parameters});
  result.final_phones.push_back(
      {MacAddress{2}, &parameters, "Last provisioning failed", "Not Installed"});
  const auto json = nlohmann::json::parse(format_json(result));
  CHECK_FALSE(json["final"][0].contains("custom_ca"));
  CHECK(json["final"][1]["custom_ca"] ==
        nlohmann::json({{"status", "Last provisioning failed"}, {"info", "Not Installed"}}));
}

TEST_CASE("a result has what a phone's page says of the renewal of its certificate",
          "[R-CERT-09]") {
  const profile::ParameterSet parameters(profile::factory_values(profile::Generation::mpp12));
  auto result = result_of(verdicts_on_nothing, nothing);
  result.phones = 2;
  result.final_phones.push_back({MacAddress{1}, &parameters});
  result.final_phones.push_back({MacAddress{2}, &parameters});
  result.final_phones.back().renewal_status = "Last renewal succeeded";
  result.final_phones.back().renewed_serial_number = "2A";
  const auto json = nlohmann::json::parse(format_json(result));
  CHECK_FALSE(json["final"][0].contains("certificate_renewal"));
  CHECK(json["final"][1]["certificate_renewal"] ==
        nlohmann::json({{"status", "Last renewal succeeded"}, {"serial_number", "2A"}}));
}

TEST_CASE("a result of very many phones lists none") {
  auto result = result_of(verdicts_on_nothing, nothing);
  result.phones = client::figures::max_final_phones + 1;
  CHECK_FALSE(nlohmann::json::parse(format_json(result)).contains("final"));
}

}  // namespace run_result_test
