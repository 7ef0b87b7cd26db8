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
// can ask again; nothing behind the earliest such moment is decided in this round. The first of all
// open requests always is. How long a stretch is decides how long it takes, and changes nothing
// else.
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
  using namespace std::chrono_literals;
  const Time end{run_.length};
  Duration width = 100ms;
  Time until{};
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
    until = std::max(until, std::min(next + width, end + Duration(1)));
    drive_until(until);
    place_.meeting->wait();
    take_turns();
    place_.meeting->wait();
    width = next_width(width, decide());  // the same for all
  }
}

// What a round costs is shared by its requests; where answers keep what follows from being decided,
// a long one is in vain.
Duration Worker::next_width(Duration width, Decided decided) const {
  constexpr std::size_t enough = 1'024;
  constexpr Duration longest = std::chrono::hours(1);
  if (decided == Decided::some) return std::max(width / 2, Duration(1));
  const auto each = open_ / place_.meeting->seats().size();
  if (each < enough) return std::min(width * 2, longest);
  return each > 2 * enough ? std::max(width / 2, Duration(1)) : width;
}

Time Worker::next_moment() {
  auto next = Time::max();
  if (!queue_.empty()) {
    next =
        Time{Duration{queue_.next_at([this](const QueuedEvent& soon) { prefetch(soon.phone); })}};
  }
  const auto& requests = seat().requests;
  return requests.empty() ? next : std::min(next, requests.front().made.at);
}

void Worker::drive_until(Time until) {
  auto& requests = seat().requests;
  const auto left = requests.size();
  const auto comes_soon = [this](const QueuedEvent& soon) { prefetch(soon.phone); };
  while (!queue_.empty() && queue_.next_at(comes_soon) < until.time_since_epoch().count()) {
    const auto event = queue_.pop(comes_soon);
    now_ = Time{Duration{event.at}};
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
  open_ = 0;
  for (const auto& each : seats) open_ += each.requests.size();
  taken_.assign(seats.size(), 0);
  turns_.clear();
  tried_.clear();
  Moment no_more_before;
  while (const auto from = next_seat(seats, taken_)) {
    const auto& request = seats[*from].requests[taken_[*from]];
    if (no_more_before < request.made) break;
    ++taken_[*from];
    const auto turn = server_.take_turn(request.made.at);
    turns_.push_back({request.made, server_.queue()});
    if (*from != place_.seat) continue;
    tried_.push_back(try_out(request, turn));
    no_more_before = std::min(no_more_before, tried_.back().asks_again);
  }
  seat().no_more_before = no_more_before;
}

// Takes the answer already, if nothing but time lies between the phone and it.
Tried Worker::try_out(const Undecided& request, const Turn& turn) {
  const auto number = request.made.phone;
  auto& it = phone(number);
  Tried tried{.turn = turn, .answer = answer_to(request, turn), .asks_again = {}};
  tried.asks_again = {tried.answer.at, number};
  const auto held = held_.find(number);
  if (held != held_.end()) {
    const Time first{Duration{held->second.front().at}};
    tried.asks_again.at = std::min(tried.asks_again.at, first);
    return tried;
  }
  const bool is_next = tried.answer.at < planned_.next() && tried.answer.at <= Time{run_.length};
  if (request.what || !is_next) return tried;
  it.act = tried.answer.act;
  now_ = tried.answer.at;
  const auto* outcome = known_outcome_of(number);
  if (outcome == nullptr) return tried;
  tried.before = {it.machine, it.rest_state};
  it.rest_state = outcome->rest_state;
  tried.effects = step(number, outcome->event);
  if (asks_for_something(tried.effects)) {
    restore(number, tried.before);
    return tried;
  }
  tried.outcome = outcome;
  // What came due while the phone waited is due now.
  tried.asks_again.at = std::max(it.machine.due, tried.answer.at);
  return tried;
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

Worker::Decided Worker::decide() {
  Moment no_more_before;
  for (std::size_t i = 0; i < place_.meeting->seats().size(); ++i)
    no_more_before = std::min(no_more_before, place_.meeting->seats()[i].no_more_before);
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
  return turns_.size() == open_ ? Decided::all : Decided::some;
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
