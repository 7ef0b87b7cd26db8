#include "client/explain/sentences.hpp"

#include "client/trace/sentence.hpp"
#include "macro/enum_array.hpp"
#include "macro/hide.hpp"
#include "macro/remedy.hpp"
#include "resync/notify.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace provphone::client::explain {
namespace {

using resync::PassKind;
using resync::Reason;
using resync::Time;
using resync::Timer;

// `true`, `false`, or why it cannot be said.
std::string reading_text(const Result<bool>& holds) {
  if (holds) return *holds ? "true" : "false";
  return fmt::format("it cannot be read ({}) and counts as false", format(holds.error()));
}

// The first elements of a long list say enough.
std::string shortened(const std::string& list) {
  constexpr std::size_t most = 24;
  if (list.size() <= most) return list;
  return list.substr(0, list.rfind(',', most)) + ",...";
}

std::string setting_clause(const resync::SettingFact& setting) {
  const bool is_list = setting.element > 0;
  auto clause = fmt::format("{} is {}", setting.name,
                            setting.text.empty() ? "empty"
                            : is_list            ? shortened(setting.text)
                                                 : setting.text);
  if (is_list) clause += fmt::format(": element {} of {}", setting.element, setting.elements);
  if (!setting.note.empty()) clause += ", which " + setting.note;
  return clause;
}

// The settings in parentheses behind a sentence, empty where there are none.
std::string in_parentheses(const Entry& entry) {
  std::vector<std::string> clauses;
  for (const auto& setting : entry.facts.settings) clauses.push_back(setting_clause(setting));
  return clauses.empty() ? "" : fmt::format(" ({})", fmt::join(clauses, "; "));
}

std::string when(const Entry& entry) {
  const auto clock = date_text(entry.facts.due_clock);
  return time_text(*entry.due) + (clock.empty() ? "" : ", on its clock " + clock);
}

// `$MA became 000e08012345`
std::vector<std::string> macro_clauses(const Entry& entry) {
  std::vector<std::string> clauses;
  for (const auto& [name, value] : entry.facts.rule.macros)
    clauses.push_back(fmt::format("${} became {}", name, value.empty() ? "nothing" : value));
  return clauses;
}

// Up to `alternative`, behind which nothing is looked at (R-RULE-22); 0: all.
std::vector<std::string> guard_sentences(const Entry& entry, int alternative) {
  std::vector<std::string> sentences;
  int number = 0;
  for (const auto& guard : entry.facts.rule.guards) {
    ++number;
    if (guard.text.empty() || (alternative > 0 && number > alternative)) continue;
    sentences.push_back(fmt::format("The condition of alternative {} reads `{}`: {}.", number,
                                    guard.text, reading_text(guard.holds)));
  }
  return sentences;
}

std::string rule_sentence(const Entry& entry) {
  const auto& text = entry.facts.rule.text;
  if (text.empty()) return {};
  auto sentence = fmt::format("{} is `{}`", entry.rule, text);
  const auto macros = macro_clauses(entry);
  if (!macros.empty()) sentence += fmt::format("; {}", fmt::join(macros, ", "));
  return sentence + ".";
}

// Empty where that is the rule's own text.
std::string expansion_of(const Entry& entry) {
  const auto& rule = entry.facts.rule;
  return rule.expanded == rule.text ? std::string() : rule.expanded;
}

// Where the expansion is not in the URL it is shown, since what cannot be read may be a macro's
// value.
std::string expansion_sentence(const Entry& entry) {
  const auto expanded = expansion_of(entry);
  return expanded.empty() ? std::string() : fmt::format("Expanded: `{}`.", expanded);
}

void append(std::vector<std::string>& sentences, std::string sentence) {
  if (!sentence.empty()) sentences.push_back(std::move(sentence));
}

void append(std::vector<std::string>& sentences, const std::vector<std::string>& more) {
  sentences.insert(sentences.end(), more.begin(), more.end());
}

// The rule, and what in it was hardly meant so (R-MACRO-26).
std::vector<std::string> rule_sentences(const Entry& entry) {
  std::vector<std::string> sentences;
  append(sentences, rule_sentence(entry));
  for (const auto& remark : entry.facts.rule.remarks)
    sentences.push_back(fmt::format("Remark: {}.", remark));
  return sentences;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 6;
  if (names.size() <= shown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + shown, ", "),
                     names.size() - shown);
}

std::string error_text(const Entry& entry) {
  return fmt::format("{}{}{}", name(*entry.error), entry.detail.empty() ? "" : ", ", entry.detail);
}

