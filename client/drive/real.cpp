#include "client/drive/real.hpp"

#include "client/drive/effects.hpp"
#include "client/drive/facts.hpp"
#include "client/drive/intake.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/syslog.hpp"
#include "resync/access.hpp"
#include "resync/answer.hpp"
#include "resync/messages.hpp"
#include "resync/restart.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace provphone::client::drive {
namespace {

using report::EventKind;
using report::TraceEvent;
using SteadyClock = std::chrono::steady_clock;

// One retrieval of a rule's file, over as many hops as the server asks for.
struct Retrieving {
  std::uint8_t slot = 0;
  resync::Plan plan;
  resync::Retrieval what;  // the plan's, or where a redirect or a challenge led from there
  int hops = 0;
  bool announced = false;  // this hop's request is in the trace
  bool logged = false;     // R-LOG-10: one message, whatever hops and challenges follow
};

std::vector<std::string> names_of(const std::vector<profile::ParameterId>& ids) {
  std::vector<std::string> names;
  names.reserve(ids.size());
  for (const auto id : ids) names.push_back(profile::parameter(id).name);
  return names;
}

report::StageTimes stage_times(const transport::Stamps& stamps) {
  report::StageTimes times;
  std::int64_t before = 0;
  const auto lasted = [&before](std::int64_t reached) -> std::optional<std::int64_t> {
    if (reached == 0) return std::nullopt;
    const auto took = reached - before;
    before = reached;
    return took;
  };
  times.resolve = lasted(stamps.resolved_us);
  times.connect = lasted(stamps.connected_us);
  times.tls = lasted(stamps.secured_us);
  times.first_byte = lasted(stamps.first_byte_us);
  times.body = lasted(stamps.done_us);
  return times;
}

transport::Method method_of(const resync::Retrieval& retrieval) {
  return retrieval.method == resync::Retrieval::Method::post ? transport::Method::post
                                                             : transport::Method::get;
}

transport::Request request_of(const DrivenPhone& phone, const resync::Retrieval& retrieval) {
  const auto& personality = phone.setup.personality;
  const auto limit = [&](resync::Knob knob) {
    return std::chrono::milliseconds(personality[knob]);
  };
  transport::Request request;
  request.method = method_of(retrieval);
  request.url = retrieval.url;
  request.body = retrieval.body;
  request.content_type = retrieval.content_type;
  if (retrieval.login) request.credentials = {retrieval.login->user, retrieval.login->password};
  request.user_agent = resync::user_agent(phone.macros());
  request.tls = phone.setup.tls;
  request.timeouts = {limit(resync::Knob::connect_timeout), limit(resync::Knob::idle_timeout),
                      limit(resync::Knob::total_timeout)};
  request.max_body_bytes = profile::max_file_bytes;
  return request;
}

}  // namespace

class RealDriver::Impl {
 public:
  Impl(boost::asio::io_context& loop, RealRun run)
      : loop_(loop),
        run_(std::move(run)),
        fetcher_(loop, run_.targets),
        started_(SteadyClock::now()) {
    slots_.reserve(run_.phones.size());
    for (auto& setup : run_.phones) {
      slots_.push_back(std::make_unique<Slot>(std::move(setup), loop));
      slots_.back()->phone.machine.index = static_cast<std::uint32_t>(slots_.size() - 1);
    }
  }

  void power_on(std::size_t index) { feed(index, resync::PoweredOn{}); }

  void request_resync_of_running(std::size_t index) {
    auto& phone = slots_[index]->phone;
    const auto source = phone.macros();
    const auto facts = resync::lookup_of(source);
    phone.machine =
        resync::running_phone(static_cast<std::uint32_t>(index), shared(phone, facts), now());
    feed(index, resync::ResyncRequested{});
  }

  const DrivenPhone& phone(std::size_t index) const { return slots_[index]->phone; }
  std::size_t phone_count() const { return slots_.size(); }

 private:
  struct Slot {
    Slot(PhoneSetup setup, boost::asio::io_context& loop) : phone(std::move(setup)), timer(loop) {}
    DrivenPhone phone;
    boost::asio::steady_timer timer;
    std::optional<Retrieving> retrieving;
    bool needs_restart = false;  // by what the rule under evaluation has changed so far
    RuleFailure failure;         // of the rule that failed last, for the trace
  };

  resync::Time now() const {
    return resync::Time{std::chrono::floor<resync::Duration>(SteadyClock::now() - started_)};
  }

  TraceEvent event(std::size_t index, EventKind kind) const {
    return {.at = now(), .phone = slots_[index]->phone.setup.identity.mac, .event = kind};
  }
  resync::Shared shared(const DrivenPhone& phone, const macro::Lookup& facts) const {
    return {phone.setup.personality, phone.settings, run_.wall, run_.seed, facts};
  }

  TraceEvent rule_event(std::size_t index, EventKind kind, std::size_t slot) const {
    auto made = event(index, kind);
    made.rule = resync::rule_parameter_name(slot);
    return made;
  }
  void add_rule(TraceEvent& line, std::size_t index, std::size_t slot) const {
    const auto& phone = slots_[index]->phone;
    line.facts.rule = resync::describe_rule(phone.rule(slot), phone.macros());
  }

