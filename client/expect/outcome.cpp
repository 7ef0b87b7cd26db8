#include "client/expect/outcome.hpp"

namespace provphone::client::expect {

figures::Outcome outcome_of(const RollCall& roll, const Judge* judge, const Finish& finish) {
  figures::Outcome outcome;
  outcome.extent = roll.extent();
  outcome.end = finish.end;
  outcome.length = finish.length;
  outcome.failures = roll.failures();
  outcome.done = roll.work_done();
  if (auto reason = cut_short(outcome, finish.length, finish.aim))
    outcome.void_reasons.push_back(*std::move(reason));
  if (judge == nullptr) return outcome;
  Hour hour{resync::Time{finish.length}, !outcome.void_reasons.empty(),
            finish.end == figures::RunEnd::by_itself};
  outcome.evidence = judge->evidence(roll, hour);
  outcome.may_stay_unprovisioned = judge->expects_nothing();
  return outcome;
}

}  // namespace provphone::client::expect
