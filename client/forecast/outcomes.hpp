#pragma once

#include "client/forecast/meeting.hpp"
#include "client/forecast/model_server.hpp"
#include "resync/machine.hpp"
#include "resync/retrieval.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

// What answers of a modelled server come to for phones that are asleep (asleep.cpp).
namespace provphone::client::forecast {

// By phones in a state, for one of their rules.
struct Answered {
  std::uint32_t rest_state;
  std::uint32_t slot;
  ServerAct act;
  // Its number and one; 0: none.
  std::size_t profile;

  friend bool operator==(const Answered&, const Answered&) = default;
};
struct AnsweredHash {
  std::size_t operator()(const Answered& answered) const;
};

struct Outcome {
  std::uint32_t rest_state;
  resync::Event event;
  std::shared_ptr<const resync::RuleFailure> failure;  // null: it is none
};

// What trying an answer out changes of a phone.
struct Before {
  resync::Phone machine;
  std::uint32_t rest_state;
};

// An answer, tried out on the phone that it is for (rounds.cpp).
struct Tried {
  Turn turn{};
  ModelAnswer answer{};
  Moment asks_again{};  // at the earliest
  // Null: the answer is still to be delivered. Else the machine has taken it and decided this.
  const Outcome* outcome = nullptr;
  Before before{};
  resync::Effects effects{};
};

}  // namespace provphone::client::forecast
