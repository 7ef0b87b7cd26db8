#include "test/client/expect/world.hpp"

// Runs that end because an expectation can no longer hold.
namespace lost_test {

using namespace provphone;
using namespace provphone::test;

TEST_CASE("an expectation is lost once it can no longer hold, and no sooner") {
  struct Row {
    std::string expectation;
    bool before, after;  // the second request, the failure and the document
  };
  for (const auto& [expectation, before, after] :
       std::vector<Row>{{"requests: /a, max: 1", false, true},
                        {"requests: /a, count: 1", false, true},
                        {"requests: /a, max: 2", false, false},
                        {"requests: /a, min: 5", false, false},
                        {"requests: /a, each: true, max: 1", false, true},
                        {"requests: /a, each: true, max: 2", false, false},
                        {"requests: /a, none: true", true, true},
                        {"requests: /a, none: true, phones: 000e08001001", false, false},
                        {"error: forbidden, none: true", false, true},
                        {"error: forbidden, min: 2", false, false},
                        {"no_request_before: 500ms", false, false},
                        {"no_request_before: 2s", true, true},
                        {"no_foreign_identity: true", false, true},
                        {"nothing_provisioned: true", false, true},
                        {"converged: 100%, within: 1s", false, false},
                        {"parameter: GPP_A, equals: a", false, false},
                        {"requests: /a, then: [/b]", false, false},
                        {"latency: fetch, p99: 1ms", false, false}}) {
    INFO(expectation);
    Told told(phones_that(2, "  - {" + expectation + "}\n"));
    const auto& judge = told.judge_of();
    told.powered(0, 0).powered(1, 0).asks(0, 1, "/a");
    CHECK(judge.knows_of_a_loss() == before);
    told.asks(0, 3, "/a").fails(0, 3, Errc::forbidden).is_sent(0, "<a>000e08001001</a>");
    told.succeeds(0, 9);
    CHECK(judge.knows_of_a_loss() == after);
  }
}

TEST_CASE("parts of a run that have each few enough lose an expectation together") {
  using client::figures::Loss;
  Loss sum;
  add(sum, Loss{false, 2, 3});
  CHECK_FALSE(is_lost(sum));
  add(sum, Loss{false, 1, 3});
  CHECK_FALSE(is_lost(sum));
  add(sum, Loss{false, 1, 3});
  CHECK(is_lost(sum));
  // Without a limit, be there many.
  Loss unlimited;
  add(unlimited, Loss{false, 1'000, {}});
  CHECK_FALSE(is_lost(unlimited));
  add(unlimited, Loss{true, 0, {}});
  CHECK(is_lost(unlimited));

  const auto losses_with = [](const std::string& expectation) {
    Told told(phones_that(2, "  - {" + expectation + "}\n"));
    const auto& judge = told.judge_of();
    told.powered(0, 0).powered(1, 0).asks(0, 1, "/a").asks(1, 1, "/a");
    return judge.losses().at(0);
  };
  const auto together = losses_with("requests: /a, max: 3");
  CHECK(together.counted == 2);
  CHECK(together.most == 3);
  // What each phone may do no two parts do together.
  auto each = losses_with("requests: /a, each: true, max: 1");
  add(each, each);
  CHECK_FALSE(is_lost(each));
}

TEST_CASE("a lost expectation ends a run with a fail, and what held so far is open") {
  Told told(phones_that(2, "  - {requests: /a, none: true}\n  - {requests: /b, max: 3}\n"));
  told.powered(0, 0).asks(0, 1, "/a").is_lost_at(1);
  CHECK(told.statuses() == "failed undecided");
  const auto verdicts = told.verdicts();
  CHECK(verdicts.verdict == client::figures::Verdict::fail);
  CHECK(headline(verdicts).ends_with("; that ended the run"));
  CHECK(headline(verdicts).starts_with("an expectation failed: requests: /a, none: true"));
}

}  // namespace lost_test
