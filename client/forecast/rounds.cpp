#include "client/forecast/worker.hpp"

#include <algorithm>
#include <utility>

// Workers whose phones share a server. What its queue makes of a request depends on all requests
// before it, and on nothing else that other phones do. So each worker drives its phones through a
// stretch of time by itself and leaves their requests open; then all of them take the open requests
// of all through the queue, in one order, and every worker learns what its own come to. A phone
// with an open request has to wait: what would happen to it is held back.
//
// How far they may go: an answer can make its phone ask once more, and that request may come before
// others that are open already. Every answer is tried out on its phone, which says when that phone
// can ask again; nothing is decided in this round that lies behind the earliest such moment, or
// behind what any worker has driven. The first of all open requests is decided in this round or in
// the next one. How long a stretch is decides how long it takes, and changes nothing else.
namespace provphone::client::forecast {

using resync::Duration;
using resync::Time;
using trace::EventKind;

namespace {

// The seat whose first request that is not taken yet is the earliest of all; nothing where none is
// left.
std::optional<std::size_t> next_seat(const std::vector<Seat>& seats,
                                     const std::vector<std::size_t>& taken) {
  std::optional<std::size_t> next;
  for (std::size_t i = 0; i < seats.size(); ++i) {
    if (taken[i] == seats[i].requests.size()) continue;
    const auto& made = seats[i].requests[taken[i]].made;
    if (!next || made < seats[*next].requests[taken[*next]].made) next = i;
  }
  return next;
}

bool asks_for_something(const resync::Effects& effects) {
  return std::any_of(effects.begin(), effects.end(), [](const resync::Effect& effect) {
    return resync::input_of(effect).has_value();
  });
}

}  // namespace

std::optional<figures::RunEnd> Worker::drive_in_rounds() {
  const Time end{run_.length};
  while (true) {
    seat().next = next_moment();
    seat().interruption = interruption_;
    place_.meeting->wait();
    auto next = Time::max();
    for (const auto& each : place_.meeting->seats()) {
      next = std::min(next, each.next);
      if (each.interruption) return each.interruption;
    }
    if (next > end) return std::nullopt;
    drive_on(end);
    place_.meeting->wait();
    take_turns();
    place_.meeting->wait();
    decide();
  }
}

Time Worker::next_moment() {
  auto next = Time::max();
  if (!queue_.empty()) {
    next =
        Time{Duration{queue_.next_at([this](const QueuedEvent& soon) { read_ahead(soon.phone); })}};
  }
  const auto& requests = seat().requests;
  return requests.empty() ? next : std::min(next, requests.front().made.at);
}

// Until so many requests are open that going on would be in vain, but at least to the first of
// them: nothing is decided that lies behind what a worker has driven.
void Worker::drive_on(Time end) {
  auto& requests = seat().requests;
  const auto left = requests.size();
  const auto first = requests.empty() ? Time::min() : requests.front().made.at;
  driven_to_ = Time::max();
  while (!queue_.empty()) {
    const Time next{Duration{queue_.next_at([this](const auto& soon) { read_ahead(soon.phone); })}};
    driven_to_ = next;
    if (next > end || (requests.size() >= most_open_ && next > first)) break;
    driven_to_ = Time::max();
    now_ = next;
    const auto event = queue_.pop();
    if (phone(event.phone).undecided > 0)
      held_[event.phone].push_back(event);
    else
      take(event);
    if (const auto interruption = look_up_once()) interruption_ = interruption;
  }
  // Those that were left are later than some that have joined them.
  std::inplace_merge(requests.begin(), requests.begin() + static_cast<std::ptrdiff_t>(left),
                     requests.end(),
                     [](const Undecided& a, const Undecided& b) { return a.made < b.made; });
}

void Worker::leave_undecided(Undecided request) {
  ++phone(request.made.phone).undecided;
  seat().requests.push_back(std::move(request));
}

// Every worker takes the requests of all, so that none has to wait for another one's result.
void Worker::take_turns() {
  auto& seats = place_.meeting->seats();
  taken_.assign(seats.size(), 0);
  turns_.clear();
  tried_.clear();
  Moment no_more_before{driven_to_, 0};
  while (const auto from = next_seat(seats, taken_)) {
    const auto& request = seats[*from].requests[taken_[*from]];
    if (no_more_before < request.made) break;
    ++taken_[*from];
    const auto turn = server_.take_turn(request.made.at);
    turns_.push_back({request.made, server_.queue()});
    if (*from != place_.seat) continue;
    try_out(request, turn, tried_.emplace_back());
    no_more_before = std::min(no_more_before, tried_.back().asks_again);
  }
  seat().no_more_before = no_more_before;
}

// Takes the answer already, if nothing but time lies between the phone and it.
void Worker::try_out(const Undecided& request, const Turn& turn, Tried& tried) {
  const auto number = request.made.phone;
  auto& it = phone(number);
  tried.turn = turn;
  tried.answer = answer_to(request, turn);
  tried.asks_again = {tried.answer.at, number};
  if (const auto held = held_.find(number); held != held_.end()) {
    const Time first{Duration{held->second.front().at}};
    tried.asks_again.at = std::min(tried.asks_again.at, first);
    return;
  }
  // What was held back and is in the queue again counts as planned no more, but is not driven yet.
  const bool is_driven = !queue_.has_late() || tried.answer.at < driven_to_;
  const bool is_next =
      is_driven && tried.answer.at < planned_.next() && tried.answer.at <= Time{run_.length};
  if (request.what || !is_next) return;
  it.act = tried.answer.act;
  now_ = tried.answer.at;
  const auto* outcome = known_outcome_of(number);
  if (outcome == nullptr) return;
  tried.before = {it.machine, it.rest_state};
  it.rest_state = outcome->rest_state;
  tried.effects = step(number, outcome->event);
  if (asks_for_something(tried.effects)) return restore(number, tried.before);
  tried.outcome = outcome;
  // What came due while the phone waited is due now.
  tried.asks_again.at = std::max(it.machine.due, tried.answer.at);
}

ModelAnswer Worker::answer_to(const Undecided& request, const Turn& turn) const {
  const auto number = request.made.phone;
  return server_.answer(
      {request.made.at, number, request.number, request.scheme, request.what.get()},
      personality_of(number), turn);
}

void Worker::restore(std::uint32_t number, const Before& before) {
  phone(number).machine = before.machine;
  phone(number).rest_state = before.rest_state;
}

void Worker::decide() {
  Moment no_more_before;
  for (const auto& each : place_.meeting->seats())
    no_more_before = std::min(no_more_before, each.no_more_before);
  auto& requests = seat().requests;
  std::size_t decided = 0;
  for (std::size_t i = 0; i < tried_.size(); ++i) {
    if (no_more_before < requests[i].made) {
      if (tried_[i].outcome != nullptr) restore(requests[i].made.phone, tried_[i].before);
      continue;
    }
    let_be(requests[i], tried_[i]);
    ++decided;
  }
  requests.erase(requests.begin(), requests.begin() + static_cast<std::ptrdiff_t>(decided));
  // The queue as all workers leave it. What has come first is decided, so that something is left.
  while (!turns_.empty() && no_more_before < turns_.back().made) turns_.pop_back();
  if (!turns_.empty()) server_.set_queue(turns_.back().behind);
  // What a round costs is shared by its requests.
  constexpr std::size_t fewest = 16;
  constexpr std::size_t most = 1'024;
  most_open_ = std::clamp(2 * decided, fewest, most);
}

void Worker::let_be(const Undecided& request, const Tried& tried) {
  const auto number = request.made.phone;
  auto& it = phone(number);
  now_ = request.made.at;
  count(number, request.challenged, tried.turn, tried.answer);
  if (request.what) {
    answer_awake(number, request.number, tried.answer);
  } else {
    answer_asleep(number, tried.answer);
  }
  if (tried.outcome == nullptr) {
    queue_answer(number, request.number, tried.answer);
  } else {
    it.is_waiting = false;
    now_ = tried.answer.at;
    failure_ = tried.outcome->failure;
    tell(number, tried.effects);
    queue_deadline(number, Time::max());
  }
  if (--it.undecided > 0) return;
  const auto held = held_.find(number);
  if (held == held_.end()) return;
  for (const auto& event : held->second) queue_.push(event);
  held_.erase(held);
}

}  // namespace provphone::client::forecast
