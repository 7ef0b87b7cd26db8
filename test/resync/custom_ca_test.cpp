#include "resync/custom_ca.hpp"

#include "resync/retrieval.hpp"
#include "resync/saved_state.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace custom_ca_test {
namespace {

using namespace provphone;
using namespace provphone::resync;

// A phone with a rule over https and one for roots.
struct Bench {
  Device device;
  Retrievals retrievals;
  Phone machine;
  Outputs outputs;  // of the last input

  Bench() {
    set("Profile_Rule", "https://h.example.net/a.xml");
    set("Custom_CA_Rule", "http://h.example.net/$MA.pem");
  }
  Bench& set(std::string_view name, std::string_view value) {
    device.parameters.set(*profile::find_parameter(name), value);
    device.settings_changed();
    return *this;
  }
  Bench& take(const Input& input) {
    outputs = advance(device, retrievals, input, {machine, Time{}, Depth::figures});
    return *this;
  }
  Bench& answered(int status, std::string body = {}, std::string location = {}) {
    Answered answer;
    answer.status = status;
    answer.body_bytes = body.size();
    answer.body = std::move(body);
    answer.location = std::move(location);
    return take(answer);
  }
  Bench& read(std::string first_name) {
    const auto* wanted = find<InstallRoots>();
    const auto lane = wanted != nullptr ? wanted->lane : Lane::work;
    return take(
        RootsRead{lane, std::make_shared<const Roots>(Roots{"pem", std::move(first_name), 2})});
  }
  template <class Wanted>
  const Wanted* find() const {
    for (const auto& output : outputs) {
      if (const auto* wanted = std::get_if<Wanted>(&output)) return wanted;
    }
    return nullptr;
  }
  // The path that is asked for next; empty: nothing is.
  std::string asks() const {
    const auto* fetch = find<Fetch>();
    return fetch != nullptr ? fetch->request.url.path : std::string();
  }
};

const std::string file = "<flat-profile><GPP_A>1</GPP_A></flat-profile>";

}  // namespace

TEST_CASE("roots are fetched before the file that is asked for over https", "[R-TLS-19]") {
  Bench phone;
  phone.take(EvaluateRule{0});
  CHECK(phone.asks() == "/000e08012345.pem");
  CHECK(phone.find<Fetch>()->errand == Errand::custom_ca);
  // The rule's own macros are about the rule's own request.
  CHECK(phone.device.state.serv.empty());
  phone.answered(200, "PEM");
  REQUIRE(phone.find<InstallRoots>());
  CHECK(phone.find<InstallRoots>()->pem == "PEM");
  phone.read("A root");
  CHECK(phone.find<CustomCaEnded>()->first_name == "A root");
  CHECK(phone.find<CustomCaEnded>()->count == 2);
  CHECK(phone.asks() == "/a.xml");
  CHECK(phone.find<Fetch>()->tls->extra_roots->first_name == "A root");
  phone.answered(200, file);
  REQUIRE(phone.find<Done>());
  CHECK(std::holds_alternative<RuleSucceeded>(phone.find<Done>()->event));
  CHECK(custom_ca_info(phone.device.custom_ca) == "Installed A root");
}

TEST_CASE("roots are fetched again when the rule is another or power was lost", "[R-TLS-19]") {
  Bench phone;
  phone.take(EvaluateRule{0}).answered(200, "PEM").read("A root").answered(200, file);
  CHECK(phone.take(EvaluateRule{0}).asks() == "/a.xml");
  phone.answered(200, file);
  phone.set("Custom_CA_Rule", "http://h.example.net/b.pem");
  CHECK(phone.take(EvaluateRule{0}).asks() == "/b.pem");
  phone.answered(200, "PEM").read("B root").answered(200, file);
  phone.take(CutOff{});
  REQUIRE(phone.device.custom_ca.roots);
  CHECK(phone.take(EvaluateRule{0}).asks() == "/b.pem");
}

