#include "client/explain/narrator.hpp"
#include "client/explain/text.hpp"

#include <catch2/catch.hpp>

namespace explain_test {
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using client::explain::Beginning;
using client::explain::Trace;
using client::explain::TraceReader;

constexpr MacAddress mac{0x000e08000001};

Trace read(const std::vector<std::string>& lines, std::optional<MacAddress> wanted = mac) {
  TraceReader reader(wanted);
  for (const auto& line : lines) REQUIRE(reader.take_line(line));
  return reader.finish();
}

std::string line(double t, const std::string& members, const std::string& phone = "000e08000001") {
  return "{\"t\":" + std::to_string(t) + ",\"phone\":\"" + phone + "\"," + members + "}";
}

const std::vector<std::string> held{
    line(3600, R"("event":"pass_due","kind":1,"reason":"periodic_interval")"),
    line(3600, R"("event":"pass_gated","kind":1,"reason":"provisioning_disabled")"),
};

}  // namespace

TEST_CASE("a line that is none of a trace is refused with its number") {
  struct Row {
    std::string line;
    std::string expected;
  };
  const std::vector<Row> rows{
      {"nonsense", "2: expected a JSON object"},
      {"[1]", "2: expected a JSON object"},
      {R"({"t":1)", "2: expected a JSON object"},
      {R"({"phone":"000e08000001","event":"pass_due"})", "2: expected \"t\""},
      {R"({"t":-1,"phone":"000e08000001","event":"pass_due"})", "2: expected \"t\""},
      {R"({"t":"1","phone":"000e08000001","event":"pass_due"})", "2: expected \"t\""},
      {R"({"t":1e300,"phone":"000e08000001","event":"pass_due"})", "2: expected \"t\""},
      {R"({"t":1,"phone":"me","event":"pass_due"})", "2: expected \"phone\""},
      {R"({"t":1,"event":"pass_due"})", "2: expected \"phone\""},
      {R"({"t":1,"phone":"000e08000001"})", "2: expected \"event\""},
      {R"({"t":0,"phone":"000e08000001","event":"pass_due"})", "2: expected a time"},
  };
  for (const auto& row : rows) {
    INFO(row.line);
    TraceReader reader(mac);
    REQUIRE(reader.take_line(line(0.5, R"("event":"powered_on")")));
    const auto taken = reader.take_line(row.line);
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Errc::bad_argument);
    CHECK(taken.error().detail.starts_with(row.expected));
  }
}

TEST_CASE("other phones, unknown members and events that are not known yet are passed over") {
  const auto trace = read({
      line(1, R"("event":"powered_on","mood":"good","reason":7)"),
      line(2, R"("event":"sang"
)"),
      "",
      line(3, R"("event":"powered_on")", "000e08000002"),
  });
  CHECK(trace.entries.size() == 1);
  CHECK(trace.phones.size() == 2);
  CHECK(trace.end == resync::Time{3s});
}

TEST_CASE("what a line says in another way than traces do is passed over") {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  std::vector<std::string> lines;
  for (const auto& odd : std::vector<std::string>{
           "7", "\"x\"", "null", "[1,\"a\",{}]", "{\"a\":[]}", deep, "[{\"name\":" + deep + "}]"}) {
    for (const auto* event : {"timer_armed", "pass_gated", "request", "pass_failed", "applied"}) {
      auto members = "\"event\":\"" + std::string(event) + "\"";
      for (const auto* key : {"kind", "reason", "timer", "due", "error", "settings", "conditions",
                              "guards", "macros", "changed", "holds_from", "clock", "rule_text"})
        members += ",\"" + std::string(key) + "\":" + odd;
      lines.push_back(line(1, members));
    }
  }
  const auto trace = read(lines);
  CHECK(trace.entries.size() == lines.size());
  CHECK_FALSE(
      format_text(tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown), 80).empty());
}

