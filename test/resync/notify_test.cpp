#include "resync/notify.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace notify_test {

// What the header Event of a SIP NOTIFY asks a phone for, and what the phone answers.
namespace {

using namespace provphone;
using resync::Event;
using resync::NotifyEvent;
using resync::Origin;

enum class Asks { pass, restart, report, nothing };

Asks asks_for(const Event& event) {
  if (const auto* it = std::get_if<resync::ResyncRequested>(&event)) {
    CHECK(it->origin == Origin::sip_notify);
    CHECK(it->scope == resync::Scope::configured_rules);
    return Asks::pass;
  }
  if (std::holds_alternative<resync::RestartRequested>(event)) return Asks::restart;
  if (std::holds_alternative<resync::ReportRequested>(event)) return Asks::report;
  CHECK(std::holds_alternative<resync::Notified>(event));
  return Asks::nothing;
}

struct Row {
  std::string_view header;
  std::string_view name;
  Asks asks;
  int status;          // of a phone as from the factory
  int status_refused;  // with Resync_From_SIP No
};

const std::vector<Row> table{
    {"resync", "resync", Asks::pass, 200, 403},
    {"Resync", "resync", Asks::pass, 200, 403},
    {"resync;id=7", "resync", Asks::pass, 200, 403},
    {"check-sync", "check-sync", Asks::pass, 200, 403},
    {"check-sync;reboot=false", "check-sync;reboot=false", Asks::pass, 200, 403},
    {"check-sync; reboot = false", "check-sync;reboot=false", Asks::pass, 200, 403},
    {"check-sync;reboot=true", "check-sync;reboot=true", Asks::restart, 200, 200},
    {"check-sync;id=1;Reboot=True", "check-sync;reboot=true", Asks::restart, 200, 200},
    {"check-sync;reboot", "check-sync", Asks::pass, 200, 403},
    {"check-sync;reboot=maybe", "check-sync", Asks::pass, 200, 403},
    {"reboot", "reboot", Asks::restart, 200, 200},
    {"reboot_now", "reboot_now", Asks::restart, 200, 200},
    {"restart", "restart", Asks::restart, 200, 200},
    {"restart_now", "restart_now", Asks::restart, 200, 200},
    {"report", "report", Asks::report, 200, 200},
    {"prt-gen", "prt-gen", Asks::nothing, 200, 200},
    {"XML-service", "XML-service", Asks::nothing, 200, 200},
    {"message-summary", "another event", Asks::nothing, 489, 489},
    {"resyncs", "another event", Asks::nothing, 489, 489},
    {"check-sync2", "another event", Asks::nothing, 489, 489},
    {"another event", "another event", Asks::nothing, 489, 489},
    {"", "another event", Asks::nothing, 489, 489},
    {";reboot=true", "another event", Asks::nothing, 489, 489},
};

}  // namespace

TEST_CASE("a SIP NOTIFY asks for what its event says, and is answered",
          "[R-RESYNC-60][R-RESYNC-61][R-RESYNC-62]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  const resync::Settings open;
  resync::Settings closed;
  closed.resync_from_sip = false;
  for (const auto& row : table) {
    INFO(row.header);
    const auto notified = resync::notify_event_named(row.header);
    CHECK(name(notified) == row.name);
    const auto event = resync::machine_event_of(notified);
    CHECK(asks_for(event) == row.asks);
    CHECK(resync::notify_behind(event) == notified);
    CHECK(resync::sip_status_of(event, open, personality) == row.status);
    CHECK(resync::sip_status_of(event, closed, personality) == row.status_refused);
    // A phone says why nothing comes of an event exactly where nothing does.
    CHECK(resync::why_nothing(notified).empty() == (row.asks != Asks::nothing));
  }
  REQUIRE(resync::set_knob(personality, "refused_notify=ok"));
  const auto event = resync::machine_event_of(NotifyEvent::resync);
  CHECK(resync::sip_status_of(event, closed, personality) == 200);
}

TEST_CASE("every event of a NOTIFY is found by its name, but for the one that stands for the rest",
          "[R-RESYNC-60]") {
  for (const auto each : every<NotifyEvent>) CHECK(resync::notify_event_named(name(each)) == each);
}

TEST_CASE("what a person asks for is no NOTIFY and has no answer", "[R-RESYNC-61]") {
  const auto personality = resync::personality_of(profile::Generation::mpp12);
  for (const Event& event :
       {Event{resync::ResyncRequested{Origin::web}}, Event{resync::RestartRequested{}},
        Event{resync::ParametersChanged{}}, Event{resync::PoweredOn{}}}) {
    CHECK_FALSE(resync::notify_behind(event));
    CHECK_FALSE(resync::sip_status_of(event, {}, personality));
  }
}

}  // namespace notify_test
