#include "client/check/checks.hpp"

#include "client/check/detail/facts.hpp"
#include "client/lint/lint.hpp"
#include "macro/enum_array.hpp"
#include "profile/aes.hpp"
#include "resync/apply.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::check {
namespace {

constexpr EnumArray<State, std::string_view> states{
    {"found", "passed", "not_made", "not_applicable"}};
constexpr EnumArray<FileKind, std::string_view> kinds{{"profile", "load", "roots", "report"}};
constexpr std::size_t longest_evidence = 300;

// The values alone: a salt, the order of elements or a date in a comment make no other file.
bool same_values(const profile::Decoded& left, const profile::Decoded& right) {
  return left.changes == right.changes;
}

// Two files that cannot be read are the same where their octets are, or might be under another
// salt.
bool same_file(const Observations& seen, const Answer& left, const Answer& right) {
  if (left.body == right.body) return true;
  const auto one = detail::read(seen, left);
  const auto other = detail::read(seen, right);
  if (one.is_profile() && other.is_profile()) return same_values(one.content, other.content);
  const auto is_closed = [](const Error& refusal) {
    return refusal.code == Errc::key_missing || refusal.code == Errc::wrong_key ||
           refusal.code == Errc::rfc8188_corrupt;
  };
  return one.refusal && other.refusal && one.refusal->code == other.refusal->code &&
         is_closed(*one.refusal) && left.body.size() == right.body.size();
}

Facts facts_of(const Observations& seen) {
  // Personal until another phone gets the same file: in doubt the severer judgement.
  Facts facts{seen, detail::find(seen, ProbeTarget::own_file, ClientRole::own), std::nullopt, true};
  if (facts.own == nullptr || !detail::is_success(*facts.own) || facts.own->body.empty())
    return facts;
  if (seen.kind != FileKind::profile) return facts;
  facts.file = detail::read(seen, *facts.own);
  if (facts.file->is_profile())
    facts.linted =
        lint::lint(facts.own->body, detail::options_for(seen, *facts.own), seen.phone).findings;
  const bool others_get_it =
      std::any_of(seen.exchanges.begin(), seen.exchanges.end(), [&](const Exchange& exchange) {
        return exchange.role == ClientRole::own &&
               (exchange.target == ProbeTarget::unknown_file ||
                exchange.target == ProbeTarget::neighbour_file) &&
               detail::is_success(exchange.answer) && same_file(seen, *facts.own, exchange.answer);
      });
  facts.is_personal = seen.names_phone && !others_get_it;
  return facts;
}

}  // namespace

std::string_view name(FileKind kind) {
  return kinds[kind];
}

std::string_view name(State state) {
  return states[state];
}

std::vector<const Check*> all_checks() {
  std::vector<const Check*> all;
  for (const auto area :
       {detail::file_checks(), detail::next_checks(), detail::tls_checks(),
        detail::certificate_checks(), detail::access_checks(), detail::secret_checks(),
        detail::http_checks(), detail::tftp_checks(), detail::believed_checks(),
        detail::kept_checks(), detail::follow_checks()}) {
    for (const auto& check : area) all.push_back(&check);
  }
  return all;
}

std::optional<FileContent> file_content(const Observations& seen) {
  const auto facts = facts_of(seen);
  if (!facts.file || !facts.file->is_profile()) return std::nullopt;
  const auto& changes = facts.file->content.changes;
  return FileContent{changes.size(), profile::count_acting(changes)};
}

std::vector<Judgement> findings_of(const Observations& seen) {
  const auto facts = facts_of(seen);
  std::vector<Judgement> judgements;
  for (const auto* check : all_checks()) {
    const bool applies =
        check->kind == seen.kind && (check->scope == Scope::file || !seen.same_server);
    judgements.push_back({check, applies ? check->judge(facts) : detail::not_applicable()});
  }
  return judgements;
}

namespace detail {

profile::DecodeOptions options_for(const Observations& seen, const Answer& answer) {
  auto options = seen.decode;
  options.aes128gcm = seen.personality.rfc8188 == resync::Rfc8188::read &&
                      resync::says_aes128gcm(answer.content_encoding);
  return options;
}

Reading read(const Observations& seen, const Answer& answer) {
  const auto options = options_for(seen, answer);
  auto decoded = profile::decode(answer.body, options);
  if (decoded) return {*std::move(decoded), std::nullopt};
  auto error = std::move(decoded.error());
  // R-LAYER-21
  if (options.key)
    error =
        profile::with_key_diagnosis(std::move(error), answer.body, *options.key, options.digests);
  return {{}, std::move(error)};
}

bool is_success(const Answer& answer) {
  return !answer.error && answer.status >= 200 && answer.status < 300;
}

bool was_answered(const Answer& answer) {
  if (answer.status != 0) return true;
  return answer.error && (answer.error->code == Errc::file_not_found ||
                          answer.error->code == Errc::tftp_access_violation ||
                          answer.error->code == Errc::tftp_error);
}

FileOutcome file_outcome(const Facts& facts, const Answer& answer) {
  if (answer.error && answer.error->code == Errc::file_not_found) return FileOutcome::nothing;
  if (!is_success(answer))
    return answer.status == 404 ? FileOutcome::nothing : FileOutcome::refusal;
  if (answer.body.empty()) return FileOutcome::nothing;
  return same_file(facts.seen, *facts.own, answer) ? FileOutcome::same_file
                                                   : FileOutcome::other_file;
}

std::string in_words(const Answer& answer) {
  if (answer.status != 0) return fmt::format("status {}", answer.status);
  return answer.error ? format(*answer.error) : "no answer";
}

const Answer* find(const Observations& seen, ProbeTarget target, ClientRole role) {
  const auto here = std::find_if(
      seen.exchanges.begin(), seen.exchanges.end(),
      [&](const Exchange& exchange) { return exchange.target == target && exchange.role == role; });
  return here == seen.exchanges.end() ? nullptr : &here->answer;
}

Outcome found(std::string_view evidence) {
  return {State::found, printable(evidence), std::nullopt};
}

Outcome found(Severity severity, std::string_view evidence) {
  return {State::found, printable(evidence), severity};
}

Outcome passed(std::string_view evidence) {
  return {State::passed, printable(evidence), std::nullopt};
}

Outcome not_made(std::string_view why) {
  return {State::not_made, printable(why), std::nullopt};
}

Outcome not_applicable() {
  return {};
}

Outcome not_made_up(const Facts& facts) {
  if (facts.seen.may_create) return not_asked(facts, "no unknown MAC address was tried");
  return not_made(
      "needs --may-create: a server may make a device of each MAC address that it does not know");
}

Outcome not_asked(const Facts& facts, std::string_view why) {
  if (facts.seen.ran_out())
    return not_made(fmt::format("the audit had ended before, by {}", facts.seen.ended_by));
  return not_made(why);
}

std::string printable(std::string_view text) {
  std::string line(text.substr(0, longest_evidence));
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  if (text.size() > longest_evidence) line += " ...";
  return line;
}

}  // namespace detail
}  // namespace provphone::client::check
