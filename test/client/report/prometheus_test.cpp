#include "client/report/prometheus.hpp"

#include "test/client/report/sample_run.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace prometheus_test {

using namespace provphone;
using namespace provphone::client::figures;
using namespace provphone::client::report;
using namespace std::chrono_literals;

namespace {

struct Sample {
  std::string name;
  std::map<std::string, std::string> labels;
  double value = 0;
};

// What a scraper makes of a text: it stops at the first line that is not in the format.
struct Scraped {
  std::map<std::string, std::string> types;  // by metric
  std::vector<Sample> samples;
};

Sample read_sample(const std::string& line) {
  static const std::regex form(
      R"re(([a-z_]+)(\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+)\})? ([0-9][-+.e0-9]*))re");
  static const std::regex label(R"re(([a-z]+)="((?:[^"\\]|\\.)*)")re");
  std::smatch match;
  INFO(line);
  REQUIRE(std::regex_match(line, match, form));
  Sample sample{match[1], {}, std::stod(match[4])};
  const std::string labels = match[3];
  for (std::sregex_iterator it(labels.begin(), labels.end(), label), end; it != end; ++it)
    REQUIRE(sample.labels.emplace((*it)[1], (*it)[2]).second);
  return sample;
}

Scraped scrape(const std::string& text) {
  REQUIRE(text.ends_with('\n'));
  Scraped scraped;
  std::string metric;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# HELP ")) {
      metric = line.substr(7, line.find(' ', 7) - 7);
      REQUIRE(scraped.types.count(metric) == 0);
      REQUIRE(line.size() > 8 + metric.size());
      std::getline(in, line);
      REQUIRE(line.starts_with("# TYPE " + metric + " "));
      scraped.types[metric] = line.substr(8 + metric.size());
      continue;
    }
    const auto sample = read_sample(line);
    REQUIRE(sample.name.starts_with(metric));  // samples of a metric stand together
    scraped.samples.push_back(sample);
  }
  return scraped;
}

LiveView view_of(std::uint32_t phones) {
  LiveView view;
  view.title = "morning.yaml";
  view.elapsed = 1500ms;
  view.phones = phones;
  view.figures = test::sample_figures(0, phones);
  return view;
}

double value(const Scraped& scraped, const std::string& name,
             const std::map<std::string, std::string>& labels = {}) {
  for (const auto& sample : scraped.samples) {
    if (sample.name == name && sample.labels == labels) return sample.value;
  }
  FAIL("no sample " << name);
  return 0;
}

}  // namespace

TEST_CASE("Prometheus can read a run's figures") {
  const auto scraped = scrape(format_prometheus(view_of(700)));
  CHECK(value(scraped, "provphone_phones") == 700);
  CHECK(value(scraped, "provphone_elapsed_seconds") == 1.5);
  CHECK(value(scraped, "provphone_lag_limit_seconds") == 0.05);
  CHECK(value(scraped, "provphone_passes_ended_total", {{"outcome", "failed"}}) == 100);
  CHECK(value(scraped, "provphone_group_phones", {{"group", "site-a"}}) == 350);
  double failures = 0;
  for (const auto& sample : scraped.samples) {
    if (sample.name == "provphone_pass_failures_total") failures += sample.value;
  }
  CHECK(failures == 100);
  CHECK(value(scraped, "provphone_span_seconds_count",
              {{"span", "response"}, {"ending", "succeeded"}}) == 600);
}

TEST_CASE("Prometheus hears of workers that are late, and of answers that were refused") {
  auto view = view_of(700);
  view.workers = 4;
  view.workers_late = 1;
  view.late_for = 5'200ms;
  const auto scraped = scrape(format_prometheus(view));
  CHECK(value(scraped, "provphone_workers") == 4);
  CHECK(value(scraped, "provphone_workers_late") == 1);
  CHECK(value(scraped, "provphone_workers_late_seconds") == 5.2);
  CHECK(value(scraped, "provphone_request_refusals_total",
              {{"stage", "transfer"}, {"code", "service_unavailable"}}) ==
        static_cast<double>(view.figures.request_refusals[Errc::service_unavailable]));
}

TEST_CASE("names of metrics say what they count and in which unit") {
  const auto scraped = scrape(format_prometheus(view_of(10)));
  for (const auto& [metric, type] : scraped.types) {
    INFO(metric);
    CHECK((type == "counter" || type == "gauge" || type == "histogram"));
    CHECK(metric.ends_with("_total") == (type == "counter"));
    if (type == "histogram") CHECK(metric.ends_with("_seconds"));
  }
}

TEST_CASE("the buckets of a scraped histogram grow up to its count") {
  auto view = view_of(300);
  view.figures.lag_us.add(INT64_MAX);
  double before = 0;
  double edge_before = -1;
  std::size_t edges = 0;
  std::istringstream in(format_prometheus(view));
  for (std::string line; std::getline(in, line);) {
    static const std::regex bucket(R"re(provphone_lag_seconds_bucket\{le="([^"]*)"\} (\d+))re");
    std::smatch match;
    if (!std::regex_match(line, match, bucket)) continue;
    ++edges;
    const double edge = match[1] == "+Inf" ? HUGE_VAL : std::stod(match[1]);
    CHECK(edge > edge_before);
    CHECK(std::stod(match[2]) >= before);
    edge_before = edge;
    before = std::stod(match[2]);
  }
  CHECK(edges == 21);
  CHECK(edge_before == HUGE_VAL);
  CHECK(before == 301);
}

TEST_CASE("a bucket holds exactly what is not above its edge") {
  LiveView view;
  for (const std::int64_t us : {127, 128, 1023, 1024, 2000}) view.figures.lag_us.add(us);
  const auto text = format_prometheus(view);
  CHECK_THAT(text, Catch::Contains("provphone_lag_seconds_bucket{le=\"0.000128\"} 1\n"));
  CHECK_THAT(text, Catch::Contains("provphone_lag_seconds_bucket{le=\"0.000256\"} 2\n"));
  CHECK_THAT(text, Catch::Contains("provphone_lag_seconds_bucket{le=\"0.001024\"} 3\n"));
  CHECK_THAT(text, Catch::Contains("provphone_lag_seconds_bucket{le=\"0.002048\"} 5\n"));
  CHECK_THAT(text, Catch::Contains("provphone_lag_seconds_sum 0.004302\n"));
}

TEST_CASE("every sample has the labels of its run") {
  const MetricLabels of_run{{"run", "nightly \"1\""}, {"shard", "2/3"}};
  const auto scraped = scrape(format_prometheus(view_of(10), of_run));
  REQUIRE_FALSE(scraped.samples.empty());
  for (const auto& sample : scraped.samples) {
    INFO(sample.name);
    CHECK(sample.labels.at("run") == "nightly \\\"1\\\"");
    CHECK(sample.labels.at("shard") == "2/3");
  }
}

TEST_CASE("a file of OpenMetrics has the same samples, and an end") {
  const auto view = view_of(700);
  auto text = format_openmetrics(view);
  REQUIRE(text.ends_with("\n# EOF\n"));
  CHECK_THAT(text, Catch::Contains("# TYPE provphone_passes_ended counter\n"
                                   "provphone_passes_ended_total{outcome=\"succeeded\"} 600\n"));
  text.resize(text.size() - std::string_view("# EOF\n").size());
  const auto open = scrape(text), usual = scrape(format_prometheus(view));
  REQUIRE(open.samples.size() == usual.samples.size());
  for (const auto& [metric, type] : open.types) {
    INFO(metric);
    CHECK_FALSE(metric.ends_with("_total"));
    CHECK(usual.types.at(type == "counter" ? metric + "_total" : metric) == type);
  }
}

TEST_CASE("the dashboard asks for nothing that is not served") {
  const auto scraped = scrape(format_prometheus(view_of(700)));
  std::set<std::string> served, labels{"job"};
  for (const auto& sample : scraped.samples) {
    served.insert(sample.name);
    for (const auto& [label, value] : sample.labels) labels.insert(label);
  }
  std::ifstream file(GRAFANA_DASHBOARD);
  const auto board = nlohmann::json::parse(file);
  std::size_t asked = 0;
  for (const auto& panel : board.at("panels")) {
    CHECK_FALSE(panel.at("description").get<std::string>().empty());
    for (const auto& target : panel.at("targets")) {
      const auto expression = target.at("expr").get<std::string>();
      INFO(expression);
      static const std::regex name("provphone_[a-z_]+"),
          label("([a-z]+)(=~|!=|=)\"|by \\(([a-z]+)\\)");
      for (std::sregex_iterator it(expression.begin(), expression.end(), name), end; it != end;
           ++it) {
        ++asked;
        CHECK(served.count(it->str()) == 1);
      }
      for (std::sregex_iterator it(expression.begin(), expression.end(), label), end; it != end;
           ++it)
        CHECK(labels.count((*it)[1].matched ? (*it)[1].str() : (*it)[3].str()) == 1);
    }
  }
  CHECK(asked > 20);
}

TEST_CASE("names that a person gave cannot break the format") {
  LiveView view;
  view.title = "a\"b\\c\nd";
  CHECK_THAT(format_prometheus(view), Catch::Contains(R"(scenario="a\"b\\c\nd")"));
}

}  // namespace prometheus_test
