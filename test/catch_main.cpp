#define CATCH_CONFIG_RUNNER
#include "test/not_run.hpp"

#include <catch2/catch.hpp>

#include <iostream>
#include <map>
#include <optional>
#include <string>

// What a test program says of itself with its exit status. CTest knows a skipped test by it, so
// that no number of failures may look like it, as Catch2's own statuses would: they count failures.
namespace {

constexpr int failed = 1;
constexpr int nothing_ran = 4;  // every test case was skipped; Catch2 3 says it so, too

std::map<std::string, std::string> skipped;  // names of test cases, and why
std::optional<std::size_t> cases;            // that were chosen, once they are through

struct RunListener : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testRunEnded(const Catch::TestRunStats& stats) override {
    cases = stats.totals.testCases.total();
  }
};
CATCH_REGISTER_LISTENER(RunListener)

int exit_status(int of_catch) {
  if (!cases) return of_catch;  // tests were listed, or the command line was wrong
  for (const auto& [name, why] : skipped) std::cerr << "not run: " << name << ": " << why << '\n';
  if (of_catch != 0) return failed;
  if (*cases == 0) {
    std::cerr << "there is no such test case\n";
    return failed;
  }
  return skipped.size() == *cases ? nothing_ran : 0;
}

}  // namespace

void provphone::test::not_run(std::string_view why) {
  skipped.emplace(Catch::getResultCapture().getCurrentTestName(), why);
  SUCCEED("not run: " << why);  // a case without any assertion fails
  throw Catch::TestFailureException();
}

int main(int argc, char** argv) {
  Catch::Session session;
  session.configData().warnings = Catch::WarnAbout::NoAssertions;
  return exit_status(session.run(argc, argv));
}
