#include "client/trace/read.hpp"

#include "macro/enum_array.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <optional>

namespace read_test {
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using client::trace::EventKind;
using client::trace::parse_trace_line;
using client::trace::TraceEvent;
using Json = nlohmann::ordered_json;
using resync::Time;

constexpr MacAddress mac{0x000e08012345};

TraceEvent event(EventKind kind) {
  return {.at = Time{1234ms}, .phone = is_of_server(kind) ? MacAddress{} : mac, .event = kind};
}

std::optional<TraceEvent> again(const TraceEvent& event) {
  const auto line = parse_trace_line(format_json(event));
  REQUIRE(line);
  CHECK(line->at == event.at);
  CHECK(line->phone.has_value() != is_of_server(event.event));
  CHECK(line->phone.value_or(MacAddress{}) == event.phone);
  return line->event;
}

// A request that says these members too.
TraceEvent read(const std::string& members) {
  const std::string start = R"({"t":1,"phone":"000e08012345","event":"request")";
  const auto line = parse_trace_line(start + (members.empty() ? "" : ",") + members + "}");
  REQUIRE(line);
  REQUIRE(line->event);
  return *line->event;
}

client::trace::Facts every_fact() {
  client::trace::Facts facts;
  facts.clock = "2026-03-01T06:00:00";
  facts.due_clock = "2026-03-01T07:00:00";
  facts.settings = {{"Resync_Periodic", "60,120", "", 2, 2},
                    {"Resync_At__HHmm_", "25", "is no time of day, so it counts as empty", 0, 0}};
  facts.conditions = {{"Resync_Trigger_1", "$A gt 1", "2 gt 1", true},
                      {"Resync_Trigger_2", "$B", "", fail(Errc::condition_syntax, "at 0")}};
  facts.holds_from = Time{3600s};
  facts.trigger_due = Time::max();
  facts.rule = {"($A)?/$B.xml|/$MA.xml",
                "(a)?/b.xml|/000e08012345.xml",
                {{"B", "b"}, {"A", "a"}, {"MA", ""}},
                {{"a", fail(Errc::condition_type)}, {"", true}, {"1 gt 2", false}},
                {"there is no macro `C`: it stays as it is"}};
  facts.not_evaluated = {"Profile_Rule_B", "Profile_Rule_C"};
  facts.restart_for = {"Proxy_1_", "User_ID_1_"};
  return facts;
}

// Every member that a line of that kind carries. The numbers are the largest that there may be.
TraceEvent full(EventKind kind) {
  auto made = event(kind);
  made.kind = resync::PassKind::explicit_request;
  made.reason = resync::Reason::rule_failed;
  made.timer = resync::Timer::report;
  made.due = Time{86'400'001ms};
  made.rule = "Profile_Rule_B";
  made.alternative = std::numeric_limits<int>::max();
  made.error = Errc::file_not_found;
  made.detail = "status \"404\"\n\xc3\xa9";
  made.method = "PUT";
  made.url = "https://h.example:443/a?b=c";
  made.server_address = "192.0.2.1";
  made.status = 404;
  made.bytes = std::numeric_limits<std::uint64_t>::max();
  made.said = "403 Forbidden \"nginx\"";
  made.layers = {"gzip", "xml"};
  made.ignored = {"Colour", "Mood"};
  if (kind == EventKind::applied) {
    made.changed = {"GPP_A", "GPP_B"};
    made.unchanged_body = true;
  }
  made.times = {.resolve = 0, .connect = 1, .tls = 2, .first_byte = 3, .body = 4, .decode = 5};
  made.text = "resync";
  made.origin = "sip_notify";
  made.facts = every_fact();
  return made;
}

}  // namespace

TEST_CASE("what a trace line says is read back as it was, whatever happened") {
  for (const auto kind : every<EventKind>) {
    INFO(name(kind));
    CHECK(again(full(kind)) == full(kind));
    CHECK(again(event(kind)) == event(kind));
  }
}

TEST_CASE("every name that a trace line may have is known again") {
  auto each = event(EventKind::pass_gated);
  const auto is_known = [&] { return again(each) == each; };
  for (const auto code : every<Errc>) {
    each.error = code;
    CHECK(is_known());
  }
  for (const auto reason : every<resync::Reason>) {
    each.reason = reason;
    CHECK(is_known());
  }
  for (const auto timer : every<resync::Timer>) {
    each.timer = timer;
    CHECK(is_known());
  }
  for (int i = -1; i <= 2; ++i) {
    each.kind = static_cast<resync::PassKind>(i);
    CHECK(is_known());
  }
  for (const auto* rule : {"Profile_Rule", "Profile_Rule_B", "Profile_Rule_C", "Profile_Rule_D",
                           "one_time_rule", "one_time_upgrade", "Upgrade_Rule", "Report_Rule"}) {
    each.rule = rule;
    CHECK(is_known());
  }
}

TEST_CASE("what befell a phone is read back, and why it took no notice") {
  auto befell = event(EventKind::parameters_set);
  befell.set = {{"GPP_A", "", "a \"b\""}, {"Admin_Password", "********", "********"}};
  befell.line = 2;
  for (const auto missed : every<resync::Missed>) {
    befell.missed = missed;
    CHECK(again(befell) == befell);
  }
  CHECK(read(R"("set":[{"name":"No_Such","from":"","to":"a"},7],"missed":"asleep","line":"1")") ==
        read(""));
}

