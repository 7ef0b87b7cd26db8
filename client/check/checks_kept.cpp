#include "client/check/detail/asking.hpp"
#include "client/check/detail/facts.hpp"
#include "client/check/detail/weak_phrases.hpp"
#include "macro/ascii.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

// Secrets where they do not belong: in addresses, in caches, in phrases that
// anybody guesses.
namespace provphone::client::check::detail {
namespace {

bool has_secret(const std::string& url) {
  return macro::hide_query_secrets(url) != url;
}

Outcome judge_query(const Facts& facts) {
  const auto own = format(facts.seen.url);
  if (has_secret(own)) return found("the rule leads to " + macro::hide_query_secrets(own));
  if (facts.own == nullptr) return passed();
  for (const auto& hop : facts.own->hops) {
    if (has_secret(hop.location))
      return found("a redirect leads to " + macro::hide_query_secrets(hop.location));
  }
  return passed();
}

// RFC 9111, 5.2.2. What nothing is said of may be kept, too, and is by few.
Outcome judge_cache(const Facts& facts) {
  if (facts.seen.is_tftp()) return not_applicable();
  if (!facts.gets_file()) return not_made("the phone gets no file");
  if (is_encrypted(*facts.file)) return passed("the file is encrypted");
  if (facts.file->refusal) return not_made("the file cannot be read");
  const auto secrets = secrets_in(facts.file->content);
  if (secrets.empty()) return passed("no secret parameter is set");
  const auto says = ascii::lowered(facts.own->cache_control);
  const auto has = [&](std::string_view word) { return says.find(word) != std::string::npos; };
  if (says.empty()) return passed("nothing is said to caches");
  const bool forbids = has("no-store") || has("private") || has("no-cache");
  const bool permits = has("public") || has("max-age=") || has("s-maxage=");
  if (forbids || !permits || says == "max-age=0") return passed(facts.own->cache_control);
  return found(fmt::format("Cache-Control: {}, of a file with {}", facts.own->cache_control,
                           fmt::join(secrets, ", ")));
}

Outcome judge_phrase(const Facts& facts) {
  const auto& key = facts.seen.decode.key;
  if (!key) return not_applicable();
  const auto weakness = weakness_of(*key, facts.seen.phone.identity, facts.seen.mac);
  if (weakness.empty()) return passed();
  return found("the phrase of --key " + std::string(weakness));
}

// R-TLS-15
Outcome judge_suites(const Facts& facts) {
  if (!facts.seen.is_https()) return not_applicable();
  if (!facts.seen.tls || !facts.seen.tls->takes_phone_suites)
    return not_asked(facts, "phone and server share no version in which suites are chosen so");
  if (*facts.seen.tls->takes_phone_suites) return passed();
  return found(fmt::format("with the suites of {} alone: {}",
                           profile::name(facts.seen.personality.generation),
                           facts.seen.tls->suites_failure));
}

constexpr Check kept_catalogue[] = {
    {"CHK-QUERY-SECRETS", Severity::medium, "secrets stand in an address",
     "It sends the address as it is, and names it in its messages.",
     "Read them in logs of servers and proxies, and in the phone's own.",
     "Send a login with --uid and --pwd, or show certificates.", judge_query},
    {"CHK-CACHE-SECRETS", Severity::medium, "caches may keep a file with secrets",
     "It keeps no answer.", "Read the file in a cache between phone and server.",
     "Answer with Cache-Control: no-store.", judge_cache},
    {"CHK-KEY-WEAK", Severity::medium, "the phrase that encrypts the file is easily guessed",
     "It derives the key from it.", "Guess the phrase with the file alone, and read it.",
     "Make a phrase of 20 random characters or more for each phone.", judge_phrase},
    {"CHK-TLS-SUITES", Severity::high, "server and phone have no cipher suite in common",
     "It ends the handshake and gets no file.", nothing,
     "Let the server take a suite of this family (docs/behaviour/tls.md, "
     "R-TLS-15), or have "
     "TLS_Cipher_List name one that the server takes.",
     judge_suites, Scope::server},
};

}  // namespace

std::span<const Check> kept_checks() {
  return kept_catalogue;
}

}  // namespace provphone::client::check::detail
