#pragma once

#include "client/figures/outcome.hpp"
#include "client/forecast/model_server.hpp"
#include "macro/rule.hpp"
#include "resync/retrieval.hpp"
#include "resync/time.hpp"

#include <barrier>
#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

// Where workers meet whose phones share a server (rounds.cpp): the requests that they have made
// and the server has not taken yet, in the order that does not depend on workers.
namespace provphone::client::forecast {

// A place in that order. What one phone does within an instant is in the order in which it does so.
struct Moment {
  resync::Time at = resync::Time::max();
  std::uint32_t phone = 0;

  friend auto operator<=>(const Moment&, const Moment&) = default;
};

// What a phone does to a server that wants to know who it is.
enum class Challenged : std::uint8_t { fails, answers };

struct Undecided {
  Moment made;
  std::uint32_t number;  // of the phone's requests
  macro::Scheme scheme;
  Challenged challenged = Challenged::fails;
  std::unique_ptr<const resync::Request> what{};  // null: of a phone that is asleep
};

// One that has had its turn, if no earlier request comes to light.
struct TurnTaken {
  Moment made;
  ServerQueue behind;  // it
};

// What the others see of a worker. Written by that one alone, each member in one part of a round
// and read in others, between which all wait for each other.
struct alignas(64) Seat {
  resync::Time next{};                          // of whatever is left to do; Time::max(): nothing
  std::optional<figures::RunEnd> interruption;  // that has come to its notice
  std::vector<Undecided> requests;              // in their order
  // Before this none of its phones makes a request that is not in the list.
  Moment no_more_before;
};

class Meeting {
 public:
  explicit Meeting(unsigned workers) : seats_(workers), barrier_(workers) {}

  std::vector<Seat>& seats() { return seats_; }
  // Until all have come here.
  void wait() { barrier_.arrive_and_wait(); }

 private:
  std::vector<Seat> seats_;
  std::barrier<> barrier_;
};

}  // namespace provphone::client::forecast