// Whether it helps to wait, where triggers held the pass.
std::string waiting_remedy(const Entry& entry) {
  const auto& holds_from = entry.facts.holds_from;
  if (!holds_from) return {};
  if (*holds_from == Time::max())
    return "waiting does not help, since no trigger becomes true by the passing of time";
  if (*holds_from <= entry.at)
    return "or wait: for the next pass that a timer makes due a trigger is true";
  return fmt::format(
      "or wait: a trigger is true from {} on, and the first pass that a timer makes due while it "
      "is will start",
      time_text(*holds_from));
}

}  // namespace

std::string time_text(Time time) {
  const auto ms = time.time_since_epoch().count();
  const auto seconds = ms / 1000;
  auto text = fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (ms % 1000 != 0) text += fmt::format(".{:03}", ms % 1000);
  return text;
}

std::string date_text(std::string clock) {
  std::replace(clock.begin(), clock.end(), 'T', ' ');
  return clock;
}

std::string armed_sentence(const Entry& entry) {
  if (!entry.timer || !entry.due || *entry.timer == Timer::report) return {};
  if (*entry.due == Time::max()) {
    const auto why = entry.reason ? std::string(sentence(*entry.reason)) : "its timer is off";
    const auto what = *entry.timer == Timer::error_retry ? "There will be no retry"
                      : *entry.timer == Timer::resync_at ? "The pass of Resync_At has no time yet"
                      : *entry.timer == Timer::upgrade_retry ? "The upgrade will not be tried again"
                                                             : "There will be no periodic pass";
    return fmt::format("{}: {}{}.", what, why, in_parentheses(entry));
  }
  switch (*entry.timer) {
    case Timer::boot_delay:
      return fmt::format("The boot pass is due at {}{}.", when(entry), in_parentheses(entry));
    case Timer::periodic:
      return fmt::format("The next periodic pass is due at {}{}.", when(entry),
                         in_parentheses(entry));
    case Timer::error_retry:
      return fmt::format("It will try again at {}{}.", when(entry), in_parentheses(entry));
    case Timer::resync_at:
      return fmt::format("The next pass of Resync_At is due at {}{}.", when(entry),
                         in_parentheses(entry));
    case Timer::upgrade_retry:
      return fmt::format("The upgrade is tried again at {}{}.", when(entry), in_parentheses(entry));
    default:
      return {};
  }
}

std::string due_sentence(const Entry& entry) {
  if (!entry.reason) return {};
  switch (*entry.reason) {
    case Reason::periodic_interval:
      return "The time of Resync_Periodic had passed, so a periodic pass was due.";
    case Reason::error_retry_delay:
      return "The time of Resync_Error_Retry_Delay had passed, so a retry was due.";
    case Reason::power_on:
      return "The boot pass was due.";
    case Reason::resync_at:
      return "The time of Resync_At had come, so a pass was due.";
    case Reason::trigger_holds:
      return "A Resync_Trigger had become true, which makes a pass due on this firmware.";
    case Reason::submitted:
      return "A pass was due because changes had been submitted on its web page.";
    case Reason::upgrade_attempted:
      return "A pass was due because an upgrade had been tried.";
    default:
      return {};
  }
}

std::vector<std::string> trigger_sentences(const Entry& entry) {
  std::vector<std::string> sentences;
  for (const auto& [name, text, expanded, holds] : entry.facts.conditions) {
    const auto read = expanded == text ? "" : fmt::format(", which read `{}`", expanded);
    sentences.push_back(fmt::format("{} is `{}`{}: {}.", name, text, read, reading_text(holds)));
  }
  return sentences;
}

std::vector<std::string> gate_sentences(const Entry& entry) {
  std::vector<std::string> sentences;
  if (!entry.reason) return {"The pass was held."};
  // R-RESYNC-04, R-RESYNC-47 and R-RESYNC-54 say that there is no boot pass at all, so none was
  // held: no timer will bring it back.
  const bool no_boot_pass = entry.reason == Reason::resync_on_reset_off ||
                            entry.reason == Reason::restart_off_boot_pass ||
                            entry.reason == Reason::local_change_off_boot_pass ||
                            entry.reason == Reason::resync_after_upgrade_off;
  const auto* what = no_boot_pass                               ? "There was no boot pass"
                     : entry.kind == PassKind::explicit_request ? "The request was refused"
                                                                : "The pass was held";
  sentences.push_back(fmt::format("{}: {}.", what, sentence(*entry.reason)));
  append(sentences, trigger_sentences(entry));
  return sentences;
}

