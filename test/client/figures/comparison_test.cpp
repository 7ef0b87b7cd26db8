#include "client/figures/comparison.hpp"

#include <catch2/catch.hpp>

namespace comparison_test {

using namespace provphone;
using namespace provphone::client::figures;

namespace {

// A run of ten phones whose retrievals took so many microseconds each, and so many passes of ten
// failed.
FleetResult run(std::int64_t us, std::uint64_t failed = 0) {
  FleetResult result;
  result.phones = 10;
  result.outcome.extent = {10, 10, static_cast<std::uint32_t>(10 - failed), 0};
  auto& group = result.figures.groups.emplace_back();
  group.phones = group.powered_on = 10;
  group.converged = static_cast<std::uint32_t>(10 - failed);
  for (std::uint64_t i = 0; i < 10 - failed; ++i) {
    result.figures.span(Ending::succeeded, Span::response).add(us);
    group.convergence_us.add(us);
  }
  result.figures.passes_failed = failed;
  result.figures.passes_succeeded = 10 - failed;
  return result;
}

FleetResult voided(FleetResult result) {
  result.outcome.void_reasons = {{"processor", "busy", "use two machines"}};
  return result;
}

Crossing crossing(std::string_view text, const FleetResult& before, const FleetResult& after) {
  const auto threshold = parse_threshold(text);
  INFO(text);
  REQUIRE(threshold);
  return hold_against(*threshold, before, after).crossing;
}

}  // namespace

TEST_CASE("a threshold of a change is held against the run before") {
  struct Row {
    std::string text;
    std::int64_t before, after;
    Crossing crossing;
  };
  const std::vector<Row> rows{
      {"p99>+10%", 1'000, 1'050, Crossing::kept},
      {"p99>+10%", 1'000, 1'200, Crossing::crossed},
      {"p99>+10%", 1'000, 500, Crossing::kept},
      {"p50>+100%", 1'000, 1'900, Crossing::kept},
      {"p90<-50%", 1'000, 400, Crossing::crossed},
      {"max>+0%", 1'000, 1'001, Crossing::crossed},
      {"converged>+5%", 1'000, 2'000, Crossing::crossed},
  };
  for (const auto& row : rows) {
    INFO(row.text << ' ' << row.after);
    CHECK(crossing(row.text, run(row.before), run(row.after)) == row.crossing);
  }
}

TEST_CASE("a threshold of a value is of the second run alone") {
  CHECK(crossing("p99>2ms", run(10'000), run(1'000)) == Crossing::kept);
  CHECK(crossing("p99>2ms", run(1), run(3'000)) == Crossing::crossed);
  CHECK(crossing("failed>10%", run(1, 5), run(1, 1)) == Crossing::kept);
  CHECK(crossing("failed>9.9%", run(1), run(1, 1)) == Crossing::crossed);
  CHECK(crossing("provisioned<80%", run(1), run(1, 3)) == Crossing::crossed);
  CHECK(crossing("provisioned<-10%", run(1), run(1, 1)) == Crossing::kept);
  CHECK(crossing("failed>+0%", run(1, 2), run(1, 3)) == Crossing::crossed);
}

TEST_CASE("a void run says nothing about times, and all the same about failures") {
  const auto good = run(1'000), late = voided(run(9'000, 2));
  CHECK(crossing("p99>+10%", good, late) == Crossing::unknown);
  CHECK(crossing("p99>+10%", late, good) == Crossing::unknown);
  CHECK(crossing("p99>5ms", late, good) == Crossing::kept);
  CHECK(crossing("failed>1%", good, late) == Crossing::crossed);
  CHECK(hold_against(*parse_threshold("p99>+10%"), good, late).why == "B is void");
}

TEST_CASE("what was not measured is not judged") {
  const FleetResult nothing;
  CHECK(crossing("p99>1ms", run(1), nothing) == Crossing::unknown);
  CHECK(crossing("failed>1%", run(1), nothing) == Crossing::unknown);
  CHECK(crossing("p99>+1%", nothing, run(1)) == Crossing::unknown);
  CHECK(crossing("converged>1s", run(1), run(1, 5)) == Crossing::unknown);
}

TEST_CASE("what is no threshold is refused with what one is") {
  for (const auto* text :
       {"", "p99", "p99>", "p98>1%", ">1%", "p99>+10", "p99>10%", "p99>+-1%", "failed>1s",
        "failed>+x%", "p99=>1s", "p99>+nan%", "failed>inf%", "p99>+1e9%"}) {
    INFO(text);
    const auto threshold = parse_threshold(text);
    REQUIRE_FALSE(threshold);
    CHECK(threshold.error().code == Errc::bad_argument);
    CHECK_THAT(threshold.error().detail, Catch::Contains("such as p99>+10%"));
  }
}

}  // namespace comparison_test
