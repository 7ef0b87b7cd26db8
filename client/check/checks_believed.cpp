#include "client/check/detail/asking.hpp"
#include "client/check/detail/facts.hpp"
#include "macro/ascii.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>

#include <algorithm>

// What a server takes a request's word for, and what it shows besides the file.
namespace provphone::client::check::detail {
namespace {

bool is_some_file(const Facts& facts, const Answer& answer) {
  if (!is_success(answer) || answer.body.empty()) return false;
  const auto reading = read(facts.seen, answer);
  return reading.is_profile() || is_encrypted(reading);
}

// Whether the same question had another answer: then a difference tells
// nothing.
bool is_made_anew(const Facts& facts) {
  const auto* again = find(facts.seen, ProbeTarget::own_file_again, ClientRole::own);
  return again != nullptr && file_outcome(facts, *again) == FileOutcome::other_file;
}

// A file that came where none had, or another one.
bool is_gained(const Facts& facts, const Answer& before, const Answer& with) {
  if (!is_some_file(facts, with)) return false;
  if (!is_success(before)) return true;
  return facts.gets_file() && !is_made_anew(facts) &&
         file_outcome(facts, with) == FileOutcome::other_file;
}

Outcome judge_forwarded(const Facts& facts) {
  if (facts.seen.is_tftp()) return not_applicable();
  std::size_t tried = 0;
  for (const auto& exchange : facts.seen.exchanges) {
    if (exchange.target != ProbeTarget::forwarded) continue;
    const auto* before = find(facts.seen, ProbeTarget::own_file, exchange.role);
    if (before == nullptr) continue;
    ++tried;
    if (is_gained(facts, *before, exchange.answer))
      return found(fmt::format("{} without it, {} with {}", in_words(*before),
                               in_words(exchange.answer), exchange.pretended));
  }
  if (tried == 0) return not_asked(facts, "no file was asked for with the header");
  return passed("X-Forwarded-For changes nothing");
}

Outcome judge_agent(const Facts& facts) {
  if (facts.seen.is_tftp()) return not_applicable();
  if (!facts.gets_file()) return not_made("the phone gets no file");
  const auto* other = find(facts.seen, ProbeTarget::agent_of_other, ClientRole::own);
  if (other == nullptr)
    return not_asked(facts,
                     "no other phone with a User-Agent of its own is "
                     "known: name one with --other "
                     "MAC");
  const bool has_macros = std::any_of(other->hops.begin(), other->hops.end(), [](const Hop& hop) {
    return hop.location.find('$') != std::string::npos;
  });
  if (has_macros) return not_made("a redirect holds macros, which lead each phone to its own file");
  if (!is_gained(facts, *facts.own, *other)) return passed("the User-Agent changes nothing");
  return found("with another phone's User-Agent the same place gives another file");
}

Outcome judge_redirect(const Facts& facts) {
  if (facts.seen.is_tftp()) return not_applicable();
  if (!facts.gets_file()) return not_made("the phone gets no file");
  if (facts.own->hops.empty() || !facts.seen.names_phone)
    return passed("no redirect leads to a file of this phone");
  const auto* direct = find(facts.seen, ProbeTarget::behind_redirect, ClientRole::nothing);
  if (direct == nullptr) return not_asked(facts, "the place behind the redirect was not asked");
  if (file_outcome(facts, *direct) != FileOutcome::same_file) return passed(in_words(*direct));
  const auto* nobody = find(facts.seen, ProbeTarget::own_file, ClientRole::nothing);
  const bool is_guarded =
      nobody != nullptr && file_outcome(facts, *nobody) != FileOutcome::same_file;
  const auto place = macro::hide_query_secrets(format(facts.own->last_asked));
  if (is_guarded)
    return found(Severity::high, fmt::format("{}, asked at once, gives the file that the place "
                                             "before it keeps: {}",
                                             place, in_words(*nobody)));
  return found(fmt::format("{} gives it without a login", place));
}

// G19 in the words of people: the file is there, and the rule spells it
// otherwise.
Outcome judge_capitals(const Facts& facts) {
  if (facts.own == nullptr || !was_answered(*facts.own))
    return not_made("the server does not answer");
  const bool is_absent = facts.own->status == 404 ||
                         (facts.own->error && facts.own->error->code == Errc::file_not_found);
  if (!is_absent) return passed("the file is where the rule says");
  const auto* other = find(facts.seen, ProbeTarget::other_case, ClientRole::own);
  if (other == nullptr) return not_asked(facts, "no letter of the MAC address is in the path");
  if (!is_some_file(facts, *other)) return passed("nor is it there in the other case");
  const bool has_lower = facts.seen.url.path.find(facts.seen.mac) != std::string::npos;
  return found(has_lower ? "the file is there in capitals" : "the file is there in small letters");
}

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++times;
  return times;
}

Outcome judge_listing(const Facts& facts) {
  if (facts.seen.is_tftp()) return not_applicable();
  const auto* folder = find(facts.seen, ProbeTarget::folder, ClientRole::own);
  if (folder == nullptr) return not_asked(facts, "the folder of the file was not asked for");
  constexpr std::size_t few_links = 3;
  const auto body = ascii::lowered(folder->body);
  if (!is_success(*folder) ||
      (body.find("index of") == std::string::npos && count(body, "href=") < few_links))
    return passed(in_words(*folder));
  const auto path = folder_of(facts.seen.url.path);
  const auto file = facts.seen.url.path.substr(path.size());
  const bool names_file = !file.empty() && folder->body.find(file) != std::string::npos;
  return found(
      names_file ? Severity::high : Severity::medium,
      fmt::format("{} is a list{}", path, names_file ? ", and the phone's file is in it" : ""));
}

Outcome judge_ban(const Facts& facts) {
  if (!facts.seen.rate)
    return not_made("needs --rate N: the file is asked for N times without a pause");
  const auto& rate = *facts.seen.rate;
  if (rate.refused_at)
    return found(fmt::format("request {} without a pause: {}", *rate.refused_at, rate.how));
  if (!rate.ended_by.empty())
    return not_made(
        fmt::format("the audit ended by {}, {} requests without a pause into it: none was refused",
                    rate.ended_by, rate.asked));
  return passed(fmt::format("{} requests without a pause were answered", rate.asked));
}

constexpr Check believed_catalogue[] = {
    {"CHK-TRUST-FORWARDED", Severity::high, "the server believes X-Forwarded-For",
     "It sends no such header.",
     "Write an address of the house into the header and get past the address "
     "list.",
     "Believe the header from the proxy in front of the server alone, and set "
     "it there.",
     judge_forwarded},
    {"CHK-TRUST-AGENT", Severity::high, "the User-Agent says whose file it is",
     "It says its own name, and gets its own file.",
     "Write another phone's MAC address into the header and get that phone's "
     "file.",
     "Tell phones apart by their certificates or logins.", judge_agent},
    {"CHK-REDIRECT-PHONE", Severity::low, "the file behind a redirect is open by itself",
     "It follows the redirect.",
     "Ask for the place behind it at once, past whatever guards the first.",
     "Guard the place that the redirect leads to, as the first one.", judge_redirect},
    {"CHK-PATH-CAPITALS", Severity::high,
     "the file is there under the MAC address in the other case",
     "It finds nothing where its rule says.", nothing,
     "Write $MAU in the rule for capitals and $MA for small letters, or rename "
     "the file.",
     judge_capitals},
    {"CHK-PATH-LISTING", Severity::medium, "the folder of the file is listed",
     "It asks for its file by name.", "Read the names of all files, and need not guess them.",
     "Switch listings off (nginx: autoindex off; Apache: Options -Indexes).", judge_listing},
    {"CHK-RATE-BAN", Severity::medium, "a phone that asks often is shut out",
     "Many behind one address ask as often as one that asks in a hurry, and "
     "get nothing.",
     "Ask in the phones' name, from their address, and have them shut out.",
     "Count absent files and failed logins, not requests that succeed.", judge_ban, Scope::server},
};

}  // namespace

std::span<const Check> believed_checks() {
  return believed_catalogue;
}

}  // namespace provphone::client::check::detail
