#include "client/trace/event.hpp"

#include "client/trace/json_octets.hpp"
#include "client/trace/notes.hpp"
#include "client/trace/sentence.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace event_test {
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using client::trace::EventKind;
using client::trace::TraceEvent;

constexpr MacAddress mac{0x000e08012345};

TraceEvent event(EventKind kind) {
  return {.at = resync::Time{1234ms}, .phone = mac, .event = kind};
}

}  // namespace

TEST_CASE("a trace line has the time in seconds, the phone and the event first") {
  CHECK(format_json(event(EventKind::powered_on)) ==
        R"({"t":1.234,"phone":"000e08012345","event":"powered_on"})");
}

TEST_CASE("a timer says when it is due, or null when it stays off") {
  auto armed = event(EventKind::timer_armed);
  armed.timer = resync::Timer::error_retry;
  armed.due = resync::Time{61s};
  armed.reason = resync::Reason::error_retry_delay;
  CHECK(
      format_json(armed) ==
      R"({"t":1.234,"phone":"000e08012345","event":"timer_armed","timer":"error_retry","due":61.0,"reason":"error_retry_delay"})");
  armed.due = resync::Time::max();
  armed.reason = resync::Reason::error_retry_disabled;
  CHECK(nlohmann::json::parse(format_json(armed))["due"].is_null());
}

TEST_CASE("a failed pass carries kind, reason, rule and error") {
  auto failed = event(EventKind::pass_failed);
  failed.kind = resync::PassKind::explicit_request;
  failed.reason = resync::Reason::rule_failed;
  failed.rule = "Profile_Rule_B";
  failed.error = Errc::file_not_found;
  failed.detail = "status 404";
  CHECK(
      format_json(failed) ==
      R"({"t":1.234,"phone":"000e08012345","event":"pass_failed","kind":-1,"reason":"rule_failed","rule":"Profile_Rule_B","error":"file_not_found","detail":"status 404"})");
}

TEST_CASE("what a server sent cannot break a trace line") {
  auto failed = event(EventKind::response);
  failed.error = Errc::protocol_error;
  failed.detail = "\xff\xfe \"quoted\"\n";
  const auto line = format_json(failed);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(nlohmann::json::accept(line));
}

TEST_CASE("octets that are no UTF-8 can be told again from JSON", "[R-XML-05]") {
  using client::trace::is_utf8;
  using client::trace::utf8_of;
  for (const std::string text : {"", "Z\xc3\xbcrich", "a\xf0\x9f\x93\x9e", "\x7f\n"}) {
    CHECK(is_utf8(text));
    CHECK(utf8_of(text) == text);
  }
  // ISO-8859-1, and what only looks like UTF-8: cut, overlong, a surrogate, above the last one.
  CHECK(utf8_of("Z\xfcrich") == "Z\xef\x9f\xbcrich");
  CHECK(utf8_of("\xe9") == "\xef\x9f\xa9");
  for (const std::string text :
       {"\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80\xff"}) {
    CHECK_FALSE(is_utf8(text));
    CHECK(utf8_of(text).size() == 3 * text.size());
    CHECK(nlohmann::json::accept(client::trace::json_text(nlohmann::json(text))));
  }
  // What stands for an octet does not stand for itself, or two texts would read alike.
  CHECK(utf8_of("\xef\x9f\xa9") != "\xef\x9f\xa9");
  auto set = event(EventKind::parameters_set);
  set.set.push_back({"GPP_A", "", "caf\xe9"});
  CHECK(format_json(set).find("caf\xef\x9f\xa9") != std::string::npos);
}

TEST_CASE("an applied file lists what changed, even when nothing did") {
  auto applied = event(EventKind::applied);
  applied.rule = "Profile_Rule";
  applied.layers = {"gzip", "xml"};
  CHECK(nlohmann::json::parse(format_json(applied))["changed"].empty());
  applied.changed = {"GPP_A"};
  const auto line = nlohmann::json::parse(format_json(applied));
  CHECK(line["changed"] == nlohmann::json::array({"GPP_A"}));
  CHECK(line["layers"] == nlohmann::json::array({"gzip", "xml"}));
}

TEST_CASE("roots that were fetched carry their number and the first one's name", "[R-TLS-19]") {
  auto fetched = event(EventKind::custom_ca);
  fetched.rule = "Custom_CA_Rule";
  fetched.text = "A root";
  fetched.certificates = 2;
  fetched.web_status = "Last provisioning succeeded";
  CHECK(
      format_json(fetched) ==
      R"({"t":1.234,"phone":"000e08012345","event":"custom_ca","rule":"Custom_CA_Rule","text":"A root","certificates":2,"web_status":"Last provisioning succeeded"})");
}

TEST_CASE("a renewal is told with the new certificate, or with what went wrong", "[R-CERT-09]") {
  resync::CertificateRenewalEnded renewed;
  renewed.serial_number = "2A";
  renewed.not_after = std::chrono::sys_days(std::chrono::year(2036) / 3 / 1);
  const auto line = client::trace::line_of(renewed, MacAddress{1}, resync::Time{});
  CHECK(line.event == EventKind::certificate_renewal);
  CHECK(line.rule == "MIC_Cert_Refresh_Rule");
  CHECK(line.text == "2A");
  CHECK(line.detail == "valid until 2036-03-01");
  CHECK(client::trace::line_of(line).text ==
        "✔ certificate renewed: serial number 2A, valid until 2036-03-01");
  resync::CertificateRenewalEnded failed;
  failed.error = Error{Errc::forbidden, "status 403"};
  const auto told = client::trace::line_of(failed, MacAddress{1}, resync::Time{});
  CHECK(client::trace::line_of(told).text ==
        "✘ the certificate was not renewed: forbidden, status 403");
}

TEST_CASE("the trace hash tells runs apart by decisions and their times") {
  const auto hash = [](std::vector<TraceEvent> events) {
    client::trace::TraceHash made;
    for (const auto& each : events) made.add(each);
    return made.hex();
  };
  auto started = event(EventKind::pass_started);
  started.kind = resync::PassKind::boot;
  auto later = started;
  later.at += 1ms;
  auto other_kind = started;
  other_kind.kind = resync::PassKind::periodic;
  CHECK(hash({started, later}) == hash({started, later}));
  CHECK(hash({started}).size() == 16);
  CHECK(hash({started}) != hash({later}));
  CHECK(hash({started}) != hash({other_kind}));
  CHECK(hash({started, later}) != hash({later, started}));
}

}  // namespace event_test