TEST_CASE("a failed errand fails no rule, and takes no root away", "[R-TLS-19]") {
  Bench phone;
  phone.take(EvaluateRule{0}).answered(200, "PEM").read("A root").answered(200, file);
  phone.set("Custom_CA_Rule", "http://h.example.net/b.pem");
  phone.take(EvaluateRule{0});
  enum class Fault : std::uint8_t { not_there, no_answer, damaged };
  const auto fault = GENERATE(Fault::not_there, Fault::no_answer, Fault::damaged);
  if (fault == Fault::not_there) phone.answered(404);
  if (fault == Fault::no_answer) phone.take(Failed{Lane::work, {Errc::connection_refused, "so"}});
  if (fault == Fault::damaged) {
    phone.answered(200, "PEM");
    phone.take(RootsRead{Lane::work, fail(Errc::bad_certificates, "certificate 3 is damaged")});
  }
  REQUIRE(phone.find<CustomCaEnded>());
  CHECK(phone.find<CustomCaEnded>()->error);
  CHECK(phone.asks() == "/a.xml");
  CHECK(phone.find<Fetch>()->tls->extra_roots->first_name == "A root");
  const WallClock wall{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1), {}, {}};
  const PhoneClock clock{wall};
  CHECK(custom_ca_status(phone.device.custom_ca, &clock) ==
        "Last provisioning failed on 03/01/2026 00:00:00");
  phone.answered(200, file);
  // Until it succeeds.
  CHECK(phone.take(EvaluateRule{0}).asks() == "/b.pem");
}

TEST_CASE("roots are fetched as the PAC file says that is fetched before them",
          "[R-TLS-19][R-HTTP-29]") {
  Bench phone;
  phone.set("Proxy_Mode", "Auto").set("Use_Auto_Discovery__WPAD_", "No");
  phone.set("PAC_URL", "https://10.0.0.5/proxy.pac");
  phone.take(EvaluateRule{0});
  CHECK(phone.asks() == "/proxy.pac");
  CHECK(phone.find<Fetch>()->errand == Errand::pac);
  CHECK(phone.find<Fetch>()->tls);
  const bool has_file = GENERATE(true, false);
  if (has_file)
    phone.answered(200, "a script");
  else
    phone.answered(404);
  const auto word = [&](const std::string& said) {
    CHECK((phone.find<AskPac>() != nullptr) == has_file);
    if (has_file) phone.take(PacSaid{Lane::work, said});
    CHECK(phone.find<Fetch>()->proxy.has_value() == has_file);
  };
  word("PROXY a:1");
  CHECK(phone.asks() == "/000e08012345.pem");
  CHECK(phone.find<Fetch>()->errand == Errand::custom_ca);
  phone.answered(200, "PEM").read("A root");
  word("PROXY b:2");
  CHECK(phone.asks() == "/a.xml");
  CHECK_FALSE(phone.find<Fetch>()->errand);
  CHECK(phone.find<Fetch>()->tls->extra_roots->first_name == "A root");
  phone.answered(200, file);
  REQUIRE(phone.find<Done>());
  CHECK(std::holds_alternative<RuleSucceeded>(phone.find<Done>()->event));
}

TEST_CASE("roots go with their rule", "[R-TLS-19]") {
  Bench phone;
  phone.take(EvaluateRule{0}).answered(200, "PEM").read("A root").answered(200, file);
  phone.set("Custom_CA_Rule", "");
  phone.take(EvaluateRule{0});
  REQUIRE(phone.find<CustomCaEnded>());
  CHECK(phone.find<CustomCaEnded>()->count == 0);
  CHECK(phone.asks() == "/a.xml");
  CHECK_FALSE(phone.find<Fetch>()->tls->extra_roots);
  CHECK(custom_ca_info(phone.device.custom_ca) == "Not Installed");
}

TEST_CASE("no errand is run for what is not asked over https", "[R-TLS-19]") {
  Bench phone;
  phone.set("Profile_Rule", "http://h.example.net/a.xml");
  CHECK(phone.take(EvaluateRule{0}).asks() == "/a.xml");
}

TEST_CASE("an errand follows redirects, and turns to allowed servers alone",
          "[R-TLS-19][R-RULE-46]") {
  Bench phone;
  phone.set("Restricted_Access_Domains", "example.net");
  phone.take(EvaluateRule{0}).answered(302, {}, "http://ca.example.net/c.pem");
  CHECK(phone.asks() == "/c.pem");
  phone.answered(302, {}, "http://elsewhere.example.org/c.pem");
  CHECK(phone.find<CustomCaEnded>()->error->code == Errc::server_restricted);
  CHECK(phone.asks() == "/a.xml");

  Bench other;
  other.set("Restricted_Access_Domains", "example.net")
      .set("Custom_CA_Rule", "http://elsewhere.example.org/c.pem");
  other.take(EvaluateRule{0});
  CHECK(other.find<CustomCaEnded>()->error->code == Errc::server_restricted);
  CHECK(other.asks() == "/a.xml");
}

