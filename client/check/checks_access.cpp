#include "client/check/detail/facts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

// Who else gets in, and what guessing yields.
namespace provphone::client::check::detail {
namespace {

// docs/checks/access.md promises five; an audit that is not cut short makes as many (audit.cpp).
constexpr std::size_t enough_guesses = 5;

// What somebody got who is the phone but for one thing.
struct Stranger {
  const Answer* answer;  // null: nobody of that kind has asked
  bool gets_file = false;

  bool is_refused() const { return answer != nullptr && !gets_file; }
  // Whether the question left this machine: from an IPv6 address none goes to an IPv4 server.
  bool has_asked() const {
    return answer != nullptr && !(answer->error && answer->error->code == Errc::bad_argument);
  }
  std::string words() const {
    if (answer == nullptr) return "not tried";
    return gets_file ? "it comes" : in_words(*answer);
  }
};

Stranger stranger_as(const Facts& facts, ClientRole role) {
  const auto* answer = find(facts.seen, ProbeTarget::own_file, role);
  return {answer, answer != nullptr && file_outcome(facts, *answer) == FileOutcome::same_file};
}

// How bad it is that everybody gets the file who is let as far as this.
Severity severity_of_open(const Facts& facts) {
  if (is_encrypted(*facts.file)) return Severity::low;
  return facts.is_personal ? Severity::high : Severity::medium;
}

// Another address can be kept out, and nobody let in without any login: that is half a door.
Outcome open_outcome(const Facts& facts, std::string evidence, bool is_half) {
  const auto elsewhere = stranger_as(facts, ClientRole::other_address);
  if (elsewhere.answer == nullptr) {
    evidence += "; from another address: not tried, give --source ADDRESS";
  } else {
    evidence += "; from another address: " + elsewhere.words();
    is_half |= elsewhere.has_asked() && !elsewhere.gets_file;
  }
  if (is_encrypted(*facts.file)) evidence += "; the file is encrypted";
  const auto severity = severity_of_open(facts);
  return found(is_half ? std::min(severity, Severity::medium) : severity, evidence);
}

// TFTP, and HTTP without a login: nobody is asked who he is.
Outcome judge_open(const Facts& facts) {
  if (facts.seen.is_https()) return not_applicable();
  if (!facts.gets_file()) return not_made("the phone gets no file");
  const auto scheme = name(facts.seen.url.scheme);
  if (!facts.seen.has_login)
    return open_outcome(facts, fmt::format("over {}, without a login", scheme), false);
  const auto nobody = stranger_as(facts, ClientRole::nothing);
  const auto wrong = stranger_as(facts, ClientRole::wrong_password);
  if (nobody.answer == nullptr && wrong.answer == nullptr)
    return not_asked(facts, "it was not asked without the login");
  const auto both = fmt::format("without the login: {}; with a wrong password: {}", nobody.words(),
                                wrong.words());
  if (!nobody.gets_file && !wrong.gets_file) return passed(both);
  return open_outcome(facts, fmt::format("over {}; {}", scheme, both), nobody.is_refused());
}

// Whose file is it? The phone's own file and what everybody gets tell nothing about a neighbour.
bool is_other_phones(const Facts& facts, const Answer& answer) {
  if (file_outcome(facts, answer) != FileOutcome::other_file) return false;
  const auto* unknown = find(facts.seen, ProbeTarget::unknown_file, ClientRole::own);
  if (unknown != nullptr && is_success(*unknown) && unknown->body == answer.body) return false;
  const auto reading = read(facts.seen, answer);
  return reading.is_profile() || reading.refusal->code == Errc::key_missing ||
         reading.refusal->code == Errc::wrong_key;
}

Outcome judge_neighbour(const Facts& facts) {
  if (!facts.seen.names_mac) return not_made("the rule leads every phone to the same place");
  if (!facts.gets_file()) return not_made("the phone gets no file");
  std::vector<std::string> read_files;
  std::size_t asked = 0;
  std::size_t refused = 0;
  for (const auto& exchange : facts.seen.exchanges) {
    if (exchange.target != ProbeTarget::neighbour_file) continue;
    ++asked;
    const bool is_new =
        std::find(read_files.begin(), read_files.end(), exchange.mac) == read_files.end();
    if (is_new && is_other_phones(facts, exchange.answer)) read_files.push_back(exchange.mac);
    if (file_outcome(facts, exchange.answer) == FileOutcome::refusal) ++refused;
  }
  if (!read_files.empty())
    return found(fmt::format("the phone {} gets the files of {}", facts.seen.mac,
                             fmt::join(read_files, ", ")));
  if (asked == 0)
    return not_asked(facts,
                     "no other phone is known: name one with --other MAC, or give --may-create");
  if (refused == asked) return passed("every neighbour's file was refused");
  if (facts.seen.has_others) return not_made("no phone that was asked for has a file here");
  return not_made("no neighbour has a file here; name a phone that has one with --other MAC");
}

// RFC 6585 has 429 for this; servers say 503 too, or nothing at all.
bool says_later(const Answer& answer) {
  return answer.status == 429 || answer.status == 503;
}

// Whoever is least like the phone and has asked counts: the phone itself only where nobody else
// could be made.
const ClientRole strangers[] = {ClientRole::other_device, ClientRole::nothing, ClientRole::own};

// The answers that somebody gets who is not the phone, to a MAC address that has a file and to one
// that has none.
Outcome judge_tell(const Facts& facts) {
  if (!facts.seen.names_mac) return not_made("the rule leads every phone to the same place");
  if (!facts.gets_file()) return not_made("the phone gets no file");
  if (!facts.is_personal) return passed("every MAC address gets a file");
  for (const auto stranger : strangers) {
    const auto* known = find(facts.seen, ProbeTarget::own_file, stranger);
    const auto* unknown = find(facts.seen, ProbeTarget::unknown_file, stranger);
    if (known == nullptr || unknown == nullptr) continue;
    if (file_outcome(facts, *known) == FileOutcome::same_file)
      return not_made("the file itself is given away, so that this adds nothing");
    if (says_later(*known) || says_later(*unknown))
      return not_made("guessing was held back, and answers differ for that");
    const auto left = in_words(*known);
    const auto right = in_words(*unknown);
    if (left == right && known->body.size() == unknown->body.size()) return passed(left);
    return found(left == right ? fmt::format("both answer {}, with {} and {} octets", left,
                                             known->body.size(), unknown->body.size())
                               : fmt::format("known: {}; unknown: {}", left, right));
  }
  return not_made_up(facts);
}

// A guess is a question for a file of a MAC address that was made up, where the server let the
// asker into the connection at all.
Outcome judge_rate(const Facts& facts) {
  if (!facts.seen.names_mac) return not_made("the rule leads every phone to the same place");
  if (facts.own == nullptr || !was_answered(*facts.own))
    return not_made("the server does not answer");
  std::size_t guesses = 0;
  std::size_t held_back = 0;
  for (const auto& exchange : facts.seen.exchanges) {
    const auto& answer = exchange.answer;
    if (exchange.target != ProbeTarget::unknown_file &&
        exchange.target != ProbeTarget::neighbour_file)
      continue;
    if (answer.error && stage_of(answer.error->code) == Stage::tls) continue;
    ++guesses;
    if (says_later(answer) || !was_answered(answer)) ++held_back;
  }
  if (held_back > 0)
    return passed(fmt::format("{} of {} guesses were held back", held_back, guesses));
  if (guesses < enough_guesses && !facts.seen.may_create) return not_made_up(facts);
  if (guesses < enough_guesses) return not_asked(facts, "too few guesses were made to tell");
  return found(fmt::format("{} guesses in a row were answered like the first", guesses));
}

Outcome judge_default(const Facts& facts) {
  if (!facts.seen.names_mac) return not_made("the rule leads every phone to the same place");
  const auto* unknown = find(facts.seen, ProbeTarget::unknown_file, ClientRole::own);
  if (unknown == nullptr) return not_made_up(facts);
  if (!was_answered(*unknown)) return not_made("the server does not answer");
  if (!is_success(*unknown) || unknown->body.empty()) return passed(in_words(*unknown));
  const auto reading = read(facts.seen, *unknown);
  if (!reading.is_profile()) return passed("what comes is no profile");
  const auto secrets = secrets_in(reading.content);
  if (secrets.empty()) return found("a profile without secrets");
  return found(Severity::high, fmt::format("it holds {}", fmt::join(secrets, ", ")));
}

constexpr Check access_catalogue[] = {
    {"CHK-OPEN", Severity::high, "the file is given to whoever asks", "It gets its file.",
     "Read it by its name alone, from wherever the server gives it.",
     "Serve over HTTPS with client certificates; failing that ask for a login (--uid, --pwd) and "
     "encrypt the file with a key of its own for each phone.",
     judge_open},
    {"CHK-ENUM-NEIGHBOUR", Severity::high, "a phone reads the files of its neighbours",
     "It asks for its own file only.",
     "Count MAC addresses up and down and collect every customer's accounts.",
     "Bind each file to the phone's certificate or login; serve no file by its name alone.",
     judge_neighbour},
    {"CHK-ENUM-TELL", Severity::low, "answers tell which MAC addresses are known",
     "It makes nothing of it.", "Learn which phones exist before trying to get their files.",
     "Answer strangers in the same way, whether there is a file or not.", judge_tell},
    {"CHK-ENUM-RATE", Severity::info, "guessing was not slowed down",
     "It asks once and would not notice a limit.", "Try MAC addresses at full speed.",
     "Limit requests an address, and bar addresses that keep asking for files that do not exist.",
     judge_rate, Scope::server},
    {"CHK-ENUM-DEFAULT", Severity::info, "unknown phones get a profile",
     "A new one is configured without anybody's doing.",
     "Get whatever a new phone gets, by making up a MAC address.",
     "Keep this profile free of accounts, or refuse phones that are not known.", judge_default},
};

}  // namespace

std::span<const Check> access_checks() {
  return access_catalogue;
}

}  // namespace provphone::client::check::detail
