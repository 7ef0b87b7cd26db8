#include "client/report/live_screen.hpp"

#include "macro/enum_array.hpp"
#include "test/client/report/sample_run.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <sstream>

namespace live_screen_test {

using namespace provphone;
using namespace provphone::client::figures;
using namespace provphone::client::report;
using namespace std::chrono_literals;

namespace {

LiveView busy() {
  LiveView view;
  view.title = "morning.yaml";
  view.elapsed = 252s;
  view.length = 10min;
  view.phones = 3000;
  view.in_flight = 412;
  view.figures = test::sample_figures(0, 2000);
  view.recent = recent(test::sample_figures(0, 1000), view.figures, 1s);
  view.resources = {1.4, 2, 300'000'000, 912, 1024, 32768, 60999, 2'500};
  return view;
}

LiveView enormous() {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  constexpr auto most_us = std::numeric_limits<std::int64_t>::max();
  auto view = busy();
  view.title = std::string(300, 'x');
  view.phones = view.in_flight = std::numeric_limits<std::uint32_t>::max();
  view.starts_per_second = view.phones;
  view.figures.requests = view.figures.passes_failed = most;
  for (auto& count : view.figures.pass_errors) count = most;
  view.figures.lag_us.add(most_us);
  view.recent.started = view.recent.failed = most;
  view.length = resync::Duration::max() / 1'000'000;
  view.resources = {1e9, 4'000'000'000, most, most, most, 1, 2, most_us};
  return view;
}

// What the terminal shows of a page: its lines, without colours and cursor movements.
std::vector<std::string> shown(const std::string& page) {
  std::string text;
  for (std::size_t i = 0; i < page.size(); ++i) {
    if (page[i] == '\x1b') {
      while (std::isalpha(static_cast<unsigned char>(page[i])) == 0) ++i;
    } else if (page[i] != '\r') {
      text += page[i];
    }
  }
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t width_of(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

}  // namespace

TEST_CASE("a terminal of 80 by 24 shows a fleet's run on one page") {
  const std::vector<std::string> expected{
      " provphone fleet  morning.yaml                                         RUNNING",
      "",
      " phones    ██████████████░░░░░░░░░░░░  1 714 of 3 000 provisioned, 57 %",
      " time      ██████████░░░░░░░░░░░░░░░░  4m 12s of 10m 00s",
      "",
      "                a second         in all     response           now      in all",
      " arrivals          1 000          2 000     half within       17ms        16ms",
      " succeeded           857          1 714     99 % within      221ms       217ms",
      " failed              143            286     slowest                      239ms",
      " in flight           412",
      "",
      " lag p99.9 5.2ms of 50ms at most, longest stall 2.5ms  ok",
      " resources processor 1.4 of 2, files 912 of 1 024 (!), memory 300.0 MB",
      " rate      no cap on starts",
      "",
      " failures  286 passes failed",
      "           service_unavailable                133",
      "           file_not_found                      82",
      "           connect_timeout                     71",
      "",
      "",
      "",
      "",
      " p pause   + - rate   q end"};
  CHECK(shown(format_screen(busy(), {80, 24}, Colour::off)) == expected);
}

TEST_CASE("the page fills its terminal and never goes beyond it") {
  for (const auto& view : {busy(), enormous(), LiveView{}}) {
    for (const auto size : {ScreenSize{80, 24}, ScreenSize{120, 40}, ScreenSize{40, 12},
                            ScreenSize{20, 5}, ScreenSize{1, 1}}) {
      for (const auto colour : {Colour::off, Colour::on}) {
        INFO(size.columns << "x" << size.rows);
        const auto lines = shown(format_screen(view, size, colour));
        CHECK(lines.size() == size.rows);
        for (const auto& line : lines) CHECK(width_of(line) <= size.columns);
      }
    }
  }
}

TEST_CASE("a page has colours only where they are asked for") {
  const auto has_colours = [](const std::string& page) {
    return page.find("\x1b[0m") != std::string::npos || page.find("\x1b[1") != std::string::npos;
  };
  CHECK_FALSE(has_colours(format_screen(busy(), {}, Colour::off)));
  CHECK(has_colours(format_screen(busy(), {}, Colour::on)));
  CHECK(shown(format_screen(busy(), {}, Colour::on)) ==
        shown(format_screen(busy(), {}, Colour::off)));
}

TEST_CASE("failures that do not fit are counted") {
  const auto lines = shown(format_screen(enormous(), {80, 24}, Colour::off));
  constexpr std::size_t fit = 5;
  CHECK(lines[21] == "           and " +
                         std::to_string(provphone::enum_size<provphone::Errc> - fit) +
                         " other codes");
  CHECK(shown(format_screen(enormous(), {120, 90}, Colour::off))[79].empty() == false);
}

TEST_CASE("the screen says when the generator is to blame") {
  auto view = busy();
  const auto lag_line = [&] { return shown(format_screen(view, {}, Colour::off))[11]; };
  view.lag_limit_us = view.figures.lag_us.quantile(0.999);
  CHECK_THAT(lag_line(), Catch::EndsWith("close to void"));
  --view.lag_limit_us;
  CHECK_THAT(lag_line(), Catch::EndsWith("VOID: the generator lags"));
  CHECK_THAT(format_plain_line(view), Catch::EndsWith(", VOID"));
}

TEST_CASE("the screen says that a run is paused and how it is capped") {
  auto view = busy();
  view.running = Running::paused;
  view.starts_per_second = 2000;
  const auto lines = shown(format_screen(view, {}, Colour::off));
  CHECK_THAT(lines[0], Catch::EndsWith(" PAUSED"));
  CHECK(lines[13] == " rate      paused, p goes on; at most 2 000 starts a second");
  view.running = Running::ending;
  CHECK_THAT(shown(format_screen(view, {}, Colour::off))[0], Catch::EndsWith(" ENDING"));
}

TEST_CASE("the screen says which of its figures are from before") {
  auto view = busy();
  view.workers = 4;
  CHECK_THAT(format_plain_line(view), !Catch::Contains("silent"));
  view.workers_late = 1;
  view.late_for = 5'200ms;
  const auto lines = shown(format_screen(view, {}, Colour::off));
  CHECK(lines[14] == " workers   1 of 4 workers silent for 5.2s: these figures lack the rest");
  CHECK(lines.size() == 24);
  CHECK_THAT(format_plain_line(view), Catch::EndsWith(", 1 of 4 workers silent for 5.2s"));
}

TEST_CASE("what happened lately is never less than nothing") {
  const auto before = test::sample_figures(0, 1000);
  const auto now = test::sample_figures(0, 600);
  const auto lately = recent(before, now, 1s);
  CHECK(lately.started == 0);
  CHECK(lately.succeeded == 0);
  CHECK(lately.failed == 0);
  CHECK(lately.response_us.count() == 0);
}

TEST_CASE("a log gets a line of plain numbers") {
  CHECK(format_plain_line(busy()) ==
        "4m 12s: 1714 of 3000 provisioned (57 %), 412 in flight, a second 1000 arrivals 857 "
        "succeeded 143 failed, p50 17ms p99 221ms, lag p99.9 5.2ms, 133 service_unavailable, 82 "
        "file_not_found, 71 connect_timeout");
  CHECK(format_plain_line({}) ==
        "0s: 0 of 0 provisioned (0 %), 0 in flight, a second 0 arrivals 0 succeeded 0 failed, p50 "
        "- p99 -, lag p99.9 -");
  CHECK(format_plain_line(enormous()).size() < 600);
}

}  // namespace live_screen_test
