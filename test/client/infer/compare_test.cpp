#include "client/infer/compare.hpp"

#include "client/infer/expected.hpp"
#include "test/client/infer/logs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace compare_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using namespace std::chrono_literals;
using client::infer::Comparison;
using client::infer::Prediction;

resync::Settings set_to(const char* periodic, const char* retries) {
  resync::Settings settings;
  settings.periodic = *resync::parse_delay_list(periodic);
  settings.error_retry = *resync::parse_delay_list(retries);
  return settings;
}

Prediction predicted(const char* periodic, const char* retries) {
  return {
      MacAddress{0x000e08000001}, client::infer::expected_of(set_to(periodic, retries)), {}, {}};
}

std::string verdicts_of(const Comparison& comparison) {
  std::string text;
  for (const auto& phone : comparison.phones)
    for (const auto verdict : phone.verdicts)
      text.append(text.empty() ? "" : " ").append(name(verdict));
  return fmt::format("{}, {} missing", text, comparison.total.missing);
}

std::string compared(const std::vector<Line>& lines, const Prediction& prediction) {
  const auto courses = client::infer::courses_of(log_of_lines(lines));
  return verdicts_of(compare(courses, {MacAddress{0x000e08000001}}, {prediction}, {}));
}

}  // namespace

TEST_CASE("a request is predicted from the one before it, in a window where there is a spread",
          "[R-RESYNC-08]") {
  struct Row {
    const char* what;
    const char* periodic;
    std::vector<Line> lines;
    const char* expected;
  };
  const std::vector<Row> rows{
      {"on time",
       "3600",
       {{0, 200}, {3600, 200}, {7201, 200}},
       "first predicted predicted, 0 missing"},
      {"within the spread",
       "3600+600",
       {{0, 200}, {3700, 200}, {7899, 200}},
       "first predicted predicted, 0 missing"},
      {"early", "3600+600", {{0, 200}, {3000, 200}}, "first early, 0 missing"},
      {"far too soon", "3600+600", {{0, 200}, {300, 200}}, "first unexplained, 0 missing"},
      {"late", "3600", {{0, 200}, {5000, 200}}, "first late, 0 missing"},
      {"a line is missing", "3600", {{0, 200}, {7200, 200}}, "first predicted, 1 missing"},
      {"a retry",
       "3600",
       {{0, 503}, {120, 503}, {420, 200}, {4020, 200}},
       "first predicted predicted predicted, 0 missing"},
      {"no retry that it has", "3600", {{0, 503}, {77, 200}}, "first unexplained, 0 missing"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    CHECK(compared(row.lines, predicted(row.periodic, "120,300,900")) == row.expected);
  }
}

TEST_CASE("what somebody asked for is predicted when the scenario has it") {
  auto prediction = predicted("3600", "120");
  prediction.occasions.push_back({log_start + 300s, log_start + 340s});
  CHECK(compared({{0, 200}, {320, 200}, {3920, 200}}, prediction) ==
        "first predicted predicted, 0 missing");
}

TEST_CASE("phones that only one side has are told apart") {
  const auto courses = client::infer::courses_of(log_of_lines({{0, 200}, {3600, 200}}));
  auto absent = predicted("3600", "120");
  absent.mac = MacAddress{0x000e08000002};
  absent.passes = {log_start + 10s, log_start + 3'600s, log_start + 9'000s};
  const auto comparison = compare(courses, {MacAddress{0x000e08000001}}, {absent}, {});
  CHECK(verdicts_of(comparison) == "unexplained unexplained, 2 missing");
  REQUIRE(comparison.phones.size() == 2);
  CHECK_FALSE(comparison.phones[1].course);
  REQUIRE(comparison.hours.size() == 2);
  CHECK(comparison.hours[0].observed == 1);
  CHECK(comparison.hours[0].predicted == 1);
}

TEST_CASE("what known settings do not have is a contradiction, and says what would explain it",
          "[R-RESYNC-13]") {
  struct Row {
    std::vector<Line> lines;
    const char* expected;
  };
  const std::vector<Row> rows{
      {{{0, 503}, {60, 503}, {180, 503}, {280, 200}},
       "the third retry came after 100 s, not 240: Resync_Error_Retry_Delay is not 60,120,240,480, "
       "or the phone restarted or was asked meanwhile"},
      {{{0, 200}, {1800, 200}},
       "it came 1800 s behind a success, which Resync_Periodic 3600 does not have: it restarted, "
       "was asked, or is set otherwise"},
      {{{0, 200}, {5500, 200}},
       "it came 5500 s behind a success, later than Resync_Periodic 3600 has it and at no sum of "
       "waits: it was off, in a call, or is set otherwise"},
      {{{0, 200}, {7200, 200}}, ""},
      {{{0, 200}, {3660, 200}}, ""},  // a failure that the log lacks
  };
  const auto expected = client::infer::expected_of(set_to("3600", "60,120,240,480"));
  for (const auto& row : rows) {
    const auto courses = client::infer::courses_of(log_of_lines(row.lines));
    std::string said;
    for (const auto& each : contradictions_of(courses, 0, expected, {})) said += each.sentence;
    CHECK(said == row.expected);
  }
}

}  // namespace compare_test
