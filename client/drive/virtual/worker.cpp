#include "client/drive/virtual/worker.hpp"

#include "client/drive/effects.hpp"
#include "resync/random.hpp"

#include <algorithm>

namespace provphone::client::drive {
namespace {

using report::EventKind;
using report::TraceEvent;
using resync::Time;

constexpr unsigned kind_bits = 2;
constexpr std::uint32_t token_limit = 1U << (32U - kind_bits);

// Curves have a point a second for runs of up to two weeks, a point a minute beyond.
resync::Duration step_of(resync::Duration length) {
  using namespace std::chrono_literals;
  return length <= 24h * 14 ? resync::Duration(1s) : resync::Duration(1min);
}

// One number for one decision. The sum over all of them is the run's: phones may be driven in any
// order.
struct Decision {
  std::uint64_t operator()(const resync::EvaluateRule& e) const { return e.slot; }
  std::uint64_t operator()(const resync::EvaluateUpgrade& e) const { return e.is_retry ? 1 : 0; }
  std::uint64_t operator()(const resync::SendReports& e) const { return code(e.reason); }
  std::uint64_t operator()(const resync::Booted& e) const { return code(e.reason); }
  std::uint64_t operator()(const resync::Restarting& e) const { return code(e.reason); }
  std::uint64_t operator()(const resync::TimerArmed& e) const {
    return code(e.timer) + (code(e.reason) << 8U) + (time(e.due) << 16U);
  }
  std::uint64_t operator()(const resync::PassDue& e) const { return code(e.kind, e.reason); }
  std::uint64_t operator()(const resync::PassGated& e) const { return code(e.kind, e.reason); }
  std::uint64_t operator()(const resync::PassDeferred& e) const {
    return code(e.kind, e.reason) + (time(e.until) << 16U);
  }
  std::uint64_t operator()(const resync::PassStarted& e) const { return code(e.kind, e.reason); }
  std::uint64_t operator()(const resync::FileNotFoundForgiven& e) const { return e.slot; }
  std::uint64_t operator()(const resync::PassSucceeded& e) const { return code(e.kind, e.reason); }
  std::uint64_t operator()(const resync::PassFailed& e) const {
    return code(e.kind, e.reason) + (code(e.error) << 16U) + (std::uint64_t{e.slot} << 24U);
  }
  std::uint64_t operator()(const resync::UpgradeHeld& e) const { return code(e.reason); }

