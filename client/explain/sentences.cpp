#include "client/explain/sentences.hpp"

#include "macro/remedy.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::explain {
namespace {

using Json = nlohmann::ordered_json;
using resync::PassKind;
using resync::Reason;
using resync::Time;
using resync::Timer;

std::int64_t number_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// `true`, `false`, or why it cannot be said.
std::string reading_of(const Json& object) {
  const auto holds = object.find("holds");
  if (holds != object.end() && holds->is_boolean()) return holds->get<bool>() ? "true" : "false";
  const auto detail = text_of(object, "detail");
  return fmt::format("it cannot be read ({}{}{}) and counts as false", text_of(object, "error"),
                     detail.empty() ? "" : ": ", detail);
}

// The first elements of a long list say enough.
std::string shortened(const std::string& list) {
  constexpr std::size_t most = 24;
  if (list.size() <= most) return list;
  return list.substr(0, list.rfind(',', most)) + ",...";
}

std::string setting_clause(const Json& setting) {
  const auto text = text_of(setting, "text");
  const auto note = text_of(setting, "note");
  const auto element = number_of(setting, "element");
  auto clause = fmt::format("{} is {}", text_of(setting, "name"),
                            text.empty()  ? "empty"
                            : element > 0 ? shortened(text)
                                          : text);
  if (element > 0)
    clause += fmt::format(": element {} of {}", element, number_of(setting, "elements"));
  if (!note.empty()) clause += ", which " + note;
  return clause;
}

// The settings in parentheses behind a sentence, empty where there are none.
std::string in_parentheses(const Entry& entry) {
  std::vector<std::string> clauses;
  for (const auto* setting : entry.objects("settings")) clauses.push_back(setting_clause(*setting));
  return clauses.empty() ? "" : fmt::format(" ({})", fmt::join(clauses, "; "));
}

std::string when(const Entry& entry) {
  const auto clock = date_text(entry.text("due_clock"));
  return time_text(*entry.due) + (clock.empty() ? "" : ", on its clock " + clock);
}

// `$MA became 000e08012345`
std::vector<std::string> macro_clauses(const Entry& entry) {
  std::vector<std::string> clauses;
  const auto macros = entry.members->find("macros");
  if (macros == entry.members->end() || !macros->is_object()) return clauses;
  for (const auto& [name, value] : macros->items()) {
    if (!value.is_string()) continue;
    const auto text = value.get<std::string>();
    clauses.push_back(fmt::format("${} became {}", name, text.empty() ? "nothing" : text));
  }
  return clauses;
}

// Up to `alternative`, behind which nothing is looked at; 0: all.
std::vector<std::string> guard_sentences(const Entry& entry, std::int64_t alternative) {
  std::vector<std::string> sentences;
  const auto guards = entry.objects("guards");
  for (std::size_t i = 0; i < guards.size(); ++i) {
    const auto number = static_cast<std::int64_t>(i) + 1;
    const auto condition = text_of(*guards[i], "condition");
    if (condition.empty() || (alternative > 0 && number > alternative)) continue;
    sentences.push_back(fmt::format("The condition of alternative {} reads `{}`: {}.", number,
                                    condition, reading_of(*guards[i])));
  }
  return sentences;
}

std::string rule_sentence(const Entry& entry) {
  const auto text = entry.text("rule_text");
  if (text.empty()) return {};
  auto sentence = fmt::format("{} is `{}`", entry.text("rule"), text);
  const auto macros = macro_clauses(entry);
  if (!macros.empty()) sentence += fmt::format("; {}", fmt::join(macros, ", "));
  return sentence + ".";
}

// Where the expansion is not in the URL it must be shown for offsets to mean something.
std::string expansion_sentence(const Entry& entry) {
  const auto expanded = entry.text("expanded");
  return expanded.empty() ? std::string() : fmt::format("Expanded: `{}`.", expanded);
}

void append(std::vector<std::string>& sentences, std::string sentence) {
  if (!sentence.empty()) sentences.push_back(std::move(sentence));
}

void append(std::vector<std::string>& sentences, const std::vector<std::string>& more) {
  sentences.insert(sentences.end(), more.begin(), more.end());
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 6;
  if (names.size() <= shown) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + shown, ", "),
                     names.size() - shown);
}

std::string error_text(const Entry& entry) {
  const auto detail = entry.text("detail");
  return fmt::format("{}{}", name(*entry.error), detail.empty() ? "" : ", " + detail);
}

// Whether it helps to wait, where triggers held the pass.
std::string waiting_remedy(const Entry& entry) {
  const auto holds_from = entry.time("holds_from");
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
  if (!entry.timer || !entry.due) return {};
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
    case Reason::upgrade_attempted:
      return "A pass was due because an upgrade had been tried.";
    default:
      return {};
  }
}

std::vector<std::string> trigger_sentences(const Entry& entry) {
  std::vector<std::string> sentences;
  for (const auto* condition : entry.objects("conditions")) {
    const auto text = text_of(*condition, "text");
    const auto expanded = text_of(*condition, "expanded");
    const auto read = expanded == text ? "" : fmt::format(", which read `{}`", expanded);
    sentences.push_back(fmt::format("{} is `{}`{}: {}.", text_of(*condition, "name"), text, read,
                                    reading_of(*condition)));
  }
  return sentences;
}

