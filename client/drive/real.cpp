#include "client/drive/real.hpp"

#include "client/drive/detail/real_impl.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace provphone::client::drive {

using detail::Instant;

namespace {

std::int64_t milliseconds_of(resync::Time time) {
  return time == resync::Time::max() ? TimerWheel::never : time.time_since_epoch().count();
}

resync::SaltKey random_salt() {
  resync::SaltKey salt{};
  if (RAND_bytes(reinterpret_cast<unsigned char*>(salt.data()), sizeof salt) != 1)
    throw std::runtime_error("the system has no random numbers for the salts of reports");
  return salt;
}

}  // namespace

RealDriver::Impl::Impl(std::unique_ptr<Clock> clock, std::unique_ptr<transport::Exchange> exchange,
                       RealRun run)
    : run_(std::move(run)),
      clock_(std::move(clock)),
      exchange_(std::move(exchange)),
      conductor_(*this, {run_.seed, run_.wall, run_.salt}),
      started_(run_.start.value_or(clock_.now())),
      awake_(run_.phones->count(), nobody),
      deadlines_(run_.phones->count()) {
  clock_.on_ring([this] {
    // What it rang for is over. Whatever is still to come is found by arm_timer().
    armed_for_ = Instant::max();
    take_what_is_due();
    arm_timer();
  });
  arm_timer();
}

// --- who is awake

detail::ActivePhone& RealDriver::Impl::awake(std::size_t index) {
  if (awake_[index] != nobody) return *active_phones_[awake_[index]];
  if (free_places_.empty()) {
    free_places_.push_back(static_cast<std::uint32_t>(active_phones_.size()));
    active_phones_.push_back(nullptr);
  }
  awake_[index] = free_places_.back();
  free_places_.pop_back();
  auto& place = active_phones_[awake_[index]];
  if (place) {
    // Its last phone came to rest, so nothing is under way in it.
    place->handset.phone = run_.phones->take(index);
  } else {
    place.reset(new detail::ActivePhone{{run_.phones->take(index), {}}, {}, {}, 0, {}});
  }
  return *place;
}

void RealDriver::Impl::let_rest(std::size_t index) {
  auto& slot = *active_phones_[awake_[index]];
  run_.phones->bring_back(index, std::move(slot.handset.phone));
  // All that a phone at rest may leave behind in its retrievals, and none of the next one's
  // business.
  slot.handset.retrievals.failure = {};
  free_places_.push_back(awake_[index]);
  // What one busy moment took is given back when it is over.
  const auto busy = active_phones_.size() - free_places_.size();
  if (free_places_.size() > kept_places + busy) active_phones_[awake_[index]].reset();
  awake_[index] = nobody;
}

DrivenPhone RealDriver::Impl::phone(std::size_t index) const {
  return awake_[index] == nobody ? run_.phones->copy(index)
                                 : active_phones_[awake_[index]]->handset.phone;
}

bool RealDriver::Impl::is_at_rest() const {
  return planned_ == run_.plan.size() && free_places_.size() == active_phones_.size() &&
         deadlines_.armed() == 0 && messages_waiting_ == 0;
}

// --- when

resync::Time RealDriver::Impl::now() const {
  // Down, before the start too: a deadline must not seem to have come before it has.
  return resync::Time{std::chrono::floor<resync::Duration>(clock_.now() - started_)};
}

// One alarm serves all. It is only ever moved forward: one that rings too early costs one look.
void RealDriver::Impl::arm_timer() {
  auto next = Instant::max();
  if (planned_ < run_.plan.size()) next = instant(run_.plan.at(planned_));
  if (const auto deadline = deadlines_.next(); deadline != TimerWheel::never)
    next = std::min(next, started_ + resync::Duration(deadline));
  // What is held starts when something has left or the run goes on, not at a time.
  const bool is_held = clock_.is_paused() || in_flight_ >= run_.pace.most_in_flight;
  if (!waiting_.empty() && !is_held) next = std::min(next, waiting_.front().not_before);
  if (next >= armed_for_) return;
  armed_for_ = next;
  clock_.ring_at(next);
}

void RealDriver::Impl::take_what_is_due() {
  const auto present = now();
  // Before the deadlines of the same instant, as in virtual time (forecast/worker.hpp).
  while (planned_ < run_.plan.size() && run_.plan.at(planned_) <= present)
    apply_event(run_.plan[planned_++], present);
  if (planned_ > 0 && planned_ == run_.plan.size()) forget_plan();
  deadlines_.advance(milliseconds_of(present), [this, present](std::uint32_t index) {
    auto& slot = awake(index);
    // Lag counts from when it was due, however late the loop comes to it.
    slot.due = instant(slot.handset.phone.machine.due);
    conductor_.post(index, resync::Event{resync::DeadlineReached{}});
    conductor_.drain(present);
  });
  start_waiting();
  conductor_.drain(present);
}

// What has come to pass needs no room any more.
void RealDriver::Impl::forget_plan() {
  run_.plan = {};
  planned_ = 0;
}

void RealDriver::Impl::apply_event(const Planned& planned, resync::Time now) {
  auto& slot = awake(planned.phone);
  slot.due = instant(planned.at);
  conductor_.post(planned.phone, stimulus_of(planned.event, planned.brought.get()));
  conductor_.drain(now);
}