  // Steps the machine with `happened` and with all that follows from it at once.
  void feed(std::size_t index, const resync::Event& happened);
  void trace_effects(std::size_t index, const resync::Effects& effects, resync::Time at);
  void arm_timer(std::size_t index);
  void deadline_reached(std::size_t index);

  // The event that answers the machine, or nothing while a retrieval is under way.
  std::optional<resync::Event> answer(std::size_t index, const Demand& demand);
  std::optional<resync::Event> evaluate(std::size_t index, std::uint8_t slot);
  std::optional<resync::Event> follow_plan(std::size_t index, std::uint8_t slot, resync::Plan plan);
  resync::Event rule_done(std::size_t index);
  resync::Event rule_failed(std::size_t index, const Error& error);

  void start_retrieval(std::size_t index);
  void announce(std::size_t index, const std::string& server_address);
  void retrieval_done(std::size_t index, Result<transport::Response> response);
  std::optional<resync::Event> judge(std::size_t index, const transport::Response& response);
  std::optional<resync::Event> take_in(std::size_t index, const transport::Response& response);
  std::optional<resync::Event> attempt_failed(std::size_t index, const Error& error);
  void conclude(std::size_t index, const std::optional<resync::Event>& outcome);
  void log(std::size_t index, resync::LogKind kind);

  boost::asio::io_context& loop_;
  RealRun run_;
  transport::Fetcher fetcher_;
  SteadyClock::time_point started_;
  std::vector<std::unique_ptr<Slot>> slots_;
};

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
    next = answer(index, demand_of(effects));
  }
  arm_timer(index);
  if (phone.machine.state != resync::State::pass && run_.on_pass_over) run_.on_pass_over(index);
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

std::optional<resync::Event> RealDriver::Impl::answer(std::size_t index, const Demand& demand) {
  if (const auto* rule = std::get_if<resync::EvaluateRule>(&demand))
    return evaluate(index, rule->slot);
  if (std::holds_alternative<resync::EvaluateUpgrade>(demand)) return resync::UpgradeSkipped{};
  return std::nullopt;
}

std::optional<resync::Event> RealDriver::Impl::evaluate(std::size_t index, std::uint8_t slot) {
  auto& phone = slots_[index]->phone;
  resync::show_timers(phone.setup.state, resync::timers_of(phone.machine, now()));
  auto plan = resync::plan_profile_rule(phone.rule(slot), phone.macros(), phone.setup.lease);
  if (!plan) {
    slots_[index]->failure.rule = resync::describe_rule(phone.rule(slot), phone.macros());
    return rule_failed(index, plan.error());
  }
  return follow_plan(index, slot, *std::move(plan));
}

std::optional<resync::Event> RealDriver::Impl::follow_plan(std::size_t index, std::uint8_t slot,
                                                           resync::Plan plan) {
  if (plan.alternative == 0) {
    auto skipped = rule_event(index, EventKind::rule_skipped, slot);
    skipped.reason = plan.skipped;
    add_rule(skipped, index, slot);
    run_.trace(skipped);
    return resync::RuleSkipped{};
  }
  if (!plan.assignments.empty()) {
    auto applied = rule_event(index, EventKind::applied, slot);
    applied.alternative = plan.alternative;
    const auto changed = take_in_assignments(slots_[index]->phone, plan.assignments);
    applied.changed = names_of(changed);
    add_restart_facts(applied, slots_[index]->phone.setup.personality);
    run_.trace(applied);
    slots_[index]->needs_restart |=
        resync::needs_restart(changed, slots_[index]->phone.setup.personality);
  }
  if (!plan.retrieval) return rule_done(index);
  auto what = *plan.retrieval;
  slots_[index]->retrieving = Retrieving{slot, std::move(plan), std::move(what)};
  start_retrieval(index);
  return std::nullopt;
}

resync::Event RealDriver::Impl::rule_done(std::size_t index) {
  return resync::RuleSucceeded{std::exchange(slots_[index]->needs_restart, false)};
}

resync::Event RealDriver::Impl::rule_failed(std::size_t index, const Error& error) {
  auto& slot = *slots_[index];
  slot.failure.detail = error.detail;
  slot.phone.setup.state.err = resync::err_text(error.code);
  log(index, resync::LogKind::failure);
  return resync::RuleFailed{error.code, std::exchange(slot.needs_restart, false)};
}

void RealDriver::Impl::start_retrieval(std::size_t index) {
  auto& slot = *slots_[index];
  const auto& url = slot.retrieving->what.url;
  auto& state = slot.phone.setup.state;
  state.scheme = name(url.scheme);
  state.serv = url.host;
  state.servip = url.host;
  state.port = std::to_string(url.port);
  state.path = url.path;
  state.err.clear();
  slot.retrieving->announced = false;
  fetcher_.start(
      request_of(slot.phone, slot.retrieving->what),
      [this, index](const std::string& address) { announce(index, address); },
      [this, index](Result<transport::Response> response) {
        retrieval_done(index, std::move(response));
      });
}