TEST_CASE("SPA phones have the rule under another name", "[R-TLS-19]") {
  const auto named = [](profile::Generation family, std::string_view rule, std::string_view url) {
    profile::ParameterSet parameters{profile::factory_values(family)};
    parameters.set(*profile::find_parameter("Custom_CA_Rule"), rule);
    parameters.set(*profile::find_parameter("Custom_CA_URL"), url);
    return std::string(custom_ca_rule(parameters, personality_of(family)).text);
  };
  CHECK(named(profile::Generation::spa, "r", "u") == "u");
  CHECK(named(profile::Generation::mpp12, "r", "u") == "r");
  CHECK(named(profile::Generation::mpp12, "", "u") == "u");
  CHECK(named(profile::Generation::mpp12, "", "").empty());
}

TEST_CASE("a phone that rests keeps its roots and what came of them", "[R-TLS-19]") {
  Bench phone;
  phone.take(EvaluateRule{0}).answered(200, "PEM").read("A root").answered(200, file);
  const auto roots = phone.device.custom_ca.roots;
  const auto firmware = phone.device.identity.firmware;
  const auto saved = saved_state_of(phone.device, firmware, {});
  REQUIRE(saved);
  Device woken;
  restore(woken, *saved);
  CHECK(woken.custom_ca.roots == roots);
  CHECK(woken.custom_ca.fetched_print != 0);
}

TEST_CASE("power that goes while a file of roots is read ends the errand", "[R-TLS-19]") {
  Bench phone;
  phone.take(EvaluateRule{0}).answered(200, "PEM").take(CutOff{});
  phone.read("A root");
  CHECK(phone.outputs.empty());
  CHECK_FALSE(phone.device.custom_ca.roots);
}

TEST_CASE("roots that a request names are fetched beside the pass, and stay without a rule",
          "[R-TLS-22]") {
  Bench phone;
  phone.set("Custom_CA_Rule", "");
  phone.take(EvaluateRule{0});
  CHECK(phone.asks() == "/a.xml");
  hand_over(phone.device, CustomCaRequested{}, "http://h.example.net/$MA.ca");
  phone.take(FetchCustomCa{});
  CHECK(phone.asks() == "/000e08012345.ca");
  CHECK(phone.find<Fetch>()->lane == Lane::reports);
  CHECK(phone.device.one_time_custom_ca.empty());
  Answered answer;
  answer.lane = Lane::reports;
  answer.body = "PEM";
  answer.body_bytes = 3;
  phone.take(answer);
  REQUIRE(phone.find<InstallRoots>());
  CHECK(phone.find<InstallRoots>()->lane == Lane::reports);
  phone.read("A root");
  CHECK(phone.find<CustomCaEnded>()->rule == one_time_custom_ca_name);
  CHECK_FALSE(phone.retrievals.in(Lane::reports));
  phone.answered(200, file);
  // Neither an empty rule nor power loss takes them away.
  phone.take(CutOff{}).take(EvaluateRule{0});
  CHECK(phone.asks() == "/a.xml");
  CHECK(phone.find<Fetch>()->tls->extra_roots->first_name == "A root");
  phone.answered(200, file);
  // A rule that brings others does, and then they go with it.
  phone.set("Custom_CA_Rule", "http://h.example.net/b.pem");
  phone.take(EvaluateRule{0}).answered(200, "PEM").read("B root").answered(200, file);
  phone.set("Custom_CA_Rule", "").take(EvaluateRule{0});
  CHECK(custom_ca_info(phone.device.custom_ca) == "Not Installed");
}

TEST_CASE("of two requests for roots that wait the later one counts, and reports wait for it",
          "[R-TLS-22]") {
  Bench phone;
  phone.set("Report_Rule", "http://h.example.net/report");
  phone.take(SendReports{Reason::report_requested});
  hand_over(phone.device, CustomCaRequested{}, "http://h.example.net/first.pem");
  CHECK(phone.take(FetchCustomCa{}).asks().empty());
  hand_over(phone.device, CustomCaRequested{}, "http://h.example.net/second.pem");
  CHECK(phone.take(FetchCustomCa{}).asks().empty());
  phone.take(SendReports{Reason::report_requested});
  Answered report;
  report.lane = Lane::reports;
  CHECK(phone.take(report).asks() == "/second.pem");
  phone.take(Failed{Lane::reports, {Errc::connection_refused, "so"}});
  CHECK(phone.find<CustomCaEnded>()->error->code == Errc::connection_refused);
  CHECK(phone.asks() == "/report");
}