TEST_CASE("what happens to the server is of no phone") {
  auto began = event(EventKind::outage_began);
  began.status = 503;
  CHECK(format_json(began) == R"({"t":1.234,"event":"outage_began","status":503})");
  CHECK(again(began) == began);
}

TEST_CASE("moments are read back to the millisecond, and those that never come") {
  auto armed = event(EventKind::timer_armed);
  for (const auto at : {Time{}, Time{1ms}, Time{86'399'999ms}, Time{315'360'000'001ms}}) {
    armed.at = at;
    armed.due = at + 4'294'967'295s;
    armed.facts.trigger_due = Time::max();
    armed.facts.holds_from = at + 1'099'511'627'776s;  // the largest number in a trigger
    CHECK(again(armed) == armed);
  }
  armed.due = Time::max();
  CHECK(again(armed) == armed);
}

TEST_CASE("a rule that expands to itself, or to nothing, is read back") {
  auto request = event(EventKind::request);
  for (const auto* expanded : {"/$A", "/a", ""}) {
    request.facts.rule = {"/$A", expanded, {}, {}, {}};
    CHECK(again(request) == request);
  }
}

TEST_CASE("octets that are no UTF-8 are read back", "[R-XML-05]") {
  auto failed = event(EventKind::response);
  // The last three are a character that stands for an octet elsewhere.
  failed.detail = "\xff\xe2\x82 b \xc3\xa9 \xef\x9f\xa9";
  const auto read = again(failed);
  REQUIRE(read);
  CHECK(read->detail == failed.detail);
}

TEST_CASE("an event that is not known leaves its time and its phone") {
  const auto line = parse_trace_line(R"({"t":2.5,"phone":"000e08012345","event":"sang"})");
  REQUIRE(line);
  CHECK(line->at == Time{2500ms});
  CHECK(line->phone == mac);
  CHECK_FALSE(line->event);
}

TEST_CASE("names that are not known are empty, and so are facts about them") {
  CHECK(read(R"("rule":"Profile_Rule_Z","method":"BREW","origin":"mind","reason":"why",)"
             R"("timer":"egg","error":"e","mood":"good","kind":3,)"
             R"("settings":[{"name":"Mood","text":"good"}],)"
             R"("conditions":[{"name":"Resync_Trigger_1","text":"a","expanded":"a","error":"e"}],)"
             R"("not_evaluated":["Profile_Rule_Z"])") == read(""));
  const auto by_alias =
      read(R"("settings":[{"name":"Resync_At_HHmm","text":"0300"}])").facts.settings;
  REQUIRE(by_alias.size() == 1);
  CHECK(by_alias.front().name == "Resync_At__HHmm_");
}

TEST_CASE("a condition that is not understood keeps its alternative's place") {
  const auto rule = read(R"("rule_text":"r","guards":[{"condition":"a","error":"e"},7,)"
                         R"({"condition":"b","holds":true}])")
                        .facts.rule;
  const resync::RuleFacts expected{"r", "r", {}, {{"", true}, {"b", true}}, {}};
  CHECK(rule == expected);
}

TEST_CASE("members of another type are passed over, one by one") {
  const auto whole = Json::parse(format_json(full(EventKind::applied)));
  const auto values = Json::parse(R"([true,7.5,-129,18446744073709551615,"","x",[],[[]],{}])");
  for (const auto& [key, value] : whole.items()) {
    if (key == "t" || key == "phone" || key == "event") continue;
    auto without = whole;
    without.erase(key);
    const auto left = parse_trace_line(without.dump())->event;
    std::size_t passed_over = 0;
    for (const auto& odd : values) {
      auto line = whole;
      line[key] = odd;
      const auto read = parse_trace_line(line.dump());
      REQUIRE(read);
      passed_over += read->event == left ? 1U : 0U;
    }
    INFO(key);
    CHECK(passed_over >= 5);
  }
}

TEST_CASE("what is no line of a trace is refused with what was expected") {
  struct Row {
    const char* line;
    const char* expected;
  };
  for (const auto& row : std::vector<Row>{
           {"", "expected a JSON object, as run --trace and forecast --trace write one a line"},
           {"{} {}",
            "expected a JSON object, as run --trace and forecast --trace write one a line"},
           {"{}", "expected \"t\", the seconds since the start"},
           {R"({"t":null})", "expected \"t\", the seconds since the start"},
           {R"({"t":10000000001})", "expected \"t\", the seconds since the start"},
           {R"({"t":1,"phone":7})", "expected \"phone\", twelve hexadecimal digits"},
           {R"({"t":1,"phone":"000e08012345","event":""})",
            "expected \"event\", the name of what happened"}}) {
    INFO(row.line);
    const auto line = parse_trace_line(row.line);
    REQUIRE_FALSE(line);
    CHECK(line.error() == Error{Errc::bad_argument, row.expected});
  }
}

}  // namespace read_test
