#include "client/drive/real.hpp"

#include "client/drive/detail/real_impl.hpp"
#include "client/drive/intake.hpp"

#include <algorithm>

namespace provphone::client::drive {

using detail::EventKind;
using detail::SteadyClock;

namespace {

std::int64_t milliseconds_of(resync::Time time) {
  return time == resync::Time::max() ? TimerWheel::never : time.time_since_epoch().count();
}

}  // namespace

RealDriver::Impl::Impl(boost::asio::io_context& loop, RealRun run)
    : loop_(loop),
      run_(std::move(run)),
      fetcher_(loop, run_.targets),
      syslog_(loop, run_.targets),
      started_(run_.start.value_or(SteadyClock::now())),
      awake_(run_.phones->count(), nobody),
      deadlines_(run_.phones->count()),
      timer_(loop) {
  wait();
}

detail::Slot& RealDriver::Impl::awake(std::size_t index) {
  if (awake_[index] != nobody) return *slots_[awake_[index]];
  if (free_slots_.empty()) {
    free_slots_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.push_back(nullptr);
  }
  awake_[index] = free_slots_.back();
  free_slots_.pop_back();
  auto& place = slots_[awake_[index]];
  if (place) {
    place->phone = run_.phones->take(index);
  } else {
    place.reset(new detail::Slot{run_.phones->take(index), {}, {}, {}, false, {}});
  }
  return *place;
}

void RealDriver::Impl::let_rest(std::size_t index) {
  auto& slot = *slots_[awake_[index]];
  run_.phones->bring_back(index, std::move(slot.phone));
  slot.failure = {};
  free_slots_.push_back(std::exchange(awake_[index], nobody));
}

DrivenPhone RealDriver::Impl::phone(std::size_t index) const {
  return awake_[index] == nobody ? run_.phones->copy(index) : slots_[awake_[index]]->phone;
}

void RealDriver::Impl::request_resync_of_running(std::size_t index) {
  auto& it = awake(index);
  it.due = SteadyClock::now();
  const auto source = it.phone.macros();
  const auto facts = resync::lookup_of(source);
  it.phone.machine =
      resync::running_phone(run_.phones->number(index), shared(it.phone, facts), now());
  feed(index, resync::ResyncRequested{});
}

bool RealDriver::Impl::is_at_rest() const {
  return planned_ == run_.plan.size() && free_slots_.size() == slots_.size() &&
         deadlines_.armed() == 0;
}

resync::Time RealDriver::Impl::now() const {
  return resync::Time{std::chrono::floor<resync::Duration>(SteadyClock::now() - started_)};
}

SteadyClock::time_point RealDriver::Impl::instant(resync::Time time) const {
  return started_ + time.time_since_epoch();
}

resync::Shared RealDriver::Impl::shared(const DrivenPhone& phone,
                                        const macro::Lookup& facts) const {
  return {phone.setup.personality, *phone.settings, run_.wall, run_.seed, facts};
}

report::TraceEvent RealDriver::Impl::event(std::size_t index, EventKind kind) {
  return {.at = now(), .phone = awake(index).phone.setup.identity.mac, .event = kind};
}

report::TraceEvent RealDriver::Impl::rule_event(std::size_t index, EventKind kind,
                                                std::string_view rule) {
  auto made = event(index, kind);
  made.rule = rule;
  return made;
}

void RealDriver::Impl::tell(std::size_t index, report::TraceEvent line) {
  line.number = run_.phones->number(index);
  run_.trace(line);
}

void RealDriver::Impl::add_rule(report::TraceEvent& line, std::size_t index, std::size_t slot) {
  if (!explains()) return;
  const auto& phone = this->awake(index).phone;
  line.facts.rule = resync::describe_rule(phone.rule(slot), phone.macros());
}

// One timer serves all. It is only ever moved forward: one that rings too early costs one look.
void RealDriver::Impl::wait() {
  auto next = SteadyClock::time_point::max();
  if (planned_ < run_.plan.size()) next = instant(run_.plan[planned_].at);
  if (const auto deadline = deadlines_.next(); deadline != TimerWheel::never)
    next = std::min(next, started_ + resync::Duration(deadline));
  const bool is_held = run_.pace.is_paused || in_flight_ >= run_.pace.most_in_flight;
  if (!waiting_.empty() && !is_held) next = std::min(next, waiting_.front().not_before);
  if (next >= armed_for_) return;
  armed_for_ = next;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    armed_for_ = SteadyClock::time_point::max();
    time_has_come();
    wait();
  });
}

void RealDriver::Impl::time_has_come() {
  while (planned_ < run_.plan.size() && run_.plan[planned_].at <= now())
    happen(run_.plan[planned_++]);
  deadlines_.advance(milliseconds_of(now()),
                     [this](std::uint32_t index) { deadline_reached(index); });
  start_waiting();
}

