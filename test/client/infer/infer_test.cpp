#include "client/infer/infer.hpp"

#include "test/client/infer/logs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

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
    for (unsigned seed = 1; seed <= 3; ++seed) {
      INFO(variant.periodic << " and " << variant.retries << ", seed " << seed);
      const auto inference =
          infer_from(fleet_of(variant, seed, failing),
                     {30, seed, seed == 3 ? Keeping::Took::not_logged : Keeping::Took::logged});
      const auto& first = inference.groups.front();
      CHECK(periodic_of(first) == variant.periodic);
      CHECK(retries_of(first) == variant.retries);
      CHECK(first.accounts.explained() > 0.98);
      CHECK(inference.unfit.empty());
    }
  }
}
