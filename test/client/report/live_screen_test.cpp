#include "client/report/live_screen.hpp"

#include "client/report/screen_text.hpp"
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

client::figures::Evidence expectation(const std::string& title, std::uint64_t failed) {
  client::figures::Evidence evidence;
  evidence.title = title;
  evidence.phones = evidence.chances = 3000;
  evidence.failed = failed;
  return evidence;
}

// With expectations, failures that are told of, and a history.
LiveView full() {
  auto view = busy();
  client::figures::Standing standing;
  standing.expectations = {{expectation("no_request_before: 2s", 0), {}},
                           {expectation("parameter: GPP_A, equals: x", 12), {true, 0, {}}},
                           {expectation("converged: 100%", 0), {}}};
  standing.expectations[2].evidence.pending = 1286;
  client::figures::Failures failures;
  failures.times = 82;
  failures.first = *parse_mac_address("000e08000001");
  failures.url = "http://127.0.0.1:8080/000e08000001.xml";
  failures.said = "404 Not Found";
  standing.failures[{client::figures::Work::pass, Errc::file_not_found, "http://127.0.0.1:8080",
                     "site-a"}] = failures;
  view.standing = std::make_shared<const client::figures::Standing>(std::move(standing));
  return view;
}

LiveView void_run() {
  auto view = full();
  view.lag_limit_us = 5'000;
  view.void_reasons = {{"processor time",
                        "one retrieval in a thousand started 5.2 ms or more after it was due, and "
                        "5.0 ms is the limit",
                        "run the server elsewhere, or slow the start down"}};
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

}  // namespace

TEST_CASE("a terminal of 80 by 24 shows a fleet's run on one page") {
  const std::vector<std::string> expected{
      " provphone fleet  morning.yaml                                          RUNNING",
      " powered on  ███████████████████▎·········  2 000 of 3 000, 67 %",
      " provisioned ████████████████▌············  1 714 of 3 000, 57 %, ~12m 37s left",
      " time        ████████████▏················  4m 12s of 10m 00s",
      "",
      "            a second       in all   response     now  in all",
      " arrivals      1 000        2 000   p50         17ms    16ms",
      " succeeded       857        1 714   p99        221ms   217ms",
      " failed          143          286   max        239ms   239ms",
      " in flight       412                lag p99.9     ok   5.2ms of 50ms",
      " pace        every phone at its time, no limit",
      " machine     cpu 1.4 of 2, files 912 of 1 024 (!), memory 300.0 MB, stall 2.5ms",
      "",
      " expected    lost 1, open 1, holds so far 1, 1 not shown",
      "   lost          parameter: GPP_A, equals: x: 2988 of 3000 phones, 12 failed",
      "   open          converged: 100%: 1714 of 3000 phones, 1286 have time",
      "",
      " groups +1    powered on  provisioned    failed      p99",
      "   site-a          1 000    857  86 %       143    217ms",
      " failures    286 passes failed, 2 not shown",
      "   service_unavailable         133     71/s  ",
      " history     last 54s, 1s a column",
      "   arrivals       7.0/s  ▅▂▂▅▅▅█▁▁▁█▃▅▁▂▂▁▂▂▆▂▂▂▃▃▅▅▂▆▅▃▁▂▃▂▂▅▁▇▂ ▁▅▅▁▁▅▁▂▁▁▁▃▅",
      " p pause   + - pace   ? keys   q end"};
  CHECK(shown(format_screen(full(), {80, 24}, Look{})) == expected);
}

TEST_CASE("a terminal of 60 by 20 shows all that matters") {
  const std::vector<std::string> expected{
      " provphone fleet  morning.yaml                      RUNNING",
      " powered on  ██████···  2 000 of 3 000, 67 %",
      " provisioned █████▏···  1 714 of 3 000, 57 %, ~12m 37s left",
      " time        ███▊·····  4m 12s of 10m 00s",
      "            a second       in all   response     now  in all",
      " arrivals      1 000        2 000   p50         17ms    16ms",
      " succeeded       857        1 714   p99        221ms   217ms",
      " failed          143          286   max        239ms   239ms",
      " in flight       412                lag p99.9     ok   5.2ms",
      " pace        every phone at its time, no limit",
      " expected    lost 1, open 1, holds so far 1, 1 not shown",
      "   lost          parameter: GPP_A, equals: x: 2988 of 3000 …",
      "   open          converged: 100%: 1714 of 3000 phones, 1286…",
      " groups +1    powered on  provisioned    failed      p99",
      "   site-a          1 000    857  86 %       143    217ms",
      " failures    286 passes failed, 2 not shown",
      "   service_unavailable         133     71/s  ",
      " history     last 34s, 1s a column",
      "   arrivals       6.0/s  ▃▃▃▄▄▅▅▃▇▅▄▁▃▄▃▃▅▁█▃ ▁▅▅▁▁▅▁▃▁▁▁▄▅",
      " p pause   + - pace   ? keys   q end"};
  CHECK(shown(format_screen(full(), {60, 20}, Look{})) == expected);
}

