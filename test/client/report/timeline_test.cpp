#include "client/report/timeline.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace timeline_test {
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using client::report::Colour;
using client::trace::EventKind;
using client::trace::TraceEvent;

constexpr MacAddress mac{0x000e08012345};

std::string printed(const TraceEvent& event, Colour colour = Colour::off) {
  std::ostringstream out;
  client::report::Timeline(out, colour).add(event);
  return out.str();
}

TraceEvent event(EventKind kind) {
  return {.at = resync::Time{1234ms}, .phone = mac, .event = kind};
}

}  // namespace

TEST_CASE("a line says when, who and what") {
  auto failed = event(EventKind::pass_failed);
  failed.kind = resync::PassKind::boot;
  failed.rule = "Profile_Rule";
  failed.error = Errc::file_not_found;
  failed.detail = "status 404";
  CHECK(printed(failed) ==
        "    1.234 s  000e08012345  ✘ boot pass failed at Profile_Rule: file_not_found, status "
        "404\n");
}

TEST_CASE("what passes a phone by that is down is said, but for what it cannot have") {
  auto asked = event(EventKind::resync_requested);
  asked.origin = "sip_notify";
  CHECK(printed(asked).empty());
  asked.missed = resync::Missed::restarting;
  CHECK(printed(asked).ends_with(
      "■ missed, since the phone is restarting: a resync asked for by a SIP NOTIFY\n"));
  auto set = event(EventKind::parameters_set);
  set.set = {{"GPP_A", "old", "new"}};
  set.missed = resync::Missed::off;
  CHECK(printed(set).ends_with("■ missed, since the phone is off: GPP_A → new\n"));
  for (const auto kind : {EventKind::restart_requested, EventKind::report_requested,
                          EventKind::call_started, EventKind::clock_set}) {
    auto missed = event(kind);
    missed.missed = resync::Missed::off;
    CHECK(printed(missed).find("■ missed, since the phone is off: ") != std::string::npos);
  }
  for (const auto kind : {EventKind::call_ended, EventKind::registration_lost}) {
    auto missed = event(kind);
    missed.missed = resync::Missed::off;
    CHECK(printed(missed).empty());
  }
}

TEST_CASE("what a person sets is named, from what to what") {
  auto set = event(EventKind::parameters_set);
  set.set = {{"GPP_A", "old", "new"}, {"GPP_B", "", std::string(60, 'b')}};
  CHECK(printed(set).ends_with("● set at the phone: GPP_A old → new, GPP_B nothing → " +
                               std::string(40, 'b') + "…\n"));
  set.set.push_back({"Station_Name", "", "lobby"});
  CHECK(printed(set).ends_with("… · stored, not acted on: Station_Name nothing → lobby\n"));
  set.set.clear();
  CHECK(printed(set).empty());
}

TEST_CASE("a line that loses its registration is told, and that it has it again") {
  auto lost = event(EventKind::registration_lost);
  lost.line = 2;
  CHECK(printed(lost).ends_with("○ line 2 lost its registration\n"));
  auto back = event(EventKind::registration_restored);
  back.line = 2;
  CHECK(printed(back).ends_with("● line 2 is registered\n"));
}

TEST_CASE("what a registrar says to a line is told", "[R-SIP-12]") {
  auto registered = event(EventKind::registered);
  registered.line = 2;
  registered.url = "sip:pbx";
  registered.status = 200;
  registered.detail = "for 60 min";
  CHECK(printed(registered).ends_with("✔ line 2 registered at sip:pbx, for 60 min\n"));
  auto failed = event(EventKind::registration_failed);
  failed.line = 2;
  failed.url = "sip:pbx";
  failed.status = 403;
  failed.detail = "Forbidden";
  CHECK(printed(failed).ends_with("✘ line 2 is not registered at sip:pbx: 403 Forbidden\n"));
  failed.status.reset();
  failed.error = Errc::transfer_timeout;
  failed.detail = "no answer";
  CHECK(printed(failed).ends_with(
      "✘ line 2 is not registered at sip:pbx: transfer_timeout, no answer\n"));
}

TEST_CASE("an outage is told of the server") {
  auto began = event(EventKind::outage_began);
  began.status = 503;
  CHECK(printed(began) ==
        "    1.234 s  server  ○ outage: every request is answered with status 503\n");
  began.status.reset();
  began.error = Errc::connection_refused;
  CHECK(printed(began).ends_with("every request fails with connection_refused\n"));
  began.error = Errc::xml_malformed;
  CHECK(printed(began).ends_with("every request is answered with what is no profile\n"));
  CHECK(printed(event(EventKind::outage_ended)) == "    1.234 s  server  ● the outage is over\n");
}