void RealDriver::Impl::happens(std::size_t index, const resync::Event& event,
                               std::shared_ptr<const resync::Brought> brought) {
  const auto present = now();
  apply_event({present, static_cast<std::uint32_t>(index), event, std::move(brought)}, present);
  arm_timer();
}

void RealDriver::Impl::power_on(std::size_t index) {
  const auto present = now();
  apply_event({present, static_cast<std::uint32_t>(index), resync::PoweredOn{}, {}}, present);
}

void RealDriver::Impl::request_resync_of_running(std::size_t index) {
  auto& slot = awake(index);
  auto& phone = slot.handset.phone;
  slot.due = clock_.now();
  const auto present = now();
  const auto source = phone.device.macros();
  const auto facts = resync::lookup_of(source);
  phone.machine =
      resync::running_phone(run_.phones->number(index), conductor_.shared(phone, facts), present);
  if (run_.witness) run_.witness->began_running(present, number(index));
  conductor_.post(index, resync::Event{resync::ResyncRequested{}});
  conductor_.drain(present);
}

void RealDriver::Impl::settled(std::size_t index) {
  const auto& handset = awake(index).handset;
  // First, while the phone is here: at rest, its machine is not looked at.
  deadlines_.set(static_cast<std::uint32_t>(index), milliseconds_of(handset.phone.machine.due));
  arm_timer();
  if (handset.is_occupied()) return;
  let_rest(index);
  if (run_.on_pass_over) run_.on_pass_over(index);
}

// --- what is told

void RealDriver::Impl::taking(std::size_t index, const Stimulus& what) {
  if (run_.witness)
    run_.witness->taken(conductor_.now(), number(index), what, awake(index).handset);
}

void RealDriver::Impl::emit(std::size_t index, trace::TraceEvent&& line) {
  line.number = run_.phones->number(index);
  add_times(index, line);
  run_.trace(line);
}

void RealDriver::Impl::document(std::size_t index, std::string_view document,
                                const macro::Url& from) {
  if (run_.on_document) run_.on_document(index, document, from);
}

// The line waits for the message's fate, which takes a look-up where its server's name is new.
void RealDriver::Impl::send_log(std::size_t index, const resync::Log& log, trace::TraceEvent line) {
  line.number = run_.phones->number(index);
  ++messages_waiting_;
  exchange_->send(log, [this, index, alive = std::weak_ptr(alive_),
                        line = std::move(line)](const Result<void>& sent) {
    if (!alive.expired()) message_sent(index, line, sent);
  });
}

void RealDriver::Impl::message_sent(std::size_t index, trace::TraceEvent line,
                                    const Result<void>& sent) {
  --messages_waiting_;
  // A fate that is known at once has the time of the decisions that it stands among.
  const bool is_late = !conductor_.is_draining();
  line.at = is_late ? std::max(now(), line.at) : conductor_.now();
  if (run_.witness)
    run_.witness->message_sent(line.at, line.number,
                               is_late ? FateKnown::later : FateKnown::at_once, sent);
  if (!sent) {
    line.error = sent.error().code;
    line.detail = sent.error().detail;
  }
  run_.trace(line);
  // Whoever waits for the end of the pass may have waited for this.
  if (is_late && awake_[index] == nobody && run_.on_pass_over) run_.on_pass_over(index);
}

// --- the driver

RealDriver::RealDriver(boost::asio::io_context& loop, RealRun run) {
  run.salt = random_salt();
  auto exchange = std::make_unique<transport::SocketExchange>(loop, std::move(run.network));
  impl_ = std::make_unique<Impl>(make_steady_clock(loop), std::move(exchange), std::move(run));
}

RealDriver::RealDriver(std::unique_ptr<Clock> clock, std::unique_ptr<transport::Exchange> exchange,
                       RealRun run)
    : impl_(std::make_unique<Impl>(std::move(clock), std::move(exchange), std::move(run))) {}

RealDriver::~RealDriver() = default;

void RealDriver::happens(std::size_t phone, const resync::Event& event,
                         std::shared_ptr<const resync::Brought> brought) {
  impl_->happens(phone, event, std::move(brought));
}
resync::Time RealDriver::now() const {
  return impl_->now();
}
void RealDriver::power_on(std::size_t phone) {
  impl_->power_on(phone);
}

void RealDriver::request_resync_of_running(std::size_t phone) {
  impl_->request_resync_of_running(phone);
}

bool RealDriver::is_at_rest() const {
  return impl_->is_at_rest();
}

DrivenPhone RealDriver::phone(std::size_t index) const {
  return impl_->phone(index);
}

std::uint32_t RealDriver::number(std::size_t index) const {
  return impl_->number(index);
}

std::size_t RealDriver::in_flight() const {
  return impl_->in_flight();
}

std::size_t RealDriver::messages_waiting() const {
  return impl_->messages_waiting();
}

void RealDriver::set_pace(const Pace& pace) {
  impl_->set_pace(pace);
}

void RealDriver::pause(Clock::Instant at) {
  impl_->pause(at);
}

void RealDriver::go_on(Clock::Instant at) {
  impl_->go_on(at);
}

std::size_t RealDriver::phone_count() const {
  return impl_->phone_count();
}

}  // namespace provphone::client::drive