  template <class Enum>
  static std::uint64_t code(Enum value) {
    return static_cast<std::uint64_t>(static_cast<std::uint8_t>(value));
  }
  static std::uint64_t code(resync::PassKind kind, resync::Reason reason) {
    return code(kind) + (code(reason) << 8U);
  }
  static std::uint64_t time(Time at) {
    return static_cast<std::uint64_t>(at.time_since_epoch().count());
  }
};

}  // namespace

Worker::Worker(const VirtualRun& run, const std::vector<scenario::GroupSetup>& groups,
               PhoneRange range)
    : run_(run),
      scenario_(run.scenario),
      groups_(groups),
      range_(range),
      variants_(run.scenario, groups),
      server_(run.scenario),
      figures_(step_of(run.length)),
      facts_([this](std::string_view name, std::string& out) { return look_up(name, out); }) {
  phones_.resize(range.end - range.first);
  for (auto number = range.first; number < range.end; ++number) {
    auto& each = phone(number);
    each.machine.index = number;
    each.group = static_cast<std::uint16_t>(scenario::group_of(scenario_, number));
    each.variant = variants_.initial(number);
  }
  figures_.phones = range.end - range.first;
  if (!scenario_.expect.empty())
    judge_.emplace(scenario_, expect::Sight::modelled, expect::PhoneRange{range.first, range.end},
                   nullptr);
}

VirtualResult Worker::work() {
  scenario::plan_happenings(
      scenario_, run_.length,
      [this](Time at, std::uint32_t phone, const Happening& it) { plan(at, phone, it); });
  const Time end{run_.length};
  std::uint64_t taken = 0;
  while (!queue_.empty()) {
    const auto event = queue_.pop([this](const QueuedEvent& soon) { prefetch(soon.phone); });
    now_ = Time{resync::Duration{event.at}};
    if (now_ > end) break;
    take(event);
    constexpr std::uint64_t report_every = 1U << 18U;
    if (++taken % report_every == 0 && run_.progress) run_.progress(now_.time_since_epoch());
  }
  judge_final();
  VirtualResult result{std::move(figures_), {}, std::move(judge_)};
  constexpr std::size_t most = 100;
  for (std::size_t i = 0; i < std::min(phones_.size(), most); ++i) {
    result.final_states.push_back(
        {range_.first + static_cast<std::uint32_t>(i), variants_[phones_[i].variant].parameters});
  }
  return result;
}

// A million phones do not fit any cache; the next ones are fetched while others are driven.
void Worker::prefetch(std::uint32_t number) const {
  const auto* const address = reinterpret_cast<const char*>(&phone(number));
  constexpr std::size_t cache_line = 64;
  for (std::size_t at = 0; at < sizeof(VirtualPhone); at += cache_line)
    __builtin_prefetch(address + at);
}

// --- the scenario's plan

void Worker::plan(Time at, std::uint32_t phone, const Happening& happening) {
  if (phone < range_.first || phone >= range_.end) return;
  if (phone % run_.shard.of != run_.shard.number - 1) return;
  auto known = std::find(happenings_.rbegin(), happenings_.rend(), happening);
  if (known == happenings_.rend()) {
    happenings_.push_back(happening);
    known = happenings_.rbegin();
  }
  const auto number = static_cast<std::uint32_t>(&*known - happenings_.data());
  queue_.push({at.time_since_epoch().count(), phone,
               (number << kind_bits) | static_cast<std::uint32_t>(Queued::happening)});
}

// --- what happens

void Worker::take(const QueuedEvent& event) {
  const auto kind = static_cast<Queued>(event.token & ((1U << kind_bits) - 1U));
  const auto rest = event.token >> kind_bits;
  switch (kind) {
    case Queued::deadline:
      // A deadline that was moved since is still in the queue.
      if (phone(event.phone).machine.due == now_) feed(event.phone, resync::DeadlineReached{});
      return;
    case Queued::answer:
      return answer_arrived(event.phone, rest);
    case Queued::happening:
      return happen(event.phone, happenings_[rest]);
  }
}

void Worker::happen(std::uint32_t number, const Happening& happening) {
  using Kind = Happening::Kind;
  auto& it = phone(number);
  if (happening.kind == Kind::power_on) it.has_converged = false;
  if (happening.kind == Kind::power_on || happening.kind == Kind::power_off) {
    it.is_waiting = false;
    it.needs_restart = false;
  }
  if (happening.kind == Kind::set) {
    const auto& event = scenario_.events[happening.event];
    const auto& settings = std::get<scenario::SetParameters>(event.action).set;
    it.variant = variants_.with_settings(it.variant, settings, number).variant;
  }
  feed(number, scenario::machine_event_of(happening));
}

void Worker::feed(std::uint32_t number, const resync::Event& happened) {
  auto& it = phone(number);
  current_ = number;
  const auto queued =
      std::holds_alternative<resync::DeadlineReached>(happened) ? Time::max() : it.machine.due;
  const auto& personality = scenario_.phones[it.group].personality;
  std::optional<resync::Event> next = happened;
  if (is_traced(number)) {
    if (const auto line = trace_of(happened, scenario::mac_of(scenario_, number), now_))
      run_.trace(*line);
  }
  judge_happening(number, happened);
  while (next) {
    const auto& settings = variants_[it.variant].settings;
    const auto effects = resync::step(
        it.machine, {personality, settings, run_.wall, scenario_.seed, facts_}, *next, now_);
    note(number, effects);
    next = answer(number, effects);
  }
  const auto due = it.machine.due;
  if (due != Time::max() && due != queued) {
    queue_.push(
        {due.time_since_epoch().count(), number, static_cast<std::uint32_t>(Queued::deadline)});
  }
}

std::optional<resync::Event> Worker::answer(std::uint32_t number, const resync::Effects& effects) {
  const auto demand = demand_of(effects);
  if (const auto* rule = std::get_if<resync::EvaluateRule>(&demand))
    return evaluate(number, rule->slot);
  // Firmware is not modelled: every phone runs what its rule wants.
  if (std::holds_alternative<resync::EvaluateUpgrade>(demand)) return resync::UpgradeSkipped{};
  return std::nullopt;
}

// R-RULE-49: a rule is read when its turn comes, or all of them as the pass begins.
std::uint32_t Worker::rules_of(std::uint32_t number) const {
  const auto& it = phone(number);
  const bool at_start = scenario_.phones[it.group].personality[resync::Knob::rules_read] != 0;
  return at_start ? it.variant_at_start : it.variant;
}

std::string_view Worker::rule_text(std::uint32_t number, std::uint8_t slot) const {
  return variants_[rules_of(number)].parameters.get(rule_id(slot));
}

std::optional<resync::Event> Worker::evaluate(std::uint32_t number, std::uint8_t slot) {
  const auto& variant = variants_[rules_of(number)];
  switch (variant.rules[slot]) {
    case RuleShape::skipped:
      skipped(number, slot, resync::Reason::rule_empty);
      return resync::RuleSkipped{};
    case RuleShape::fetches:
      request(number, slot, variant.schemes[slot]);
      return std::nullopt;
    case RuleShape::varies:
      break;
  }
  return evaluate_for_phone(number, slot);
}

std::optional<resync::Event> Worker::evaluate_for_phone(std::uint32_t number, std::uint8_t slot) {
  auto& it = phone(number);
  auto setup = setup_of(number);
  resync::show_timers(setup.state, resync::timers_of(it.machine, now_));
  const auto plan = resync::plan_profile_rule(rule_text(number, slot), setup.macros(), setup.lease);
  if (!plan) {
    if (is_traced(number) || judge_)
      failure_ = {plan.error().detail,
                  resync::describe_rule(rule_text(number, slot), setup.macros())};
    return resync::RuleFailed{plan.error().code};
  }
  if (plan->alternative == 0) {
    skipped(number, slot, plan->skipped);
    return resync::RuleSkipped{};
  }
  if (!plan->assignments.empty()) {
    const auto before = it.variant;
    const auto transition = variants_.with_assignments(it.variant, plan->assignments);
    it.needs_restart = transition.needs_restart;
    it.variant = transition.variant;
    if (is_traced(number)) trace_applied(number, resync::rule_parameter_name(slot), before);
  }
  if (!plan->retrieval) return resync::RuleSucceeded{std::exchange(it.needs_restart, false)};
  request(number, slot, plan->retrieval->url.scheme);
  return std::nullopt;
}

void Worker::request(std::uint32_t number, std::uint8_t slot, macro::Scheme scheme) {
  auto& it = phone(number);
  ++it.requests;
  it.is_waiting = true;
  const auto& personality = scenario_.phones[it.group].personality;
  const auto answer = server_.ask({now_, number, it.requests, scheme}, personality);
  it.outcome = answer.error;
  ++figures_.requests;
  figures_.arrivals.add(now_);
  if (server_.is_shared()) figures_.backlog.raise(now_, server_.backlog(now_));
  const auto us = std::chrono::microseconds(answer.at - now_).count();
  if (answer.error) {
    ++figures_.requests_failed;
    ++figures_.errors[static_cast<std::size_t>(*answer.error)];
  } else {
    figures_.response_us.add(us);
    figures_.queued_us.add(answer.queued_us);
    judge_answer(number, us);
  }
  tell_request(number, slot);
  queue_.push(
      {answer.at.time_since_epoch().count(), number,
       ((it.requests % token_limit) << kind_bits) | static_cast<std::uint32_t>(Queued::answer)});
}

void Worker::answer_arrived(std::uint32_t number, std::uint32_t request) {
  auto& it = phone(number);
  if (!it.is_waiting || it.requests % token_limit != request) return;
  it.is_waiting = false;
  const auto before = it.variant;
  const auto outcome = take_in(number);
  if (is_traced(number)) trace_answer(number, before);
  feed(number, outcome);
}

resync::Event Worker::take_in(std::uint32_t number) {
  auto& it = phone(number);
  const bool by_assignment = std::exchange(it.needs_restart, false);
  if (it.outcome) return resync::RuleFailed{*it.outcome, by_assignment};
  const auto profile = served_profile(scenario_.server, it.group, now_);
  const auto transition = profile ? variants_.with_profile(it.variant, *profile, number)
                                  : Transition{it.variant, false};
  it.variant = transition.variant;
  return resync::RuleSucceeded{transition.needs_restart || by_assignment};
}

// --- figures and trace

void Worker::note(std::uint32_t number, const resync::Effects& effects) {
  auto& it = phone(number);
  ++figures_.events;
  const auto when = resync::mix((std::uint64_t{number} << 32U) ^
                                static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  const bool traced = is_traced(number);
  for (const auto& effect : effects) {
    if (std::holds_alternative<resync::EvaluateRule>(effect)) continue;  // follows from the others
    figures_.decisions +=
        resync::mix(when ^ (std::uint64_t{effect.index()} << 56U) ^ std::visit(Decision{}, effect));
    if (std::holds_alternative<resync::PassStarted>(effect)) {
      ++figures_.passes.started;
      it.variant_at_start = it.variant;
    }
    if (std::holds_alternative<resync::PassGated>(effect)) ++figures_.passes.gated;
    if (std::holds_alternative<resync::PassDeferred>(effect)) ++figures_.passes.deferred;
    if (std::holds_alternative<resync::PassFailed>(effect)) ++figures_.passes.failed;
    if (std::holds_alternative<resync::Restarting>(effect)) ++figures_.restarts;
    if (std::holds_alternative<resync::PassSucceeded>(effect)) {
      ++figures_.passes.succeeded;
      if (!it.has_converged) {
        it.has_converged = true;
        figures_.convergence_us.add(
            std::chrono::microseconds(now_ - it.machine.powered_on).count());
      }
    }
    judge_effect(number, effect);
    if (traced) trace_effect(number, effect);
  }
}

bool Worker::is_traced(std::uint32_t number) const {
  return run_.trace && (!run_.is_traced || run_.is_traced(number));
}

PhoneSetup Worker::setup_of(std::uint32_t number) const {
  const auto& it = phone(number);
  auto setup = scenario::phone_setup(scenario_, groups_[it.group], number);
  setup.parameters = variants_[it.variant].parameters;
  return setup;
}

bool Worker::look_up(std::string_view name, std::string& out) const {
  const auto setup = setup_of(current_);
  const auto source = setup.macros();
  return resync::lookup_of(source)(name, out);
}

TraceEvent Worker::line(std::uint32_t number, EventKind kind) const {
  return {.at = now_, .phone = scenario::mac_of(scenario_, number), .event = kind};
}

void Worker::trace_effect(std::uint32_t number, const resync::Effect& effect) {
  auto line = trace_of(effect, scenario::mac_of(scenario_, number), now_);
  if (!line) return;
  if (line->event == EventKind::pass_failed) {
    line->detail = std::exchange(failure_.detail, {});
    line->facts.rule = std::exchange(failure_.rule, {});
  }
  const auto& it = phone(number);
  const auto setup = setup_of(number);
  const auto source = setup.macros();
  add_facts(*line, {it.machine, variants_[it.variant].settings, source, run_.wall});
  run_.trace(*line);
}

void Worker::trace_skipped(std::uint32_t number, std::uint8_t slot, resync::Reason reason) {
  auto skipped = line(number, EventKind::rule_skipped);
  auto setup = setup_of(number);
  resync::show_timers(setup.state, resync::timers_of(phone(number).machine, now_));
  skipped.rule = resync::rule_parameter_name(slot);
  skipped.reason = reason;
  skipped.facts.rule = resync::describe_rule(rule_text(number, slot), setup.macros());
  run_.trace(skipped);
}

void Worker::skipped(std::uint32_t number, std::uint8_t slot, resync::Reason reason) {
  if (is_traced(number)) trace_skipped(number, slot, reason);
  judge_skipped(number, slot, reason);
}

void Worker::tell_request(std::uint32_t number, std::uint8_t slot) {
  const bool traced = is_traced(number), judged = is_judged(EventKind::request);
  if (!traced && !judged) return;
  auto setup = setup_of(number);
  resync::show_timers(setup.state, resync::timers_of(phone(number).machine, now_));
  const auto plan = resync::plan_profile_rule(rule_text(number, slot), setup.macros(), setup.lease);
  auto request = line(number, EventKind::request);
  request.rule = resync::rule_parameter_name(slot);
  if (plan && plan->retrieval) {
    request.alternative = plan->alternative;
    request.url = format(plan->retrieval->url);
    request.method = plan->retrieval->method == resync::Retrieval::Method::post ? "POST" : "GET";
  }
  if (judged) judge_->observe(number, request);
  if (!traced) return;
  request.facts.rule = resync::describe_rule(rule_text(number, slot), setup.macros());
  run_.trace(request);
}

void Worker::trace_answer(std::uint32_t number, std::uint32_t variant_before) {
  const auto& it = phone(number);
  const auto rule = resync::rule_parameter_name(it.machine.slot);
  auto response = line(number, EventKind::response);
  response.rule = rule;
  response.error = it.outcome;
  run_.trace(response);
  if (!it.outcome) trace_applied(number, rule, variant_before);
}

void Worker::trace_applied(std::uint32_t number, std::string_view rule,
                           std::uint32_t variant_before) {
  auto applied = line(number, EventKind::applied);
  applied.rule = rule;
  const auto& after = variants_[phone(number).variant];
  for (const auto id : changes_between(variants_[variant_before], after))
    applied.changed.push_back(profile::parameter(id).name);
  add_restart_facts(applied, scenario_.phones[phone(number).group].personality);
  run_.trace(applied);
}

// --- what is expected

void Worker::judge_happening(std::uint32_t number, const resync::Event& happened) {
  if (std::holds_alternative<resync::PoweredOff>(happened) && is_judged(EventKind::powered_off))
    judge_->observe(number, line(number, EventKind::powered_off));
}

void Worker::judge_effect(std::uint32_t number, const resync::Effect& effect) {
  if (!judge_) return;
  const auto kind = kind_of(effect);
  if (!kind || !judge_->wants(*kind)) return;
  auto line = trace_of(effect, scenario::mac_of(scenario_, number), now_);
  if (kind == EventKind::pass_failed) {
    line->detail = failure_.detail;
    if (!is_traced(number)) failure_ = {};
  }
  judge_->observe(number, *line);
}

void Worker::judge_skipped(std::uint32_t number, std::uint8_t slot, resync::Reason reason) {
  if (reason == resync::Reason::rule_empty || !is_judged(EventKind::rule_skipped)) return;
  auto skipped = line(number, EventKind::rule_skipped);
  skipped.rule = resync::rule_parameter_name(slot);
  skipped.reason = reason;
  judge_->observe(number, skipped);
}

void Worker::judge_answer(std::uint32_t number, std::int64_t us) {
  if (!is_judged(EventKind::response)) return;
  auto response = line(number, EventKind::response);
  response.times.first_byte = us;
  judge_->observe(number, response);
}

void Worker::judge_final() {
  if (!judge_ || !judge_->wants_final()) return;
  for (auto number = range_.first; number < range_.end; ++number)
    judge_->final(number, variants_[phone(number).variant].parameters);
}

}  // namespace provphone::client::drive
