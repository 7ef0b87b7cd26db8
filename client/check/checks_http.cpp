#include "client/check/detail/facts.hpp"
#include "macro/ascii.hpp"
#include "macro/hide.hpp"

#include <fmt/format.h>

#include <algorithm>

// Statuses, redirects, framing and paths over HTTP and HTTPS (behaviour rules R-HTTP-*).
namespace provphone::client::check::detail {
namespace {

template <class Judge>
Outcome over_http(const Facts& facts, Judge judge) {
  if (facts.seen.is_tftp()) return not_applicable();
  if (facts.own == nullptr) return not_asked(facts, "the phone's file was not asked for");
  if (facts.own->status == 0) return not_made("the server does not answer");
  return judge(*facts.own);
}

std::string shown_location(const std::string& location) {
  return macro::hide_secrets(location, [](std::string_view) { return false; });
}

Outcome judge_status(const Facts& facts) {
  return over_http(facts, [](const Answer& own) {
    if (own.error && own.error->code == Errc::redirect_not_followed)
      return found(own.error->detail);
    if (is_success(own) && own.body.empty())
      return found(fmt::format("{} with an empty body", in_words(own)));
    return passed(in_words(own));
  });
}

Outcome judge_absent(const Facts& facts, const Answer& absent) {
  if (!is_success(absent)) {
    const bool redirects = !absent.hops.empty() || (absent.status >= 300 && absent.status < 400);
    return redirects ? found(in_words(absent) + ", a redirect, for an absent file")
                     : passed(in_words(absent));
  }
  // A file that is encrypted may well be a profile for phones that nobody knows yet.
  const auto reading = read(facts.seen, absent);
  if (reading.is_profile() || stage_of(reading.refusal->code) == Stage::decrypt)
    return passed("unknown phones get a file");
  return found(in_words(absent) + " for an absent file");
}

Outcome judge_not_found(const Facts& facts) {
  return over_http(facts, [&](const Answer&) {
    const auto* absent = find(facts.seen, ProbeTarget::absent_file, ClientRole::own);
    const auto* unknown = find(facts.seen, ProbeTarget::unknown_file, ClientRole::own);
    if (absent == nullptr && unknown == nullptr)
      return not_asked(facts, "no absent file was asked for");
    auto outcome = absent == nullptr ? passed() : judge_absent(facts, *absent);
    if (unknown == nullptr || outcome.state == State::found) return outcome;
    return judge_absent(facts, *unknown);
  });
}

Outcome judge_loop(const Facts& facts) {
  return over_http(facts, [](const Answer& own) {
    if (!own.error || own.error->code != Errc::redirect_limit)
      return passed(fmt::format("{} redirects", own.hops.size()));
    return found(
        fmt::format("{}; the last one to {}", own.error->detail,
                    own.hops.empty() ? "itself" : shown_location(own.hops.back().location)));
  });
}

bool is_plain(std::string_view location) {
  return ascii::starts_with_ignoring_case(location, "http://");
}

Outcome judge_downgrade(const Facts& facts) {
  return over_http(facts, [&](const Answer& own) {
    if (!facts.seen.is_https()) return not_applicable();
    for (const auto& hop : own.hops) {
      if (hop.from.scheme == macro::Scheme::https && is_plain(hop.location))
        return found(fmt::format("status {} to {}", hop.status, shown_location(hop.location)));
    }
    return passed();
  });
}

Outcome judge_location_macro(const Facts& facts) {
  return over_http(facts, [&](const Answer& own) {
    // R-HTTP-23: a family that expands them gets its file; the other asks for a `$` to the letter.
    const bool expands = facts.seen.personality.redirect_macros == resync::RedirectMacros::yes;
    for (const auto& hop : own.hops) {
      if (hop.location.find('$') == std::string::npos) continue;
      return found(expands ? Severity::info : Severity::high,
                   fmt::format("status {} to {}", hop.status, shown_location(hop.location)));
    }
    return passed();
  });
}

bool is_chunked(const Answer& answer) {
  return answer.transfer_encoding.find("chunked") != std::string::npos;
}

Outcome judge_length(const Facts& facts) {
  return over_http(facts, [](const Answer& own) {
    if (!is_success(own) || own.body.empty()) return not_made("there is no file");
    // RFC 9112, 6.3: whoever gets both cannot tell which is meant, and two readers may differ.
    if (is_chunked(own) && !own.content_length.empty())
      return found("both Content-Length and chunks");
    if (is_chunked(own)) return passed("chunks");
    if (!own.content_length.empty()) return passed("Content-Length");
    return found("neither Content-Length nor chunks: the end of the connection ends the file");
  });
}

// Of any scheme: TFTP servers have paths too.
Outcome judge_case(const Facts& facts) {
  if (!facts.gets_file()) return not_made("the phone gets no file");
  const auto* other = find(facts.seen, ProbeTarget::other_case, ClientRole::own);
  if (other == nullptr) return not_asked(facts, "no letter of the MAC address is in the path");
  if (file_outcome(facts, *other) == FileOutcome::same_file)
    return passed("the server does not mind");
  return found(in_words(*other) + " for the MAC address in the other case");
}

// Every Unix has this file, and no secret is in it: its lines are of the kind `http 80/tcp`.
Outcome judge_outside(const Facts& facts) {
  const auto* outside = find(facts.seen, ProbeTarget::outside, ClientRole::own);
  if (outside == nullptr || !was_answered(*facts.own))
    return not_asked(facts, "the server does not answer");
  if (is_success(*outside) && outside->body.find("/tcp") != std::string::npos)
    return found("/etc/services came");
  return passed(in_words(*outside));
}

constexpr Check http_catalogue[] = {
    {"CHK-HTTP-STATUS", Severity::high, "the answer is one that phones do not process",
     "It follows 301 and 302 only, and takes an empty file for a corrupt one; it gets nothing.",
     nothing, "Answer 200 with the file, or redirect with 301 or 302 and a Location.",
     judge_status},
    {"CHK-HTTP-NOTFOUND", Severity::medium, "an absent file is not answered with 404",
     "It takes the page that comes for its profile and reports it corrupt, where "
     "Resync_Fails_On_FNF would have told it that there is no file.",
     nothing, "Answer 404 for what is not there.", judge_not_found, Scope::server},
    {"CHK-REDIRECT-LOOP", Severity::high, "redirects lead in a circle",
     "It gives up after a few and gets nothing.",
     "Keep the server busy with the phones' own requests.",
     "Let redirects end at the file, after one or two.", judge_loop},
    {"CHK-REDIRECT-DOWNGRADE", Severity::high, "a redirect leads from HTTPS to HTTP",
     "It follows, and fetches its file in the clear.",
     "Read and change the file on its way, though the rule says https.", "Redirect to https only.",
     judge_downgrade},
    {"CHK-REDIRECT-MACRO", Severity::info, "a redirect holds macros",
     "MPP firmware was seen to expand them; the SPA family asks for the text as it stands.",
     nothing, "Send the finished address.", judge_location_macro},
    {"CHK-HTTP-LENGTH", Severity::low, "the length of the file is not told properly",
     "It cannot tell a file that was cut off from a whole one, but for its syntax.",
     "Cut the connection, and leave the phone with half a file.",
     "Send Content-Length or chunks, and not both.", judge_length, Scope::server},
    {"CHK-PATH-CASE", Severity::info, "the path minds the case of letters",
     "A rule with $MA where the file is named by $MAU, or the other way round, finds nothing.",
     nothing, "Name files as the rule does; $MA is lower case, $MAU upper case.", judge_case,
     Scope::server},
    {"CHK-PATH-OUTSIDE", Severity::high, "paths lead out of the served directory",
     "It asks for what its rule says.", "Read any file that the server process can read.",
     "Mend or update the server at once, and change the secrets on it.", judge_outside,
     Scope::server},
};

}  // namespace

std::span<const Check> http_checks() {
  return http_catalogue;
}

}  // namespace provphone::client::check::detail
