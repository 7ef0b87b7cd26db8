#include "client/drive/detail/real_impl.hpp"
#include "client/drive/detail/stages.hpp"

#include <algorithm>
#include <utility>

// What is on its way: fetches that wait for their turn, exchanges, and SRV records.
namespace provphone::client::drive {

using detail::Instant;
using resync::Lane;

namespace {

std::int64_t microseconds(Instant::duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

}  // namespace

void RealDriver::Impl::fetch(std::size_t index, resync::Fetch fetch) {
  if (run_.witness) run_.witness->asked(conductor_.now(), number(index), fetch);
  auto& slot = awake(index);
  const auto lane = fetch.lane;
  const auto now = clock_.now();
  auto& it = slot.in(lane).emplace();
  if (fetch.keeps_connection && answer_) it.connection = std::move(answer_->connection);
  it.fetch = std::move(fetch);
  it.ticket = ++tickets_;
  // What phones do in their work is due when they had to do it; reports beside it are due now.
  it.due = lane == Lane::work ? slot.due : now;
  waiting_.push_back({static_cast<std::uint32_t>(index), lane, it.ticket, now});
  take_turn(waiting_.back(), now);
  // Behind others it waits as they do.
  if (waiting_.size() == 1) start_waiting();
  if (!waiting_.empty()) arm_timer();
}

void RealDriver::Impl::cancel(std::size_t index, Lane lane) {
  auto& slot = awake(index);
  if (lane == Lane::work) slot.look_up = 0;
  slot.pac_questions[lane] = 0;
  auto& it = slot.in(lane);
  const auto exchange = it ? it->exchange : 0;
  it.reset();
  // It had not started, and takes no place among those in flight.
  if (exchange == 0) return;
  exchange_->cancel(exchange);
  transfer_ended();
}

// Gives a fetch its place in the pace. Waiting for that is asked for, and no lag.
void RealDriver::Impl::take_turn(detail::Waiting& waiting, Instant now) {
  const auto& rate = run_.pace.starts_per_second;
  waiting.not_before = rate ? std::max(now, next_start_) : now;
  if (rate) {
    const auto apart = std::chrono::duration<double>(1 / *rate);
    next_start_ = waiting.not_before + std::chrono::duration_cast<Instant::duration>(apart);
  }
  auto& it = *awake(waiting.index).in(waiting.lane);
  if (rate) it.due = std::max(it.due, waiting.not_before);
}

bool RealDriver::Impl::still_waits(const detail::Waiting& waiting) const {
  if (awake_[waiting.index] == nobody) return false;
  const auto& it = active_phones_[awake_[waiting.index]]->in(waiting.lane);
  return it && it->ticket == waiting.ticket;
}

void RealDriver::Impl::start_waiting() {
  if (clock_.is_paused()) return;
  while (!waiting_.empty() && in_flight_ < run_.pace.most_in_flight) {
    // Strictly in order: one that may start does not overtake one that may not yet.
    const auto next = waiting_.front();
    if (next.not_before > clock_.now()) return;
    waiting_.pop_front();
    if (still_waits(next)) start_transfer(next.index, next.lane);
  }
}

void RealDriver::Impl::set_pace(const Pace& pace) {
  run_.pace = pace;
  const auto now = clock_.now();
  // The new pace has no debts of the old one.
  next_start_ = now;
  std::erase_if(waiting_, [this](const auto& each) { return !still_waits(each); });
  for (auto& each : waiting_) {
    // The old pace may have had it wait for longer, which is no reason to call it early.
    auto& due = awake(each.index).in(each.lane)->due;
    due = std::min(due, now);
    take_turn(each, now);
  }
  start_waiting();
  drain();
  arm_timer();
}

// What transfers that ended meanwhile have led to waits, and is due now.
void RealDriver::Impl::go_on(Instant at) {
  clock_.go_on(at);
  start_waiting();
  drain();
  arm_timer();
}

// A phone whose certificate cannot be made asks for nothing; its retrieval hears of it in its turn.
void RealDriver::Impl::start_transfer(std::size_t index, Lane lane) {
  auto& slot = awake(index);
  auto& it = *slot.in(lane);
  auto& phone = slot.handset.phone;
  it.ticket = 0;
  it.started = clock_.now();
  it.really_started = clock_.real();
  if (it.fetch.request.url.scheme == macro::Scheme::https) {
    if (const auto tls = tls_of(index); !tls) {
      slot.in(lane).reset();
      return conductor_.post(index, resync::Input{resync::NotAsked{lane, tls.error()}});
    }
  }
  ++in_flight_;
  // What is an address already is one at once; a name is one when the exchange says so.
  transport::Exchange::OnResolved on_resolved;
  if (const auto literal = transport::address_literal(resync::host_asked(it.fetch));
      !literal.empty()) {
    conductor_.post(index, resync::Input{resync::Resolved{lane, literal}});
  } else {
    on_resolved = [this, index, lane](const std::string& address) {
      conductor_.post(index, resync::Input{resync::Resolved{lane, address}});
      drain();
    };
  }
  it.exchange = exchange_->start({run_.phones->number(index), std::move(it.fetch), phone.tls,
                                  phone.source_address, std::move(it.connection)},
                                 std::move(on_resolved),
                                 [this, index, lane](Result<resync::Answered> answer,
                                                     const transport::Exchange::Ended& ended) {
                                   exchange_done(index, lane, std::move(answer), ended);
                                 });
}

void RealDriver::Impl::transfer_ended() {
  --in_flight_;
  start_waiting();
}

void RealDriver::Impl::exchange_done(std::size_t index, Lane lane, Result<resync::Answered> answer,
                                     const transport::Exchange::Ended& ended) {
  auto& slot = awake(index);
  const auto it = *std::exchange(slot.in(lane), std::nullopt);
  slot.due = clock_.now();
  const auto failure = answer ? std::optional<Errc>{} : answer.error().code;
  const auto real = clock_.real();
  answer_.emplace(
      detail::AnswerTaken{detail::stage_times(ended.stamps, failure), real, ended.connection});
  // Up to the start by the run's clock, and from there on as long as it took, in a pause too.
  answer_->stages.lag = microseconds(it.started - it.due) + ended.stamps.begun_us;
  answer_->stages.response = microseconds(it.started - it.due + (real - it.really_started));
  if (answer) {
    answer->lane = lane;
    conductor_.post(index, resync::Input{*std::move(answer)});
  } else {
    conductor_.post(index, resync::Input{resync::Failed{lane, std::move(answer.error())}});
  }
  drain();
  answer_.reset();
  // Only now is its place free: what this answer led to waits behind whoever waited before. The
  // second drain() is for what has started then.
  transfer_ended();
  drain();
  arm_timer();
}

// While an answer is taken, the line of the answer and that of the file in it are timed.
void RealDriver::Impl::add_times(std::size_t index, trace::TraceEvent& line) {
  using trace::EventKind;
  if (answer_ && line.event == EventKind::response) line.times = answer_->stages;
  const bool is_of_file = !line.layers.empty() || line.unchanged_body;
  if (answer_ && line.event == EventKind::applied && is_of_file)
    line.times.decode = microseconds(clock_.real() - answer_->taken_from);
  if (!run_.traces_headers || line.event != EventKind::request) return;
  const auto& tls = awake(index).handset.phone.tls;
  if (line.url.starts_with("https:") && tls && tls->certificate)
    line.certificate = identity::subject_of(*tls->certificate);
}

void RealDriver::Impl::look_up(std::size_t index, const resync::LookUp& wanted) {
  awake(index).look_up = ++look_ups_;
  exchange_->look_up(wanted, [this, index, number = look_ups_](auto records) {
    // Records that a phone no longer waits for (power loss, a new pass) are nobody's.
    const bool is_waited_for =
        awake_[index] != nobody && active_phones_[awake_[index]]->look_up == number;
    if (!is_waited_for) return;
    awake(index).look_up = 0;
    conductor_.post(index, resync::Input{resync::NamesFound{std::move(records)}});
    drain();
  });
}

void RealDriver::Impl::ask_pac(std::size_t index, const resync::AskPac& wanted) {
  const auto lane = wanted.lane;
  awake(index).pac_questions[lane] = ++pac_questions_;
  exchange_->ask_pac(
      wanted, [this, index, lane, number = pac_questions_](const Result<std::string>& said) {
        const bool is_waited_for =
            awake_[index] != nobody && active_phones_[awake_[index]]->pac_questions[lane] == number;
        if (!is_waited_for) return;
        awake(index).pac_questions[lane] = 0;
        conductor_.post(index, resync::Input{resync::PacSaid{lane, said}});
        drain();
      });
}

}  // namespace provphone::client::drive
