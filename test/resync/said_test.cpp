#include "test/resync/retrieval_bench.hpp"

namespace said_test {

using namespace provphone;
using namespace provphone::resync;
using test::Bench;

TEST_CASE("what a server says that refuses goes with its answer and with the failure",
          "[R-HTTP-22]") {
  Bench phone;
  phone.set("Profile_Rule", "http://h/x").take(EvaluateRule{0});
  phone.answered(403, "<p>Not <b>enrolled</b>, password=x</p>");
  REQUIRE(phone.find<AnswerSeen>());
  CHECK(phone.find<AnswerSeen>()->said == "Not enrolled, password=********");
  CHECK(phone.retrievals.failure.said == "Not enrolled, password=********");
  // The next failure is not told in the words of the one before.
  phone.take(EvaluateRule{0}).failed(Errc::connection_refused);
  CHECK(phone.find<AnswerSeen>()->said.empty());
  CHECK(phone.retrievals.failure.said.empty());
}

TEST_CASE("nothing is said by an answer that refuses nothing") {
  Bench phone;
  phone.set("Profile_Rule", "http://h/x").take(EvaluateRule{0});
  phone.answered(302, "moved", "http://h/y");
  CHECK(phone.find<AnswerSeen>()->said.empty());
  phone.answered(200, "no profile");
  CHECK(phone.find<AnswerSeen>()->said.empty());
  CHECK(phone.retrievals.failure.said.empty());
}

}  // namespace said_test
