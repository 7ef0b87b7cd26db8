#pragma once

#include "client/explain/read.hpp"

#include <string>
#include <vector>

// Single sentences about single events of a trace. Each is a function of its entry alone, says less
// where the entry's facts were not written, and shows texts as the entry has them: whoever made it
// has hidden what is secret (R-RULE-45).
namespace provphone::client::explain {

// 0:00:02.135, 26:00:00: hours since the start of the run, however many; milliseconds only where
// they are not 0.
std::string time_text(resync::Time time);
// `2026-03-01T06:00:00` as a person reads it, with a blank. Empty stays empty.
std::string date_text(std::string clock);

// When what the timer is for comes due; for one that stays off (`due` is Time::max()), that and
// why. Empty for a timer of reports.
std::string armed_sentence(const Entry& entry);
std::string due_sentence(const Entry& entry);
// Why a pass that was due, or asked for, did not start, and how the triggers read that were looked
// at.
std::vector<std::string> gate_sentences(const Entry& entry);
std::vector<std::string> trigger_sentences(const Entry& entry);
std::string wait_sentence(const Entry& entry);
// What the rule says need not be said again where it has not changed since the last time.
enum class RuleIs : std::uint8_t { news, known };
// Of equal shape: the rule says the same, and expands to the same.
std::string rule_shape(const Entry& entry);
std::vector<std::string> request_sentences(const Entry& entry, RuleIs rule_is);
// Nothing for an empty rule: most phones have three of them.
std::vector<std::string> skip_sentences(const Entry& entry);
std::string applied_sentence(const Entry& entry);
// What happened to the phone, as a title.
std::string happening_title(const Entry& entry);
// The same of what goes beside the course of passes: a line, the link, the modelled server.
std::string beside_title(const Entry& entry);
// What a phone that fetched roots for itself has of them.
std::string custom_ca_sentence(const Entry& entry);
// That a phone asks for an activation code, or what came of one (R-BOOT-01, R-BOOT-03).
std::string onboarding_sentence(const Entry& entry);
std::string certificate_renewal_sentence(const Entry& entry);
// The failure or the status, and what of the phone's settings did not hold; empty where neither is
// worth a word, as with status 200.
std::string response_sentence(const Entry& entry);
// A rule that came to nothing, and its expansion, in which offsets count.
std::vector<std::string> unread_rule_sentences(const Entry& entry, RuleIs rule_is);
// `said`: the error that the explanation has told of already.
std::vector<std::string> failure_sentences(const Entry& entry, std::optional<Errc> said);
// What a person has set at the phone, parameter by parameter; what was not set either.
// How a SIP NOTIFY was answered and what came of it, or the rule that a request brought; nothing
// for other requests.
std::vector<std::string> asked_sentences(const Entry& entry);
std::vector<std::string> set_sentences(const Entry& entry);
// That the phone took no notice of it, and why.
std::string missed_sentence(resync::Missed missed);

// Clauses without capital and full stop, as a list joins them; none where nobody can do anything
// about it.
std::vector<std::string> gate_remedies(const Entry& entry);
std::vector<std::string> failure_remedies(const Entry& entry);
// Empty where it would make no difference to what the phone does.
std::string_view missed_remedy(trace::EventKind what, resync::Missed missed);

}  // namespace provphone::client::explain