std::vector<std::string> gate_sentences(const Entry& entry) {
  std::vector<std::string> sentences;
  if (!entry.reason) return {"The pass was held."};
  const bool no_boot_pass = entry.reason == Reason::resync_on_reset_off ||
                            entry.reason == Reason::restart_off_boot_pass ||
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
  for (const auto* condition : entry.objects("conditions")) {
    for (std::size_t i = 0; i < errc_count; ++i) {
      const auto code = static_cast<Errc>(i);
      if (name(code) == text_of(*condition, "error"))
        remedies.push_back(
            fmt::format("correct {}: {}", text_of(*condition, "name"), remedy(code)));
    }
  }
  append(remedies, waiting_remedy(entry));
  return remedies;
}

std::string wait_sentence(const Entry& entry) {
  if (!entry.reason) return "The pass had to wait.";
  const auto why = sentence(*entry.reason);
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
  return rule_sentence(entry) + entry.text("expanded");
}

std::vector<std::string> request_sentences(const Entry& entry, RuleIs rule_is) {
  std::vector<std::string> sentences;
  const auto alternative = number_of(*entry.members, "alternative");
  if (rule_is == RuleIs::news) {
    append(sentences, rule_sentence(entry));
    append(sentences, guard_sentences(entry, alternative));
  }
  const auto url = entry.text("url");
  if (url.empty()) return sentences;
  const auto taken =
      entry.objects("guards").empty() ? "" : fmt::format("Alternative {} was taken. ", alternative);
  sentences.push_back(fmt::format("{}It sent {} {}.", taken, entry.text("method"), url));
  return sentences;
}

std::vector<std::string> skip_sentences(const Entry& entry) {
  const auto rule = entry.text("rule");
  if (!entry.reason) return {rule + " was skipped."};
  if (entry.reason == Reason::file_not_found_forgiven)
    return {fmt::format("{}: {}{}.", rule, sentence(*entry.reason), in_parentheses(entry))};
  if (entry.reason == Reason::rule_empty) return {};
  std::vector<std::string> sentences;
  append(sentences, rule_sentence(entry));
  append(sentences, guard_sentences(entry, 0));
  const bool is_rule = entry.reason == Reason::rule_unreadable;
  if (is_rule) append(sentences, expansion_sentence(entry));
  sentences.push_back(
      fmt::format("{} was skipped: {}{}.", rule, sentence(*entry.reason), in_parentheses(entry)));
  return sentences;
}

std::string applied_sentence(const Entry& entry) {
  const auto changed = entry.texts("changed");
  const auto restarts = entry.texts("restart_for");
  if (changed.empty()) return "Nothing changed by it.";
  auto sentence = fmt::format("It changed {}.", listed(changed));
  if (!restarts.empty())
    sentence += fmt::format(" {} {} a restart to take effect.", listed(restarts),
                            restarts.size() == 1 ? "takes" : "take");
  return sentence;
}

std::string response_sentence(const Entry& entry) {
  if (entry.error) return fmt::format("That failed: {}.", error_text(entry));
  const auto status = number_of(*entry.members, "status");
  return status == 0 || status == 200 ? "" : fmt::format("The answer had status {}.", status);
}

std::vector<std::string> unread_rule_sentences(const Entry& entry, RuleIs rule_is) {
  std::vector<std::string> sentences;
  if (rule_is == RuleIs::known) return sentences;
  append(sentences, rule_sentence(entry));
  append(sentences, expansion_sentence(entry));
  return sentences;
}

std::vector<std::string> failure_sentences(const Entry& entry, std::optional<Errc> said) {
  std::vector<std::string> sentences;
  const auto rule = entry.text("rule");
  const bool is_said = said && said == entry.error;
  std::string text = is_said ? "The pass failed with that" : "The pass failed";
  if (!rule.empty()) text += (is_said ? ", at " : " at ") + rule;
  if (entry.error && !is_said) text += fmt::format(": {}", error_text(entry));
  if (entry.reason && entry.reason != Reason::rule_failed)
    text += fmt::format(", {}", sentence(*entry.reason));
  sentences.push_back(fmt::format("{}{}.", text, in_parentheses(entry)));
  const auto behind = entry.texts("not_evaluated");
  if (!behind.empty())
    sentences.push_back(fmt::format("{} behind it {} not evaluated.", fmt::join(behind, ", "),
                                    behind.size() == 1 ? "was" : "were"));
  return sentences;
}

std::vector<std::string> failure_remedies(const Entry& entry) {
  std::vector<std::string> remedies;
  const bool has_own = entry.reason && !remedy(*entry.reason).empty();
  if (has_own) {
    append(remedies, std::string(remedy(*entry.reason)));
  } else if (entry.error) {
    append(remedies, std::string(remedy(*entry.error)));
  }
  return remedies;
}

std::string request_origin(const Entry& entry) {
  const auto origin = entry.text("origin");
  if (origin == "sip_notify") return "by a SIP NOTIFY";
  if (origin == "web") return "from its web page";
  if (origin == "phone_menu") return "from its menu";
  if (origin == "xml_execute") return "by XML Execute";
  return "by a person";
}

}  // namespace provphone::client::explain