TEST_CASE("without a wish for a phone the first one's lines are kept") {
  const auto trace = read(held, std::nullopt);
  CHECK(trace.phone == mac);
  CHECK(trace.entries.size() == 2);
}

TEST_CASE("a held pass is told with its cause and its remedy", "[R-RESYNC-03]") {
  const auto explanation = tell(read(held), {resync::Time{}, resync::Time{2h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 1);
  const auto& section = explanation.sections.front();
  CHECK(section.title == "periodic pass");
  CHECK(section.outcome == "held");
  CHECK(section.sentences.back() == "The pass was held: Provision_Enable is No.");
  REQUIRE(section.remedies.size() == 1);
  CHECK(section.remedies.front() == remedy(resync::Reason::provisioning_disabled));
}

TEST_CASE("what a phone misses is told with why and with what would help") {
  struct Row {
    std::string members;
    std::string title;
    std::string remedy;
  };
  const std::vector<Row> rows{
      {R"("event":"resync_requested","origin":"sip_notify","missed":"off")",
       "resync asked for by a SIP NOTIFY", "switch the phone on; it then makes its boot pass"},
      {R"("event":"restart_requested","missed":"off")", "restart asked for",
       "switch the phone on, and ask again when it is up"},
      {R"("event":"report_requested","missed":"off")", "report asked for",
       "switch the phone on, and ask again when it is up"},
      {R"("event":"call_started","missed":"off")", "a call began", ""},
      {R"("event":"clock_set","missed":"off")", "the time was told", ""},
      {R"("event":"clock_set","detail":"put back 60 minutes","missed":"off")",
       "the clock was put back 60 minutes", ""},
  };
  for (const auto& row : rows) {
    INFO(row.members);
    const auto explanation =
        tell(read({line(1, row.members)}), {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
    REQUIRE(explanation.sections.size() == 1);
    const auto& section = explanation.sections.front();
    CHECK(section.title == row.title);
    CHECK(section.outcome == "nothing came of it");
    CHECK(section.sentences == std::vector<std::string>{"The phone was off."});
    CHECK(section.remedies ==
          (row.remedy.empty() ? std::vector<std::string>{} : std::vector<std::string>{row.remedy}));
  }
}

TEST_CASE("what is pushed to a phone is told with its answer, its rule and what refused it",
          "[R-RESYNC-40][R-RESYNC-61][R-UPGRADE-10]") {
  using Lines = std::vector<std::string>;
  struct Row {
    Lines lines;
    std::string title, outcome;
    Lines sentences;
    bool has_remedy = false;
  };
  const std::string web = R"("origin":"web","text":"http://h/x")";
  const std::vector<Row> rows{
      {{R"("event":"restart_requested","origin":"sip_notify","text":"reboot_now","status":200)"},
       "restart asked for",
       "",
       {"The SIP NOTIFY reboot_now was answered 200."}},
      {{R"("event":"notified","text":"another event","status":489)"},
       "a SIP NOTIFY another event",
       "",
       {"The SIP NOTIFY another event was answered 489.",
        "Nothing came of it: no phone knows this event."}},
      {{R"("event":"resync_requested",)" + web},
       "resync asked for from its web page",
       "",
       {"It came with the rule `http://h/x`."}},
      {{R"("event":"parameters_set","origin":"web","reason":"web_server_off",)"
        R"("set":[{"name":"GPP_A","from":"","to":"a"}])"},
       "changes submitted on its web page",
       "refused",
       {"Nothing was set: Enable_Web_Server is No.", "GPP_A was not set to `a`."},
       true},
      {{R"("event":"upgrade_requested",)" + web,
        R"("event":"rule_skipped","rule":"one_time_upgrade","reason":"upgrade_disabled")"},
       "upgrade asked for from its web page",
       "no upgrade",
       {"It came with the rule `http://h/x`.", "There was no upgrade: Upgrade_Enable is No."},
       true},
      {{R"("event":"upgrade_requested",)" + web,
        R"("event":"upgrade_deferred","rule":"one_time_upgrade","reason":"call_active")"},
       "upgrade asked for from its web page",
       "waits",
       {"It came with the rule `http://h/x`.", "The upgrade had to wait: a call is in progress."},
       true},
      {{R"("event":"factory_reset")", R"("event":"rebooted","reason":"factory_reset")"},
       "factory reset asked for",
       "",
       {"It restarted: it was reset to factory settings."}},
      {{R"("event":"lease_changed","text":"the address 10.0.0.9")",
        R"("event":"rebooted","reason":"ip_changed")"},
       "a DHCP lease: the address 10.0.0.9",
       "",
       {"It restarted: its DHCP lease has another address."}},
  };
  for (const auto& row : rows) {
    INFO(row.lines.front());
    Lines lines;
    for (const auto& members : row.lines) lines.push_back(line(1, members));
    const auto explanation =
        tell(read(lines), {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
    REQUIRE(explanation.sections.size() == 1);
    const auto& section = explanation.sections.front();
    CHECK(section.title == row.title);
    CHECK(section.outcome == row.outcome);
    CHECK(section.sentences == row.sentences);
    CHECK(section.remedies.empty() == !row.has_remedy);
  }
}

TEST_CASE("an older trace shows by what was before that a phone missed a request") {
  const auto explanation =
      tell(read({line(1, R"("event":"powered_off")"),
                 line(2, R"("event":"resync_requested","origin":"operator")")}),
           {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 2);
  CHECK(explanation.sections.back().sentences == std::vector<std::string>{"The phone was off."});
}

TEST_CASE("settings made at the phone are told one by one, and two of them are not the same") {
  const std::string set = R"("event":"parameters_set","set":[{"name":)";
  const auto explanation = tell(
      read({line(1, set + R"("GPP_A","from":"","to":"a"},{"name":"GPP_B","from":"b","to":""}])"),
            line(1, set + R"("GPP_A","from":"a","to":"b"}])"),
            line(1, set + R"("GPP_A","from":"b","to":"c"}],"missed":"restarting")")}),
      {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 3);
  using Sentences = std::vector<std::string>;
  CHECK(explanation.sections[0].sentences ==
        Sentences{"GPP_A was set to `a`; it was empty.", "GPP_B was set from `b` to nothing."});
  CHECK(explanation.sections[1].sentences == Sentences{"GPP_A was set from `a` to `b`."});
  CHECK(explanation.sections[2].sentences ==
        Sentences{"The phone was restarting.", "GPP_A was not set to `c`."});
  CHECK(explanation.sections[2].remedies == Sentences{"set them again when it is back"});
}

TEST_CASE("a line's registration is told beside a pass that goes on") {
  const auto explanation =
      tell(read({line(1, R"("event":"pass_started","kind":1,"reason":"periodic_interval")"),
                 line(2, R"("event":"registration_failed","line":2,"url":"sip:pbx","status":403)"),
                 line(2, R"("event":"registration_lost","line":2)"),
                 line(3, R"("event":"pass_succeeded","kind":1,"reason":"all_rules_done")"),
                 line(3, R"("event":"timer_armed","timer":"periodic","due":63)"),
                 line(4, R"("event":"registration_restored","line":2)"),
                 line(4, R"("event":"registration_lost","line":2,"missed":"off")")}),
           {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 4);
  CHECK(explanation.sections[0].outcome.starts_with("succeeded"));
  CHECK(explanation.sections[0].sentences.back() == "The next periodic pass is due at 0:01:03.");
  CHECK(explanation.sections[1].title == "line 2 is not registered at sip:pbx: 403");
  CHECK(explanation.sections[2].title == "line 2 lost its registration");
  CHECK(explanation.sections[3].title == "line 2 is registered");
}

TEST_CASE("outages of the server are told among what a phone did, whoever is asked about") {
  const std::string began = R"({"t":2,"event":"outage_began","error":"connection_refused"})";
  const std::vector<std::string> lines{
      line(1, R"("event":"powered_on")", "000e08000002"),
      line(1, R"("event":"powered_on")"),
      began,
      line(2, R"("event":"pass_started","kind":1,"reason":"periodic_interval")"),
      R"({"t":5,"event":"outage_ended"})",
      line(6, R"("event":"pass_succeeded","kind":1,"reason":"all_rules_done")"),
  };
  const auto trace = read(lines);
  CHECK(trace.phones.size() == 2);
  const auto explanation = tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  std::vector<std::string> titles;
  for (const auto& section : explanation.sections) titles.push_back(section.title);
  CHECK(titles == std::vector<std::string>{"powered on", "an outage of the modelled server began",
                                           "periodic pass", "the modelled server is back"});
  CHECK(explanation.sections[1].sentences ==
        std::vector<std::string>{"While it lasts, every request fails with connection_refused."});
  const auto during = tell(trace, {resync::Time{}, resync::Time{3s}}, Beginning::unknown);
  CHECK(during.situation.sentences.back() ==
        "The modelled server has had an outage since 0:00:02: every request fails with "
        "connection_refused.");
}

TEST_CASE("a moment shows what the phone did last, and the server since") {
  const auto trace = read({held[0], held[1], R"({"t":4000,"event":"outage_began","status":503})"});
  const auto explanation = tell_moment(trace, resync::Time{2h}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 2);
  CHECK(explanation.sections[0].outcome == "held");
  CHECK(explanation.sections[1].title == "an outage of the modelled server began");
}

TEST_CASE("a trace that begins with an outage is still the first phone's") {
  const auto trace =
      read({R"({"t":0,"event":"outage_began","status":503})", held[0], held[1]}, std::nullopt);
  CHECK(trace.phone == mac);
  CHECK(trace.phones.size() == 1);
  CHECK(trace.entries.size() == 3);
}

TEST_CASE("what the server said stands with its status") {
  const auto trace = read({
      line(1, R"("event":"pass_started","kind":0,"reason":"power_on")"),
      line(1, R"("event":"request","rule":"Profile_Rule","method":"GET","url":"http://h/x")"),
      line(1, R"("event":"response","rule":"Profile_Rule","status":403,"said":"not enrolled")"),
      line(1, R"("event":"pass_failed","kind":0,"reason":"rule_failed","rule":"Profile_Rule",)"
              R"("error":"forbidden","said":"not enrolled")"),
  });
  const auto explanation = tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 1);
  const std::vector<std::string> told{"It sent GET http://h/x.",
                                      "The answer had status 403, and said `not enrolled`.",
                                      "The pass failed at Profile_Rule: forbidden."};
  CHECK(explanation.sections.front().sentences == told);
}

TEST_CASE("roots that a phone fetches for itself are told within its pass", "[R-TLS-19]") {
  const auto told = [](const std::string& members) {
    const auto trace = read({
        line(1, R"("event":"pass_started","kind":0,"reason":"power_on")"),
        line(1, R"("event":"custom_ca","rule":"Custom_CA_Rule",)" + members),
        line(1, R"("event":"response","rule":"Profile_Rule","status":200,"detail":"so")"),
    });
    const auto explanation = tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
    REQUIRE(explanation.sections.size() == 1);
    return explanation.sections.front().sentences;
  };
  using Sentences = std::vector<std::string>;
  CHECK(told(R"("certificates":2,"text":"A root")") ==
        Sentences{"Custom_CA_Rule brought 2 roots, the first of which is A root.",
                  "It was answered, but: so."});
  CHECK(told(R"("error":"bad_certificates","detail":"certificate 3 is damaged")")
            .front()
            .starts_with("Custom_CA_Rule brought no roots: bad_certificates"));
  CHECK(told(R"("t":1)").front() ==
        "Custom_CA_Rule is empty, so the roots it had brought are gone.");
}

TEST_CASE("the last sentence says what the phone's page says of its roots", "[R-TLS-21]") {
  const auto told = [](const std::string& members) {
    const auto trace = read({
        line(
            1,
            R"("event":"custom_ca","rule":"Custom_CA_Rule","web_status":"Last provisioning failed on 03/01/2026 06:00:00")"),
        line(2, R"("event":"custom_ca","rule":"Custom_CA_Rule")" + members),
    });
    return tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown).situation.sentences;
  };
  CHECK(told(R"(,"web_status":"Last provisioning succeeded")").back() ==
        "Its web page says of the custom CA: Last provisioning succeeded.");
  // The rule went, and with it what it had brought.
  for (const auto& sentence : told("")) CHECK(sentence.find("custom CA") == std::string::npos);
}

TEST_CASE("a renewed certificate is told beside the pass, with the restart behind it",
          "[R-CERT-06][R-CERT-09]") {
  const auto trace = read({
      line(1, R"("event":"pass_started","kind":0,"reason":"power_on")"),
      line(1,
           R"("event":"request","rule":"MIC_Cert_Refresh_Rule","method":"POST","url":"http://h/")"),
      line(1, R"("event":"response","rule":"MIC_Cert_Refresh_Rule","status":200)"),
      line(
          2,
          R"("event":"certificate_renewal","rule":"MIC_Cert_Refresh_Rule","text":"2A","detail":"valid until 2036-03-01","web_status":"Last renewal succeeded")"),
      line(3, R"("event":"pass_succeeded","kind":0,"reason":"all_rules_done")"),
      line(3, R"("event":"rebooted","reason":"restart_for_certificate")"),
  });
  const auto explanation = tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 2);
  const auto& renewal = explanation.sections.back();
  CHECK(renewal.outcome == "renewed");
  CHECK(renewal.sentences ==
        std::vector<std::string>{"MIC_Cert_Refresh_Rule brought a new certificate for the phone's "
                                 "key, serial number 2A, valid until 2036-03-01."});
  CHECK(explanation.sections.front().sentences.back() ==
        "It restarted: the phone's certificate was renewed.");
  CHECK(explanation.situation.sentences.back() ==
        "Its web page says of its certificate: Last renewal succeeded.");
}

TEST_CASE("a certificate that was not renewed is told with what to do", "[R-CERT-08]") {
  const auto trace = read({line(
      1,
      R"("event":"certificate_renewal","rule":"MIC_Cert_Refresh_Rule","error":"certificate_unusable","detail":"the certificate is for another key")")});
  const auto explanation = tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 1);
  const auto& section = explanation.sections.front();
  CHECK(section.outcome == "failed");
  CHECK(section.sentences.front().starts_with(
      "MIC_Cert_Refresh_Rule brought no certificate: certificate_unusable"));
  CHECK(section.remedies.size() == 1);
}

std::size_t sections_of_failures(const std::string& first, const std::string& second) {
  std::vector<std::string> lines;
  for (const auto& said : {first, second}) {
    const auto t = static_cast<double>(lines.size());
    lines.push_back(line(t, R"("event":"pass_started","kind":2,"reason":"error_retry_delay")"));
    lines.push_back(
        line(t, R"("event":"response","rule":"Profile_Rule","status":403,"said":")" + said + "\""));
    lines.push_back(line(t, R"("event":"pass_failed","kind":2,"reason":"rule_failed")"));
  }
  return tell(read(lines), {resync::Time{}, resync::Time{1h}}, Beginning::unknown).sections.size();
}

TEST_CASE("refusals in other words are different, those with other numbers in them are not") {
  CHECK(sections_of_failures("not enrolled", "rate limit") == 2);
  CHECK(sections_of_failures("no, request 4a71", "no, request 88f0") == 1);
}

TEST_CASE("a timer of reports is no part of what the phone waits for") {
  const auto trace = read({
      line(1,
           R"("event":"timer_armed","timer":"periodic","due":3601,"reason":"periodic_interval")"),
      line(1, R"("event":"timer_armed","timer":"report","due":61,"reason":"report_period")"),
  });
  const auto explanation = tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown);
  const std::vector<std::string> periodic{"The next periodic pass is due at 1:00:01."};
  REQUIRE(explanation.sections.size() == 1);
  CHECK(explanation.sections.front().sentences == periodic);
  CHECK(explanation.situation.sentences == periodic);
}

TEST_CASE("what happens again and again is told once") {
  std::vector<std::string> lines;
  for (int hour = 1; hour <= 5; ++hour) {
    lines.push_back(
        line(hour * 3600, R"("event":"pass_due","kind":1,"reason":"periodic_interval")"));
    lines.push_back(
        line(hour * 3600, R"("event":"pass_gated","kind":1,"reason":"provisioning_disabled")"));
  }
  const auto explanation =
      tell(read(lines), {resync::Time{}, resync::Time{6h}}, Beginning::unknown);
  REQUIRE(explanation.sections.size() == 1);
  CHECK(explanation.sections.front().again.size() == 4);
  CHECK(format_text(explanation, 200)
            .find("The same happened at 2:00:00 and 3 more times, the last time "
                  "at 5:00:00.") != std::string::npos);
}

TEST_CASE("a span leaves out what was over before and what comes later") {
  const auto trace = read(held);
  CHECK(tell(trace, {resync::Time{2h}, resync::Time{3h}}, Beginning::unknown).sections.empty());
  CHECK(tell(trace, {resync::Time{}, resync::Time{1h - 1ms}}, Beginning::unknown).sections.empty());
  CHECK(tell(trace, {resync::Time{}, resync::Time{1h}}, Beginning::unknown).sections.size() == 1);
}

TEST_CASE("a phone without power is said to be off, and a moment shows the last thing before it") {
  const auto off = tell_moment(read({}), resync::Time{1h}, Beginning::without_power);
  CHECK(off.sections.empty());
  CHECK(off.situation.outcome == "off");
  const auto later = tell_moment(read(held), resync::Time{9h}, Beginning::unknown);
  REQUIRE(later.sections.size() == 1);
  CHECK(later.sections.front().at == resync::Time{1h});
}

TEST_CASE("a rule is told once, and again where a span begins behind its telling") {
  std::vector<std::string> lines;
  for (int hour = 1; hour <= 3; ++hour) {
    const auto t = hour * 3600;
    lines.push_back(line(t, R"("event":"pass_started","kind":1,"reason":"periodic_interval")"));
    lines.push_back(line(t, R"("event":"request","rule":"Profile_Rule","alternative":1,)"
                            R"("method":"GET","url":"http://h.example:80/a","rule_text":"/$A",)"
                            R"("macros":{"A":"a"})"));
    lines.push_back(line(t, R"("event":"pass_succeeded","kind":1,"reason":"all_rules_done")"));
  }
  const auto trace = read(lines);
  const auto told = [&](const client::explain::Explanation& explanation) {
    std::size_t count = 0;
    for (const auto& section : explanation.sections) {
      for (const auto& sentence : section.sentences)
        count += sentence == "Profile_Rule is `/$A`; $A became a." ? 1U : 0U;
    }
    return count;
  };
  CHECK(told(tell(trace, {resync::Time{}, resync::Time{4h}}, Beginning::unknown)) == 1);
  CHECK(told(tell(trace, {resync::Time{2h}, resync::Time{4h}}, Beginning::unknown)) == 1);
  CHECK(told(tell_moment(trace, resync::Time{4h}, Beginning::unknown)) == 1);
}

TEST_CASE("text keeps to the width, and words that are longer stay whole") {
  const auto explanation = tell(read(held), {resync::Time{}, resync::Time{2h}}, Beginning::unknown);
  const auto text = format_text(explanation, 60);
  std::size_t longest = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    longest = std::max(longest, end - at);
    at = end + 1;
  }
  CHECK(longest <= 60);
  CHECK(longest > 40);
}

}  // namespace explain_test
