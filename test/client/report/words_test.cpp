#include "client/report/words.hpp"

#include <catch2/catch.hpp>

namespace words_test {

using namespace provphone::client::report;

TEST_CASE("counts are grouped by thousands and rounded from ten millions on") {
  struct Row {
    std::uint64_t count;
    const char* text;
  };
  const Row rows[] = {{0, "0"},
                      {999, "999"},
                      {1000, "1 000"},
                      {9'999'999, "9 999 999"},
                      {10'000'000, "10 million"},
                      {1'234'567'890, "1.23 billion"},
                      {UINT64_MAX, "1.84e+19"}};
  for (const auto& row : rows) CHECK(count_text(row.count) == row.text);
}

TEST_CASE("a share is all or nothing only when it is") {
  CHECK(share_text(0, 0) == "0 %");
  CHECK(share_text(0, 10) == "0 %");
  CHECK(share_text(1, 1'000'000) == "0.1 %");
  CHECK(share_text(57, 100) == "57 %");
  CHECK(share_text(999'999, 1'000'000) == "99.9 %");
  CHECK(share_text(10, 10) == "100 %");
}

TEST_CASE("durations are as exact as a person wants to read") {
  CHECK(duration_text(std::int64_t{0}) == "0s");
  CHECK(duration_text(std::int64_t{4}) == "0.004ms");
  CHECK(duration_text(std::int64_t{47}) == "0.05ms");
  CHECK(duration_text(std::int64_t{100}) == "0.1ms");
  CHECK(duration_text(std::int64_t{1'234}) == "1.2ms");
  CHECK(duration_text(std::int64_t{123'400}) == "123ms");
  CHECK(duration_text(std::chrono::milliseconds(12'340)) == "12.3s");
  CHECK(duration_text(std::chrono::seconds(3'723)) == "1h 02m 03s");
  CHECK(duration_text(std::chrono::hours(30)) == "1d 06h 00m");
}

}  // namespace words_test