// R-LOG-15: the name is resolved before the request is logged, so that $SERVIP is an address; where
// it cannot be resolved, the host's name stands in.
void RealDriver::Impl::announce(std::size_t index, const std::string& server_address) {
  auto& slot = *slots_[index];
  auto& retrieving = *slot.retrieving;
  if (std::exchange(retrieving.announced, true)) return;
  if (!server_address.empty()) slot.phone.setup.state.servip = server_address;
  auto request = rule_event(index, EventKind::request, retrieving.slot);
  request.alternative = retrieving.plan.alternative;
  request.method = name(method_of(retrieving.what));
  request.url = format(retrieving.what.url);
  request.server_address = server_address;
  add_rule(request, index, retrieving.slot);
  run_.trace(request);
  if (!std::exchange(retrieving.logged, true)) log(index, resync::LogKind::request);
}

void RealDriver::Impl::retrieval_done(std::size_t index, Result<transport::Response> response) {
  auto& slot = *slots_[index];
  announce(index, {});
  auto line = rule_event(index, EventKind::response, slot.retrieving->slot);
  if (!response) {
    line.error = response.error().code;
    line.detail = response.error().detail;
    run_.trace(line);
    return conclude(index, attempt_failed(index, response.error()));
  }
  if (slot.retrieving->what.url.scheme != macro::Scheme::tftp) line.status = response->status;
  line.bytes = response->body.size();
  line.times = stage_times(response->stamps);
  run_.trace(line);
  conclude(index, judge(index, *response));
}

// Tells the machine how the retrieval ended; nothing where it goes on.
void RealDriver::Impl::conclude(std::size_t index, const std::optional<resync::Event>& outcome) {
  if (!outcome) return;
  slots_[index]->retrieving.reset();
  feed(index, *outcome);
}

// One place had no usable file: the next one is tried, or the rule has failed.
std::optional<resync::Event> RealDriver::Impl::attempt_failed(std::size_t index,
                                                              const Error& error) {
  auto& retrieving = *slots_[index]->retrieving;
  auto next = resync::next_attempt(retrieving.plan);
  if (!next) return rule_failed(index, error);
  slots_[index]->phone.setup.state.err = resync::err_text(error.code);
  log(index, resync::LogKind::failure);
  retrieving.hops = 0;
  retrieving.logged = false;
  retrieving.what = *std::move(next);
  start_retrieval(index);
  return std::nullopt;
}

// What the answer means is the phone's business (resync/answer.hpp); nothing when there is another
// hop to make.
std::optional<resync::Event> RealDriver::Impl::judge(std::size_t index,
                                                     const transport::Response& response) {
  auto& slot = *slots_[index];
  auto& retrieving = *slot.retrieving;
  const auto source = slot.phone.macros();
  auto verdict =
      resync::judge({response.status, response.location, retrieving.what.url, retrieving.hops},
                    slot.phone.setup.personality, resync::lookup_of(source));
  if (const auto* refused = std::get_if<resync::Refuse>(&verdict)) {
    auto again = resync::with_profile_account(retrieving.what, refused->error.code, source,
                                              slot.phone.setup.profile_account);
    if (!again) return attempt_failed(index, refused->error);
    retrieving.what = *std::move(again);
    start_retrieval(index);
    return std::nullopt;
  }
  if (auto* follow = std::get_if<resync::Follow>(&verdict)) {
    if (const auto access = resync::check_access(follow->url, source); !access)
      return attempt_failed(index, access.error());
    ++retrieving.hops;
    retrieving.what = resync::redirected(std::move(retrieving.what), std::move(follow->url));
    start_retrieval(index);
    return std::nullopt;
  }
  return take_in(index, response);
}

std::optional<resync::Event> RealDriver::Impl::take_in(std::size_t index,
                                                       const transport::Response& response) {
  auto& slot = *slots_[index];
  const auto& retrieving = *slot.retrieving;
  const auto before = SteadyClock::now();
  const auto intake = take_in_file(slot.phone, retrieving.slot, retrieving.what,
                                   {response.body, response.content_encoding});
  const auto took = SteadyClock::now() - before;
  if (!intake) return attempt_failed(index, intake.error());
  auto applied = rule_event(index, EventKind::applied, retrieving.slot);
  applied.times.decode = std::chrono::duration_cast<std::chrono::microseconds>(took).count();
  applied.unchanged_body = intake->unchanged_body;
  for (const auto layer : intake->layers) applied.layers.emplace_back(name(layer));
  applied.changed = names_of(intake->changed);
  for (const auto& ignored : intake->ignored) applied.ignored.push_back(ignored.name);
  add_restart_facts(applied, slot.phone.setup.personality);
  run_.trace(applied);
  slot.needs_restart |= intake->needs_restart;
  log(index, resync::LogKind::success);
  return rule_done(index);
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

const DrivenPhone& RealDriver::phone(std::size_t index) const {
  return impl_->phone(index);
}

std::size_t RealDriver::phone_count() const {
  return impl_->phone_count();
}

}  // namespace provphone::client::drive
