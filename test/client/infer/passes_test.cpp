#include "client/infer/passes.hpp"

#include "test/client/infer/logs.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace passes_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using client::infer::Pass;
using client::infer::PassOutcome;

// `begin-end outcome`, by pass, in seconds.
std::string shown_passes(const std::vector<Line>& lines) {
  const auto seen = log_of_lines(lines);
  std::string text;
  for (const auto& pass : client::infer::passes_of(seen, seen.phones[0])) {
    const auto seconds = [](auto at) {
      return static_cast<double>((at - log_start).count()) / 1000;
    };
    const char* outcome = pass.outcome == PassOutcome::failed      ? "failed"
                          : pass.outcome == PassOutcome::succeeded ? "succeeded"
                                                                   : "unknown";
    text += fmt::format("{}{}-{} {}", text.empty() ? "" : ", ", seconds(pass.began),
                        seconds(pass.ended), outcome);
  }
  return text;
}

}  // namespace

TEST_CASE("requests close together are one pass", "[R-RESYNC-14][R-RESYNC-15][R-TFTP-06]") {
  struct Row {
    const char* what;
    std::vector<Line> lines;
    std::string passes;
  };
  const std::vector<Row> rows{
      {"one request", {{10, 200}}, "10-10 succeeded"},
      {"the transfer counts", {{10, 200, "/a.xml", 1500}}, "10-11.5 succeeded"},
      {"two rules", {{10, 200, "/a.xml"}, {11, 200, "/b.xml"}}, "10-11 succeeded"},
      {"the second fails", {{10, 200, "/a.xml"}, {11, 503, "/b.xml"}}, "10-11 failed"},
      {"behind a failure comes no rule",
       {{10, 503, "/a.xml"}, {14, 200, "/b.xml"}},
       "10-10 failed, 14-14 succeeded"},
      {"a challenge and a login", {{10, 401}, {12, 200}}, "10-12 succeeded"},
      {"a login that is refused", {{10, 401}, {10, 401}, {10, 401}}, "10-10 failed"},
      {"a redirect to another file", {{10, 302}, {11, 200, "/new.xml"}}, "10-11 succeeded"},
      {"a redirect to elsewhere", {{10, 302}}, "10-10 unknown"},
      {"a short period", {{10, 200}, {13, 200}}, "10-10 succeeded, 13-13 succeeded"},
      {"a short retry", {{10, 503}, {13, 503}}, "10-10 failed, 13-13 failed"},
      {"over TFTP", {{10, 0}}, "10-10 unknown"},
      {"over TFTP, once more", {{10, 0}, {15, 0}}, "10-15 unknown"},
      {"over TFTP, never answered",
       {{10, 0}, {15, 0}, {20, 0}, {25, 0}, {30, 0}, {95, 0}},
       "10-35 failed, 95-95 unknown"},
      {"firmware is none", {{10, 200}, {12, 200, "/fw/x.loads"}}, "10-10 succeeded"},
      {"periods apart", {{0, 200}, {600, 404}}, "0-0 succeeded, 600-600 failed"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    CHECK(shown_passes(row.lines) == row.passes);
  }
}

}  // namespace passes_test