std::vector<std::string> gate_remedies(const Entry& entry) {
  std::vector<std::string> remedies;
  if (!entry.reason) return remedies;
  append(remedies, std::string(remedy(*entry.reason)));
  for (const auto& condition : entry.facts.conditions) {
    if (!condition.holds)
      remedies.push_back(
          fmt::format("correct {}: {}", condition.name, remedy(condition.holds.error().code)));
  }
  append(remedies, waiting_remedy(entry));
  return remedies;
}

std::string wait_sentence(const Entry& entry) {
  if (!entry.reason) return "The pass had to wait.";
  const auto why = sentence(*entry.reason);
  // With `due` Forced_Resync_Delay is the longest wait (R-RESYNC-36), without it a count that
  // begins when the call ends (R-RESYNC-37). A pass that was asked for waits for no count
  // (R-RESYNC-38).
  if (entry.reason == Reason::call_active && entry.due)
    return fmt::format("The pass had to wait: {}. It starts when the call ends, or at {}{}.", why,
                       when(entry), in_parentheses(entry));
  if (entry.reason == Reason::call_active && entry.kind != PassKind::explicit_request)
    return fmt::format(
        "The pass had to wait: {}. It starts when the call has ended and the seconds of "
        "Forced_Resync_Delay are over{}.",
        why, in_parentheses(entry));
  if (entry.reason == Reason::forced_resync_delay && entry.due)
    return fmt::format("The pass had to wait: {}. It starts at {} unless another call begins{}.",
                       why, when(entry), in_parentheses(entry));
  return fmt::format("The pass had to wait: {}.", why);
}

std::string rule_shape(const Entry& entry) {
  return rule_sentence(entry) + expansion_of(entry);
}

std::vector<std::string> request_sentences(const Entry& entry, RuleIs rule_is) {
  std::vector<std::string> sentences;
  if (rule_is == RuleIs::news) {
    append(sentences, rule_sentences(entry));
    append(sentences, guard_sentences(entry, entry.alternative));
  }
  if (entry.url.empty()) return sentences;
  const auto taken = entry.facts.rule.guards.empty()
                         ? ""
                         : fmt::format("Alternative {} was taken. ", entry.alternative);
  sentences.push_back(
      fmt::format("{}It sent {} {}.", taken, entry.method, macro::hide_query_secrets(entry.url)));
  return sentences;
}

std::vector<std::string> skip_sentences(const Entry& entry) {
  const auto rule = entry.rule;
  if (!entry.reason) return {fmt::format("{} was skipped.", rule)};
  if (entry.reason == Reason::file_not_found_forgiven)
    return {fmt::format("{}: {}{}.", rule, sentence(*entry.reason), in_parentheses(entry))};
  if (entry.reason == Reason::rule_empty) return {};
  std::vector<std::string> sentences;
  append(sentences, rule_sentences(entry));
  append(sentences, guard_sentences(entry, 0));
  const bool is_rule = entry.reason == Reason::rule_unreadable;
  if (is_rule) append(sentences, expansion_sentence(entry));
  sentences.push_back(
      fmt::format("{} was skipped: {}{}.", rule, sentence(*entry.reason), in_parentheses(entry)));
  return sentences;
}

std::string applied_sentence(const Entry& entry) {
  const auto& changed = entry.changed;
  const auto& restarts = entry.facts.restart_for;
  if (changed.empty()) return "Nothing changed by it.";
  std::vector<std::string> acting, stored;
  for (const auto& name : changed) {
    const auto id = profile::find_parameter(name);
    const bool acts = !id || profile::parameter(*id).role == profile::Role::acts;
    (acts ? acting : stored).push_back(name);
  }
  std::vector<std::string> sentences;
  if (!acting.empty()) sentences.push_back(fmt::format("It changed {}.", listed(acting)));
  if (!stored.empty())
    sentences.push_back(fmt::format("It stored {}, which nothing here acts on.", listed(stored)));
  auto sentence = fmt::format("{}", fmt::join(sentences, " "));
  if (!restarts.empty())
    sentence += fmt::format(" {} {} a restart to take effect.", listed(restarts),
                            restarts.size() == 1 ? "takes" : "take");
  return sentence;
}

