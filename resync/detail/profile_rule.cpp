#include "profile/aes.hpp"
#include "resync/detail/stride.hpp"
#include "resync/restart.hpp"

#include <utility>

namespace provphone::resync::detail {
namespace {

RuleFacts facts_of(const Stride& s, std::string_view rule) {
  if (!s.explains()) return {};
  return describe_rule(rule, s.device.macros());
}

// `$ERR` before the message, which shows it (R-LOG-12).
void place_failed(const Stride& s, const Error& error) {
  s.device.state.err = err_text(error);
  log(s, LogKind::failure);
}

// `said`: by the server that refused.
void conclude_failed(const Stride& s, Error error, std::string said, bool needs_restart) {
  if (s.in(Lane::work) && s.work().is_activation) return code_refused(s, error);
  if (goes_on_elsewhere(s, error, needs_restart)) return;
  s.retrievals.failure.detail = std::move(error.detail);
  s.retrievals.failure.url = url_asked(s.in(Lane::work));
  s.retrievals.failure.said = std::move(said);
  conclude(s, RuleFailed{error.code, needs_restart});
}

void rule_failed(const Stride& s, const Error& error, bool needs_restart) {
  place_failed(s, error);
  conclude_failed(s, error, {}, needs_restart);
}

FileReading reading_of(const Stride& s) {
  // What is passed over changes nothing, and only explanations name it.
  const auto ignored =
      s.explains() ? profile::IgnoredTold::by_name : profile::IgnoredTold::not_at_all;
  return {s.context.file_cache, ignored};
}

// R-LAYER-21: where somebody wants to know, what was wrong with the key.
Error with_diagnosis(const Stride& s, std::string_view body, Error error) {
  const auto& key = s.work().request.key;
  if (!s.explains() || !key) return error;
  return profile::with_key_diagnosis(std::move(error), body, *key,
                                     s.device.personality.aes_digests);
}

// Whether somebody had begun to answer: a name that is not known, a closed port or a server that
// keeps silent say nothing of the file.
bool is_answer(Errc code) {
  switch (stage_of(code)) {
    case Stage::input:
    case Stage::rule:
    case Stage::resolve:
    case Stage::connect:
    case Stage::tls:
      return false;
    default:
      return code != Errc::transfer_stalled && code != Errc::transfer_timeout;
  }
}

}  // namespace

void evaluate_profile_rule(const Stride& s, std::uint8_t slot) {
  const TimersShown shown(s);
  // R-RESYNC-42: it is not kept. The next one may come while this one's pass runs, and has its
  // place then.
  const auto once =
      slot == one_time_slot ? std::exchange(s.device.one_time_rule, {}) : std::string();
  const auto text = slot == one_time_slot ? std::string_view(once) : s.device.rule(slot);
  auto plan = plan_profile_rule(text, s.device.macros(), s.device.lease);
  begin_first_boot(s, slot);
  if (plan) return follow_plan(s, slot, text, *std::move(plan));
  s.retrievals.failure.rule = facts_of(s, text);
  rule_failed(s, plan.error(), false);
}

void follow_plan(const Stride& s, std::uint8_t slot, std::string_view text, Plan plan) {
  const auto rule = rule_parameter_name(slot);
  // Before assign(), which may change the text or its macros.
  auto facts = facts_of(s, text);
  if (plan.alternative == 0) {
    s.put(RulePassedOver{rule, 0, plan.skipped, std::move(facts)});
    return conclude(s, RuleSkipped{});
  }
  const auto changed = assign(s, rule, plan.alternative, plan.assignments);
  const bool restart = needs_restart(changed, s.device.personality);
  if (plan.onboards) return onboard(s, restart);
  if (!plan.request) return conclude(s, RuleSucceeded{restart});
  s.in(Lane::work).emplace().facts = std::move(facts);
  ask_places(s, rule, slot, std::move(plan), restart);
}

void ask_places(const Stride& s, std::string_view rule, std::uint8_t slot, Plan plan,
                bool needs_restart) {
  auto& retrieval = s.work();
  retrieval.rule = rule;
  retrieval.alternative = plan.alternative;
  retrieval.request = *plan.request;
  retrieval.slot = slot;
  retrieval.plan = std::move(plan);
  retrieval.needs_restart = needs_restart;
  if (retrieval.request.srv_domain.empty()) return send(s, Lane::work);
  // R-RESYNC-63
  if (s.context.machine.link_is_down) return servers_found(s, tl::unexpected(no_link()));
  s.put(LookUp{srv_name(retrieval.request), naming_of(s.device)});
}

void servers_found(const Stride& s, const Result<std::vector<SrvRecord>>& records) {
  auto& retrieval = s.work();
  // Without records there is no server at all, hence no place to go on to.
  if (!records) return rule_failed(s, records.error(), retrieval.needs_restart);
  retrieval.plan = retrieval.rule == dns_discovery_name
                       ? with_discovered(std::move(retrieval.plan), *records, s.device.macros())
                       : with_srv_records(std::move(retrieval.plan), *records);
  retrieval.request = *retrieval.plan.request;
  send(s, Lane::work);
}

void profile_arrived(const Stride& s, const Answered& answer) {
  auto& retrieval = s.work();
  auto result = apply_file(s.device, retrieval.slot, retrieval.request,
                           {answer.body, answer.content_encoding}, reading_of(s));
  if (!result) {
    // R-RESYNC-46: what was applied in front of the fault.
    retrieval.needs_restart |= result.error().needs_restart;
    return profile_failed(s, with_diagnosis(s, answer.body, result.error()));
  }
  Applied applied;
  applied.rule = retrieval.rule;
  applied.changed = std::move(result->changed);
  applied.from = retrieval.request.url;
  applied.unchanged_body = result->unchanged_body;
  applied.layers = std::move(result->layers);
  applied.ignored = std::move(result->ignored);
  applied.unpacked = std::move(result->unpacked);
  s.put(std::move(applied));
  log(s, LogKind::success);
  if (retrieval.is_activation) s.put(CodeJudged{});
  note_provisioned(s);
  conclude(s, RuleSucceeded{retrieval.needs_restart || result->needs_restart, true});
}

// R-DHCP-08, R-RULE-43: the next place is tried, or the rule has failed. That a file is not there
// may count as success (R-RESYNC-15), so it is the failure only where no place has answered
// otherwise.
void profile_failed(const Stride& s, const Error& error) {
  auto& retrieval = s.work();
  place_failed(s, error);
  const bool is_other = error.code != Errc::file_not_found;
  if (is_other && is_answer(error.code)) {
    retrieval.other_answer = error;
    retrieval.other_said = retrieval.said;
  }
  auto next = next_attempt(retrieval.plan);
  if (!next) {
    const bool is_last = is_other || !retrieval.other_answer;
    auto said = std::move(is_last ? retrieval.said : retrieval.other_said);
    return conclude_failed(s, is_last ? error : *retrieval.other_answer, std::move(said),
                           retrieval.needs_restart);
  }
  retrieval.request = *std::move(next);
  // R-DHCP-08: another place is another request, with its own redirects and its own messages.
  retrieval.hops = 0;
  retrieval.server_talk = {};
  retrieval.logged = false;
  send(s, Lane::work);
}

}  // namespace provphone::resync::detail
