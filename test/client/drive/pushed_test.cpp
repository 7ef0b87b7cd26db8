#include "client/drive/conductor.hpp"
#include "client/trace/sentence.hpp"
#include "resync/notify.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace pushed_test {

// What is pushed to a phone: one phone, whose requests wait until they are answered.
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using client::drive::AskWithRule;
using client::drive::SetByHand;
using client::drive::Stimulus;
using client::trace::EventKind;
using client::trace::TraceEvent;
using resync::ByHand;
using resync::Origin;
using resync::Reason;
using resync::Scope;

class Room : public client::drive::World {
 public:
  explicit Room(std::initializer_list<std::pair<const char*, const char*>> parameters = {}) {
    auto& device = handset_.phone.device;
    set("Profile_Rule", "http://127.0.0.1/own.xml");
    set("Resync_Random_Delay", "0");
    for (const auto& [name, value] : parameters) set(name, value);
    device.settings_changed();
    happens(resync::Event{resync::PoweredOn{}});
    happens(resync::Event{resync::DeadlineReached{}});
    answer();
    told.clear();
  }

  client::drive::Handset& handset(std::size_t) override { return handset_; }
  resync::Depth depth(std::size_t) const override { return resync::Depth::everything; }
  resync::FileCache* file_cache() override { return nullptr; }
  void fetch(std::size_t, resync::Fetch fetch) override { asked = format(fetch.request.url); }
  void cancel(std::size_t, resync::Lane) override { asked.clear(); }
  void ask_pac(std::size_t, const resync::AskPac&) override {}
  void look_up(std::size_t, const resync::LookUp&) override {}
  void request_certificate(std::size_t) override {}
  void install_certificate(std::size_t, const resync::InstallCertificate&) override {}
  void send_log(std::size_t, const resync::Log&, TraceEvent) override {}
  bool wants(std::size_t, EventKind) const override { return true; }
  void emit(std::size_t, TraceEvent&& line) override { told.push_back(std::move(line)); }
  void stepped(std::size_t, const resync::Effects&) override {}
  void document(std::size_t, std::string_view, const macro::Url&) override {}
  void settled(std::size_t) override {}

  Room& happens(Stimulus what) {
    conductor_.post(0, std::move(what));
    conductor_.drain(now_);
    return *this;
  }
  // What the phone waits for comes, be it a restart or a timer.
  Room& goes_on() {
    now_ = handset_.phone.machine.due;
    return happens(resync::Event{resync::DeadlineReached{}});
  }
  Room& asks_once(Origin origin, std::string rule) {
    return happens(
        AskWithRule{resync::ResyncRequested{origin, Scope::one_time_rule}, std::move(rule)});
  }
  // The file that was asked for, which may be empty.
  Room& answer(std::string body = "<flat-profile></flat-profile>") {
    asked.clear();
    happens(resync::Input{resync::Resolved{resync::Lane::work, "127.0.0.1"}});
    resync::Answered answer;
    answer.body_bytes = body.size();
    answer.body = std::move(body);
    return happens(resync::Input{std::move(answer)});
  }
  std::string value(std::string_view name) {
    return std::string(handset_.phone.device.parameters.get(*profile::find_parameter(name)));
  }
  const std::string& waiting_rule() { return handset_.phone.device.one_time_rule; }
  const TraceEvent& line(EventKind kind) const {
    const auto found = std::find_if(told.rbegin(), told.rend(),
                                    [kind](const auto& each) { return each.event == kind; });
    REQUIRE(found != told.rend());
    return *found;
  }
  bool tells(EventKind kind) const {
    return std::any_of(told.begin(), told.end(),
                       [kind](const auto& each) { return each.event == kind; });
  }

  std::string asked;  // what the phone waits for; empty: for nothing
  std::vector<TraceEvent> told;

 private:
  void set(std::string_view name, std::string_view value) {
    handset_.phone.device.parameters.set(*profile::find_parameter(name), value);
  }

  static resync::WallClock wall() {
    resync::WallClock wall;
    wall.known = resync::ClockIsKnown::from_boot;
    return wall;
  }

  client::drive::Handset handset_;
  client::drive::Conductor conductor_{*this, {7, wall(), {}}};
  resync::Time now_{};
};

}  // namespace

TEST_CASE("a rule that comes with a request is asked for, and the phone's own is not",
          "[R-RESYNC-42]") {
  Room room;
  room.asks_once(Origin::web, "[--key sesame] http://127.0.0.1/once-$MA.xml");
  CHECK(room.asked == "http://127.0.0.1:80/once-000e08012345.xml");
  CHECK(room.waiting_rule().empty());
  const auto& request = room.line(EventKind::resync_requested);
  CHECK(request.origin == "web");
  CHECK(request.text == "[--key ********] http://127.0.0.1/once-$MA.xml");
  CHECK_FALSE(request.status);
  CHECK(client::trace::line_text(request) ==
        "● a resync asked for from its web page, with the rule [--key ********] "
        "http://127.0.0.1/once-$MA.xml");
  for (const auto& line : room.told) CHECK(format_json(line).find("sesame") == std::string::npos);
}

