#include "client/check/detail/facts.hpp"
#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"
#include "macro/hide.hpp"
#include "macro/said.hpp"

#include <fmt/format.h>

#include <algorithm>

// Which questions a finding stands on.
namespace provphone::client::check {
namespace {

constexpr EnumArray<ClientRole, std::string_view> askers{
    {"the phone", "somebody without certificate and login", "another phone",
     "a phone with the generic certificate", "the phone with an expired certificate",
     "the phone with a certificate of an unknown root", "the phone with a wrong password",
     "the phone from another address"}};

struct Kind {
  ProbeTarget target = ProbeTarget::own_file;
  std::optional<ClientRole> role = ClientRole::own;  // nothing: whoever asked
};

struct Row {
  std::string_view id;
  Kind asked;
  std::optional<Kind> counter;
  std::string_view missing = {};
};

constexpr std::string_view needs_source = "from another address: give --source ADDRESS";
constexpr std::string_view needs_unknown = "an unknown MAC address: give --may-create";

// Whatever is not in it stands on the phone's own question. The first row that
// was asked counts.
constexpr Row rows[] = {
    {"CHK-OPEN",
     {ProbeTarget::own_file, ClientRole::nothing},
     Kind{ProbeTarget::own_file, ClientRole::wrong_password}},
    {"CHK-OPEN", {}, Kind{ProbeTarget::own_file, ClientRole::other_address}, needs_source},
    {"CHK-ENUM-NEIGHBOUR",
     {ProbeTarget::neighbour_file},
     Kind{ProbeTarget::unknown_file},
     needs_unknown},
    {"CHK-ENUM-TELL",
     {ProbeTarget::own_file, ClientRole::other_device},
     Kind{ProbeTarget::unknown_file, ClientRole::other_device}},
    {"CHK-ENUM-TELL",
     {ProbeTarget::own_file, ClientRole::nothing},
     Kind{ProbeTarget::unknown_file, ClientRole::nothing}},
    {"CHK-ENUM-TELL", {}, Kind{ProbeTarget::unknown_file}},
    {"CHK-ENUM-RATE", {ProbeTarget::unknown_file, std::nullopt}, std::nullopt},
    {"CHK-ENUM-DEFAULT", {ProbeTarget::unknown_file}, Kind{}},
    {"CHK-CERT-ASKED", {ProbeTarget::own_file, ClientRole::nothing}, Kind{}},
    {"CHK-CERT-REQUIRED", {ProbeTarget::own_file, ClientRole::nothing}, Kind{}},
    {"CHK-CERT-ROOT", {ProbeTarget::own_file, ClientRole::foreign_root}, Kind{}},
    {"CHK-CERT-EXPIRED", {ProbeTarget::own_file, ClientRole::expired}, Kind{}},
    {"CHK-CERT-GENERIC", {ProbeTarget::own_file, ClientRole::generic}, Kind{}},
    {"CHK-CERT-BOUND", {ProbeTarget::own_file, ClientRole::other_device}, Kind{}},
    {"CHK-HTTP-NOTFOUND", {ProbeTarget::absent_file}, Kind{}},
    {"CHK-TFTP-SILENT", {ProbeTarget::absent_file}, Kind{}},
    {"CHK-PATH-CASE", {ProbeTarget::other_case}, Kind{}},
    {"CHK-PATH-CAPITALS", {ProbeTarget::other_case}, Kind{}},
    {"CHK-PATH-OUTSIDE", {ProbeTarget::outside}, Kind{ProbeTarget::absent_file}},
    {"CHK-PATH-LISTING", {ProbeTarget::folder}, Kind{ProbeTarget::absent_file}},
    {"CHK-TRUST-FORWARDED",
     {ProbeTarget::forwarded, ClientRole::nothing},
     Kind{ProbeTarget::own_file, ClientRole::nothing}},
    {"CHK-TRUST-FORWARDED",
     {ProbeTarget::forwarded, ClientRole::other_address},
     Kind{ProbeTarget::own_file, ClientRole::other_address}},
    {"CHK-TRUST-FORWARDED", {ProbeTarget::forwarded}, Kind{}},
    {"CHK-TRUST-AGENT", {ProbeTarget::agent_of_other}, Kind{}},
    {"CHK-REDIRECT-PHONE",
     {ProbeTarget::behind_redirect, ClientRole::nothing},
     Kind{ProbeTarget::own_file, ClientRole::nothing}},
};

// One that brought something, if any did: the others prove less.
const Exchange* exchange_of(const Observations& seen, const Kind& kind) {
  const Exchange* first = nullptr;
  for (const auto& exchange : seen.exchanges) {
    if (exchange.target != kind.target || (kind.role && exchange.role != *kind.role)) continue;
    if (detail::is_success(exchange.answer)) return &exchange;
    if (first == nullptr) first = &exchange;
  }
  return first;
}

// Only of what is no profile for certain: a page says that it is one, and a
// refusal is none.
std::string said_by(const Answer& answer) {
  constexpr int first_refusal = 400;
  constexpr std::size_t most = 80;
  const bool is_page = ascii::starts_with_ignoring_case(answer.body, "<!doctype html") ||
                       ascii::starts_with_ignoring_case(answer.body, "<html");
  const bool is_profile = answer.body.find("flat-profile") != std::string::npos;
  if (is_profile || (answer.status < first_refusal && !is_page)) return {};
  auto said = macro::said_in(answer.body);
  if (said.size() <= most) return said;
  auto end = most;
  // Not within a character of UTF-8.
  while (end > 0 && (static_cast<unsigned char>(said[end]) & 0xc0U) == 0x80U) --end;
  return said.substr(0, end) + " ...";
}

Witness witness_of(const Exchange& exchange, const Observations& seen) {
  auto url = seen.url;
  if (!exchange.path.empty()) url.path = exchange.path;
  if (exchange.target == ProbeTarget::behind_redirect) url = exchange.answer.last_asked;
  Witness witness;
  witness.who = askers[exchange.role];
  witness.method = exchange.method.empty() ? "GET" : exchange.method;
  witness.url = detail::printable(macro::hide_query_secrets(format(url)));
  witness.pretended = exchange.pretended;
  witness.status = exchange.answer.status;
  if (exchange.answer.status == 0 && exchange.answer.error)
    witness.error = detail::printable(macro::hide_query_secrets(format(*exchange.answer.error)));
  witness.said = said_by(exchange.answer);
  witness.octets = exchange.answer.body.size();
  if (seen.tls && seen.tls->certificate)
    witness.certificate = detail::printable(seen.tls->certificate->names.common_name);
  return witness;
}

// Of what the server shows before anybody asks for a file.
Grounds handshake_of(const Observations& seen) {
  auto url = seen.url;
  url.path = "/";
  Witness witness;
  witness.who = "somebody without certificate and login";
  witness.method = "TLS handshake";
  witness.url = format(url);
  if (seen.tls && seen.tls->certificate) {
    witness.certificate = detail::printable(seen.tls->certificate->names.common_name);
  } else if (seen.tls) {
    witness.error = detail::printable(seen.tls->failure);
  }
  return {std::move(witness), std::nullopt, {}};
}

std::optional<Grounds> grounds_by(const Row& row, const Observations& seen) {
  const auto* asked = exchange_of(seen, row.asked);
  if (asked == nullptr) return std::nullopt;
  Grounds grounds{witness_of(*asked, seen), std::nullopt, row.missing};
  const auto* counter = row.counter ? exchange_of(seen, *row.counter) : nullptr;
  if (counter == nullptr || counter == asked) return grounds;
  grounds.counter = witness_of(*counter, seen);
  grounds.counter_missing = {};
  return grounds;
}

}  // namespace

std::string in_words(const Witness& witness) {
  auto text = fmt::format("{} {} as {}", witness.method, witness.url, witness.who);
  if (!witness.pretended.empty()) text += fmt::format(" ({})", witness.pretended);
  text += ": ";
  text += witness.status != 0 ? fmt::format("{}, {} octets", witness.status, witness.octets)
                              : witness.error;
  if (witness.status == 0 && witness.error.empty())
    text += witness.certificate.empty() ? "no answer" : "certificate of " + witness.certificate;
  if (!witness.said.empty()) text += fmt::format(", \"{}\"", witness.said);
  return text;
}

std::optional<Grounds> grounds_of(const Judgement& judgement, const Observations& seen) {
  if (!judgement.is_finding()) return std::nullopt;
  if (judgement.check->id.starts_with("CHK-TLS-")) return handshake_of(seen);
  for (const auto& row : rows) {
    if (row.id != judgement.check->id) continue;
    if (auto grounds = grounds_by(row, seen)) return grounds;
  }
  return grounds_by(Row{{}, {}, std::nullopt}, seen);
}

}  // namespace provphone::client::check
