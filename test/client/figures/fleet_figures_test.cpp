#include "client/figures/fleet_figures.hpp"

#include "test/client/report/sample_run.hpp"

#include <catch2/catch.hpp>

namespace fleet_figures_test {

using namespace provphone;
using namespace provphone::client::figures;
using namespace std::chrono_literals;

namespace {

resync::Time at(resync::Duration since_start) {
  return resync::Time(since_start);
}

}  // namespace

TEST_CASE("a coarse histogram is exact to a quarter of a power of two") {
  struct Row {
    std::int64_t us, reported;
  };
  const Row rows[] = {{-3, 1},
                      {0, 1},
                      {1, 1},
                      {2, 2},
                      {3, 3},
                      {4, 4},
                      {5, 5},
                      {8, 9},
                      {9, 9},
                      {10, 11},
                      {15, 15},
                      {16, 19},
                      {1000, 1023},
                      {1'000'000, 1'048'575},
                      {1 << 29, 671'088'639},
                      {(1 << 30) - 1, (1 << 30) - 1},
                      {INT64_MAX, (1 << 30) - 1}};
  for (const auto& row : rows) {
    CoarseHistogram histogram;
    histogram.add(row.us);
    INFO(row.us);
    CHECK(histogram.count() == 1);
    CHECK(histogram.quantile(0.5) == row.reported);
  }
  CHECK(CoarseHistogram().quantile(0.99) == 0);
}

TEST_CASE("each bucket of a coarse histogram ends where the next begins") {
  std::int64_t before = 0;
  for (std::int64_t us = 1; us < 100'000; ++us) {
    CoarseHistogram histogram;
    histogram.add(us);
    const auto edge = histogram.quantile(1);
    REQUIRE(edge >= us);
    REQUIRE(edge <= us + us / 4);
    REQUIRE(edge >= before);
    before = edge;
  }
}

TEST_CASE("a series has an interval of a second for each second until there are 600") {
  Series series;
  series.at(at(0s)).started = 1;
  series.at(at(599'999ms)).started = 2;
  CHECK(series.width() == 1s);
  REQUIRE(series.intervals().size() == 600);
  CHECK(series.intervals().front().started == 1);
  CHECK(series.intervals().back().started == 2);
}

TEST_CASE("a series that gets too long joins its intervals two by two") {
  Series series;
  for (int second = 0; second < 600; ++second) {
    auto& interval = series.at(at(std::chrono::seconds(second)));
    interval.started = 1;
    interval.in_flight = static_cast<std::uint32_t>(second % 10);
    interval.lag_us = second;
    interval.response.add(second);
    interval.pass_errors[Errc::file_not_found] = 1;
  }
  series.at(at(600s)).started = 5;
  CHECK(series.width() == 2s);
  REQUIRE(series.intervals().size() == 301);
  CHECK(series.intervals()[0].started == 2);
  CHECK(series.intervals()[0].in_flight == 1);  // the most at once, not a sum
  CHECK(series.intervals()[4].in_flight == 9);
  CHECK(series.intervals()[299].lag_us == 599);
  CHECK(series.intervals()[299].response.count() == 2);
  CHECK(series.intervals()[299].pass_errors[Errc::file_not_found] == 2);
  CHECK(series.intervals()[300].pass_errors[Errc::file_not_found] == 0);
  CHECK(series.intervals()[300].started == 5);
}

TEST_CASE("a day fits into a series") {
  Series series;
  for (int hour = 0; hour <= 24; ++hour) ++series.at(at(std::chrono::hours(hour))).started;
  CHECK(series.width() == 256s);
  CHECK(series.intervals().size() <= Series::most_intervals);
  std::uint32_t sum = 0;
  for (const auto& interval : series.intervals()) sum += interval.started;
  CHECK(sum == 25);
}

TEST_CASE("merging two series widens the finer, whichever comes first") {
  Series fine, coarse;
  fine.at(at(1s)).started = 1;
  fine.at(at(3s)).in_flight = 4;
  coarse.at(at(1000s)).started = 10;
  coarse.at(at(3s)).in_flight = 5;
  REQUIRE(coarse.width() == 2s);
  auto left = fine;
  left.merge(coarse);
  auto right = coarse;
  right.merge(fine);
  for (const auto& merged : {left, right}) {
    CHECK(merged.width() == 2s);
    REQUIRE(merged.intervals().size() == 501);
    CHECK(merged.intervals()[0].started == 1);
    CHECK(merged.intervals()[1].in_flight == 9);
    CHECK(merged.intervals()[500].started == 10);
  }
}

TEST_CASE("phones counted by two workers are counted as by one") {
  const auto all = test::sample_figures(0, 500);
  auto left = test::sample_figures(0, 200);
  auto right = test::sample_figures(200, 300);
  auto other_way = right;
  other_way.merge(left);
  left.merge(right);
  for (const auto* merged : {&left, &other_way}) {
    CHECK(merged->passes_started == all.passes_started);
    CHECK(merged->passes_failed == all.passes_failed);
    CHECK(merged->octets == all.octets);
    CHECK(merged->decisions == all.decisions);
    CHECK(merged->pass_errors == all.pass_errors);
    CHECK(merged->request_errors == all.request_errors);
    CHECK(merged->requests_refused == all.requests_refused);
    CHECK(merged->request_refusals == all.request_refusals);
    CHECK(merged->lag_us.quantile(0.999) == all.lag_us.quantile(0.999));
    CHECK(merged->span(Ending::failed, Span::response).counts() ==
          all.span(Ending::failed, Span::response).counts());
    REQUIRE(merged->groups.size() == 2);
    CHECK(merged->groups[1].name == "site-b");
    CHECK(merged->groups[1].converged == all.groups[1].converged);
    REQUIRE(merged->series.intervals().size() == all.series.intervals().size());
    for (std::size_t i = 0; i < all.series.intervals().size(); ++i)
      CHECK(merged->series.intervals()[i].pass_errors == all.series.intervals()[i].pass_errors);
  }
}

TEST_CASE("of very many incidents the same hundred are listed, whoever found them first") {
  const auto some = [](std::uint64_t first, std::uint64_t count) {
    FleetFigures figures;
    for (auto i = first; i < first + count; ++i)
      figures.incidents.push_back({MacAddress{i}, MacAddress{i + 1}, "MAC address", "http://a/"});
    figures.incident_count = 1000;
    return figures;
  };
  auto left = some(50, 100);
  auto right = some(0, 90);
  auto other_way = right;
  other_way.merge(left);
  left.merge(right);
  CHECK(left.incident_count == 2000);
  CHECK(left.incidents.size() == most_incidents);
  CHECK(left.incidents == other_way.incidents);
}

}  // namespace fleet_figures_test