TEST_CASE("of two rules that wait the later one counts, and a refused one is nobody's",
          "[R-RESYNC-42][R-RESYNC-40]") {
  Room room{{"User_Configurable_Resync", "No"}};
  room.happens(resync::Event{resync::CallStarted{}});
  room.asks_once(Origin::web, "http://127.0.0.1/1.xml");
  room.asks_once(Origin::web, "http://127.0.0.1/2.xml");
  room.asks_once(Origin::phone_menu, "http://127.0.0.1/3.xml");
  CHECK(room.asked.empty());
  CHECK(room.line(EventKind::pass_gated).reason == Reason::user_resync_off);
  room.happens(resync::Event{resync::CallEnded{}});
  CHECK(room.asked == "http://127.0.0.1:80/2.xml");
}

TEST_CASE("a rule that comes while another one's file is on its way is next", "[R-RESYNC-42]") {
  Room room;
  room.asks_once(Origin::web, "http://127.0.0.1/1.xml");
  room.asks_once(Origin::web, "http://127.0.0.1/2.xml");
  CHECK(room.asked == "http://127.0.0.1:80/1.xml");
  CHECK(room.line(EventKind::pass_deferred).reason == Reason::pass_in_progress);
  room.answer();
  CHECK(room.asked == "http://127.0.0.1:80/2.xml");
}

TEST_CASE("each way of asking has its switch, and says which one is closed", "[R-RESYNC-40]") {
  struct Row {
    const char* parameter;
    Origin origin;
    std::optional<Reason> reason;
  };
  const Row rows[] = {
      {"Enable_Direct_Action_Url", Origin::web, Reason::direct_action_url_off},
      {"Enable_Web_Server", Origin::web, Reason::web_server_off},
      {"Enable_Web_Admin_Access", Origin::web, Reason::web_admin_off},
      {"User_Configurable_Resync", Origin::phone_menu, Reason::user_resync_off},
      {"Resync_From_SIP", Origin::sip_notify, Reason::resync_from_sip_off},
      {"Enable_Web_Server", Origin::xml_execute, Reason::web_server_off},
      {"Enable_Web_Admin_Access", Origin::xml_execute, std::nullopt},
      {"Enable_Direct_Action_Url", Origin::phone_menu, std::nullopt},
      {"Enable_Web_Server", Origin::operator_, std::nullopt},
  };
  for (const auto& [parameter, origin, reason] : rows) {
    INFO(parameter << " " << static_cast<int>(origin));
    Room room{{parameter, "No"}};
    room.asks_once(origin, "http://127.0.0.1/once.xml");
    CHECK(room.asked.empty() == reason.has_value());
    CHECK(room.tells(EventKind::pass_gated) == reason.has_value());
    if (reason) {
      CHECK(room.line(EventKind::pass_gated).reason == reason);
      CHECK(room.waiting_rule().empty());
    }
  }
}

TEST_CASE("what is submitted is set at once, and followed by a restart and a pass",
          "[R-RESYNC-57]") {
  Room room;
  room.happens(SetByHand{{{"GPP_A", "1"}, {"GPP_B", "2"}}, ByHand::submitted});
  CHECK(room.value("GPP_A") == "1");
  CHECK(room.value("GPP_B") == "2");
  CHECK(room.line(EventKind::rebooted).reason == Reason::restart_for_submit);
  CHECK(room.asked.empty());
  room.goes_on();
  CHECK(room.line(EventKind::pass_started).reason == Reason::submitted);
  CHECK(room.asked == "http://127.0.0.1:80/own.xml");
  CHECK(client::trace::line_text(room.line(EventKind::parameters_set)) ==
        "● submitted on its web page: GPP_A nothing → 1, GPP_B nothing → 2");
}

TEST_CASE("a profile that is sent to a phone sets what is in it, and restarts nothing by itself",
          "[R-FACE-08]") {
  Room room;
  room.happens(SetByHand{{{"GPP_A", "1"}}, ByHand::pushed});
  CHECK(room.value("GPP_A") == "1");
  CHECK_FALSE(room.tells(EventKind::rebooted));
  CHECK(client::trace::line_text(room.line(EventKind::parameters_set)) ==
        "● set by a profile sent to the phone: GPP_A nothing → 1");
  Room closed{{"Enable_Direct_Action_Url", "No"}};
  closed.happens(SetByHand{{{"GPP_A", "1"}}, ByHand::pushed});
  CHECK(closed.value("GPP_A").empty());
}

