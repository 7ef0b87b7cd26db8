#include "client/infer/window.hpp"

#include <catch2/catch.hpp>

namespace window_test {
namespace {

using namespace provphone;
using client::infer::densest_window;
using client::infer::roundest_in;
using client::infer::Seconds;
using client::infer::Window;

}  // namespace

TEST_CASE("the roundest number of a window is the one that a person would write") {
  struct Row {
    Window window;
    Seconds expected;
  };
  const std::vector<Row> rows{
      {{3599, 3601}, 3600}, {{3540, 3610}, 3600}, {{59, 61}, 60},          {{99, 101}, 100},
      {{0, 2}, 0},          {{119, 119}, 119},    {{85000, 87000}, 86400}, {{237, 242}, 240},
      {{247, 253}, 250},    {{6, 7}, 7}};
  for (const auto& row : rows) {
    INFO(row.window.from << ".." << row.window.to);
    CHECK(roundest_in(row.window) == row.expected);
  }
}

TEST_CASE("what does not belong to a window moves neither of its ends") {
  std::vector<Seconds> values{12, 350, 1800, 2900, 7300, 7350, 7900};
  for (Seconds each = 3600; each <= 4200; each += 3) values.push_back(each);
  std::sort(values.begin(), values.end());
  const auto fit = densest_window(values);
  REQUIRE(fit);
  CHECK(fit->window == Window{3600, 4200});
  CHECK(fit->inside == 201);
  CHECK(fit->observed == 208);
  CHECK_FALSE(densest_window({}));
}

}  // namespace window_test