TEST_CASE("a larger terminal shows more") {
  const auto lines = shown(format_screen(full(), {120, 40}, Look{}));
  const auto has = [&](const std::string& text) {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  };
  for (const auto* text :
       {"lost", "holds so far", "site-a", "site-b", "service_unavailable", "connect_timeout",
        "404 Not Found", "arrivals", "p99", "powered on", "provisioned"}) {
    INFO(text);
    CHECK(has(text));
  }
}

TEST_CASE("the page fills its terminal and never goes beyond it") {
  for (const auto& view : {busy(), full(), void_run(), enormous(), LiveView{}}) {
    for (const auto size :
         {ScreenSize{80, 24}, ScreenSize{60, 20}, ScreenSize{120, 40}, ScreenSize{200, 60},
          ScreenSize{40, 12}, ScreenSize{20, 5}, ScreenSize{1, 1}}) {
      for (const auto look : {Look{}, Look{Colour::on}, Look{Colour::on, Charset::ascii}}) {
        for (const auto what : {Shown::figures, Shown::keys}) {
          INFO(size.columns << "x" << size.rows);
          const auto lines = shown(format_screen(view, size, look, what));
          CHECK(lines.size() == size.rows);
          for (const auto& line : lines) CHECK(columns_of(line) <= size.columns);
        }
      }
    }
  }
}

TEST_CASE("a page has colours only where they are asked for, and says the same without") {
  const auto has_colours = [](const std::string& page) {
    return page.find("\x1b[0m") != std::string::npos || page.find("\x1b[1") != std::string::npos;
  };
  CHECK_FALSE(has_colours(format_screen(void_run(), {}, Look{})));
  CHECK(has_colours(format_screen(void_run(), {}, Look{Colour::on})));
  CHECK(shown(format_screen(void_run(), {}, Look{Colour::on})) ==
        shown(format_screen(void_run(), {}, Look{})));
}

TEST_CASE("a terminal without UTF-8 gets none of the page's own") {
  const auto page = format_screen(full(), {70, 30}, Look{Colour::off, Charset::ascii});
  CHECK(std::none_of(page.begin(), page.end(),
                     [](char c) { return static_cast<unsigned char>(c) >= 0x80; }));
}

TEST_CASE("a page keeps what comes first where there are few rows") {
  struct Row {
    std::size_t rows;
    std::vector<std::string> has, lacks;
  };
  const std::vector<Row> rows{{5, {"provphone fleet", "provisioned"}, {"arrivals", "expected"}},
                              {10, {"powered on", "lag p99.9"}, {"expected", "groups"}},
                              {13, {"expected"}, {"failures", "groups"}},
                              {17, {"failures", "history"}, {"machine"}},
                              {20, {"pace", "groups"}, {"machine"}},
                              {24, {"machine"}, {}}};
  for (const auto& row : rows) {
    const auto page = format_screen(full(), {80, row.rows}, Look{});
    INFO(row.rows << " rows\n" << page);
    for (const auto& text : row.has) CHECK_THAT(page, Catch::Contains(text));
    for (const auto& text : row.lacks) CHECK_THAT(page, !Catch::Contains(text));
  }
}

TEST_CASE("what does not fit is counted") {
  const auto lines = shown(format_screen(enormous(), {80, 24}, Look{}));
  const auto heading = std::find_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.starts_with(" failures ");
  });
  REQUIRE(heading != lines.end());
  // Rows of a section stand further right than headings.
  const auto end = std::find_if(heading + 1, lines.end(),
                                [](const std::string& line) { return !line.starts_with("   "); });
  const auto missing =
      provphone::enum_size<provphone::Errc> - static_cast<std::size_t>(end - heading - 1);
  CHECK_THAT(*heading, Catch::EndsWith(", " + std::to_string(missing) + " not shown"));
  auto view = full();
  for (int i = 0; i < 50; ++i) view.figures.groups.push_back({"more", 10, 10, 10, 10, 0, {}, {}});
  CHECK_THAT(format_screen(view, {80, 24}, Look{}), Catch::Contains("groups +51"));
}

