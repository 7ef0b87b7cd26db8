#include "client/expect/judge.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "test/bench/bench.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace provphone::bench {
namespace {

using namespace client;

scenario::Scenario scenario_of(std::uint32_t phones, const std::string& expectations) {
  auto scenario = scenario::read_scenario(
      fmt::format("phones: [{{count: {}, set: {{User_ID_1_: 'desk-{{index}}'}}}}]\nexpect:\n{}",
                  phones, expectations),
      "bench.yaml");
  if (!scenario) std::abort();
  return *std::move(scenario);
}

// Fifty of the kinds that CI has most.
std::string fifty_expectations() {
  std::string all;
  for (int i = 1; i <= 10; ++i) {
    all += fmt::format(
        "  - {{converged: 99%, within: {0}m}}\n  - {{parameter: GPP_A, absent: true}}\n"
        "  - {{requests: '/{{mac}}-{0}.xml', none: true}}\n  - {{error: file_not_found, max: "
        "{0}}}\n"
        "  - {{latency: fetch, p99: {0}s}}\n",
        i);
  }
  return all;
}

// A profile of 40 kB that names the phone it is for.
std::string profile_for(MacAddress mac) {
  std::string document = "<device><flat-profile>";
  for (int i = 0; document.size() < 40'000; ++i)
    document +=
        fmt::format("<Parameter_{0}_>value {0} of {1}</Parameter_{0}_>\n", i, format_colons(mac));
  return document + "</flat-profile></device>";
}

void bench_events() {
  const auto scenario = scenario_of(100'000, fifty_expectations());
  expect::Judge judge(scenario, expect::Capabilities::real);
  trace::TraceEvent request{
      .at = {}, .phone = {}, .event = trace::EventKind::request, .method = "GET"};
  request.url = "http://prov.example.net:80/8841-3PCC/000e08012345.xml";
  trace::TraceEvent over{.at = {}, .phone = {}, .event = trace::EventKind::pass_succeeded};
  constexpr int events = 200'000;
  measure("Judging an event by fifty expectations, of 100 000 phones", "event", events, 500'000,
          [&] {
            for (std::uint32_t i = 0; i < events; ++i)
              judge.observe(i % 100'000, i % 2 == 0 ? request : over);
          });
}

void bench_documents() {
  const auto scenario = scenario_of(1'000'000, "  - no_foreign_identity: true\n");
  const expect::Identities identities(scenario);
  const auto document = profile_for(scenario::mac_of(scenario, 7));
  constexpr int documents = 50;
  measure("Searching 40 kB for what belongs to another of a million phones", "document", documents,
          1'000, [&] {
            for (int i = 0; i < documents; ++i) {
              if (!identities.foreign_in(7, document).empty()) std::abort();
            }
          });
}

}  // namespace

void bench_judge() {
  bench_events();
  bench_documents();
}

}  // namespace provphone::bench
