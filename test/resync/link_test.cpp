#include "test/resync/retrieval_bench.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace link_test {
namespace {

using namespace provphone;
using namespace provphone::resync;

// A phone that asks for a file, reports and logs.
struct Desk : test::Bench {
  Desk() {
    machine.state = State::idle;
    set("Profile_Rule", "http://a.example.net/a.xml");
    set("Report_Rule", "http://a.example.net/report");
    set("Syslog_Server", "10.0.0.9");
  }
  template <class Wanted>
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::count_if(outputs.begin(), outputs.end(),
                      [](const Output& output) { return std::holds_alternative<Wanted>(output); }));
  }
};

}  // namespace

TEST_CASE("what is under way when the link goes fails, in both lanes", "[R-RESYNC-63]") {
  Desk phone;
  phone.take(EvaluateRule{0}).take(SendReports{Reason::report_requested});
  phone.machine.link_is_down = true;
  phone.take(LinkDown{});
  CHECK(phone.count<Cancel>() == 2);
  CHECK(phone.count<ReportEnded>() == 1);
  CHECK(phone.failure() == Errc::host_unreachable);
  CHECK(phone.count<Fetch>() == 0);
  CHECK(phone.count<Log>() == 0);
  CHECK_FALSE(phone.retrievals.is_busy());
}

TEST_CASE("without a link a rule fails at once, wherever it looks", "[R-RESYNC-63]") {
  Desk phone;
  phone.machine.link_is_down = true;
  const auto* rule = GENERATE("http://a.example.net/a.xml", "tftp://a.example.net/a.xml",
                              "[--srv] http://a.example.net/a.xml");
  INFO(rule);
  phone.set("Profile_Rule", rule).take(EvaluateRule{0});
  CHECK(phone.failure() == Errc::host_unreachable);
  CHECK(phone.count<Fetch>() + phone.count<LookUp>() + phone.count<Log>() == 0);
  phone.machine.link_is_down = false;
  phone.take(EvaluateRule{0});
  CHECK(phone.count<Fetch>() + phone.count<LookUp>() == 1);
}

TEST_CASE("a phone without a link hears of nothing that comes over the network", "[R-RESYNC-63]") {
  Phone phone;
  phone.state = State::idle;
  phone.link_is_down = true;
  CHECK_FALSE(is_reachable(phone));
  ResyncRequested asked;
  asked.origin = GENERATE(Origin::web, Origin::sip_notify, Origin::xml_execute);
  CHECK(missed(asked, phone) == Missed::no_link);
  CHECK(missed(UpgradeRequested{}, phone) == Missed::no_link);
  CHECK(missed(CustomCaRequested{}, phone) == Missed::no_link);
  CHECK(missed(ReportRequested{}, phone) == Missed::no_link);
  CHECK(missed(ParametersChanged{ByHand::submitted}, phone) == Missed::no_link);
  // What a person does at the phone, it notices.
  asked.origin = Origin::phone_menu;
  CHECK_FALSE(missed(asked, phone));
  CHECK_FALSE(missed(RestartRequested{}, phone));
  CHECK_FALSE(missed(ParametersChanged{ByHand::set}, phone));
  CHECK_FALSE(missed(CallStarted{}, phone));
  phone.link_is_down = false;
  asked.origin = Origin::web;
  CHECK_FALSE(missed(asked, phone));
  CHECK(is_reachable(phone));
  phone.state = State::restarting;
  CHECK_FALSE(is_reachable(phone));
}

TEST_CASE("power changes nothing about a link", "[R-RESYNC-63]") {
  const auto personality = personality_of(profile::Generation::mpp12);
  const Settings settings = settings_of(Device{}.parameters, personality);
  const WallClock wall{};
  const macro::Lookup facts = [](std::string_view, std::string&) { return false; };
  const Shared shared{personality, settings, wall, 1, facts};
  Phone phone;
  const auto lost = step(phone, shared, LinkLost{}, Time{});
  CHECK(lost.size() == 1);
  CHECK(input_of(*lost.begin()));
  CHECK(step(phone, shared, LinkLost{}, Time{}).size() == 0);
  step(phone, shared, PoweredOn{}, Time{});
  step(phone, shared, PoweredOff{}, Time{});
  CHECK(phone.link_is_down);
  step(phone, shared, LinkRestored{}, Time{});
  CHECK_FALSE(phone.link_is_down);
}

}  // namespace link_test
