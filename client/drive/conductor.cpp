#include "client/drive/conductor.hpp"

#include "client/trace/effects.hpp"
#include "client/trace/facts.hpp"
#include "client/trace/notes.hpp"
#include "resync/apply.hpp"
#include "resync/explain_facts.hpp"
#include "resync/notify.hpp"
#include "resync/restart.hpp"

#include <algorithm>

namespace provphone::client::drive {

using trace::EventKind;
using trace::TraceEvent;

// Acts on the outputs of one input.
struct Performance {
  Conductor& conductor;
  std::size_t index;
  const resync::Input& input;

  World& world() const { return conductor.world_; }
  const DrivenPhone& phone() const { return world().handset(index).phone; }
  bool explains() const { return world().depth(index) == resync::Depth::everything; }

  void operator()(resync::LookUp& wanted) const { world().look_up(index, wanted); }
  void operator()(resync::Fetch& fetch) const { world().fetch(index, std::move(fetch)); }
  void operator()(resync::InstallRoots& wanted) const {
    conductor.follow(
        index, resync::Input{resync::RootsRead{wanted.lane, conductor.roots_.read(wanted.pem)}});
  }
  void operator()(resync::AskPac& wanted) const { world().ask_pac(index, wanted); }
  void operator()(resync::Cancel& cancelled) const { world().cancel(index, cancelled.lane); }
  void operator()(resync::Done& done) const { conductor.follow(index, done.event); }
  void operator()(resync::Log& log) const {
    auto line = trace::line_of(log, phone().device.identity.mac, conductor.now_);
    world().send_log(index, log, std::move(line));
  }
  void operator()(resync::Applied& applied) const {
    // Assignments come from no file, and a file that was recognised has been told of before.
    if (applied.from && !applied.unchanged_body) {
      const auto& answer = std::get<resync::Answered>(input);
      world().document(index, applied.unpacked ? *applied.unpacked : answer.body, *applied.from);
    }
    if (!world().wants(index, EventKind::applied)) return;
    const auto& device = phone().device;
    auto line = trace::line_of(applied, device.identity.mac, conductor.now_);
    if (explains()) trace::add_changes(line, applied, device.personality);
    world().emit(index, std::move(line));
  }
  void operator()(resync::RulePassedOver& it) const { emit(EventKind::rule_skipped, it); }
  void operator()(resync::RequestMade& it) const { emit(EventKind::request, it); }
  void operator()(resync::AnswerSeen& it) const { emit(EventKind::response, it); }
  void operator()(resync::UpgradeStarted& it) const { emit(EventKind::upgrade_started, it); }
  void operator()(resync::UpgradeEnded& it) const { emit(EventKind::upgrade_done, it); }
  void operator()(resync::CustomCaEnded& it) const {
    if (!world().wants(index, EventKind::custom_ca)) return;
    const auto& device = phone().device;
    auto line = trace::line_of(it, device.identity.mac, conductor.now_);
    line.web_status = custom_ca_status(device, phone().machine, conductor.premises_.wall);
    world().emit(index, std::move(line));
  }
  void operator()(resync::AskCertificateRequest& /*wanted*/) const {
    world().request_certificate(index);
  }
  void operator()(resync::InstallCertificate& wanted) const {
    world().install_certificate(index, wanted);
  }
  void operator()(resync::CertificateRenewalEnded& it) const {
    if (!world().wants(index, EventKind::certificate_renewal)) return;
    const auto& device = phone().device;
    auto line = trace::line_of(it, device.identity.mac, conductor.now_);
    line.web_status = certificate_renewal_status(device, phone().machine, conductor.premises_.wall);
    world().emit(index, std::move(line));
  }
  void operator()(resync::ReportEnded& it) const { emit(EventKind::reported, it); }
  void operator()(resync::CodeJudged& it) const { emit(EventKind::code_judged, it); }

