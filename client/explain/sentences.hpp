#pragma once

#include "client/explain/read.hpp"

#include <string>
#include <vector>

// Single sentences about single events of a trace.
namespace provphone::client::explain {

// 0:00:02.135, 26:00:00
std::string time_text(resync::Time time);
// `2026-03-01T06:00:00` as a person reads it.
std::string date_text(std::string clock);

std::string armed_sentence(const Entry& entry);  // empty for a timer of reports
std::string due_sentence(const Entry& entry);
std::vector<std::string> gate_sentences(const Entry& entry);
std::vector<std::string> trigger_sentences(const Entry& entry);
std::string wait_sentence(const Entry& entry);
// What the rule says need not be said again where it has not changed since the last time.
enum class RuleIs : std::uint8_t { news, known };
std::string rule_shape(const Entry& entry);  // equal where it has not
std::vector<std::string> request_sentences(const Entry& entry, RuleIs rule_is);
std::vector<std::string> skip_sentences(const Entry& entry);
std::string applied_sentence(const Entry& entry);
std::string response_sentence(const Entry& entry);
// A rule that came to nothing, and its expansion, in which offsets count.
std::vector<std::string> unread_rule_sentences(const Entry& entry, RuleIs rule_is);
// `said`: the error that the explanation has told of already.
std::vector<std::string> failure_sentences(const Entry& entry, std::optional<Errc> said);
std::string request_origin(const Entry& entry);  // `by SIP NOTIFY`

std::vector<std::string> gate_remedies(const Entry& entry);
std::vector<std::string> failure_remedies(const Entry& entry);

}  // namespace provphone::client::explain
