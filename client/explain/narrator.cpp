#include "client/explain/narrator.hpp"

#include "client/explain/sentences.hpp"
#include "client/explain/situation.hpp"
#include "client/trace/sentence.hpp"
#include "macro/ascii.hpp"
#include "macro/remedy.hpp"
#include "resync/certificate_renewal.hpp"
#include "resync/custom_ca.hpp"
#include "resync/upgrade.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>

namespace provphone::client::explain {
namespace {

using resync::PassKind;
using resync::Reason;
using resync::Time;
using trace::EventKind;
using Power = Situation::Power;

std::string pass_title(const Entry& entry) {
  if (entry.reason == Reason::resync_at) return "pass of Resync_At";
  if (entry.reason == Reason::trigger_holds) return "pass of a Resync_Trigger";
  if (!entry.kind) return "pass";
  return entry.kind == PassKind::error_retry        ? "retry"
         : entry.kind == PassKind::explicit_request ? "pass that was asked for"
                                                    : fmt::format("{} pass", name(*entry.kind));
}

// Empty where there is none.
template <class Enum>
std::string_view name_of(const std::optional<Enum>& enumerator) {
  return enumerator ? name(*enumerator) : std::string_view();
}

// Without the words that have a figure in them: servers number their answers and say the time.
std::string words_without_figures(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (std::none_of(word.begin(), word.end(), ascii::is_digit)) kept.append(word).append(" ");
  }
  return kept;
}

// What sections with equal shapes have in common: everything but times and what depends on them.
std::string shape_of(const Entry& entry) {
  auto shape = fmt::format("{} {} {} {} {} {} {} {};", name(entry.event), name_of(entry.reason),
                           name_of(entry.timer), entry.rule, name_of(entry.error), entry.detail,
                           fmt::join(entry.changed, " "), words_without_figures(entry.said));
  if (entry.line) shape += fmt::format("line {};", *entry.line);
  for (const auto& [name, from, to] : entry.set) shape += fmt::format("{}:{}:{};", name, from, to);
  for (const auto& setting : entry.facts.settings)
    shape += fmt::format("{}={}:{};", setting.name, setting.text, setting.element);
  return shape;
}

bool is_one_time_upgrade(const Entry& entry) {
  return entry.rule == resync::one_time_upgrade_name;
}

bool is_of_roots_by_url(const Entry& entry) {
  return entry.rule == resync::one_time_custom_ca_name;
}

bool is_of_renewal(const Entry& entry) {
  return entry.rule == resync::certificate_renewal_rule_name;
}

bool is_of_no_pass(const Entry& entry) {
  return is_one_time_upgrade(entry) || is_of_roots_by_url(entry) || is_of_renewal(entry);
}

bool is_beside_passes(EventKind kind) {
  return kind == EventKind::registration_lost || kind == EventKind::registration_restored ||
         kind == EventKind::registered || kind == EventKind::registration_failed ||
         kind == EventKind::link_lost || kind == EventKind::link_restored || is_of_server(kind);
}

// Puts the lines into sections and tells each.
class Narrator {
 public:
  // What was told of rules before `shown_from` nobody will have read.
  Narrator(Beginning beginning, Time shown_from) : shown_from_(shown_from) {
    if (beginning == Beginning::without_power) situation_.power = Power::off;
  }

  void take(const Entry& entry);
  std::vector<Section> sections() && { return std::move(sections_); }
  const Situation& situation() const { return situation_; }

 private:
  static constexpr std::size_t none = SIZE_MAX;

  Section& open(const Entry& entry, std::string title);
  Section& joined(const Entry& entry, bool joins, const std::string& title);
  Section& of_pass(const Entry& entry);
  bool continues(const Entry& entry, std::initializer_list<EventKind> last) const;
  void say(Section& section, std::string sentence);
  void say(Section& section, std::vector<std::string> sentences);

  RuleIs rule_is(const Entry& entry);  // and from then on it is known

  std::optional<resync::Missed> missed(const Entry& entry) const;
  void power_on(const Entry& entry);
  void befell(const Entry& entry, std::string title);
  void tell_beside(const Entry& entry);
  void restart(const Entry& entry);
  void call_ended(const Entry& entry);
  void timer_armed(const Entry& entry);
  void pass_due(const Entry& entry);
  void pass_gated(const Entry& entry);
  void pass_deferred(const Entry& entry);
  void pass_started(const Entry& entry);
  void upgrade_held(const Entry& entry, std::string outcome);
  void roots_by_url(const Entry& entry);
  void certificate_renewal(const Entry& entry);
  void rule_event(const Entry& entry);
  void pass_ended(const Entry& entry);
  void tell(const Entry& entry);

