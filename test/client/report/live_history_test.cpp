#include "client/report/live_history.hpp"

#include <catch2/catch.hpp>

namespace live_history_test {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::report;
using namespace std::chrono_literals;

namespace {

// Ten arrivals in each of so many seconds, and a phone provisioned in every other one.
figures::Series steady(int seconds) {
  figures::Series series;
  for (int second = 0; second < seconds; ++second) {
    auto& interval = series.at(resync::Time{std::chrono::seconds(second)});
    interval.started = 10;
    interval.converged = second % 2 == 0 ? 1 : 0;
    interval.response.add(1'000);
  }
  return series;
}

History of_rates(const std::vector<double>& provisioned) {
  History history;
  history.width = 1s;
  for (const auto rate : provisioned) history.points.push_back({0, 0, 0, rate, 0});
  return history;
}

}  // namespace

TEST_CASE("a history has the latest stretches that are over") {
  const auto series = steady(30);
  struct Row {
    resync::Duration elapsed;
    std::size_t most, points;
  };
  const std::vector<Row> rows{{0s, 50, 0},   {999ms, 50, 0}, {1s, 50, 1}, {12'500ms, 50, 12},
                              {30s, 50, 30}, {30s, 7, 7},    {30s, 0, 0}};
  for (const auto& row : rows) {
    INFO(row.elapsed.count() << " " << row.most);
    const auto history = recent_history(series, row.elapsed, row.most);
    CHECK(history.points.size() == row.points);
    CHECK(history.width == 1s);
    for (const auto& point : history.points) CHECK(point.arrivals == 10);
  }
}

TEST_CASE("stretches in which nothing happened are in the history") {
  const auto history = recent_history(steady(3), 6s, 50);
  REQUIRE(history.points.size() == 6);
  CHECK(history.points[2].arrivals == 10);
  CHECK(history.points[2].p99_us >= 1'000);
  CHECK(history.points[3].arrivals == 0);
  CHECK(history.points[5].p99_us == 0);
}

TEST_CASE("a long run has wider stretches, and rates are still a second's") {
  const auto series = steady(1'000);
  const auto history = recent_history(series, 1'000s, 10'000);
  CHECK(history.width > 1s);
  CHECK(history.points.size() <= figures::Series::most_intervals);
  CHECK(history.points[5].arrivals == 10);
}

TEST_CASE("what is left of the time follows from the last ten stretches") {
  struct Row {
    std::string what;
    History history;
    std::uint64_t phones_left;
    std::optional<resync::Duration> left;
  };
  const std::vector<Row> rows{
      {"nothing is known yet", {}, 10, {}},
      {"nobody comes any more", of_rates(std::vector<double>(10, 0)), 10, {}},
      {"one stretch", of_rates({5}), 10, 2s},
      {"on average", of_rates({0, 10}), 10, 2s},
      {"what is long ago does not count", of_rates({900, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}), 10, 5s},
      {"in whole seconds", of_rates({4}), 10, 3s},
      {"none is left", of_rates({4}), 0, 0s}};
  for (const auto& row : rows) {
    INFO(row.what);
    CHECK(time_left(row.history, row.phones_left) == row.left);
  }
}

}  // namespace live_history_test
