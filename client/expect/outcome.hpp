#pragma once

#include "client/expect/judge.hpp"
#include "client/expect/roll_call.hpp"
#include "client/figures/cut_short.hpp"
#include "client/figures/outcome.hpp"

namespace provphone::client::expect {

// How a run came to its end.
struct Finish {
  figures::RunEnd end = figures::RunEnd::by_itself;
  resync::Duration length{};  // that it lasted
  figures::Aim aim;
};

// What the run came to. `judge`: null where nothing is expected; told of what the phones end up
// with.
figures::Outcome outcome_of(const RollCall& roll, const Judge* judge, const Finish& finish);

}  // namespace provphone::client::expect