TEST_CASE("a rule for roots that leads nowhere is told, and holds nothing back", "[R-TLS-22]") {
  Bench phone;
  hand_over(phone.device, CustomCaRequested{}, "gopher://h/a.pem");
  phone.take(FetchCustomCa{});
  CHECK(phone.find<CustomCaEnded>()->error);
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("the web page says when roots were fetched, by the phone's own clock", "[R-TLS-21]") {
  Bench phone;
  const WallClock wall{std::chrono::sys_days(std::chrono::year(2026) / 3 / 1), {}, {}};
  CHECK(custom_ca_status(phone.device, phone.machine, wall).empty());
  phone.take(EvaluateRule{0}).answered(200, "PEM").read("A root").answered(200, file);
  // No clock, no date.
  CHECK(custom_ca_status(phone.device, phone.machine, wall) == "Last provisioning succeeded");
  phone.machine.clock_is_known = true;
  CHECK(custom_ca_status(phone.device, phone.machine, wall) ==
        "Last provisioning succeeded on 03/01/2026 00:00:00");
  phone.set("Time_Zone", "GMT-08:00");
  CHECK(custom_ca_status(phone.device, phone.machine, wall) ==
        "Last provisioning succeeded on 02/28/2026 16:00:00");
}

namespace {

// The same phone with a report over https.
struct ReportingBench : Bench {
  ReportingBench() { set("Report_Rule", "https://h.example.net/report"); }

  // What is asked for now, in order.
  std::vector<std::string> asked() const {
    std::vector<std::string> paths;
    for (const auto& output : outputs) {
      if (const auto* fetch = std::get_if<Fetch>(&output)) paths.push_back(fetch->request.url.path);
    }
    return paths;
  }
  ReportingBench& answered_in(Lane lane, int status, std::string body = {}) {
    Answered answer;
    answer.lane = lane;
    answer.status = status;
    answer.body = std::move(body);
    take(answer);
    return *this;
  }
};

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a report over https waits for the roots that the phone has not fetched yet",
          "[R-TLS-19][R-REPORT-07]") {
  ReportingBench phone;
  phone.take(SendReports{});
  CHECK(phone.asked() == Paths{"/000e08012345.pem"});
  CHECK(phone.find<Fetch>()->lane == Lane::reports);
  phone.answered_in(Lane::reports, 200, "PEM").read("A root");
  CHECK(phone.asked() == Paths{"/report"});
  CHECK(phone.find<Fetch>()->lane == Lane::reports);
  CHECK(phone.find<Fetch>()->tls->extra_roots->first_name == "A root");
  // They are for all that the phone asks.
  CHECK(phone.take(EvaluateRule{0}).asks() == "/a.xml");
}

TEST_CASE("a rule and a report fetch the roots once, and both go on behind", "[R-TLS-19]") {
  ReportingBench phone;
  const auto first = GENERATE(Lane::work, Lane::reports);
  const auto begin = [&](Lane lane) {
    lane == Lane::work ? phone.take(EvaluateRule{0}) : phone.take(SendReports{});
  };
  begin(first);
  CHECK(phone.asked() == Paths{"/000e08012345.pem"});
  begin(first == Lane::work ? Lane::reports : Lane::work);
  CHECK(phone.asked().empty());
  const auto behind = first == Lane::work ? Paths{"/a.xml", "/report"} : Paths{"/report", "/a.xml"};
  if (GENERATE(true, false)) {
    phone.answered_in(first, 200, "PEM").read("A root");
    CHECK(phone.asked() == behind);
    for (const auto& output : phone.outputs) {
      const auto* fetch = std::get_if<Fetch>(&output);
      if (fetch != nullptr) CHECK(fetch->tls->extra_roots->first_name == "A root");
    }
  } else {
    phone.answered_in(first, 404);
    CHECK(phone.asked() == behind);
  }
  phone.answered_in(Lane::reports, 200);
  CHECK(phone.find<ReportEnded>());
  phone.answered_in(Lane::work, 200, file);
  REQUIRE(phone.find<Done>());
  CHECK(std::holds_alternative<RuleSucceeded>(phone.find<Done>()->event));
}

TEST_CASE("power that goes takes who waits for roots with it", "[R-TLS-19]") {
  ReportingBench phone;
  phone.take(EvaluateRule{0}).take(SendReports{});
  phone.take(CutOff{});
  CHECK_FALSE(phone.retrievals.is_busy());
  CHECK(phone.take(SendReports{}).asks() == "/000e08012345.pem");
}

}  // namespace custom_ca_test
