#include "client/input/duration.hpp"

#include <catch2/catch.hpp>

namespace duration_test {

using namespace provphone;
using namespace std::chrono_literals;

TEST_CASE("durations are read with their unit and nothing else") {
  using client::input::parse_duration;
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("2h") == 2h);
  CHECK(parse_duration("0s") == 0s);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("1h0m2s500ms") == 1h + 2s + 500ms);
  CHECK(parse_duration("90m1s") == 90min + 1s);
  for (const auto* text :
       {"", "5", "s", "-5s", "5 s", "1.5s", "5d", "99999999999999999999s", "9999999h", "5sx",
        "30m1h", "1m2m", "1h30", "1h-5m", "1h 5m", "h", "1hm", "87672h1ms"}) {
    INFO(text);
    REQUIRE_FALSE(parse_duration(text));
    CHECK(parse_duration(text).error().code == Errc::bad_argument);
  }
}

}  // namespace duration_test
