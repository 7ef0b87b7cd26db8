#include "client/figures/fleet_result.hpp"

#include "client/figures/cut_short.hpp"
#include "test/client/figures/evidence.hpp"
#include "test/client/report/sample_run.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fleet_result_test {

using namespace provphone;
using namespace provphone::client::figures;
using test::evidence_that;
using test::sample_run;
using Json = nlohmann::ordered_json;

namespace {

FleetResult shard(unsigned number, unsigned of, std::uint32_t first, std::uint32_t count) {
  auto result = sample_run(count, first);
  result.shards = {{number, of}};
  result.starts.front().number = number;
  return result;
}

// A result with something in every member.
FleetResult full() {
  auto result = sample_run(100);
  auto& figures = result.figures;
  figures.passes_gated = 3;
  figures.passes_deferred = 4;
  figures.restarts = 5;
  figures.files_unchanged = 6;
  figures.incident_count = 200;
  figures.incidents = {{MacAddress{0x000e08000001}, MacAddress{0x000e08000002}, "serial number",
                        "http://127.0.0.1/000e08000001.xml"}};
  auto& outcome = result.outcome;
  outcome.void_reasons = {{"processor", "busy for 99 %", "use --shard"}};
  outcome.end = RunEnd::sighup;
  outcome.may_stay_unprovisioned = true;
  outcome.done[Work::upgrade] = 7;
  for (const auto status : {Judgement::failed, Judgement::passed, Judgement::not_judged})
    outcome.evidence.push_back(evidence_that(std::string(name(status)), status));
  auto& latency = outcome.evidence.emplace_back();
  latency.title = "latency";
  latency.criterion.kind = Criterion::Kind::quantiles;
  latency.criterion.limits_us = {std::nullopt, 5'000, 6'000};
  latency.is_of_times = true;
  latency.times_us.add(4'000);
  latency.stage = "fetch";
  auto& count = outcome.evidence.emplace_back();
  count.criterion = {Criterion::Kind::count, 0, 1, 5, {}};
  count.bystander = Witness{3, {MacAddress{5}, "a", "b", {"c"}, "d"}};
  count.near_miss = count.bystander;
  auto& share = outcome.evidence.emplace_back();
  share.criterion = {Criterion::Kind::share, 990'000, 0, {}, {}};
  result.seed = UINT64_MAX;
  result.pauses = {{std::chrono::seconds(12), std::chrono::minutes(5)},
                   {std::chrono::seconds(15), std::chrono::minutes(1)}};
  result.events = {{{std::chrono::seconds(0), std::chrono::minutes(1), "power_on", 100},
                    {std::chrono::minutes(2), {}, "notify reboot", 7}},
                   3};
  return result;
}

std::string complaint_of(const Json& json) {
  const auto parsed = parse_fleet_result(json.dump(), "run.json");
  REQUIRE(!parsed);
  CHECK(parsed.error().code == Errc::bad_argument);
  return parsed.error().detail;
}

template <class Results>
std::string refusal(Result<FleetResult> (*function)(std::vector<FleetResult>), Results results) {
  const auto merged = function(std::move(results));
  REQUIRE(!merged);
  return merged.error().detail;
}

}  // namespace

TEST_CASE("a fleet's result begins with the members that every run's result has") {
  const auto json = Json::parse(format_json(sample_run(70)));
  std::vector<std::string> members;
  for (const auto& [member, value] : json.items()) members.push_back(member);
  members.resize(20);
  CHECK(members == std::vector<std::string>{
                       "verdict", "headline",      "extent",       "ended",        "length_ms",
                       "work",    "failures",      "void_reasons", "expectations", "phones",
                       "passes",  "requests",      "errors",       "latency_us",   "lag_us",
                       "seed",    "scenario_hash", "trace_hash",   "version",      "title"});
  CHECK(json["verdict"] == "fail");
  CHECK(json["passes"]["failed"] == 10);
  CHECK(json["latency_us"]["response"]["count"] == 70);
}

TEST_CASE("a result that was written and read back is the same") {
  const auto text = format_json(full());
  const auto parsed = parse_fleet_result(text, "run.json");
  REQUIRE(parsed);
  CHECK(format_json(*parsed) == text);
  CHECK(parsed->figures.incidents == full().figures.incidents);
  CHECK(parsed->events == full().events);
}

TEST_CASE("a result of an earlier version, without members of later ones, is read") {
  auto json = Json::parse(format_json(full()));
  json.erase("pauses");
  json.erase("events");
  json.erase("request_refusals");
  json["requests"].erase("refused");
  json["series"].erase("pass_errors");
  json["evidence"][3].erase("stage");
  const auto parsed = parse_fleet_result(json.dump(), "run.json");
  REQUIRE(parsed);
  CHECK(parsed->pauses.empty());
  CHECK(parsed->events == ScenarioEvents{});
  CHECK_FALSE(Json::parse(format_json(*parsed)).contains("events"));
  CHECK(parsed->figures.requests_refused == 0);
  CHECK(parsed->figures.pass_errors == full().figures.pass_errors);
  CHECK(parsed->outcome.evidence[3].stage.empty());
}

TEST_CASE("pauses of several shards are all told, in the order of time") {
  auto first = shard(1, 2, 0, 10);
  auto second = shard(2, 2, 10, 10);
  first.pauses = {{std::chrono::seconds(3), std::chrono::seconds(1)}};
  second.pauses = {{std::chrono::seconds(2), std::chrono::seconds(4)}};
  const auto merged = merge({first, second});
  REQUIRE(merged);
  CHECK(merged->pauses == std::vector<Pause>{second.pauses[0], first.pauses[0]});
  CHECK(Json::parse(format_json(*merged))["pauses"][0] ==
        Json({{"at_ms", 2000}, {"length_ms", 4000}}));
}

TEST_CASE("events of several shards are one list, with the phones of all") {
  using namespace std::chrono_literals;
  auto first = shard(1, 2, 0, 10);
  auto second = shard(2, 2, 10, 10);
  first.events.listed = {{0s, 1s, "power_on", 6}, {5s, 0s, "reboot", 1}};
  // It ended somewhat later.
  second.events.listed = {{0s, 2s, "power_on", 4}, {5s, 0s, "reboot", 0}, {9s, 0s, "resync", 10}};
  second.events.more = 2;
  const auto merged = merge({second, first});
  REQUIRE(merged);
  CHECK(merged->events.listed == std::vector<ScenarioEvent>{{0s, 2s, "power_on", 10},
                                                            {5s, 0s, "reboot", 1},
                                                            {9s, 0s, "resync", 10}});
  CHECK(merged->events.more == 2);
  CHECK(Json::parse(format_json(*merged))["events"]["listed"][2] ==
        Json({{"at_ms", 9000}, {"over_ms", 0}, {"what", "resync"}, {"phones", 10}}));
}

TEST_CASE("no result lists more events than a chart shows, whatever is put together") {
  const auto from = [](std::int64_t first_ms) {
    ScenarioEvents events;
    for (std::int64_t i = 0; i < 30; ++i)
      events.listed.push_back({resync::Duration(first_ms + 2 * i), {}, "resync", 1});
    events.more = 5;
    return events;
  };
  auto all = from(0);
  merge(all, from(1));
  REQUIRE(all.listed.size() == most_scenario_events);
  CHECK(all.listed.back().at == resync::Duration(49));
  CHECK(all.more == 15);
  auto json = Json::parse(format_json(full()));
  auto& listed = json["events"]["listed"];
  while (listed.size() <= most_scenario_events) listed.push_back(listed[0]);
  CHECK_THAT(complaint_of(json), Catch::Contains("events.listed: expected a list of at most 50"));
}

TEST_CASE("merged shards say what one run of all their phones says") {
  auto whole = sample_run(400);
  const auto merged = merge({shard(2, 2, 150, 250), shard(1, 2, 0, 150)});
  REQUIRE(merged);
  CHECK(merged->shards == std::vector<Shard>{{1, 2}, {2, 2}});
  auto expected = Json::parse(format_json(whole));
  auto json = Json::parse(format_json(*merged));
  for (const char* of_the_machines : {"shards", "starts", "workers", "resources"}) {
    expected.erase(of_the_machines);
    json.erase(of_the_machines);
  }
  CHECK(json == expected);
  CHECK(merged->workers == 4);
  CHECK(merged->resources.processors == 4);
  CHECK(merged->resources.open_files_peak == 812);
}

TEST_CASE("merged shards tell void reasons with the shard they come from") {
  auto second = shard(2, 2, 10, 10);
  second.outcome.void_reasons = {{"processor", "busy for 99 %", "use more"}};
  const auto merged = merge({shard(1, 2, 0, 10), second});
  REQUIRE(merged);
  REQUIRE(merged->outcome.void_reasons.size() == 1);
  CHECK(merged->outcome.void_reasons[0].evidence == "shard 2 of 2: busy for 99 %");
}

TEST_CASE("expectations are judged on what all shards have counted") {
  auto first = shard(1, 2, 0, 2);
  auto second = shard(2, 2, 4, 2);
  auto counted = Evidence{};
  counted.criterion = {Criterion::Kind::count, 0, 3, 5, {}};
  counted.phones = counted.chances = 2;
  const auto judged_at = [&](std::uint64_t in_first, std::uint64_t in_second) {
    first.outcome.evidence = second.outcome.evidence = {counted};
    first.outcome.evidence[0].counted = in_first;
    second.outcome.evidence[0].counted = in_second;
    const auto merged = merge({first, second});
    REQUIRE(merged);
    return judge(*merged).expectations[0].status;
  };
  CHECK(judged_at(2, 1) == Judgement::passed);
  CHECK(judged_at(3, 3) == Judgement::failed);
  CHECK(judged_at(1, 1) == Judgement::failed);
  CHECK(judge(first).expectations[0].status == Judgement::not_judged);
  second.outcome.evidence[0].title = "another";
  CHECK_THAT(refusal(merge, std::vector{first, second}), Catch::Contains("expectations"));
}

TEST_CASE("whatever is taken from a green run of three shards, it is green no more") {
  // Nine phones; all are provisioned in time, and each asks once.
  const auto green = [](unsigned number) {
    auto part = shard(number, 3, 0, 3);
    auto& outcome = part.outcome;
    outcome.failures.clear();
    Evidence converged;
    converged.title = "converged: 100%";
    converged.criterion = {Criterion::Kind::share, 1'000'000, 0, {}, {}};
    converged.phones = converged.chances = 3;
    Evidence requests;
    requests.title = "requests: *, count: 9";
    requests.criterion = {Criterion::Kind::count, 0, 9, 9, {}};
    requests.phones = requests.chances = requests.counted = 3;
    Evidence latency;
    latency.title = "latency: fetch, p99: 1s";
    latency.criterion.kind = Criterion::Kind::quantiles;
    latency.criterion.limits_us = {std::nullopt, std::nullopt, 1'000'000};
    latency.chances = latency.phones = 3;
    for (int i = 0; i < 3; ++i) latency.times_us.add(1'000);
    outcome.evidence = {converged, requests, latency};
    return part;
  };
  using Shards = std::vector<FleetResult>;
  const auto verdict_without = [&](const auto& take) {
    Shards shards{green(1), green(2), green(3)};
    take(shards);
    const auto merged = merge(std::move(shards));
    return merged ? std::string(name(judge(*merged, Strictness::strict).verdict))
                  : merged.error().detail;
  };
  CHECK(verdict_without([](Shards&) {}) == "pass");
  // A shard.
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(verdict_without([i](Shards& all) { all.erase(all.begin() + std::ptrdiff_t(i)); }) ==
          "void");
  // A phone: it was not provisioned, or its time was not over.
  CHECK(verdict_without([](Shards& all) { all[1].outcome.evidence[0].failed = 1; }) == "fail");
  CHECK(verdict_without([](Shards& all) { all[1].outcome.evidence[0].pending = 1; }) == "void");
  // A count, and what was measured.
  CHECK(verdict_without([](Shards& all) { --all[2].outcome.evidence[1].counted; }) == "fail");
  CHECK(verdict_without([](Shards& all) {
          for (auto& each : all) {
            each.outcome.evidence[2].times_us = {};
            each.outcome.evidence[2].chances = 0;
          }
        }) == "fail");
  CHECK(verdict_without([](Shards& all) {
          for (int i = 0; i < 3; ++i) all[0].outcome.evidence[2].times_us.add(2'000'000);
        }) == "fail");
  // An expectation.
  CHECK_THAT(verdict_without([](Shards& all) { all[2].outcome.evidence.pop_back(); }),
             Catch::Contains("the expectations are not those of the first result"));
  // A start together, the time, the end.
  CHECK(verdict_without([](Shards& all) { all[1].starts[0].began_ms += 5'000; }) == "void");
  CHECK(verdict_without([](Shards& all) {
          all[1].outcome.void_reasons = {{std::string(cut_short_run), "", ""}};
        }) == "void");
  // That nothing failed, that anybody was provisioned.
  CHECK(verdict_without([](Shards& all) {
          all[1].outcome.failures[{Work::report, Errc::forbidden, "", ""}].times = 1;
        }) == "fail");
  CHECK(verdict_without([](Shards& all) {
          for (auto& each : all) each.outcome.extent.provisioned = 0;
        }) == "fail");
}

TEST_CASE("shards that did not begin together are no run") {
  auto late = shard(2, 2, 10, 10);
  late.starts.front().began_ms += 1'000;
  CHECK(merge({shard(1, 2, 0, 10), late})->outcome.void_reasons.empty());
  late.starts.front().began_ms += 9'000;
  const auto merged = merge({shard(1, 2, 0, 10), late});
  REQUIRE(merged->outcome.void_reasons.size() == 1);
  CHECK(merged->outcome.void_reasons[0].evidence == "shard 2 began 10.0 s after shard 1");
}

TEST_CASE("a run is void while a shard of it is missing") {
  const auto two = merge({shard(3, 3, 4, 3), shard(1, 3, 0, 3)});
  REQUIRE(two);
  CHECK(judge(*two).verdict == Verdict::void_run);
  REQUIRE(two->outcome.void_reasons.size() == 1);
  CHECK(two->outcome.void_reasons[0].evidence == "2 of 3 are here, without 2");
  const auto all = merge({*two, shard(2, 3, 11, 3)});
  REQUIRE(all);
  CHECK(all->outcome.void_reasons.empty());
  CHECK(judge(*all).verdict == Verdict::pass);
  const auto alone = pool({shard(1, 30, 0, 10)});
  REQUIRE(alone);
  REQUIRE(alone->outcome.void_reasons.size() == 1);
  CHECK(alone->outcome.void_reasons[0].evidence ==
        "1 of 30 are here, without 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ...");
}

TEST_CASE("a run that somebody ends early is void where more was expected of it") {
  struct Case {
    std::uint32_t powered_on, converged;
    std::int64_t seconds;
    Aim aim;
    bool is_void;
  };
  const auto minute = resync::Duration(60'000);
  for (const auto& [powered_on, converged, seconds, aim, is_void] :
       {Case{294, 294, 3, {}, true},  // there are 400
        Case{400, 100, 3, {}, false}, Case{400, 100, 3, {minute, false, false}, false},
        Case{400, 400, 3, {minute, false, true}, true},
        Case{400, 400, 60, {minute, false, true}, false},
        Case{400, 399, 3, {std::nullopt, true, false}, true},
        Case{400, 400, 3, {minute, true, true}, false}}) {
    Outcome outcome;
    outcome.extent = {400, powered_on, converged, 0};
    const auto length = std::chrono::seconds(seconds);
    INFO(powered_on << ", " << converged << ", " << seconds);
    CHECK_FALSE(cut_short(outcome, length, aim));
    outcome.end = RunEnd::sigterm;
    CHECK(cut_short(outcome, length, aim).has_value() == is_void);
  }
}

TEST_CASE("results that do not belong together are not merged") {
  auto other_seed = shard(2, 2, 5, 5);
  other_seed.seed = 8;
  auto other_scenario = shard(2, 2, 5, 5);
  other_scenario.scenario_hash = "1";
  auto other_groups = shard(2, 2, 5, 5);
  other_groups.figures.groups[0].name = "x";
  const auto first = shard(1, 2, 0, 5);
  CHECK_THAT(refusal(merge, std::vector<FleetResult>{}), Catch::Contains("no result"));
  CHECK_THAT(refusal(merge, std::vector{first, other_seed}), Catch::Contains("7 and 8"));
  CHECK_THAT(refusal(merge, std::vector{first, other_scenario}), Catch::Contains("two scenarios"));
  CHECK_THAT(refusal(merge, std::vector{first, other_groups}), Catch::Contains("groups"));
  CHECK_THAT(refusal(merge, std::vector{first, first}),
             Catch::Contains("shard 1 of 2 is there twice"));
  CHECK_THAT(refusal(merge, std::vector{first, shard(2, 3, 5, 5)}),
             Catch::Contains("of 2 and one of 3"));
}

TEST_CASE("runs of one scenario are laid over each other") {
  auto second = sample_run(100);
  second.seed = 9;
  second.outcome.void_reasons = {{"memory", "full", ""}};
  const auto pooled = pool({sample_run(100), second});
  REQUIRE(pooled);
  CHECK(pooled->runs == 2);
  CHECK(pooled->phones == 200);
  CHECK(pooled->outcome.void_reasons[0].evidence == "run 2: full");
  // What must not be more than 15 must not be so in any of them.
  auto counted = Evidence{};
  counted.title = "at most 15";
  counted.criterion = {Criterion::Kind::count, 0, 0, 15, {}};
  counted.phones = counted.chances = 100;
  auto third = sample_run(100);
  third.seed = 10;
  const auto statuses = [&](std::uint64_t in_second, std::uint64_t in_third) {
    counted.counted = in_second;
    second.outcome.evidence = {counted};
    second.outcome.void_reasons.clear();
    counted.counted = in_third;
    third.outcome.evidence = {counted};
    const auto judged = judge(*pool({second, third}));
    return std::string(name(judged.expectations.at(0).status)) + " " +
           judged.expectations.at(1).title + " " +
           std::string(name(judged.expectations.at(1).status));
  };
  CHECK(statuses(14, 14) == "passed run 2: at most 15 passed");
  CHECK(statuses(0, 16) == "passed run 2: at most 15 failed");
  CHECK_THAT(refusal(pool, std::vector{sample_run(5), sample_run(5)}),
             Catch::Contains("there twice"));
  CHECK_THAT(refusal(pool, std::vector{sample_run(5), shard(1, 2, 0, 5)}),
             Catch::Contains("of one shard"));
}

TEST_CASE("a damaged result is refused with the member that is wrong") {
  const auto good = Json::parse(format_json(full()));
  struct Row {
    const char* pointer;
    Json value;
    const char* complaint;
  };
  const Row rows[] = {
      {"/phones", -1, "run.json: phones: expected a whole number from 0 to 4294967295"},
      {"/phones", 4294967296, "phones: expected a whole number"},
      {"/passes", 3, "passes.started: expected"},
      {"/title", 3, "title: expected a text"},
      {"/trace_hash", "12", "trace_hash: expected 16 hex digits"},
      {"/errors/no_such_code", 1, "errors.no_such_code: expected an error code"},
      {"/series/width_ms", 3000, "series.width_ms: expected 1000, 2000"},
      {"/series/width_ms", 0, "series.width_ms: expected 1000, 2000"},
      {"/series/lag_us", Json::array(), "series.lag_us: expected as many"},
      {"/series/response", Json::array(), "series.response: expected as many"},
      {"/series/pass_errors/no_such_code", Json::array(),
       "series.pass_errors.no_such_code: expected an error code"},
      {"/series/pass_errors/connect_timeout",
       {{599, 0}, {598, 1}},
       "series.pass_errors.connect_timeout: expected places of intervals"},
      {"/series/pass_errors/connect_timeout", {{600, 1}}, "connect_timeout[0][0]: expected"},
      {"/series/started/3", "x", "series.started[3]: expected a whole number"},
      {"/series/started", Json(std::vector<int>(601)),
       "series.started: expected a list of at most 600"},
      {"/series/response/0",
       {{120, 1}},
       "series.response[0][0][0]: expected a whole number from 0 to 119"},
      {"/series/response/0", {{1, 2, 3}}, "series.response[0][0]: expected"},
      {"/histograms/lag/buckets", {{9999, 1}}, "histograms.lag.buckets[0][0]: expected"},
      {"/histograms/lag/buckets", {{1, 4294967296}}, "histograms.lag.buckets[0][1]: expected"},
      {"/histograms/failed/tls", nullptr, "histograms.failed.tls."},
      {"/groups/0/name", nullptr, "groups[0].name: expected a text"},
      {"/incidents/listed/0/asked", "zz", "incidents.listed[0].asked: expected a MAC address"},
      {"/shards/0/number", 2, "shards[0].number: expected 1 to"},
      {"/evidence/0/failed", 4, "evidence[0].failed: expected a whole number from 0 to 3"},
      {"/evidence/0/criterion/kind", "fine", "evidence[0].criterion.kind: expected a name"},
      {"/evidence/0/witnesses/0/mac", "zz", "evidence[0].witnesses[0].mac: expected a MAC"},
      {"/ended", "well", "ended: expected a name"},
      {"/resources/processors_used", "many", "resources.processors_used: expected a number"},
  };
  for (const auto& row : rows) {
    auto bad = good;
    bad[Json::json_pointer(row.pointer)] = row.value;
    INFO(row.pointer);
    CHECK_THAT(complaint_of(bad), Catch::Contains(row.complaint));
  }
}

TEST_CASE("a result that lacks any of its values is refused") {
  auto result = sample_run(3);
  result.figures.series = {};
  result.figures.series.at(resync::Time{}).started = 3;
  const auto good = Json::parse(format_json(result));
  const std::vector<std::string> derived{"/verdict", "/headline", "/latency_us/", "/lag_us/",
                                         "/expectations/",
                                         // May be left out.
                                         "/evidence/0/witnesses/0/mac"};
  const auto leaves = good.flatten();
  for (const auto& [pointer, value] : leaves.items()) {
    const auto begins = [&, at = pointer](const std::string& part) { return at.starts_with(part); };
    if (std::any_of(derived.begin(), derived.end(), begins) || value.is_null()) continue;
    auto bad = good;
    bad[Json::json_pointer(pointer)] = nullptr;
    INFO(pointer);
    CHECK_FALSE(parse_fleet_result(bad.dump(), "run.json"));
  }
}

TEST_CASE("what is no result at all is called that") {
  const auto complaint = [](std::string_view text) {
    const auto parsed = parse_fleet_result(text, "x.json");
    REQUIRE(!parsed);
    return parsed.error().detail;
  };
  CHECK_THAT(complaint(""), Catch::StartsWith("x.json: ") && Catch::Contains("no JSON"));
  CHECK_THAT(complaint("{\"a\": 1"), Catch::Contains("fault at octet"));
  CHECK_THAT(complaint("[]"), Catch::Contains("no series"));
  CHECK_THAT(complaint("{\"verdict\": \"pass\"}"), Catch::Contains("no series"));
  CHECK_THAT(complaint(std::string(100'000, '[')), Catch::Contains("no JSON"));
  CHECK_THAT(complaint("{\"seed\": 5e555}"), Catch::Contains("a number that is too large"));
}

TEST_CASE("control characters of a foreign result never reach a terminal") {
  auto json = Json::parse(format_json(sample_run(2)));
  json["title"] = "a\x1b[31m\nb";
  const auto parsed = parse_fleet_result(json.dump(), "x.json");
  REQUIRE(parsed);
  CHECK(parsed->title == "a [31m b");
}

}  // namespace fleet_result_test