void RealDriver::Impl::happen(const Planned& planned) {
  const bool power_changes = std::holds_alternative<resync::PoweredOn>(planned.event) ||
                             std::holds_alternative<resync::PoweredOff>(planned.event);
  if (power_changes) drop_work(planned.phone);
  auto& it = awake(planned.phone);
  it.due = instant(planned.at);
  if (!planned.set.empty()) take_in_assignments(it.phone, planned.set);
  feed(planned.phone, planned.event);
}

// Without power nobody waits for an answer, and nothing but parameters is remembered.
void RealDriver::Impl::drop_work(std::size_t index) {
  auto& it = awake(index);
  for (auto& errand : it.errands) {
    if (errand && errand->exchange != 0) {
      fetcher_.cancel(errand->exchange);
      left();
    }
    errand.reset();
  }
  it.reports.clear();
  it.phone.tried_upgrade.reset();
  it.needs_restart = false;
  it.failure = {};
}

void RealDriver::Impl::trace_effects(std::size_t index, const resync::Effects& effects,
                                     resync::Time at) {
  auto& it = awake(index);
  for (const auto& effect : effects) {
    if (std::holds_alternative<resync::PassStarted>(effect)) it.phone.pass_started();
    auto line = trace_of(effect, it.phone.setup.identity.mac, at);
    if (!line) continue;
    if (line->event == EventKind::pass_failed) {
      line->detail = std::exchange(it.failure.detail, {});
      line->facts.rule = std::exchange(it.failure.rule, {});
    }
    if (explains()) {
      const auto source = it.phone.macros();
      add_facts(*line, {it.phone.machine, *it.phone.settings, source, run_.wall});
    }
    tell(index, *std::move(line));
  }
}

void RealDriver::Impl::feed(std::size_t index, const resync::Event& happened) {
  auto& phone = awake(index).phone;
  const auto source = phone.macros();
  const auto facts = resync::lookup_of(source);
  std::optional<resync::Event> next = happened;
  if (auto line = trace_of(happened, phone.setup.identity.mac, now()))
    tell(index, *std::move(line));
  while (next) {
    const auto at = now();
    const auto effects = resync::step(phone.machine, shared(phone, facts), *next, at);
    trace_effects(index, effects, at);
    if (wants_reports(effects)) send_reports(index);
    next = answer(index, demand_of(effects));
  }
  deadlines_.set(static_cast<std::uint32_t>(index), milliseconds_of(phone.machine.due));
  wait();
  tell_if_free(index);
}

void RealDriver::Impl::tell_if_free(std::size_t index) {
  const auto& it = awake(index);
  const auto state = it.phone.machine.state;
  const bool is_occupied = state == resync::State::pass || state == resync::State::upgrade;
  if (is_occupied || it.is_busy()) return;
  let_rest(index);
  if (run_.on_pass_over) run_.on_pass_over(index);
}

void RealDriver::Impl::deadline_reached(std::size_t index) {
  auto& it = awake(index);
  it.due = instant(it.phone.machine.due);
  feed(index, resync::DeadlineReached{});
}

RealDriver::Impl::Answer RealDriver::Impl::answer(std::size_t index, const Demand& demand) {
  if (const auto* rule = std::get_if<resync::EvaluateRule>(&demand))
    return evaluate(index, rule->slot);
  if (const auto* rule = std::get_if<resync::EvaluateUpgrade>(&demand))
    return upgrade(index, rule->is_retry);
  return std::nullopt;
}

void RealDriver::Impl::log(std::size_t index, resync::LogKind kind) {
  const auto& phone = awake(index).phone;
  const auto server = resync::syslog_server(phone.setup.parameters);
  if (server.empty()) return;
  const auto text = resync::log_message(kind, phone.macros());
  if (text.empty()) return;
  auto line = event(index, EventKind::syslog);
  line.text = text;
  syslog_.send(
      {server, resync::syslog_identifier(phone.macros()), text, std::chrono::system_clock::now()},
      [this, index, line = std::move(line)](const Result<void>& sent) mutable {
        if (!sent) {
          line.error = sent.error().code;
          line.detail = sent.error().detail;
        }
        tell(index, std::move(line));
      });
}

RealDriver::RealDriver(boost::asio::io_context& loop, RealRun run)
    : impl_(std::make_unique<Impl>(loop, std::move(run))) {}

RealDriver::~RealDriver() = default;

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

std::size_t RealDriver::in_flight() const {
  return impl_->in_flight();
}

void RealDriver::set_pace(const Pace& pace) {
  impl_->set_pace(pace);
}

std::size_t RealDriver::phone_count() const {
  return impl_->phone_count();
}

}  // namespace provphone::client::drive
