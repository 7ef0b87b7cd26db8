#include "client/infer/infer.hpp"

#include "test/client/infer/logs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace infer_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using client::infer::Inference;

struct Variant {
  const char* periodic;
  const char* retries;
};

std::string fleet_of(const Variant& variant, unsigned seed, std::string_view more) {
  return fmt::format(R"(
seed: {}
phones:
  - count: 500
    set: {{Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "{}", Resync_Error_Retry_Delay: "{}"}}
{})",
                     seed, variant.periodic, variant.retries, more);
}

Inference infer_from(std::string_view yaml, const Keeping& keeping) {
  const auto seen = log_of(yaml, keeping);
  return client::infer::infer(client::infer::courses_of(seen), {});
}

std::string periodic_of(const client::infer::Inferred& inferred) {
  return inferred.periodic ? client::infer::written(list_of(*inferred.periodic)) : "none";
}

std::string retries_of(const client::infer::Inferred& inferred) {
  return inferred.error_retry ? client::infer::written(list_of(*inferred.error_retry)) : "none";
}

// The server fails at times, for long enough that phones come to the end of their lists.
constexpr std::string_view failing = R"(
server:
  latency: {p50: 80ms, p99: 900ms}
  outages:
    - {from: 3h, to: 4h, as: 503}
    - {from: 9h, to: 10h, as: 500}
    - {from: 900m, to: 905m, as: 503}
limits: {duration: 24h}
)";

}  // namespace

TEST_CASE("a fleet's lists are recovered from a log that lacks lines",
          "[R-RESYNC-07][R-RESYNC-08][R-RESYNC-13]") {
  const std::vector<Variant> variants{{"3600+600", "120,300,900"},
                                      {"3600", "60,120,240,480,960"},
                                      {"1800+300", "300+60,600+120"},
                                      {"7200+1800", "120,300,900"},
                                      {"600,1200,3600+600", "180,600"}};
  for (const auto& variant : variants) {
    for (unsigned seed = 1; seed <= seeds(); ++seed) {
      INFO(variant.periodic << " and " << variant.retries << ", seed " << seed);
      const auto inference =
          infer_from(fleet_of(variant, seed, failing),
                     {30, seed, seed % 3 == 0 ? Keeping::Took::not_logged : Keeping::Took::logged});
      const auto& first = inference.groups.front();
      CHECK(periodic_of(first) == variant.periodic);
      CHECK(retries_of(first) == variant.retries);
      CHECK(first.accounts.explained() > 0.98);
      CHECK(inference.unfit.empty());
    }
  }
}

TEST_CASE("a set time of day is told from a period of a day", "[R-RESYNC-20][R-RESYNC-22]") {
  struct Row {
    const char* what;
    const char* set;
    const char* expected;
  };
  const std::vector<Row> rows{
      {"a window", R"(Resync_At__HHmm_: "0230", Resync_At_Random_Delay: 3600)", "at 150 for 60"},
      {"the least window", R"(Resync_At__HHmm_: "2355", Resync_At_Random_Delay: 600)",
       "at 1435 for 10"},
      {"a period of a day", R"(Resync_Periodic: "86400")", "86400"},
      {"a period of a day and more", R"(Resync_Periodic: "86400+3600")", "86400+3600"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    const auto yaml = fmt::format(R"(
seed: 4
clock: 2026-03-02T00:00:00
phones:
  - count: 200
    set: {{Profile_Rule: "http://prov.example.net/$MA.xml", {}}}
events: [{{at: 1s, power_on: all, over: 6h}}]
limits: {{duration: 240h}}
)",
                                  row.set);
    const auto first = infer_from(yaml, {}).groups.front();
    const auto shown = first.resync_at ? fmt::format("at {} for {}", first.resync_at->opens.count(),
                                                     first.resync_at->length.count())
                                       : periodic_of(first);
    CHECK(shown == row.expected);
  }
}

TEST_CASE("the random delay is told where phones begin together", "[R-RESYNC-06]") {
  struct Row {
    unsigned units;
    const char* power;
    client::infer::Seconds expected;  // 0: not told
  };
  // A unit is 20 s (knob resync_random_delay_unit).
  const std::vector<Row> rows{
      {2, "power_on: all", 40}, {15, "power_on: all", 300}, {2, "power_on: all, over: 3h", 0}};
  for (const auto& row : rows) {
    INFO(row.units << " " << row.power);
    const auto yaml = fmt::format(R"(
phones:
  - count: 300
    set: {{Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "3600+600", Resync_Random_Delay: {}}}
events: [{{at: 1s, {}}}]
limits: {{duration: 24h}}
)",
                                  row.units, row.power);
    const auto first = infer_from(yaml, {}).groups.front();
    CHECK((first.start ? first.start->delay : 0) == row.expected);
  }
}

TEST_CASE("phones that are set otherwise are a group of their own, or fit none") {
  const auto inference = infer_from(R"(
phones:
  - count: 200
    set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "3600+600"}
  - count: 40
    set: {Profile_Rule: "http://prov.example.net/$MA.xml", Resync_Periodic: "7200"}
limits: {duration: 48h}
)",
                                    {});
  REQUIRE(inference.groups.size() == 2);
  CHECK(periodic_of(inference.groups[0]) == "3600+600");
  CHECK(inference.groups[0].courses.size() == 200);
  CHECK(periodic_of(inference.groups[1]) == "7200");
  CHECK(inference.groups[1].courses.size() == 40);
}

TEST_CASE("one phone tells its list as far as it has failed", "[R-RESYNC-13]") {
  std::vector<Line> lines;
  for (int i = 0; i <= 5; ++i)
    lines.push_back({i * 3600.0, static_cast<std::int16_t>(i < 5 ? 200 : 503)});
  for (const double at : {18060.0, 18180.0, 18420.0}) lines.push_back({at, 503});
  lines.push_back({18900, 200});
  const auto courses = client::infer::courses_of(log_of_lines(lines));
  const auto phone = client::infer::infer_phone(courses, 0, {});
  CHECK(periodic_of(phone) == "3600");
  CHECK(retries_of(phone) == "60,120,240,480");
  CHECK(phone.error_retry->end == client::infer::ListEstimate::End::not_seen);
  CHECK(phone.error_retry->elements.back().observed == 1);
}

}  // namespace infer_test
