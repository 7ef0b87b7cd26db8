#include "client/forecast/worker.hpp"

#include "macro/enum_array.hpp"
#include "resync/random.hpp"

#include <algorithm>

namespace provphone::client::forecast {
namespace {

using resync::Time;
using trace::EventKind;

// Curves have a point a second for runs of up to two weeks, a point a minute beyond.
resync::Duration step_of(resync::Duration length) {
  using namespace std::chrono_literals;
  return length <= 24h * 14 ? resync::Duration(1s) : resync::Duration(1min);
}

// One number for one decision. The sum over all of them is the run's: phones may be driven in any
// order.
struct Decision {
  std::uint64_t operator()(const resync::EvaluateRule& e) const { return e.slot; }
  std::uint64_t operator()(const resync::EvaluateUpgrade& e) const {
    return (e.is_retry ? 1U : 0U) + (e.is_one_time ? 2U : 0U);
  }
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
  std::uint64_t operator()(const resync::PassSucceeded& e) const {
    return code(e.kind, e.reason) + (e.has_file ? 0U : std::uint64_t{1} << 16U);
  }
  std::uint64_t operator()(const resync::PassFailed& e) const {
    return code(e.kind, e.reason) + (code(e.error) << 16U) + (std::uint64_t{e.slot} << 24U);
  }
  std::uint64_t operator()(const resync::UpgradeHeld& e) const {
    return code(e.reason) + (e.is_one_time ? std::uint64_t{1} << 8U : 0U);
  }
  std::uint64_t operator()(const resync::UpgradeDeferred& e) const { return code(e.reason); }
  std::uint64_t operator()(const resync::FetchCustomCa&) const { return 0; }
  std::uint64_t operator()(const resync::CustomCaHeld& e) const { return code(e.reason); }
  std::uint64_t operator()(const resync::LinkDown&) const { return 0; }
  std::uint64_t operator()(const resync::OnboardingRequested&) const { return 0; }
  std::uint64_t operator()(const resync::Migrated&) const { return 0; }
  std::uint64_t operator()(const resync::RenewCertificate& e) const {
    return e.has_come_up ? 1U : 0U;
  }

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

// What a phone tells that is asleep.
constexpr std::array told_asleep{
    EventKind::powered_on, EventKind::powered_off, EventKind::timer_armed, EventKind::pass_due,
    EventKind::pass_gated, EventKind::pass_deferred, EventKind::pass_started,
    EventKind::pass_succeeded, EventKind::pass_failed, EventKind::rebooted, EventKind::response,
    // Phones wake up for these.
    EventKind::upgrade_started, EventKind::upgrade_done, EventKind::reported};

// A modelled server fails as the scenario says it does, which is what a forecast is made to show.
// What a phone's own rules fail with is nobody's plan.
bool is_of_the_model(Errc code) {
  const auto stage = stage_of(code);
  return stage > Stage::rule && stage < Stage::apply;
}

std::optional<Link> link_of(const scenario::ServerModel& model) {
  return model.bandwidth ? std::optional<Link>(*model.bandwidth) : std::nullopt;
}

bool judges_closely(const expect::Judge& judge) {
  for (const auto each : every<EventKind>) {
    const bool is_told =
        std::find(told_asleep.begin(), told_asleep.end(), each) != told_asleep.end();
    if (!is_told && judge.wants(each)) return true;
  }
  return judge.wants_documents();
}

}  // namespace

Worker::Worker(const VirtualRun& run, const std::vector<scenario::GroupSetup>& groups,
               PhoneRange range, Place place)
    : run_(run),
      scenario_(run.scenario),
      range_(range),
      place_(place),
      states_(run.scenario, groups),
      server_(run.scenario),
      link_(link_of(run.scenario.server)),
      files_(run.scenario),
      place_matters_(server_.answers_by_place()),
      figures_(step_of(run.length)),
      // The salt of reports comes from the seed here: their keys seal nothing that leaves this
      // process.
      conductor_(*this, {run.scenario.seed, run.wall, {run.scenario.seed, 0}}),
      roll_(&run.scenario, {range.first, range.end}, run.shard),
      facts_([this](std::string_view name, std::string& out) { return look_up_macro(name, out); }) {
  phones_.resize(range.end - range.first);
  for (auto number = range.first; number < range.end; ++number) {
    auto& each = phone(number);
    each.machine.index = number;
    each.group = static_cast<std::uint32_t>(scenario::group_of(scenario_, number));
    each.rest_state = states_.initial(number);
  }
  figures_.phones = range.end - range.first;
  if (run.trace) outages_ = outages_of(scenario_.server);
  if (scenario_.expect.empty()) return;
  judge_.emplace(scenario_, expect::Capabilities::modelled,
                 expect::PhoneRange{range.first, range.end}, nullptr);
  judges_closely_ = judges_closely(*judge_);
  aborts_ = scenario_.limits.abort_when == scenario::AbortWhen::lost;
}

VirtualResult Worker::work() {
  scenario::plan_phone_events(
      scenario_, run_.length,
      [this](Time at, std::uint32_t phone, const PhoneEvent& it) { plan(at, phone, it); });
  planned_.sort();
  const Time end{run_.length};
  const auto interruption = meets_others() ? drive_in_rounds() : drive_alone();
  tell_outages(end);
  judge_final();
  const auto usual_end = queue_.empty() ? figures::RunEnd::by_itself : figures::RunEnd::time;
  const auto length = interruption ? now_.time_since_epoch() : run_.length;
  VirtualResult result{std::move(figures_), {},     std::move(roll_),
                       std::move(judge_),   length, interruption.value_or(usual_end)};
  constexpr std::size_t most = 100;
  for (std::size_t i = 0; i < std::min(phones_.size(), most); ++i) {
    const auto number = range_.first + static_cast<std::uint32_t>(i);
    result.final_states.push_back({number, parameters_of(number)});
  }
  return result;
}

std::optional<figures::RunEnd> Worker::drive_alone() {
  const Time end{run_.length};
  while (!queue_.empty()) {
    const auto event = queue_.pop([this](const QueuedEvent& soon) { read_ahead(soon.phone); });
    now_ = Time{resync::Duration{event.at}};
    // The end itself belongs to the run; what comes later is dropped with the queue.
    if (now_ > end) break;
    tell_outages(now_);
    take(event);
    if (const auto interruption = look_up_once()) return interruption;
  }
  return std::nullopt;
}

std::optional<figures::RunEnd> Worker::look_up_once() {
  constexpr std::uint64_t ask_every = 1U << 14U;
  constexpr std::uint64_t report_every = 1U << 18U;
  ++taken_events_;
  if (aborts_ && judge_->knows_of_a_loss()) return figures::RunEnd::lost;
  if (taken_events_ % report_every == 0 && run_.progress) run_.progress(now_.time_since_epoch());
  if (taken_events_ % ask_every == 0 && run_.interruption) return run_.interruption();
  return std::nullopt;
}

// A million phones do not fit any cache; the next ones are fetched while others are driven. Read,
// since a processor need not obey a prefetch whose page it would have to look up first.
void Worker::read_ahead(std::uint32_t number) const {
  const auto* const address = reinterpret_cast<const volatile char*>(&phone(number));
  constexpr std::size_t cache_line = 64;
  for (std::size_t at = 0; at < sizeof(VirtualPhone); at += cache_line)
    static_cast<void>(address[at]);
  [[maybe_unused]] const volatile bool state = roll_.is_provisioned(number);
}

// --- the scenario's plan

void Worker::plan(Time at, std::uint32_t phone, const PhoneEvent& event) {
  if (phone < range_.first || phone >= range_.end) return;
  // Phones of other shards exist and are never switched on, so that numbers and chance are the
  // run's.
  if (!run_.shard.has(phone)) return;
  // From the back: an event befalls phone after phone, so it is nearly always the last one.
  auto known = std::find(phone_events_.rbegin(), phone_events_.rend(), event);
  if (known == phone_events_.rend()) {
    phone_events_.push_back(event);
    known = phone_events_.rbegin();
  }
  const auto number = static_cast<std::uint32_t>(&*known - phone_events_.data());
  queue_.push({at.time_since_epoch().count(), phone,
               (number << kind_bits) | static_cast<std::uint32_t>(Queued::event)});
  planned_.add(at);
}

// --- what happens

void Worker::take(const QueuedEvent& event) {
  const auto kind = static_cast<Queued>(event.token & ((1U << kind_bits) - 1U));
  const auto rest = event.token >> kind_bits;
  switch (kind) {
    case Queued::deadline:
      // A deadline that was moved since is still in the queue.
      if (phone(event.phone).machine.due <= now_) dispatch(event.phone, resync::DeadlineReached{});
      return;
    case Queued::answer:
      if (!begins_transfer(event.phone, rest)) answer_arrived(event.phone, rest);
      return;
    case Queued::link:
      return transfers_end();
    case Queued::event:
      planned_.taken();
      return apply_event(event.phone, phone_events_[rest]);
  }
}

void Worker::apply_event(std::uint32_t number, const PhoneEvent& event) {
  const auto happened = scenario::machine_event_of(event);
  const auto brought = scenario::brought_with(scenario_, number, event);
  if (!brought) return dispatch(number, happened);
  // What somebody sets or hands over is that phone's own: it has to be whole for it.
  const auto queued = queued_deadline(number);
  if (!is_awake(number)) wake(number);
  conductor_.post(number, drive::stimulus_of(happened, brought.get()));
  conductor_.drain(now_);
  queue_deadline(number, queued);
}

void Worker::dispatch(std::uint32_t number, const resync::Event& event) {
  auto& it = phone(number);
  const auto queued = queued_deadline(number);
  const bool is_cut_off = resync::cuts_off(event, it.machine);
  if (is_cut_off) roll_.powered_off(number);
  // An answer that comes now is nobody's.
  if (is_cut_off && std::exchange(it.is_waiting, false))
    withdraw(number, it.requests % token_limit);
  // Power loss forgets what a phone remembers besides (R-MACRO-20, R-UPGRADE-07), which only the
  // retrieval's CutOff may do.
  const bool has_to_forget = is_cut_off && states_.saved_state_of(it.rest_state) != nullptr;
  const bool is_of_link = std::holds_alternative<resync::LinkLost>(event);
  if (is_awake(number) || is_watched(number) || has_to_forget || is_of_link) {
    if (!is_awake(number)) wake(number);
    conductor_.post(number, event);
    conductor_.drain(now_);
  } else {
    step_asleep(number, event);
  }
  queue_deadline(number, queued);
}

void Worker::answer_arrived(std::uint32_t number, std::uint32_t request) {
  auto& it = phone(number);
  const auto queued = queued_deadline(number);
  if (is_awake(number)) {
    deliver(number, request);
  } else if (it.is_waiting && it.requests % token_limit == request) {
    it.is_waiting = false;
    step_asleep(number, take_outcome(number));
  }
  queue_deadline(number, queued);
}

Time Worker::queued_deadline(std::uint32_t number) const {
  const auto due = phone(number).machine.due;
  return due > now_ ? due : Time::max();
}

// What came due while something else was under way is due now.
void Worker::queue_deadline(std::uint32_t number, Time queued) {
  const auto due = phone(number).machine.due;
  // One that moved is queued anew and the old one left where it is: take() passes over it.
  if (due == Time::max() || due == queued) return;
  queue_.push({std::max(due, now_).time_since_epoch().count(), number,
               static_cast<std::uint32_t>(Queued::deadline)});
}

void Worker::queue_answer(std::uint32_t number, std::uint32_t request, const ModelAnswer& answer) {
  if (answer.octets > 0) await_octets(number, answer);
  queue_.push(
      {answer.at.time_since_epoch().count(), number,
       ((request % token_limit) << kind_bits) | static_cast<std::uint32_t>(Queued::answer)});
}

ModelAnswer Worker::ask(std::uint32_t number, macro::Scheme scheme, const resync::Request* what,
                        Challenged challenged) {
  auto& it = phone(number);
  ++it.requests;
  const auto turn = server_.take_turn(now_);
  const auto answer =
      server_.answer({now_, number, it.requests, scheme, what}, personality_of(number), turn);
  count(number, challenged, turn, answer);
  return answer;
}

void Worker::count(std::uint32_t number, Challenged challenged, const Turn& turn,
                   const ModelAnswer& answer) {
  ++figures_.requests;
  figures_.arrivals.add(now_);
  if (answer.is_turned_away) ++figures_.turned_away;
  if (server_.has_queue()) figures_.backlog.raise(now_, turn.backlog);
  // Counted when it is asked for: whether anybody still waits when the answer comes is no matter of
  // the server's.
  const auto error = failure_of(answer.act, personality_of(number));
  // R-HTTP-09: a challenge that is answered fails nothing.
  const bool is_answered = error == Errc::unauthorized && challenged == Challenged::answers;
  if (error && !is_answered) {
    ++figures_.requests_failed;
    ++figures_.errors[*error];
  } else {
    // Of what goes over the line its end is told when it is known.
    if (answer.octets == 0)
      figures_.response_us.add(std::chrono::microseconds(answer.at - now_).count());
    figures_.queued_us.add(answer.queued_us);
  }
}

// --- figures

struct Worker::Counting {
  Worker& worker;
  std::uint32_t number;

