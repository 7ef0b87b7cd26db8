#pragma once

#include "client/figures/evidence.hpp"

// Evidence of expectations that nobody wrote, for tests.
namespace provphone::test {

inline client::figures::Evidence evidence_that(const std::string& title,
                                               client::figures::Judgement status) {
  using client::figures::Judgement;
  client::figures::Evidence evidence;
  evidence.title = title;
  evidence.phones = 3;
  evidence.chances = status == Judgement::not_judged ? 0 : 3;
  evidence.without = "there was no chance";
  if (status == Judgement::undecided) evidence.pending = 1;
  if (status != Judgement::failed) return evidence;
  evidence.failed = 1;
  evidence.witnesses = {{1, {MacAddress{0x000e08001001}, "a", "b", {"it was so"}, ""}}};
  return evidence;
}

}  // namespace provphone::test