  template <class Note>
  void emit(EventKind kind, Note& note) const {
    if (!world().wants(index, kind)) return;
    world().emit(index, trace::line_of(note, phone().device.identity.mac, conductor.now_));
  }
};

resync::Shared Conductor::shared(const DrivenPhone& phone, const macro::Lookup& facts) const {
  const auto& device = phone.device;
  return {device.personality,
          *device.settings,
          premises_.wall,
          premises_.seed,
          facts,
          resync::lease_time_of(device.lease)};
}

Stimulus stimulus_of(const resync::Event& event, const resync::Brought* brought) {
  if (brought == nullptr) return event;
  if (const auto* changed = std::get_if<resync::ParametersChanged>(&event))
    return SetByHand{brought->set, changed->how};
  if (brought->lease) return Grant{*brought->lease};
  return AskWithRule{event, brought->rule};
}

void Conductor::drain(resync::Time now) {
  if (is_draining_) return;
  is_draining_ = true;
  now_ = now;
  while (taken_ < queue_.size() || !touched_.empty()) {
    // A phone settles only when nothing more has happened to any: from then on it may rest.
    if (taken_ == queue_.size()) {
      queue_.clear();
      taken_ = 0;
      settle();
      continue;
    }
    // Taken out first: what follows is put behind it and may move the queue.
    auto [index, what, by] = std::move(queue_[taken_++]);
    if (std::find(touched_.begin(), touched_.end(), index) == touched_.end())
      touched_.push_back(index);
    if (by == By::world) world_.taking(index, what);
    std::visit([this, number = index](const auto& each) { take(number, each); }, what);
  }
  is_draining_ = false;
}

void Conductor::settle() {
  const auto index = touched_.back();
  touched_.pop_back();
  world_.settled(index);
}

void Conductor::take(std::size_t index, const resync::Event& event) {
  auto& phone = world_.handset(index).phone;
  // Before the event: the retrieval forgets, while the machine still has the state that it began
  // in.
  if (resync::cuts_off(event, phone.machine)) take(index, resync::Input{resync::CutOff{}});
  tell_event(index, event);
  let_step(index, event);
}

// `text` is what came along with it.
void Conductor::tell_event(std::size_t index, const resync::Event& event, std::string text) {
  auto& phone = world_.handset(index).phone;
  const auto& device = phone.device;
  auto line = trace::trace_of(event, device.identity.mac, now_);
  if (!line || !world_.wants(index, line->event)) return;
  line->missed = resync::missed(event, phone.machine);
  if (!line->missed)
    line->status = resync::sip_status_of(event, *device.settings, device.personality);
  if (!text.empty()) line->text = std::move(text);
  world_.emit(index, *std::move(line));
}

// R-RESYNC-40: where the page is closed nothing is submitted, and nothing is set.
void Conductor::take(std::size_t index, const SetByHand& set) {
  resync::ParametersChanged changed{set.how};
  auto& phone = world_.handset(index).phone;
  auto& device = phone.device;
  const auto missed = resync::missed(changed, phone.machine);
  const auto refusal = missed ? std::nullopt : resync::refusal_of(*device.settings, set.how);
  auto line = *trace::trace_of(changed, device.identity.mac, now_);
  if (world_.wants(index, line.event)) {
    line.missed = missed;
    line.reason = refusal;
    trace::add_settings(line, set.assignments, device.parameters);
    world_.emit(index, std::move(line));
  }
  if (refusal) return;
  if (!missed) {
    const auto ids = resync::apply_by_hand(device, set.assignments);
    changed.needs_restart = resync::needs_restart(ids, device.personality);
  }
  let_step(index, changed);
}

// The rule waits with the device for its turn, which comes in this drain or behind what the phone
// is at. A request that is refused leaves one that waits alone.
void Conductor::take(std::size_t index, const AskWithRule& ask) {
  tell_event(index, ask.request, resync::told_of(ask.request, ask.rule));
  const auto effects = let_step(index, ask.request);
  if (resync::takes_rule(effects))
    resync::hand_over(world_.handset(index).phone.device, ask.request, ask.rule);
}

// R-DHCP-10: no phone misses it, since it has the lease that there is when it comes up.
void Conductor::take(std::size_t index, const Grant& grant) {
  const auto changed = resync::take_lease(world_.handset(index).phone.device, grant.lease);
  tell_event(index, changed, resync::describe(grant.lease));
  let_step(index, changed);
}

resync::Effects Conductor::let_step(std::size_t index, const resync::Event& event) {
  auto& phone = world_.handset(index).phone;
  const auto source = phone.device.macros();
  const auto facts = resync::lookup_of(source);
  const auto effects = resync::step(phone.machine, shared(phone, facts), event, now_);
  world_.stepped(index, effects);
  // What was decided is told before what it leads to.
  tell_effects(index, effects);
  for (const auto& effect : effects) {
    if (auto input = resync::input_of(effect)) follow(index, *std::move(input));
  }
  return effects;
}

void Conductor::take(std::size_t index, const resync::Input& input) {
  auto& [phone, retrievals] = world_.handset(index);
  outputs_.clear();
  resync::advance(phone.device, retrievals, input,
                  {phone.machine, now_, world_.depth(index), world_.file_cache(), premises_.salt},
                  outputs_);
  const Performance performance{*this, index, input};
  for (auto& output : outputs_) std::visit(performance, output);
}

void Conductor::tell_effects(std::size_t index, const resync::Effects& effects) {
  auto& [phone, retrievals] = world_.handset(index);
  for (const auto& effect : effects) {
    const auto kind = trace::kind_of(effect);
    if (!kind || !world_.wants(index, *kind)) continue;
    auto traced = trace::trace_of(effect, phone.device.identity.mac, now_);
    auto& line = *traced;
    // Why the rule failed is known to its retrieval and told once, with the pass that it ended.
    if (kind == EventKind::pass_failed) {
      line.detail = std::exchange(retrievals.failure.detail, {});
      line.url = std::exchange(retrievals.failure.url, {});
      line.said = std::exchange(retrievals.failure.said, {});
      line.facts.rule = std::exchange(retrievals.failure.rule, {});
    }
    if (world_.depth(index) == resync::Depth::everything) {
      const auto source = phone.device.macros();
      trace::add_facts(line, {phone.machine, *phone.device.settings, source, premises_.wall,
                              resync::lease_time_of(phone.device.lease)});
    }
    world_.emit(index, std::move(line));
  }
}

}  // namespace provphone::client::drive
