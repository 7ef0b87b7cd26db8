#include "client/forecast/alike.hpp"
#include "client/forecast/worker.hpp"
#include "client/trace/effects.hpp"
#include "client/trace/facts.hpp"
#include "profile/parameter_id.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <cassert>

// Phones that need not wake up. Nothing is decided here: the machine is stepped, and retrievals are
// remembered (Course, Outcome) as they went when resync::advance() worked them out for a phone of
// the same state.
namespace provphone::client::forecast {

using resync::Time;
using trace::EventKind;
using trace::TraceEvent;

namespace {

template <class Wanted>
const Wanted* find_in(const resync::Outputs& outputs) {
  for (const auto& output : outputs) {
    if (const auto* wanted = std::get_if<Wanted>(&output)) return wanted;
  }
  return nullptr;
}

// Messages change nothing.
bool is_only(const resync::Outputs& outputs, std::size_t wanted) {
  const auto logs = std::count_if(outputs.begin(), outputs.end(), [](const auto& output) {
    return std::holds_alternative<resync::Log>(output);
  });
  return outputs.size() == wanted + static_cast<std::size_t>(logs);
}

// R-RESYNC-29, R-RESYNC-30, for phones of which no lease is made until they wake.
resync::LeaseTime lease_time_of(const scenario::Scenario& scenario,
                                const scenario::PhoneGroup& group, std::uint32_t number,
                                const resync::SavedState* memory) {
  const auto* granted = memory != nullptr ? memory->granted.get() : nullptr;
  if (granted != nullptr && granted->options) return resync::lease_time_of(*granted->options);
  std::vector<resync::DhcpOption> lease;
  for (const auto& [option, value, version] : group.dhcp) {
    if (option == resync::ntp_servers_option || option == resync::time_offset_option)
      lease.push_back(
          {option, scenario::expand(value, scenario::values_of(scenario, number)), version});
  }
  return resync::lease_time_of(lease);
}

bool has_own_lease(const scenario::PhoneGroup& group) {
  return std::any_of(group.dhcp.begin(), group.dhcp.end(),
                     [](const auto& option) { return option.value.differs_within_group(); });
}

// R-HTTP-29: what such phones fetch may be the PAC file, behind which they go on.
bool looks_for_proxies(const profile::ParameterSet& parameters) {
  return parameters.get(profile::parameter_id("Proxy_Mode")) == "Auto";
}

bool restricts_access(const profile::ParameterSet& parameters) {
  return !parameters.get(profile::parameter_id("Restricted_Access_Domains")).empty();
}

}  // namespace

std::size_t AnsweredHash::operator()(const Answered& answered) const {
  const auto act = (std::uint64_t{answered.act.code} << 24U) |
                   (std::uint64_t{answered.act.planned} << 8U) |
                   static_cast<std::uint64_t>(answered.act.kind);
  return resync::mix((std::uint64_t{answered.rest_state} << 32U) ^ (act << 3U) ^ answered.slot ^
                     resync::mix(answered.profile));
}

resync::Effects Worker::step(std::uint32_t number, const resync::Event& event) {
  auto& it = phone(number);
  current_ = number;
  const auto& settings = *states_[it.rest_state].settings;
  return resync::step(it.machine,
                      {personality_of(number), settings, run_.wall, scenario_.seed, facts_,
                       lease_time_of(scenario_, scenario_.phones[it.group], number,
                                     states_.saved_state_of(it.rest_state)),
                       idle_rules_of(number)},
                      event, now_);
}

void Worker::tell(std::uint32_t number, const resync::Effects& effects) {
  note(number, effects);
  judge_effects(number, effects);
}

void Worker::step_asleep(std::uint32_t number, const resync::Event& happened) {
  std::optional<resync::Event> next = happened;
  judge_machine_event(number, happened);
  while (next) {
    const auto effects = step(number, *next);
    tell(number, effects);
    next = follow(number, effects);
  }
}

std::optional<resync::Event> Worker::follow(std::uint32_t number, const resync::Effects& effects) {
  for (const auto* effect = effects.begin(); effect != effects.end(); ++effect) {
    if (std::holds_alternative<resync::PassStarted>(*effect)) {
      phone(number).rest_state_at_start = phone(number).rest_state;
      continue;
    }
    const auto* rule = std::get_if<resync::EvaluateRule>(effect);
    const auto course = rule != nullptr ? course_of(number, rule->slot) : Course::own;
    if (rule != nullptr && course == Course::skipped) return resync::RuleSkipped{};
    if (rule != nullptr && course == Course::fetches) return request(number, rule->slot);
    if (!resync::input_of(*effect)) continue;
    wake(number);
    for (; effect != effects.end(); ++effect) {
      if (auto input = resync::input_of(*effect)) conductor_.post(number, *std::move(input));
    }
    conductor_.drain(now_);
    return std::nullopt;
  }
  return std::nullopt;
}

Course Worker::course_of(std::uint32_t number, std::uint8_t slot) {
  const auto& it = phone(number);
  if (slot >= resync::rule_slots) return Course::own;
  if (!has_rules_of_its_state(number)) return Course::own;
  auto& state = states_[it.rest_state];
  if (state.courses[slot] == Course::unknown)
    state.courses[slot] = find_course(number, slot, state);
  return state.courses[slot];
}

bool Worker::has_rules_of_its_state(std::uint32_t number) const {
  const auto& it = phone(number);
  return it.rest_state == it.rest_state_at_start ||
         !resync::reads_rules_at_start(personality_of(number));
}

std::bitset<resync::rule_slots> Worker::idle_rules_of(std::uint32_t number) {
  const auto& it = phone(number);
  if (it.machine.state != resync::State::pass || !has_rules_of_its_state(number)) return {};
  auto& idle = states_[it.rest_state].idle_rules;
  if (idle) return *idle;
  idle.emplace();
  // All of them, whichever phone comes first: how many steps there are must not depend on that.
  for (std::uint8_t slot = 0; slot < resync::rule_slots; ++slot)
    idle->set(slot, course_of(number, slot) == Course::skipped);
  return *idle;
}

// What the retrieval does for this phone, if that is what it does for all phones in its state.
Course Worker::find_course(std::uint32_t number, std::uint8_t slot, RestState& state) const {
  auto sample = whole(number);
  const auto& phone_class = states_.class_of(phone(number).rest_state);
  const bool is_common = is_alike(sample.device.rule(slot), phone_class.recalled) &&
                         !has_own_lease(scenario_.phones[phone_class.group]) &&
                         !restricts_access(phone_class.parameters) &&
                         !looks_for_proxies(phone_class.parameters);
  if (!is_common || place_matters_) return Course::own;
  resync::Retrievals retrievals;
  const auto outputs = resync::advance(sample.device, retrievals, resync::EvaluateRule{slot},
                                       {sample.machine, now_, resync::Depth::figures});
  const auto* done = find_in<resync::Done>(outputs);
  const bool is_skipped = done != nullptr && is_only(outputs, 2) &&
                          std::holds_alternative<resync::RuleSkipped>(done->event);
  if (is_skipped) return Course::skipped;
  const auto* fetch = find_in<resync::Fetch>(outputs);
  // Behind an errand another fetch follows.
  const bool is_single = fetch != nullptr && !fetch->errand && is_only(outputs, 1) &&
                         !retrievals.first_boot &&
                         retrievals.in(resync::Lane::work)->plan.fallbacks.empty();
  if (!is_single) return Course::own;
  state.schemes[slot] = fetch->request.url.scheme;
  return Course::fetches;
}

std::optional<resync::Event> Worker::request(std::uint32_t number, std::uint8_t slot) {
  auto& it = phone(number);
  const auto scheme = states_[it.rest_state].schemes[slot];
  if (meets_others()) {
    it.is_waiting = true;
    leave_undecided({{now_, number}, ++it.requests, scheme});
    return std::nullopt;
  }
  const auto answer = ask(number, scheme, nullptr);
  answer_asleep(number, answer);
  // Within a pass a phone has no deadline: only what the scenario plans could come before the
  // answer. Where phones meet, a request of this one's could follow before others make theirs.
  const bool is_next =
      !server_.is_shared() && answer.at < planned_.next() && answer.at <= Time{run_.length};
  if (is_next) {
    now_ = answer.at;
    return take_outcome(number);
  }
  it.is_waiting = true;
  queue_answer(number, it.requests, answer);
  return std::nullopt;
}

void Worker::answer_asleep(std::uint32_t number, const ModelAnswer& answer) {
  phone(number).act = answer.act;
  if (answer.act.kind == ServerAct::Kind::fails || !is_judged(EventKind::response)) return;
  auto response = line(number, EventKind::response);
  response.times.first_byte = std::chrono::microseconds(answer.at - now_).count();
  judge_->observe(number, response);
}

resync::Event Worker::take_outcome(std::uint32_t number) {
  auto outcome = outcome_of(number);
  phone(number).rest_state = outcome.rest_state;
  failure_ = std::move(outcome.failure);
  return outcome.event;
}

std::optional<std::size_t> Worker::profile_for(std::uint32_t number) const {
  const auto& it = phone(number);
  const bool has_file = it.act.kind == ServerAct::Kind::file;
  return has_file ? served_profile(scenario_.server, scenario::first_part(scenario_, it.group),
                                   now_, nullptr)
                  : std::nullopt;
}

const Outcome* Worker::known_outcome_of(std::uint32_t number) {
  const auto& it = phone(number);
  const auto profile = profile_for(number);
  if (!files_.is_common(profile)) return nullptr;
  const Answered answered{it.rest_state, it.machine.slot, it.act, profile ? *profile + 1 : 0};
  const auto known = outcomes_.find(answered);
  if (known != outcomes_.end()) return &known->second;
  return &outcomes_.emplace(answered, work_out(number, profile)).first->second;
}

Outcome Worker::outcome_of(std::uint32_t number) {
  if (const auto* known = known_outcome_of(number)) return *known;
  return work_out(number, profile_for(number));
}

// Every answer ends the retrieval: there is no other place to look at, no account to try, and the
// server sends nobody elsewhere, or the phone would be awake.
Outcome Worker::work_out(std::uint32_t number, std::optional<std::size_t> profile) {
  auto sample = whole(number);
  resync::Retrievals retrievals;
  const resync::RetrievalContext context{sample.machine, now_, resync::Depth::figures};
  const auto begun = resync::advance(sample.device, retrievals,
                                     resync::EvaluateRule{sample.machine.slot}, context);
  const auto* fetch = find_in<resync::Fetch>(begun);
  assert(fetch != nullptr);
  resync::advance(sample.device, retrievals,
                  resync::Resolved{resync::Lane::work, address_of(resync::host_asked(*fetch))},
                  context);
  const auto answer = input_of(phone(number).act, *fetch, scenario_.server,
                               files_.file(profile, number), sample.device.personality);
  const auto ended = resync::advance(sample.device, retrievals, answer, context);
  const auto* done = find_in<resync::Done>(ended);
  assert(done != nullptr);
  // Shared by all phones that fail alike.
  auto failure = std::holds_alternative<resync::RuleFailed>(done->event)
                     ? std::make_shared<const resync::RuleFailure>(std::move(retrievals.failure))
                     : nullptr;
  return {states_.settle(phone(number).group, sample.device), done->event, std::move(failure)};
}

TraceEvent Worker::line(std::uint32_t number, EventKind kind) const {
  return {.at = now_, .phone = scenario::mac_of(scenario_, number), .event = kind};
}

void Worker::judge_machine_event(std::uint32_t number, const resync::Event& happened) {
  if (std::holds_alternative<resync::PoweredOff>(happened) && is_judged(EventKind::powered_off))
    judge_->observe(number, line(number, EventKind::powered_off));
}

void Worker::judge_effects(std::uint32_t number, const resync::Effects& effects) {
  if (!judge_) return;
  for (const auto& effect : effects) {
    const auto kind = trace::kind_of(effect);
    if (!kind || !judge_->wants(*kind)) continue;
    // Where it is: an event is too large to be moved for nothing.
    auto traced = trace::trace_of(effect, scenario::mac_of(scenario_, number), now_);
    auto& line = *traced;
    if (kind == EventKind::pass_failed && failure_) {
      line.detail = failure_->detail;
      line.url = failure_->url;
    }
    judge_->observe(number, line);
  }
}

bool Worker::look_up_macro(std::string_view name, std::string& out) const {
  const auto it = whole(current_);
  const auto source = it.device.macros();
  return resync::lookup_of(source)(name, out);
}

}  // namespace provphone::client::forecast