namespace {

std::string set_title(const Entry& entry) {
  if (!entry.detail.empty()) return "parameters set by " + entry.detail;
  return entry.origin.empty() ? "parameters set at the phone" : "changes submitted on its web page";
}

std::string clock_title(const Entry& entry) {
  // Nothing else that a clock goes through has words of its own.
  if (!entry.detail.empty()) return fmt::format("the clock was {}", entry.detail);
  return entry.missed ? "the time was told" : "the phone learnt the time";
}

}  // namespace

std::string happening_title(const Entry& entry) {
  switch (entry.event) {
    case trace::EventKind::resync_requested:
      return fmt::format("resync asked for {}", trace::asked_by(entry.origin));
    case trace::EventKind::upgrade_requested:
      return fmt::format("upgrade asked for {}", trace::asked_by(entry.origin));
    case trace::EventKind::custom_ca_requested:
      return fmt::format("update of the roots asked for {}", trace::asked_by(entry.origin));
    case trace::EventKind::restart_requested:
      return "restart asked for";
    case trace::EventKind::report_requested:
      return "report asked for";
    case trace::EventKind::factory_reset:
      return "factory reset asked for";
    case trace::EventKind::lease_changed:
      return fmt::format("a DHCP lease: {}", entry.text);
    case trace::EventKind::notified:
      return fmt::format("a SIP NOTIFY {}", entry.text);
    case trace::EventKind::code_entered:
      return "an activation code was entered";
    case trace::EventKind::call_started:
      return "a call began";
    case trace::EventKind::clock_set:
      return clock_title(entry);
    default:
      return set_title(entry);
  }
}

std::string beside_title(const Entry& entry) {
  const auto line = entry.line.value_or(1);
  switch (entry.event) {
    case trace::EventKind::registration_lost:
      return fmt::format("line {} lost its registration", line);
    case trace::EventKind::registration_restored:
      return fmt::format("line {} is registered", line);
    case trace::EventKind::registered:
    case trace::EventKind::registration_failed:
      return trace::registrar_text(entry);
    case trace::EventKind::link_lost:
      return "the phone's link went down";
    case trace::EventKind::link_restored:
      return "the phone's link came up";
    case trace::EventKind::outage_began:
      return "an outage of the modelled server began";
    default:
      return "the modelled server is back";
  }
}

std::string custom_ca_sentence(const Entry& entry) {
  if (entry.error)
    return fmt::format("{} brought no roots: {}. What the phone trusted before it still trusts.",
                       entry.rule, error_text(entry));
  if (!entry.certificates)
    return fmt::format("{} is empty, so the roots it had brought are gone.", entry.rule);
  return fmt::format("{} brought {} root{}, the first of which is {}.", entry.rule,
                     *entry.certificates, *entry.certificates == 1 ? "" : "s", entry.text);
}

std::string onboarding_sentence(const Entry& entry) {
  if (entry.event == trace::EventKind::onboarding_requested)
    return "The phone asks whoever stands before it for an activation code, and does nothing by "
           "itself until it has one.";
  if (entry.error) return fmt::format("The activation code was not taken: {}.", error_text(entry));
  return "The activation code was taken, and what came with it applied.";
}

std::string certificate_renewal_sentence(const Entry& entry) {
  if (entry.error)
    return fmt::format("{} brought no certificate: {}. The one that the phone had is still in use.",
                       entry.rule, error_text(entry));
  const auto until = entry.detail.empty() ? std::string() : ", " + entry.detail;
  return fmt::format("{} brought a new certificate for the phone's key, serial number {}{}.",
                     entry.rule, entry.text, until);
}

std::string response_sentence(const Entry& entry) {
  if (entry.error) return fmt::format("That failed: {}.", error_text(entry));
  const auto status = entry.status.value_or(0);
  if (status == 0 || status == 200) {
    // R-TLS-10, R-TLS-15
    return entry.detail.empty() ? std::string()
                                : fmt::format("It was answered, but: {}.", entry.detail);
  }
  return entry.said.empty()
             ? fmt::format("The answer had status {}.", status)
             : fmt::format("The answer had status {}, and said `{}`.", status, entry.said);
}

std::vector<std::string> unread_rule_sentences(const Entry& entry, RuleIs rule_is) {
  std::vector<std::string> sentences;
  if (rule_is == RuleIs::known) return sentences;
  append(sentences, rule_sentences(entry));
  append(sentences, expansion_sentence(entry));
  return sentences;
}