TEST_CASE("where the web page is closed nothing is submitted", "[R-RESYNC-40][R-RESYNC-57]") {
  for (const auto* parameter : {"Enable_Web_Server", "Enable_Web_Admin_Access"}) {
    INFO(parameter);
    Room room{{parameter, "No"}};
    room.happens(SetByHand{{{"GPP_A", "1"}}, ByHand::submitted});
    CHECK(room.value("GPP_A").empty());
    CHECK_FALSE(room.tells(EventKind::rebooted));
    CHECK(client::trace::line_text(room.line(EventKind::parameters_set)) ==
          fmt::format("■ not submitted, since {} is No: GPP_A → 1", parameter));
    // At the phone itself anything can be set.
    room.happens(SetByHand{{{"GPP_A", "1"}}});
    CHECK(room.value("GPP_A") == "1");
  }
}

TEST_CASE("closing the web page on the web page counts from then on", "[R-RESYNC-57]") {
  Room room;
  room.happens(SetByHand{{{"Enable_Web_Server", "No"}}, ByHand::submitted});
  CHECK(room.tells(EventKind::rebooted));
  CHECK(room.goes_on().asked == "http://127.0.0.1:80/own.xml");
}

TEST_CASE("a change at the phone restarts it where the parameter takes one, and changes",
          "[R-RESYNC-56][R-RESYNC-45]") {
  Room room;
  room.happens(SetByHand{{{"GPP_A", "1"}, {"VLAN_ID", room.value("VLAN_ID")}}});
  CHECK_FALSE(room.tells(EventKind::rebooted));
  room.happens(SetByHand{{{"VLAN_ID", "77"}}});
  CHECK(room.line(EventKind::rebooted).reason == Reason::restart_for_local_change);
}

TEST_CASE("an upgrade that a URL asks for is made, waits or is refused, and told",
          "[R-UPGRADE-10]") {
  const Stimulus upgrade = AskWithRule{resync::UpgradeRequested{}, "http://127.0.0.1/fw/1.loads"};
  Room room;
  room.happens(resync::Event{resync::CallStarted{}}).happens(upgrade);
  CHECK(client::trace::line_text(room.line(EventKind::upgrade_requested)) ==
        "● an upgrade asked for from its web page, with the rule http://127.0.0.1/fw/1.loads");
  CHECK(client::trace::line_text(room.line(EventKind::upgrade_deferred)) ==
        "… upgrade waits: a call is in progress");
  room.happens(AskWithRule{resync::UpgradeRequested{}, "http://127.0.0.1/fw/2.bin"});
  room.happens(resync::Event{resync::CallEnded{}});
  CHECK(room.asked == "http://127.0.0.1:80/fw/2.bin");
  room.answer("\1");
  CHECK(room.line(EventKind::rebooted).reason == Reason::restart_for_upgrade);
  CHECK(room.handset(0).phone.device.identity.firmware == "2");

  Room closed{{"Upgrade_Enable", "No"}};
  closed.happens(upgrade);
  CHECK(closed.asked.empty());
  CHECK(client::trace::line_text(closed.line(EventKind::rule_skipped)) ==
        "■ no upgrade: Upgrade_Enable is No");
  CHECK(closed.handset(0).phone.device.one_time_upgrade.empty());
}

TEST_CASE("a factory reset takes what was set, and the phone comes up with its factory rule",
          "[R-RESYNC-59]") {
  Room room{{"GPP_A", "old"}};
  room.happens(resync::Event{resync::FactoryResetRequested{}});
  CHECK(room.line(EventKind::rebooted).reason == Reason::factory_reset);
  CHECK(room.value("GPP_A").empty());
  CHECK(room.value("Profile_Rule") == "/$PSN.xml");
  room.goes_on();
  CHECK(room.line(EventKind::timer_armed).timer == resync::Timer::boot_delay);
}

TEST_CASE("a SIP NOTIFY is told with its event and its answer", "[R-RESYNC-60][R-RESYNC-61]") {
  struct Row {
    const char* header;
    EventKind kind;
    const char* told;
  };
  const Row rows[] = {
      {"check-sync", EventKind::resync_requested, "● SIP NOTIFY check-sync: answered 403"},
      {"reboot_now", EventKind::restart_requested, "● SIP NOTIFY reboot_now: answered 200"},
      {"report", EventKind::report_requested, "● SIP NOTIFY report: answered 200"},
      {"prt-gen", EventKind::notified,
       "● SIP NOTIFY prt-gen: answered 200; provphone makes no problem reports"},
      {"talk", EventKind::notified,
       "● SIP NOTIFY another event: answered 489; no phone knows this event"},
  };
  for (const auto& row : rows) {
    INFO(row.header);
    Room room{{"Resync_From_SIP", "No"}};
    room.happens(resync::machine_event_of(resync::notify_event_named(row.header)));
    CHECK(client::trace::line_text(room.line(row.kind)) == row.told);
  }
  Room room;
  room.happens(resync::Event{resync::PoweredOff{}});
  room.happens(resync::machine_event_of(resync::NotifyEvent::other));
  CHECK_FALSE(room.line(EventKind::notified).status);
  CHECK(client::trace::line_text(room.line(EventKind::notified)) ==
        "■ missed, since the phone is off: a SIP NOTIFY another event");
}

}  // namespace pushed_test
