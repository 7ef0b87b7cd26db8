#include "client/drive/real.hpp"

#include "client/drive/detail/real_impl.hpp"
#include "client/drive/intake.hpp"
#include "client/transport/syslog.hpp"

#include <algorithm>

namespace provphone::client::drive {

using detail::EventKind;
using detail::SteadyClock;

RealDriver::Impl::Impl(boost::asio::io_context& loop, RealRun run)
    : loop_(loop),
      run_(std::move(run)),
      fetcher_(loop, run_.targets),
      plan_timer_(loop),
      started_(SteadyClock::now()) {
  slots_.reserve(run_.phones.size());
  for (auto& setup : run_.phones) {
    slots_.push_back(std::make_unique<detail::Slot>(std::move(setup), loop));
    slots_.back()->phone.machine.index = static_cast<std::uint32_t>(slots_.size() - 1);
  }
  wait_for_plan();
}

void RealDriver::Impl::request_resync_of_running(std::size_t index) {
  auto& phone = slots_[index]->phone;
  const auto source = phone.macros();
  const auto facts = resync::lookup_of(source);
  phone.machine =
      resync::running_phone(static_cast<std::uint32_t>(index), shared(phone, facts), now());
  feed(index, resync::ResyncRequested{});
}

bool RealDriver::Impl::is_at_rest() const {
  const auto rests = [](const auto& slot) {
    return !slot->is_busy() && slot->phone.machine.due == resync::Time::max();
  };
  return planned_ == run_.plan.size() && std::all_of(slots_.begin(), slots_.end(), rests);
}

resync::Time RealDriver::Impl::now() const {
  return resync::Time{std::chrono::floor<resync::Duration>(SteadyClock::now() - started_)};
}

resync::Shared RealDriver::Impl::shared(const DrivenPhone& phone,
                                        const macro::Lookup& facts) const {
  return {phone.setup.personality, phone.settings, run_.wall, run_.seed, facts};
}

report::TraceEvent RealDriver::Impl::event(std::size_t index, EventKind kind) const {
  return {.at = now(), .phone = slots_[index]->phone.setup.identity.mac, .event = kind};
}

report::TraceEvent RealDriver::Impl::rule_event(std::size_t index, EventKind kind,
                                                std::string_view rule) const {
  auto made = event(index, kind);
  made.rule = rule;
  return made;
}

void RealDriver::Impl::add_rule(report::TraceEvent& line, std::size_t index,
                                std::size_t slot) const {
  const auto& phone = slots_[index]->phone;
  line.facts.rule = resync::describe_rule(phone.rule(slot), phone.macros());
}

void RealDriver::Impl::wait_for_plan() {
  if (planned_ == run_.plan.size()) return;
  plan_timer_.expires_at(started_ + run_.plan[planned_].at.time_since_epoch());
  plan_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    while (planned_ < run_.plan.size() && run_.plan[planned_].at <= now())
      happen(run_.plan[planned_++]);
    wait_for_plan();
  });
}

void RealDriver::Impl::happen(const Planned& planned) {
  const bool power_changes = std::holds_alternative<resync::PoweredOn>(planned.event) ||
                             std::holds_alternative<resync::PoweredOff>(planned.event);
  if (power_changes) drop_work(planned.phone);
  if (!planned.set.empty()) take_in_assignments(slots_[planned.phone]->phone, planned.set);
  feed(planned.phone, planned.event);
}

// Without power nobody waits for an answer, and nothing but parameters is remembered.
void RealDriver::Impl::drop_work(std::size_t index) {
  auto& slot = *slots_[index];
  for (auto& errand : slot.errands) {
    if (errand) fetcher_.cancel(errand->exchange);
    errand.reset();
  }
  slot.reports.clear();
  slot.tried_upgrade.reset();
  slot.needs_restart = false;
  slot.failure = {};
}

void RealDriver::Impl::trace_effects(std::size_t index, const resync::Effects& effects,
                                     resync::Time at) {
  auto& slot = *slots_[index];
  for (const auto& effect : effects) {
    if (std::holds_alternative<resync::PassStarted>(effect)) slot.phone.pass_started();
    auto line = trace_of(effect, slot.phone.setup.identity.mac, at);
    if (!line) continue;
    if (line->event == EventKind::pass_failed) {
      line->detail = std::exchange(slot.failure.detail, {});
      line->facts.rule = std::exchange(slot.failure.rule, {});
    }
    const auto source = slot.phone.macros();
    add_facts(*line, {slot.phone.machine, slot.phone.settings, source, run_.wall});
    run_.trace(*line);
  }
}

void RealDriver::Impl::feed(std::size_t index, const resync::Event& happened) {
  auto& phone = slots_[index]->phone;
  const auto source = phone.macros();
  const auto facts = resync::lookup_of(source);
  std::optional<resync::Event> next = happened;
  if (const auto line = trace_of(happened, phone.setup.identity.mac, now())) run_.trace(*line);
  while (next) {
    const auto at = now();
    const auto effects = resync::step(phone.machine, shared(phone, facts), *next, at);
    trace_effects(index, effects, at);
    if (wants_reports(effects)) send_reports(index);
    next = answer(index, demand_of(effects));
  }
  arm_timer(index);
  tell_if_free(index);
}

void RealDriver::Impl::tell_if_free(std::size_t index) {
  const auto& slot = *slots_[index];
  const auto state = slot.phone.machine.state;
  const bool is_occupied = state == resync::State::pass || state == resync::State::upgrade;
  if (!is_occupied && !slot.is_busy() && run_.on_pass_over) run_.on_pass_over(index);
}

void RealDriver::Impl::arm_timer(std::size_t index) {
  auto& slot = *slots_[index];
  if (slot.phone.machine.due == resync::Time::max()) {
    slot.timer.cancel();
    return;
  }
  slot.timer.expires_at(started_ + slot.phone.machine.due.time_since_epoch());
  slot.timer.async_wait([this, index](const boost::system::error_code& error) {
    if (!error) deadline_reached(index);
  });
}

void RealDriver::Impl::deadline_reached(std::size_t index) {
  const auto due = slots_[index]->phone.machine.due;
  if (due == resync::Time::max()) return;
  if (run_.on_lag) {
    const auto late = SteadyClock::now() - (started_ + due.time_since_epoch());
    run_.on_lag(std::chrono::duration_cast<std::chrono::microseconds>(late).count());
  }
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
  const auto& phone = slots_[index]->phone;
  const auto server = resync::syslog_server(phone.setup.parameters);
  if (server.empty()) return;
  const auto text = resync::log_message(kind, phone.macros());
  if (text.empty()) return;
  auto line = event(index, EventKind::syslog);
  line.text = text;
  const auto sent =
      transport::send_syslog(loop_, run_.targets, server, resync::syslog_identifier(phone.macros()),
                             text, std::chrono::system_clock::now());
  if (!sent) {
    line.error = sent.error().code;
    line.detail = sent.error().detail;
  }
  run_.trace(line);
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

const DrivenPhone& RealDriver::phone(std::size_t index) const {
  return impl_->phone(index);
}

std::size_t RealDriver::phone_count() const {
  return impl_->phone_count();
}

}  // namespace provphone::client::drive
