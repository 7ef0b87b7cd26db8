#include "client/capsule/stimulus_json.hpp"

#include "client/capsule/entry_json.hpp"
#include "client/capsule/enum_names.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <vector>

namespace stimulus_json_test {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::capsule;

namespace {

std::string as_it_is(std::string_view text) {
  return std::string(text);
}

std::vector<drive::Stimulus> all_kinds() {
  using resync::Event;
  using resync::Input;
  const Error error{Errc::file_not_found, "a \"detail\"", 404};
  resync::Lease lease;
  lease.ip = "10.0.0.9";
  lease.options = {{66, "10.0.0.5", resync::DhcpVersion::v4},
                   {17, "0x01", resync::DhcpVersion::v6}};
  return {
      Event{resync::PoweredOn{}},
      Event{resync::PoweredOff{}},
      Event{resync::ResyncRequested{resync::Origin::web, resync::Scope::configured_rules,
                                    resync::NotifyEvent::check_sync}},
      Event{resync::RestartRequested{}},
      Event{resync::RestartRequested{resync::NotifyEvent::reboot_now}},
      Event{resync::CodeEntered{}},
      Event{resync::CallStarted{}},
      Event{resync::CallEnded{}},
      Event{resync::RegistrationLost{3}},
      Event{resync::RegistrationRestored{1}},
      Event{resync::ClockSet{}},
      Event{resync::ClockMoved{std::chrono::minutes(-90)}},
      Event{resync::ParametersChanged{resync::ByHand::submitted, true}},
      Event{resync::ReportRequested{}},
      Event{resync::UpgradeRequested{resync::Origin::operator_}},
      Event{resync::CustomCaRequested{resync::Origin::web}},
      Event{resync::FactoryResetRequested{}},
      Event{resync::LinkLost{}},
      Event{resync::LinkRestored{}},
      Event{resync::LeaseChanged{true, false}},
      Event{resync::Notified{resync::NotifyEvent::prt_gen}},
      Input{resync::Resolved{resync::Lane::reports, "127.0.0.1"}},
      Input{resync::NamesFound{std::vector<resync::SrvRecord>{{1, 2, 8080, "a.example.net"}}}},
      Input{resync::NamesFound{tl::unexpected(error)}},
      Input{resync::PacSaid{resync::Lane::work, std::string("DIRECT")}},
      Input{resync::PacSaid{resync::Lane::reports, tl::unexpected(error)}},
      Input{resync::CertificateRequestMade{std::string("-----BEGIN")}},
      Input{resync::CertificateRequestMade{tl::unexpected(error)}},
      Input{resync::CertificateRead{std::make_shared<const resync::RenewedCertificate>(
          resync::RenewedCertificate{"pem", "CN=x", "0A", "ff", resync::sys_seconds{}})}},
      Input{resync::CertificateRead{tl::unexpected(error)}},
      drive::SetByHand{{{"Resync_Periodic", "60"}, {"GPP_A", "a \"b\" \xff"}},
                       resync::ByHand::pushed},
      drive::AskWithRule{resync::UpgradeRequested{}, "http://h/x.loads"},
      drive::AskWithRule{resync::ResyncRequested{resync::Origin::web, resync::Scope::one_time_rule},
                         "http://h/x.xml"},
      drive::Grant{lease},
      drive::Grant{},
  };
}

}  // namespace

TEST_CASE("whatever comes to a phone is read as it was written") {
  for (const auto& what : all_kinds()) {
    const auto json = json_of(what, as_it_is);
    INFO(trace::json_text(json));
    REQUIRE(json.at(0) != "inner");
    // Through its text, as in a file.
    const auto read = stimulus_of(nlohmann::ordered_json::parse(trace::json_text(json)));
    REQUIRE(read);
    CHECK(read->index() == what.index());
    CHECK(json_of(*read, as_it_is) == json);
  }
}

TEST_CASE("what is no stimulus is refused in one sentence") {
  for (const auto* text :
       {"[]", "{}", "7", "[\"no_such\"]", "[\"registration_lost\"]",
        "[\"resync_requested\",\"nobody\",\"configured_rules\",\"resync\"]",
        "[\"resolved\",\"attic\",\"x\"]", "[\"names_found\",{\"error\":[\"no_code\",\"x\"]}]",
        "[\"granted\",\"\",7]", "[\"registration_lost\",16]", "[\"clock_moved\",99999]",
        "[\"asked_with_rule\",[\"powered_on\"],\"x\"]",
        "[\"resync_requested\",\"web\",\"one_time_rule\",\"resync\"]",
        "[\"set_by_hand\",\"set\",[[1,2]]]"}) {
    INFO(text);
    const auto read = stimulus_of(nlohmann::ordered_json::parse(text));
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::bad_argument);
    CHECK(read.error().detail.starts_with("expected "));
  }
}

TEST_CASE("an entry of the tape is read as it was written") {
  Answer answer;
  answer.answered.status = 302;
  answer.answered.location = "/there";
  answer.answered.challenges = {"Digest realm=\"x\""};
  answer.answered.body_bytes = 12;
  answer.body = 3;
  auto line = std::make_shared<trace::TraceEvent>();
  line->phone = MacAddress{0x000e08000001};
  line->event = trace::EventKind::registered;
  line->at = resync::Time{std::chrono::seconds(4)};
  line->line = 1;
  const std::vector<Happening> all{
      BeganRunning{},
      Woken{resync::Time{std::chrono::milliseconds(1999)}},
      Ended{resync::Lane::work, 2, std::chrono::milliseconds(17), answer},
      Ended{
          resync::Lane::reports, 0, {}, Unanswered{NoAnswer::failed, {Errc::connect_timeout, "x"}}},
      Ended{resync::Lane::work,
            0,
            {},
            Unanswered{NoAnswer::not_asked, {Errc::certificate_unavailable, ""}}},
      MessageFate{drive::FateKnown::at_once, {}},
      MessageFate{drive::FateKnown::later, Error{Errc::name_not_resolved, "log.example.net"}},
      Told{line},
  };
  for (const auto& what : all) {
    const Entry entry{resync::Time{std::chrono::milliseconds(2'000)}, 7, what};
    const auto json = json_of(entry, as_it_is);
    INFO(json.dump());
    const auto read = entry_of(json);
    REQUIRE(read);
    CHECK(read->at == entry.at);
    CHECK(read->phone == 7);
    CHECK(json_of(*read, as_it_is) == json);
  }
}

}  // namespace stimulus_json_test