std::vector<std::string> failure_sentences(const Entry& entry, std::optional<Errc> said) {
  std::vector<std::string> sentences;
  const bool is_said = said && said == entry.error;
  std::string text = is_said ? "The pass failed with that" : "The pass failed";
  if (!entry.rule.empty()) text.append(is_said ? ", at " : " at ").append(entry.rule);
  if (entry.error && !is_said) text += fmt::format(": {}", error_text(entry));
  if (entry.reason && entry.reason != Reason::rule_failed)
    text += fmt::format(", {}", sentence(*entry.reason));
  sentences.push_back(fmt::format("{}{}.", text, in_parentheses(entry)));
  const auto& behind = entry.facts.not_evaluated;
  if (!behind.empty())
    sentences.push_back(fmt::format("{} behind it {} not evaluated.", fmt::join(behind, ", "),
                                    behind.size() == 1 ? "was" : "were"));
  return sentences;
}

std::vector<std::string> failure_remedies(const Entry& entry) {
  std::vector<std::string> remedies;
  // A reason with a remedy of its own, such as chained_pass_limit, knows more than the error's
  // code. `rule_failed` has none and leaves it to the error.
  const bool has_own = entry.reason && !remedy(*entry.reason).empty();
  if (has_own) {
    append(remedies, std::string(remedy(*entry.reason)));
  } else if (entry.error) {
    append(remedies, std::string(remedy(*entry.error)));
  }
  return remedies;
}

std::vector<std::string> asked_sentences(const Entry& entry) {
  const bool asks = entry.event == trace::EventKind::resync_requested ||
                    entry.event == trace::EventKind::restart_requested ||
                    entry.event == trace::EventKind::upgrade_requested ||
                    entry.event == trace::EventKind::custom_ca_requested ||
                    entry.event == trace::EventKind::notified;
  if (!asks || entry.text.empty() || entry.missed) return {};
  if (!entry.status)
    return {fmt::format("It came with the rule `{}`.", macro::hide_query_secrets(entry.text))};
  std::vector<std::string> sentences{
      fmt::format("The SIP NOTIFY {} was answered {}.", entry.text, *entry.status)};
  const auto nothing = resync::why_nothing(resync::notify_event_named(entry.text));
  if (!nothing.empty()) sentences.push_back(fmt::format("Nothing came of it: {}.", nothing));
  return sentences;
}

std::vector<std::string> set_sentences(const Entry& entry) {
  std::vector<std::string> sentences;
  if (entry.reason && !entry.missed)
    sentences.push_back(fmt::format("Nothing was set: {}.", sentence(*entry.reason)));
  const bool is_undone = entry.missed || entry.reason;
  const auto quoted = [](const std::string& value) {
    return value.empty() ? std::string("nothing") : fmt::format("`{}`", value);
  };
  for (const auto& [name, from, to] : entry.set) {
    if (is_undone)
      sentences.push_back(fmt::format("{} was not set to {}.", name, quoted(to)));
    else if (from.empty())
      sentences.push_back(fmt::format("{} was set to {}; it was empty.", name, quoted(to)));
    else
      sentences.push_back(fmt::format("{} was set from {} to {}.", name, quoted(from), quoted(to)));
  }
  return sentences;
}

std::string missed_sentence(resync::Missed missed) {
  constexpr EnumArray<resync::Missed, std::string_view> sentences{
      {"The phone was off.", "The phone was restarting.", "The phone's link was down.",
       "The phone ran enterprise firmware.", "The phone had asked for no activation code."}};
  return std::string(sentences[missed]);
}

std::string_view missed_remedy(trace::EventKind what, resync::Missed missed) {
  if (missed == resync::Missed::no_link) return "ask again when its link is up";
  if (missed == resync::Missed::migrated) return "load MPP firmware, which is for its new system";
  if (missed == resync::Missed::not_asked) return "enter it behind a rule of gds://";
  const bool is_off = missed == resync::Missed::off;
  switch (what) {
    case trace::EventKind::resync_requested:
      return is_off ? "switch the phone on; it then makes its boot pass"
                    : "ask again when it is back";
    case trace::EventKind::restart_requested:
    case trace::EventKind::report_requested:
    case trace::EventKind::notified:
    case trace::EventKind::upgrade_requested:
    case trace::EventKind::custom_ca_requested:
    case trace::EventKind::factory_reset:
    case trace::EventKind::code_entered:
      return is_off ? "switch the phone on, and ask again when it is up"
                    : "ask again when it is back";
    case trace::EventKind::parameters_set:
      return is_off ? "switch the phone on, and set them again when it is up"
                    : "set them again when it is back";
    default:
      return {};
  }
}

}  // namespace provphone::client::explain
