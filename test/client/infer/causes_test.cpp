#include "client/infer/causes.hpp"

#include "test/client/infer/logs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace causes_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using client::infer::Cause;

std::string fleet_with(const char* periodic, unsigned seed, std::string_view more) {
  return fmt::format(R"(
seed: {}
phones:
  - {{group: desks, count: 270, set: {{Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "{}"}}}}
  - {{group: lobby, count: 30, set: {{Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "{}"}}}}
limits: {{duration: 24h}}
{})",
                     seed, periodic, periodic, more);
}

std::vector<Cause> causes_in(std::string_view yaml, std::uint64_t seed) {
  const auto courses = client::infer::courses_of(log_of(yaml, {30, seed}));
  REQUIRE_FALSE(courses.phones.empty());
  const auto inference = client::infer::infer(courses, {});
  return causes_of(courses, inference, {});
}

std::string kinds_of(const std::vector<Cause>& causes) {
  std::string text;
  for (const auto& cause : causes) {
    UNSCOPED_INFO(cause.sentence);
    text.append(text.empty() ? "" : " ").append(name(cause.kind));
  }
  return text;
}

}  // namespace

TEST_CASE("a log is explained with the faults that were in it, and with no others") {
  struct Row {
    const char* what;
    const char* more;
    const char* expected;
  };
  const std::vector<Row> rows{
      {"nothing", "", ""},
      {"some restarted, and the server was away without a line", R"(
events:
  - {at: 0s, power_on: all}
  - {at: 19000s, power_cycle: 15%}
server: {outages: [{from: 12h, to: 760m, as: refused}]}
)",
       "started_together server_away"},
      {"the server failed, and some restarted later", R"(
events:
  - {at: 0s, power_on: all}
  - {at: 15h, power_cycle: 15%}
server: {outages: [{from: 8h, to: 520m, as: 503}]}
)",
       "server_away started_together"},
      {"an operator asked a group", R"(
events:
  - {at: 0s, power_on: all}
  - {at: 20000s, notify: check-sync, phones: lobby}
)",
       "asked_together"},
      {"a group had no power for two hours", R"(
events:
  - {at: 0s, power_on: all}
  - {at: 10h, power_cycle: all, off: 2h}
)",
       "started_together"},
      {"single phones restarted", R"(
events:
  - {at: 0s, power_on: all}
  - {at: 30000s, power_cycle: 000e08000003}
  - {at: 50000s, power_cycle: 000e08000003}
  - {at: 62000s, power_cycle: 000e08000044}
)",
       "restarted"},
      {"the profile changed the period", R"(
events:
  - {at: 0s, power_on: all}
server: {profiles: [{from: 6h, set: {Resync_Periodic: "1200"}}]}
)",
       "period_changed"},
      {"some went for good", R"(
events:
  - {at: 0s, power_on: all}
  - {at: 7h, power_off: [000e08000011, 000e08000012]}
)",
       "fell_silent"},
      {"one phone refuses its file", R"(
events:
  - {at: 0s, power_on: all}
server: {answers: [{path: "/000e08000007.xml", as: corrupt}]}
)",
       "file_refused"},
      {"all refused what they were sent for a while", R"(
events:
  - {at: 0s, power_on: all}
server: {outages: [{from: 12h, to: 760m, as: corrupt}]}
)",
       "file_refused"},
      {"one phone's file is missing", R"(
events:
  - {at: 0s, power_on: all}
server: {answers: [{path: "/000e08000007.xml", as: 404}]}
)",
       "server_failing"},
  };
  for (const auto& row : rows) {
    for (const char* periodic : {"3600", "3600+600"}) {
      for (unsigned seed = 1; seed <= seeds(); ++seed) {
        INFO(row.what << ", " << periodic << ", seed " << seed);
        CHECK(kinds_of(causes_in(fleet_with(periodic, seed, row.more), seed)) == row.expected);
      }
    }
  }
}

TEST_CASE("without evidence there is no cause, in small fleets and at set times either") {
  struct Row {
    const char* what;
    const char* phones;
    const char* more;
    const char* expected;
  };
  const std::vector<Row> rows{
      {"one phone", "count: 1",
       R"(set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "3600+600"})",
       ""},
      {"five phones", "count: 5",
       R"(set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "3600+600"})",
       ""},
      {"forty phones", "count: 40",
       R"(set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "1800"})", ""},
      {"a list from the start on", "count: 100",
       R"(set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "600,1200,3600+600"})",
       ""},
      {"a set time", "count: 100",
       R"(set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_At__HHmm_: "0230", Resync_At_Random_Delay: 3600})",
       ""},
  };
  for (const auto& row : rows) {
    for (unsigned seed = 1; seed <= seeds(); ++seed) {
      INFO(row.what << ", seed " << seed);
      const auto yaml = fmt::format(R"(
seed: {}
clock: 2026-03-02T00:00:00
phones: [{{{}, {}}}]
server: {{latency: {{p50: 80ms, p99: 900ms}}}}
limits: {{duration: 96h}}
)",
                                    seed, row.phones, row.more);
      CHECK(kinds_of(causes_in(yaml, seed)) == row.expected);
    }
  }
}

TEST_CASE("phones of a set time are seen to lack their server, and to restart", "[R-RESYNC-20]") {
  for (unsigned seed = 1; seed <= seeds(); ++seed) {
    INFO("seed " << seed);
    const auto yaml = fmt::format(R"(
seed: {}
clock: 2026-03-02T00:00:00
phones:
  - count: 200
    set: {{Profile_Rule: "http://prov.example.net/$MA.xml", Resync_At__HHmm_: "0230", Resync_At_Random_Delay: 3600}}
events:
  - {{at: 0s, power_on: all}}
  - {{at: 84h, power_cycle: 20%}}
server: {{outages: [{{from: 146h, to: 148h, as: 503}}]}}
limits: {{duration: 240h}}
)",
                                  seed);
    CHECK(kinds_of(causes_in(yaml, seed)) == "started_together server_away");
  }
}

}  // namespace causes_test