  void operator()(const resync::Booted&) const { worker.roll_.powered_on(number); }
  void operator()(const resync::PassStarted&) const {
    ++worker.figures_.passes.started;
    worker.roll_.pass_started(number);
  }
  void operator()(const resync::PassGated&) const { ++worker.figures_.passes.gated; }
  void operator()(const resync::PassDeferred&) const { ++worker.figures_.passes.deferred; }
  void operator()(const resync::Restarting&) const { ++worker.figures_.restarts; }
  void operator()(const resync::PassFailed& failed) const {
    ++worker.figures_.passes.failed;
    static const resync::RuleFailure unknown;
    const auto& failure = worker.is_awake(number) ? worker.handset(number).retrievals.failure
                          : worker.failure_       ? *worker.failure_
                                                  : unknown;
    worker.note_failed(number, figures::Work::pass, failed.error, failure.url, failure.detail);
  }
  void operator()(const resync::PassSucceeded& succeeded) const {
    ++worker.figures_.passes.succeeded;
    const bool is_first = succeeded.has_file && !worker.roll_.is_provisioned(number);
    worker.roll_.pass_succeeded(number, succeeded.has_file);
    // The first success alone is what converging means, as in a fleet: how long a phone takes that
    // comes back in the course of the run is another question.
    if (!is_first) return;
    const auto powered_on = worker.is_awake(number)
                                ? worker.handset(number).phone.machine.powered_on
                                : worker.phone(number).machine.powered_on;
    worker.figures_.convergence_us.add(std::chrono::microseconds(worker.now_ - powered_on).count());
  }
  void operator()(const auto& /*wish*/) const {}
};

void Worker::note(std::uint32_t number, const resync::Effects& effects) {
  ++figures_.events;
  const auto when = resync::mix((std::uint64_t{number} << 32U) ^
                                static_cast<std::uint64_t>(now_.time_since_epoch().count()));
  for (const auto& effect : effects) {
    if (std::holds_alternative<resync::EvaluateRule>(effect)) continue;  // follows from the others
    figures_.decisions +=
        resync::mix(when ^ (std::uint64_t{effect.index()} << 56U) ^ std::visit(Decision{}, effect));
    std::visit(Counting{*this, number}, effect);
  }
}

void Worker::note_failed(std::uint32_t number, figures::Work work, Errc code, std::string_view url,
                         std::string_view detail) {
  auto excuse = expect::Excuse::always;
  if (!is_of_the_model(code))
    excuse = judge_ ? judge_->excuse_of(number, work, code) : expect::Excuse::none;
  roll_.failed(number, scenario::mac_of(scenario_, number), {work, code, url, detail, {}, excuse});
}

void Worker::tell_outages(Time until) {
  while (!outages_.empty() && outages_.back().at <= until) {
    run_.trace(outages_.back());
    outages_.pop_back();
  }
}

const profile::ParameterSet& Worker::parameters_of(std::uint32_t number) const {
  const auto awake = awake_.find(number);
  return awake != awake_.end() ? awake->second->handset.phone.device.parameters
                               : states_.class_of(phone(number).rest_state).parameters;
}

void Worker::judge_final() {
  if (!judge_ || !judge_->wants_final()) return;
  for (auto number = range_.first; number < range_.end; ++number) {
    // What phones of other shards come to is for those to say.
    if (run_.shard.has(number)) judge_->final(number, parameters_of(number));
  }
}

}  // namespace provphone::client::forecast
