#include "client/check/detail/facts.hpp"
#include "macro/ascii.hpp"
#include "profile/gzip.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

// Whether the phone gets a file, and what it makes of it (behaviour rules R-LAYER-* and R-XML-*).
namespace provphone::client::check::detail {
namespace {

constexpr std::size_t most_names = 8;

// Where another check says what is wrong.
bool is_judged_elsewhere(const Answer& own) {
  if (!own.error) return false;
  const auto code = own.error->code;
  if (code == Errc::redirect_limit || code == Errc::redirect_not_followed) return true;
  // Behind a redirect it is another server's certificate, which no other check looks at.
  return own.hops.empty() && (code == Errc::tls_untrusted || code == Errc::tls_name_mismatch);
}

Outcome judge_fetch(const Facts& facts) {
  if (facts.own == nullptr) return not_asked(facts, "the server does not answer");
  const auto& own = *facts.own;
  if (is_success(own)) return passed();
  if (own.error && own.error->code == Errc::target_refused) return not_made(own.error->detail);
  if (is_judged_elsewhere(own)) return not_made("what another check found comes before");
  const auto what = own.error ? format(*own.error) : in_words(own);
  const auto& seen = facts.seen;
  if (seen.tls && seen.tls->asks_for_certificate && !seen.has_certificate)
    return found(what + "; the phone has no certificate to show: give --cert FILE, or --pki DIR");
  return found(what);
}

// What comes for an absent file, as people see it.
bool is_page(const Answer& answer) {
  const auto begins = [&](std::string_view tag) {
    return ascii::starts_with_ignoring_case(answer.body, tag);
  };
  return answer.content_type.find("text/html") != std::string::npos || begins("<!doctype html") ||
         begins("<html");
}

template <class Judge>
Outcome with_file(const Facts& facts, Judge judge) {
  if (!facts.gets_file()) return not_made("the phone gets no file");
  return judge(*facts.file, *facts.own);
}

Outcome judge_page(const Facts& facts) {
  return with_file(facts, [](const Reading& file, const Answer& answer) {
    if (file.is_profile() || !is_page(answer)) return passed();
    return found(fmt::format("{}, {}", in_words(answer), answer.content_type));
  });
}

// R-LAYER-05: what was compressed behind its encryption is not recognised by any phone.
bool is_encrypted_within(std::string_view body) {
  if (!profile::looks_gzipped(body)) return false;
  const auto inner = profile::gunzip(body, profile::max_unpacked_bytes);
  return inner && inner->starts_with("Salted__");
}

Outcome judge_layers(const Facts& facts) {
  return with_file(facts, [](const Reading& file, const Answer& answer) {
    if (is_encrypted_within(answer.body))
      return found("it was encrypted first and compressed then");
    if (file.is_profile()) {
      std::vector<std::string_view> layers;
      for (const auto layer : file.content.layers) layers.push_back(name(layer));
      return passed(fmt::format("{}", fmt::join(layers, ", ")));
    }
    const auto stage = stage_of(file.refusal->code);
    if (stage != Stage::decrypt && stage != Stage::gunzip) return passed();
    return found(format(*file.refusal));
  });
}

Outcome judge_xml(const Facts& facts) {
  return with_file(facts, [](const Reading& file, const Answer& answer) {
    if (file.is_profile()) return passed();
    if (stage_of(file.refusal->code) != Stage::parse)
      return not_made("its layers cannot be undone");
    if (is_page(answer)) return not_made("what comes is a web page");
    if (is_encrypted_within(answer.body)) return not_made("its layers are in the wrong order");
    return found(format(*file.refusal));
  });
}

// R-XML-03: names that phones pass over.
bool is_about_name(const lint::Finding& finding) {
  using enum lint::Kind;
  const auto kind = finding.kind;
  return kind == misspelt || kind == misprint || kind == more_numbers || kind == other_family ||
         kind == unknown_name;
}

// R-XML-18
bool is_about_value(const lint::Finding& finding) {
  using enum lint::Kind;
  const auto kind = finding.kind;
  return kind == refused_value || kind == refused_attribute || kind == nested;
}

// A name of which something is known is told with that.
std::string in_short(const lint::Finding& finding) {
  return finding.kind == lint::Kind::unknown_name
             ? finding.parameter
             : fmt::format("{} ({})", finding.parameter, finding.text);
}

Outcome judge_linted(const Facts& facts, bool (*is_meant)(const lint::Finding&)) {
  return with_file(facts, [&](const Reading& file, const Answer&) {
    if (!file.is_profile()) return not_made("the file cannot be read");
    std::vector<std::string> told;
    for (const auto& finding : facts.linted) {
      if (is_meant(finding)) told.push_back(in_short(finding));
    }
    if (told.empty()) return passed();
    const auto count = told.size();
    if (count > most_names) told.resize(most_names);
    return found(fmt::format(
        "{}{}", fmt::join(told, ", "),
        count > most_names ? fmt::format(" and {} more", count - most_names) : std::string{}));
  });
}

bool is_mistake(const lint::Finding& finding) {
  return finding.kind == lint::Kind::misspelt || finding.kind == lint::Kind::misprint;
}

// What is no mistake another product may have, or nobody knows.
Outcome judge_unknown(const Facts& facts) {
  auto outcome = judge_linted(facts, is_about_name);
  if (outcome.state == State::found &&
      std::none_of(facts.linted.begin(), facts.linted.end(), is_mistake))
    outcome.severity = Severity::info;
  return outcome;
}

Outcome judge_values(const Facts& facts) {
  return judge_linted(facts, is_about_value);
}

constexpr Check file_catalogue[] = {
    {"CHK-FETCH", Severity::high, "the phone does not get its file",
     "It keeps what it has, logs the failure and tries again after Resync_Error_Retry_Delay.",
     nothing, "See docs/errors.md on the code; check path, rights and the phone's login.",
     judge_fetch},
    {"CHK-FILE-HTML", Severity::high, "a web page comes in place of the file",
     "It takes the page for its profile, finds it corrupt and tries again later.", nothing,
     "Answer 404 for what is not there, and 401 or 403 instead of a page to log in.", judge_page},
    {"CHK-FILE-LAYERS", Severity::high, "compression or encryption cannot be undone",
     "It finds the file corrupt, applies nothing and tries again later.", nothing,
     "Compress first, then encrypt; name the key in the rule: [--key TEXT].", judge_layers},
    {"CHK-FILE-XML", Severity::high, "the file is no profile",
     "It finds the file corrupt, applies nothing and tries again later.", nothing,
     "`provphone decode FILE` shows the place; escape & and < in values.", judge_xml},
    {"CHK-FILE-UNKNOWN", Severity::low, "the file sets names that are no known parameter's",
     "It passes these elements over.", nothing,
     "Compare with `provphone parameters NAME`: spelling, letter case, underscores.",
     judge_unknown},
    {"CHK-FILE-VALUE", Severity::medium, "values are out of range",
     "It keeps the value that it has.", nothing,
     "Use what `provphone parameters NAME` says is allowed.", judge_values},
};

}  // namespace

std::span<const Check> file_checks() {
  return file_catalogue;
}

}  // namespace provphone::client::check::detail