  Time shown_from_;
  std::vector<Section> sections_;
  Situation situation_;
  std::size_t current_ = none;  // section that the next line may join
  std::size_t pass_ = none;     // section of the pass under way
  EventKind last_ = EventKind::syslog;
  Time last_at_ = Time::min();
  std::map<std::string_view, std::string> told_rules_;  // by name: its shape when it was told last
  std::optional<Errc> told_error_;                      // of the last answer
  bool has_fetched_ = false;  // the pass under way has asked for or assigned something
};

Section& Narrator::open(const Entry& entry, std::string title) {
  auto& section = sections_.emplace_back();
  section.at = section.end = entry.at;
  section.clock = entry.facts.clock;
  section.title = std::move(title);
  current_ = sections_.size() - 1;
  return section;
}

bool Narrator::continues(const Entry& entry, std::initializer_list<EventKind> last) const {
  // What the machine decides in one step has one time. At another time the same kind of event is a
  // matter of its own.
  return current_ != none && last_at_ == entry.at &&
         std::find(last.begin(), last.end(), last_) != last.end();
}

Section& Narrator::joined(const Entry& entry, bool joins, const std::string& title) {
  return joins ? sections_[current_] : open(entry, title);
}

Section& Narrator::of_pass(const Entry& entry) {
  // A trace may begin in the middle of a pass.
  if (pass_ == none) {
    open(entry, pass_title(entry));
    pass_ = current_;
  }
  return sections_[pass_];
}

void Narrator::say(Section& section, std::string sentence) {
  if (!sentence.empty()) section.sentences.push_back(std::move(sentence));
}

void Narrator::say(Section& section, std::vector<std::string> sentences) {
  for (auto& sentence : sentences) say(section, std::move(sentence));
}

RuleIs Narrator::rule_is(const Entry& entry) {
  // Sections before that are cut away, and with them what they have told of the rule.
  if (entry.at < shown_from_) return RuleIs::news;
  const auto before = std::exchange(told_rules_[entry.rule], rule_shape(entry));
  return before == rule_shape(entry) ? RuleIs::known : RuleIs::news;
}

void Narrator::power_on(const Entry& entry) {
  const bool restarted = situation_.power == Power::restarting;
  open(entry, restarted ? "back from its restart" : "powered on");
}

// Traces from before they said so show it by what was before.
std::optional<resync::Missed> Narrator::missed(const Entry& entry) const {
  if (entry.missed || situation_.power == Power::on) return entry.missed;
  if (situation_.power == Power::off) return resync::Missed::off;
  if (situation_.power == Power::restarting) return resync::Missed::restarting;
  return std::nullopt;
}

void Narrator::befell(const Entry& entry, std::string title) {
  auto& section = open(entry, std::move(title));
  if (const auto why = missed(entry)) {
    section.outcome = "nothing came of it";
    say(section, missed_sentence(*why));
    section.remedies.emplace_back(missed_remedy(entry.event, *why));
  }
  say(section, asked_sentences(entry));
  say(section, set_sentences(entry));
  const bool is_refused = entry.event == EventKind::parameters_set && entry.reason;
  if (!is_refused) return;
  section.outcome = "refused";
  section.remedies.emplace_back(remedy(*entry.reason));
}

// What does not belong to the course of passes: it begins no section that what follows may join.
void Narrator::tell_beside(const Entry& entry) {
  const auto current = current_;
  auto& section = open(entry, beside_title(entry));
  if (entry.event == EventKind::outage_began)
    say(section, fmt::format("While it lasts, {}.", trace::outage_text(entry)));
  section.shape = shape_of(entry);
  section.is_beside = true;
  current_ = current;
  situation_.take(entry);
}

void Narrator::restart(const Entry& entry) {
  using enum EventKind;
  const bool joins =
      continues(entry, {pass_succeeded, restart_requested, call_ended, timer_armed, parameters_set,
                        factory_reset, lease_changed, EventKind::certificate_renewal});
  auto& section = joined(entry, joins, "restart");
  say(section, entry.reason ? fmt::format("It restarted: {}.", sentence(*entry.reason))
                            : std::string("It restarted."));
  pass_ = none;
}

void Narrator::call_ended(const Entry& entry) {
  auto& section = open(entry, "a call ended");
  const bool waits =
      situation_.waiting != nullptr && situation_.waiting->reason == Reason::call_active;
  // The situation is still the one before this event: one call, which ends here. Without `due` the
  // wait is a count behind the call (R-RESYNC-37).
  const bool counts = waits && situation_.calls == 1 && !situation_.waiting->due &&
                      situation_.waiting->kind != PassKind::explicit_request;
  if (counts)
    say(section,
        "The seconds of Forced_Resync_Delay count from here; the pass that waits starts when they "
        "are over, unless another call begins.");
}

void Narrator::timer_armed(const Entry& entry) {
  auto& section = joined(entry, current_ != none, "timer");
  say(section, armed_sentence(entry));
  const bool stays_off = entry.due == Time::max() && !entry.facts.trigger_due;
  if (stays_off && entry.reason && !remedy(*entry.reason).empty())
    section.remedies.emplace_back(remedy(*entry.reason));
}

void Narrator::pass_due(const Entry& entry) {
  auto& section = joined(entry, continues(entry, {EventKind::resync_requested}), pass_title(entry));
  say(section, due_sentence(entry));
  say(section, trigger_sentences(entry));
}

void Narrator::pass_gated(const Entry& entry) {
  using enum EventKind;
  const bool joins = continues(entry, {pass_due, powered_on, call_ended, pass_deferred,
                                       parameters_set, pass_succeeded, timer_armed});
  auto& section = joined(entry, joins, pass_title(entry) + " that waited");
  const bool is_boot = last_ == powered_on;
  const bool was_asked = entry.kind == PassKind::explicit_request;
  section.outcome = is_boot ? "no boot pass" : was_asked ? "refused" : "held";
  say(section, gate_sentences(entry));
  for (auto& remedy : gate_remedies(entry)) section.remedies.push_back(std::move(remedy));
}

void Narrator::pass_deferred(const Entry& entry) {
  auto& section = joined(entry, current_ != none, pass_title(entry));
  section.outcome = "waits";
  say(section, wait_sentence(entry));
  if (entry.reason) section.remedies.emplace_back(remedy(*entry.reason));
}

void Narrator::pass_started(const Entry& entry) {
  using enum EventKind;
  has_fetched_ = false;
  told_error_.reset();
  // R-RESYNC-16: to whoever reads it is one pass that began anew.
  if (entry.reason == Reason::profile_rule_changed && pass_ != none) {
    say(sections_[pass_], "The pass changed a Profile_Rule, so another one followed at once.");
    return;
  }
  const bool was_waiting = situation_.waiting != nullptr;
  const bool joins = continues(entry, {pass_due, call_ended});
  auto& section =
      joined(entry, joins, was_waiting ? pass_title(entry) + " that waited" : pass_title(entry));
  section.outcome = "under way";
  if (was_waiting) say(section, "The pass that waited started.");
  pass_ = current_;
}

// One that was asked for (R-UPGRADE-10), and waits or comes to nothing.
void Narrator::upgrade_held(const Entry& entry, std::string outcome) {
  const bool joins = continues(entry, {EventKind::upgrade_requested, EventKind::call_ended});
  auto& section = joined(entry, joins, "upgrade that was asked for");
  section.outcome = std::move(outcome);
  if (!entry.reason) return;
  const bool waits = entry.event == EventKind::upgrade_deferred;
  say(section, fmt::format("{}: {}.", waits ? "The upgrade had to wait" : "There was no upgrade",
                           sentence(*entry.reason)));
  section.remedies.emplace_back(remedy(*entry.reason));
}

// What came of roots that were asked for by URL (R-TLS-22).
void Narrator::roots_by_url(const Entry& entry) {
  const bool joins = continues(entry, {EventKind::custom_ca_requested});
  auto& section = joined(entry, joins, "update of the roots");
  if (entry.reason) {
    section.outcome = "no update";
    say(section, fmt::format("Nothing was fetched: {}.", sentence(*entry.reason)));
    section.remedies.emplace_back(remedy(*entry.reason));
    return;
  }
  section.outcome = entry.error ? "failed" : "installed";
  say(section, entry.error ? fmt::format("Nothing was installed: {}.", name(*entry.error))
                           : fmt::format("{} certificates were installed, the first is {}.",
                                         entry.certificates.value_or(0), entry.text));
  if (entry.error) section.remedies.emplace_back(remedy(*entry.error));
}

// R-CERT-06: it is beside whatever pass is under way.
void Narrator::certificate_renewal(const Entry& entry) {
  const auto current = current_;
  auto& section = open(entry, "renewal of the certificate");
  section.outcome = entry.error ? "failed" : "renewed";
  say(section, certificate_renewal_sentence(entry));
  if (entry.error) section.remedies.emplace_back(remedy(*entry.error));
  section.shape = shape_of(entry);
  if (pass_ != none) current_ = current;
}

void Narrator::rule_event(const Entry& entry) {
  auto& section = of_pass(entry);
  switch (entry.event) {
    case EventKind::request:
      has_fetched_ = true;
      return say(section, request_sentences(entry, rule_is(entry)));
    case EventKind::response:
      told_error_ = entry.error;
      return say(section, response_sentence(entry));
    case EventKind::applied:
      has_fetched_ = true;
      return say(section, applied_sentence(entry));
    case EventKind::custom_ca:
      return say(section, custom_ca_sentence(entry));
    case EventKind::onboarding_requested:
    case EventKind::code_judged:
      return say(section, onboarding_sentence(entry));
    default:
      break;
  }
  say(section, skip_sentences(entry));
  const bool matters = entry.reason && entry.reason != Reason::rule_empty;
  if (matters) section.remedies.emplace_back(remedy(*entry.reason));
}

void Narrator::pass_ended(const Entry& entry) {
  auto& section = of_pass(entry);
  current_ = pass_;
  if (entry.reason == Reason::awaits_code) {
    section.outcome = "waits for an activation code";
    section.remedies.emplace_back(remedy(*entry.reason));
    return;
  }
  if (entry.event == EventKind::pass_succeeded) {
    section.outcome = has_fetched_ ? "succeeded" : "succeeded, with nothing fetched";
    if (!has_fetched_) say(section, "Every rule was skipped, which counts as a success.");
    if (has_fetched_) say(section, "The pass succeeded.");
    if (!has_fetched_ && section.remedies.empty())
      section.remedies.emplace_back("write a rule into Profile_Rule");
    return;
  }
  section.outcome = "failed";
  section.purpose = "For it to succeed";
  if (!entry.facts.rule.text.empty()) say(section, unread_rule_sentences(entry, rule_is(entry)));
  say(section, failure_sentences(entry, std::exchange(told_error_, std::nullopt)));
  for (auto& remedy : failure_remedies(entry)) section.remedies.push_back(std::move(remedy));
}

// As long as there are events.
void Narrator::tell(const Entry& entry) {  // NOLINT(readability-function-size)
  switch (entry.event) {
    case EventKind::powered_on:
      return power_on(entry);
    case EventKind::powered_off:
      pass_ = none;
      open(entry, "power lost");
      return;
    case EventKind::resync_requested:
    case EventKind::restart_requested:
    case EventKind::report_requested:
    case EventKind::upgrade_requested:
    case EventKind::custom_ca_requested:
    case EventKind::factory_reset:
    case EventKind::code_entered:
    case EventKind::lease_changed:
    case EventKind::notified:
    case EventKind::call_started:
    case EventKind::clock_set:
    case EventKind::parameters_set:
      return befell(entry, happening_title(entry));
    case EventKind::rebooted:
      return restart(entry);
    case EventKind::call_ended:
      return call_ended(entry);
    case EventKind::upgrade_deferred:
      return upgrade_held(entry, "waits");
    case EventKind::timer_armed:
      return timer_armed(entry);
    case EventKind::pass_due:
      return pass_due(entry);
    case EventKind::pass_gated:
      return pass_gated(entry);
    case EventKind::pass_deferred:
      return pass_deferred(entry);
    case EventKind::pass_started:
      return pass_started(entry);
    case EventKind::rule_skipped:
      if (is_one_time_upgrade(entry)) return upgrade_held(entry, "no upgrade");
      return is_of_roots_by_url(entry) ? roots_by_url(entry) : rule_event(entry);
    case EventKind::onboarding_requested:
    case EventKind::code_judged:
      return rule_event(entry);
    case EventKind::migrated:
      open(entry, "enterprise firmware").outcome = "migrated";
      return;
    case EventKind::request:
    case EventKind::response:
    case EventKind::applied:
      // R-UPGRADE-10, R-TLS-22: it belongs to no pass.
      return is_of_no_pass(entry) ? void() : rule_event(entry);
    case EventKind::pass_succeeded:
    case EventKind::pass_failed:
      return pass_ended(entry);
    case EventKind::upgrade_started:
    case EventKind::upgrade_done:
    case EventKind::reported:
    case EventKind::syslog:
    case EventKind::registration_lost:
    case EventKind::registration_restored:
    case EventKind::registered:
    case EventKind::registration_failed:
    case EventKind::outage_began:
    case EventKind::outage_ended:
    case EventKind::link_lost:
    case EventKind::link_restored:
      return;
    case EventKind::custom_ca:
      return is_of_roots_by_url(entry) ? roots_by_url(entry) : rule_event(entry);
    case EventKind::certificate_renewal:
      return certificate_renewal(entry);
  }
}

void Narrator::take(const Entry& entry) {
  using enum EventKind;
  // Messages and reports go beside whatever else happens (R-REPORT-07). Were they taken for the
  // last event, they would part what continues().
  const bool is_report = entry.event == reported || entry.event == report_requested;
  if (entry.event == syslog || (is_report && !entry.missed)) return;
  // What is told of a renewal is what came of it (R-CERT-06).
  if (is_of_renewal(entry) && entry.event != EventKind::certificate_renewal) return;
  // A phone that is down has neither calls to end nor lines to lose.
  const bool is_beside = is_beside_passes(entry.event);
  if (entry.missed && (is_beside || entry.event == call_ended)) return;
  if (is_beside) return tell_beside(entry);
  // In this order: a section speaks of the situation that the event met.
  tell(entry);
  situation_.take(entry);
  if (entry.event == EventKind::certificate_renewal && pass_ != none) return;
  const bool is_of_rule = entry.event == request || entry.event == response ||
                          entry.event == applied || entry.event == rule_skipped;
  const bool is_of_pass = is_of_rule && !is_of_no_pass(entry);
  const auto place = is_of_pass && pass_ != none ? pass_ : current_;
  if (place != none) {
    sections_[place].end = entry.at;
    sections_[place].shape += shape_of(entry);
  }
  // A pass that succeeded stays open: the one that its changed rules bring about joins it
  // (R-RESYNC-16).
  if (entry.event == pass_failed) pass_ = none;
  last_ = entry.event;
  last_at_ = entry.at;
}

bool is_same(const Section& a, const Section& b) {
  return a.title == b.title && a.outcome == b.outcome && a.shape == b.shape;
}

std::vector<Section> with_repetitions_folded(std::vector<Section> sections) {
  std::vector<Section> folded;
  for (auto& section : sections) {
    if (!folded.empty() && is_same(folded.back(), section)) {
      folded.back().again.push_back(section.at);
    } else {
      folded.push_back(std::move(section));
    }
  }
  return folded;
}

// The last one about the phone's course; the end where there is none.
std::vector<Section>::const_iterator last_of_course(const std::vector<Section>& sections) {
  const auto last = std::find_if(sections.rbegin(), sections.rend(),
                                 [](const Section& each) { return !each.is_beside; });
  return last == sections.rend() ? sections.end() : std::prev(last.base());
}

// What the last section has said need not be said again.
void drop_repeated_remedies(Explanation& explanation) {
  const auto last = last_of_course(explanation.sections);
  if (last == explanation.sections.end()) return;
  const auto& said = last->remedies;
  std::erase_if(explanation.situation.remedies, [&](const std::string& remedy) {
    return std::find(said.begin(), said.end(), remedy) != said.end();
  });
}

void drop_empty_and_double(Section& section) {
  auto& remedies = section.remedies;
  std::vector<std::string> kept;
  for (auto& remedy : remedies) {
    if (!remedy.empty() && std::find(kept.begin(), kept.end(), remedy) == kept.end())
      kept.push_back(std::move(remedy));
  }
  remedies = std::move(kept);
}

Explanation explanation_of(const Trace& trace, const Span& span, Time shown_from,
                           Beginning beginning) {
  Narrator narrator(beginning, shown_from);
  for (const auto& entry : trace.entries) {
    if (entry.at > span.to) break;
    narrator.take(entry);
  }
  Explanation explanation{
      trace.phone.value_or(MacAddress{}), span, {}, describe(narrator.situation(), span.to)};
  explanation.sections = std::move(narrator).sections();
  drop_empty_and_double(explanation.situation);
  for (auto& section : explanation.sections) drop_empty_and_double(section);
  return explanation;
}

}  // namespace

Explanation tell(const Trace& trace, const Span& span, Beginning beginning) {
  auto explanation = explanation_of(trace, span, span.from, beginning);
  std::erase_if(explanation.sections, [&](const Section& each) { return each.end < span.from; });
  explanation.sections = with_repetitions_folded(std::move(explanation.sections));
  drop_repeated_remedies(explanation);
  return explanation;
}

Explanation tell_moment(const Trace& trace, Time at, Beginning beginning) {
  auto explanation = explanation_of(trace, {at, at}, Time::max(), beginning);
  auto& sections = explanation.sections;
  const auto last = last_of_course(sections);
  if (last != sections.end()) sections.erase(sections.begin(), last);
  drop_repeated_remedies(explanation);
  return explanation;
}

}  // namespace provphone::client::explain
