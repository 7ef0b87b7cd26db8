#include "client/transport/dhcp_life.hpp"

#include "resync/random.hpp"

#include <algorithm>

namespace provphone::client::transport::dhcp {
namespace {

using namespace std::chrono_literals;
using resync::Duration;
using resync::Time;
using State = LeaseState;

struct Living {
  LeaseLife& life;
  Time now;
  std::vector<LeaseOutput>& outputs;
};

bool holds_lease(State state) {
  return state == State::bound || state == State::renewing || state == State::rebinding;
}

// Of what is held; Time::max(): never.
Time end_of_lease(const LeaseLife& life) {
  return life.terms.length == 0s ? Time::max() : life.granted + life.terms.length;
}

// RFC 2131 §4.1: 4 s, twice as long each time and 64 s at most, give or take a second by chance.
Duration wait_behind(const LeaseLife& life) {
  const auto doubled = std::chrono::seconds(4U << std::min(life.tries - 1, 4U));
  const auto chance = resync::mix(life.seed ^ resync::mix(life.questions * 64U + life.tries));
  return doubled + Duration(static_cast<std::int64_t>(chance % 2'001) - 1'000);
}

// §4.4.5: with a lease half of the time that is left to the next state, and a minute at least.
Time next_try(const LeaseLife& life, Time now) {
  if (!holds_lease(life.state)) return now + wait_behind(life);
  const auto until = life.state == State::renewing
                         ? life.granted + Duration(life.terms.rebind_after)
                         : end_of_lease(life);
  return std::min(until, now + std::max(Duration((until - now) / 2), Duration(60s)));
}

Asking asking_in(State state) {
  switch (state) {
    case State::requesting:
      return Asking::request;
    case State::renewing:
      return Asking::renew;
    case State::rebinding:
      return Asking::rebind;
    case State::informing:
      return Asking::inform;
    default:
      return Asking::discover;
  }
}

void ask(Living& s) {
  auto& life = s.life;
  ++life.tries;
  Question question;
  question.what = asking_in(life.state);
  question.transaction = life.transaction;
  question.elapsed = s.now - life.asked;
  question.about = life.terms;
  s.outputs.emplace_back(Ask{std::move(question)});
  life.due = next_try(life, s.now);
}

// A question of its own. 24 bits, which both versions have room for.
void ask_anew(Living& s, State state) {
  auto& life = s.life;
  life.state = state;
  life.asked = s.now;
  life.tries = 0;
  ++life.questions;
  life.transaction =
      static_cast<std::uint32_t>(resync::mix(life.seed + life.questions) & 0xffffffU);
  ask(s);
}

void begin(Living& s) {
  if (s.life.wanted == Wanted::options_alone) return ask_anew(s, State::informing);
  s.life.terms = {};
  ask_anew(s, State::selecting);
}

void lose(Living& s) {
  s.outputs.emplace_back(Lost{});
  begin(s);
}

void time_came(Living& s) {
  auto& life = s.life;
  if (life.due > s.now) return;
  if (life.state == State::init) return begin(s);
  if (holds_lease(life.state)) {
    if (s.now >= end_of_lease(life)) return lose(s);
    const auto rebind = life.granted + Duration(life.terms.rebind_after);
    if (s.now >= rebind && life.state != State::rebinding) return ask_anew(s, State::rebinding);
    return life.state == State::bound ? ask_anew(s, State::renewing) : ask(s);
  }
  if (life.tries < life.most_tries) return ask(s);
  // An offer that came to nothing is none; another server may do.
  if (life.state == State::requesting) return begin(s);
  life.state = State::init;
  life.due = Time::max();
  s.outputs.emplace_back(GaveUp{});
}

void granted(Living& s, const Terms& terms) {
  auto& life = s.life;
  const bool is_informed = life.state == State::informing;
  const auto own_address = life.terms.address;
  life.terms = terms;
  life.granted = life.asked;
  life.state = is_informed ? State::informed : State::bound;
  life.due = Time::max();
  if (is_informed) {
    life.terms.address = own_address;
  } else if (terms.length > 0s) {
    life.due = life.granted + Duration(terms.renew_after);
  }
  s.outputs.emplace_back(Granted{life.terms});
}

// A server that offers what it then refuses must not be asked without end (as §3.1.5 has it of
// addresses that turn out to be in use).
void was_refused(Living& s) {
  auto& life = s.life;
  life.due = life.state == State::informing ? Time::max() : s.now + Duration(10s);
  life.state = State::init;
  s.outputs.emplace_back(Refused{});
}

void answered(Living& s, const Answer& answer) {
  auto& life = s.life;
  const bool is_out = life.state != State::init && life.state != State::bound &&
                      life.state != State::informed && answer.transaction == life.transaction;
  if (!is_out) return;
  switch (answer.what) {
    case Answering::offer:
      if (life.state != State::selecting || answer.terms.address.empty()) return;
      life.terms = answer.terms;
      return ask_anew(s, State::requesting);
    case Answering::ack: {
      const bool wants_address = life.state != State::informing;
      if (life.state == State::selecting || (wants_address && answer.terms.address.empty())) return;
      return granted(s, answer.terms);
    }
    case Answering::nak:
      // §4.4.1: what is held is gone, and the phone begins again.
      if (holds_lease(life.state)) return lose(s);
      if (life.state != State::selecting) was_refused(s);
  }
}

}  // namespace

std::vector<LeaseOutput> advance(LeaseLife& life, const LeaseInput& input, Time now) {
  std::vector<LeaseOutput> outputs;
  Living s{life, now, outputs};
  if (const auto* answer = std::get_if<Answer>(&input)) {
    answered(s, *answer);
  } else if (std::holds_alternative<Begin>(input)) {
    begin(s);
  } else if (std::holds_alternative<TimeCame>(input)) {
    time_came(s);
  } else {
    life.state = State::init;
    life.due = Time::max();
  }
  return outputs;
}

}  // namespace provphone::client::transport::dhcp