TEST_CASE("expectations that nobody looks at while the run goes on are said to be there") {
  client::figures::Standing standing, others;
  others.not_looked_at = 12;
  merge(standing, others);
  auto view = busy();
  view.standing = std::make_shared<const client::figures::Standing>(standing);
  const auto page = format_screen(view, {60, 24}, Look{});
  CHECK_THAT(page, Catch::Contains("12, judged at the end: too many phones"));
  CHECK_THAT(format_screen(busy(), {60, 24}, Look{}), !Catch::Contains("judged at the end"));
}

TEST_CASE("a run that is void says so on a line of its own that fits 60 columns") {
  const auto lines = shown(format_screen(void_run(), {60, 20}, Look{}));
  CHECK(lines[1] == " VOID: this machine lags, p99.9 5.2ms of 5.0ms at most");
  CHECK_THAT(format_plain_line(void_run()), Catch::EndsWith(", VOID"));
  // The first reason, and what mends it, where there is room.
  const auto large = format_screen(void_run(), {120, 40}, Look{});
  CHECK_THAT(large, Catch::Contains("processor time: one retrieval in a thousand"));
  CHECK_THAT(large, Catch::Contains("mend it: run the server elsewhere"));
  auto view = busy();
  CHECK_THAT(format_screen(view, {}, Look{}), !Catch::Contains("VOID"));
  view.void_reasons = {{"local ports", "12 retrievals found no free port", ""}};
  CHECK(shown(format_screen(view, {60, 20}, Look{}))[1] ==
        " VOID: this machine is short of local ports");
  view = busy();
  view.lag_limit_us = view.figures.lag_us.quantile(0.999);
  CHECK_THAT(format_screen(view, {}, Look{}), Catch::Contains("   near "));
}

TEST_CASE("the screen says that a run is paused and at which pace it is") {
  auto view = busy();
  const auto page = [&] { return format_screen(view, {}, Look{}); };
  CHECK_THAT(page(), Catch::Contains(" pace        every phone at its time, no limit"));
  view.running = Running::paused;
  view.starts_per_second = 2000;
  CHECK_THAT(shown(page())[0], Catch::EndsWith(" PAUSED"));
  CHECK_THAT(page(), Catch::Contains("paused, p or g goes on; at most 2 000 starts a second"));
  CHECK_THAT(page(), Catch::Contains("g go on gently"));
  view.running = Running::yes;
  view.rises_to = 3000;
  CHECK_THAT(page(), Catch::Contains("at most 2 000 starts a second, rising to 3 000"));
  view.rises_to = 0;
  CHECK_THAT(page(), Catch::Contains("rising until there is no limit"));
  view.running = Running::ending;
  CHECK_THAT(shown(page())[0], Catch::EndsWith(" ENDING"));
  view.running = Running::ended;
  CHECK_THAT(shown(page())[0], Catch::EndsWith(" ENDED"));
  CHECK_THAT(page(), !Catch::Contains("q end"));
}

TEST_CASE("a limit that is not meant to be reached has no bar") {
  auto view = busy();
  view.until_converged = true;
  CHECK_THAT(format_screen(view, {60, 20}, Look{}),
             Catch::Contains(" time        4m 12s, until provisioned, at most 10m 00s"));
  view.length = {};
  CHECK_THAT(format_screen(view, {60, 20}, Look{}),
             Catch::Contains(" time        4m 12s, until nothing is left to do"));
}

TEST_CASE("a page of keys comes and goes") {
  const auto page = format_screen(busy(), {60, 20}, Look{}, Shown::keys);
  for (const auto* key : {"pauses", "gently", "quarter", "Ctrl-C"})
    CHECK_THAT(page, Catch::Contains(key));
  CHECK_THAT(page, !Catch::Contains("arrivals"));
}

TEST_CASE("what is foreign cannot disturb the page") {
  auto view = full();
  view.title = "m\xc3\xbcller\x1b[2J\n.yaml";
  view.figures.groups[0].name =
      "\xe6\x9d\xb1\xe4\xba\xac\xe2\x80\xae the office of a very long name indeed";
  const auto page = format_screen(view, {80, 40}, Look{});
  CHECK_THAT(page, Catch::Contains("m\xc3\xbcller [2J .yaml"));
  CHECK_THAT(page, Catch::Contains("\xe6\x9d\xb1\xe4\xba\xac<U+202E> the office of"));
  CHECK(shown(page).size() == 40);
}

TEST_CASE("the screen says which of its figures are from before") {
  auto view = busy();
  view.workers = 4;
  CHECK_THAT(format_plain_line(view), !Catch::Contains("silent"));
  view.workers_late = 1;
  view.late_for = 5'200ms;
  const auto lines = shown(format_screen(view, {}, Look{}));
  CHECK(lines[1] == " 1 of 4 workers silent for 5.2s: these figures lack the rest");
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