TEST_CASE("an answer that refuses shows what the server said, once") {
  auto refused = event(EventKind::response);
  refused.status = 403;
  refused.bytes = 153;
  refused.said = "403 Forbidden nginx/1.22.1";
  CHECK(printed(refused).ends_with("  status 403 · 153 B · said: 403 Forbidden nginx/1.22.1\n"));
  auto failed = event(EventKind::pass_failed);
  failed.kind = resync::PassKind::boot;
  failed.rule = "Profile_Rule";
  failed.error = Errc::forbidden;
  failed.said = refused.said;
  CHECK(printed(failed).ends_with("✘ boot pass failed at Profile_Rule: forbidden\n"));
}

TEST_CASE("an upgrade that failed says why, and no more than is known") {
  auto failed = event(EventKind::upgrade_done);
  failed.error = Errc::forbidden;
  CHECK(printed(failed).ends_with("✘ upgrade failed: forbidden\n"));
  failed.detail = "so";
  CHECK(printed(failed).ends_with("✘ upgrade failed: forbidden, so\n"));
}

TEST_CASE("a retry says in how long") {
  auto armed = event(EventKind::timer_armed);
  armed.timer = resync::Timer::error_retry;
  armed.due = resync::Time{61'234ms};
  CHECK(printed(armed) == "    1.234 s  000e08012345    retry in 60 s\n");
}

TEST_CASE("a transfer that failed is told once, with the pass") {
  auto failed = event(EventKind::response);
  failed.error = Errc::connection_refused;
  CHECK(printed(failed).empty());
}

TEST_CASE("a rule that is skipped for nothing is not worth a line, a missing file is") {
  auto skipped = event(EventKind::rule_skipped);
  skipped.reason = resync::Reason::rule_empty;
  CHECK(printed(skipped).empty());
  skipped.reason = resync::Reason::file_not_found_forgiven;
  CHECK(printed(skipped).find("Resync_Fails_On_FNF") != std::string::npos);
}

TEST_CASE("nothing but a terminal gets colours") {
  CHECK(printed(event(EventKind::powered_on)).find('\x1b') == std::string::npos);
  CHECK(printed(event(EventKind::powered_on), Colour::on).find('\x1b') != std::string::npos);
}

TEST_CASE("what is only for machines has no line") {
  CHECK(printed(event(EventKind::pass_due)).empty());
}

TEST_CASE("durations and sizes are read, not calculated with") {
  using client::trace::format_bytes;
  using client::trace::format_duration;
  CHECK(format_duration(6ms) == "6 ms");
  CHECK(format_duration(1500ms) == "1.5 s");
  CHECK(format_duration(3600s) == "60 min");
  CHECK(format_duration(86400s) == "24 h");
  CHECK(format_duration(86400s * 7) == "7 days");
  CHECK(format_bytes(999) == "999 B");
  CHECK(format_bytes(40'960) == "41.0 kB");
  CHECK(format_bytes(100'000'000) == "100.0 MB");
}

TEST_CASE("what in a rule was hardly meant so is remarked on the first time", "[R-MACRO-26]") {
  std::ostringstream out;
  client::report::Timeline timeline(out, Colour::off);
  auto request = event(EventKind::request);
  request.rule = "Profile_Rule";
  request.method = "GET";
  request.url = "http://h:80/$mac";
  request.facts.rule.text = "http://h/$mac";
  request.facts.rule.remarks = {"there is no macro `mac` (did you mean `$MA`?)"};
  timeline.add(request);
  const auto remark = std::string(
      "    1.234 s  000e08012345  Profile_Rule: there is no macro `mac` (did you mean `$MA`?)\n");
  CHECK(out.str().starts_with(remark));
  out.str({});
  timeline.add(request);
  CHECK(out.str().find("no macro") == std::string::npos);
  request.rule = "Profile_Rule_B";
  timeline.add(request);
  CHECK(out.str().find("Profile_Rule_B: there is no macro") != std::string::npos);
}

TEST_CASE("an element that is only spelt otherwise is named with what was meant", "[R-XML-03]") {
  auto applied = event(EventKind::applied);
  applied.ignored = {"gpp_a", "Nonsense"};
  const auto line = printed(applied);
  CHECK(line.find("ignored gpp_a, Nonsense · gpp_a is spelt GPP_A; the phone does not set it") !=
        std::string::npos);
}

}  // namespace timeline_test
