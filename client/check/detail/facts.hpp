#pragma once

#include "client/check/checks.hpp"
#include "client/lint/finding.hpp"

#include <string>
#include <vector>

// What the checks of one area share: facts that most of them ask about, and words for outcomes. All
// of it is pure.
namespace provphone::client::check {

// What a phone makes of an answer's body.
struct Reading {
  profile::Decoded content;
  // Why it is no profile to the phone; then `content` is empty.
  std::optional<Error> refusal;

  bool is_profile() const { return !refusal; }
};

// What was seen, and what most checks ask about it.
struct Facts {
  // Outlives the facts; `own` points into it.
  const Observations& seen;
  const Answer* own = nullptr;  // null: the phone's file was never asked for
  std::optional<Reading> file;  // what the phone gets; nothing where it gets none
  bool is_personal = false;     // no other phone is to get it
  // Of the file's profile, and of what the phone does next that applies it.
  std::vector<lint::Finding> linted = {};

  bool gets_file() const { return file.has_value(); }
};

namespace detail {

// What somebody got who asked for a phone's file.
enum class FileOutcome : std::uint8_t { refusal, nothing, same_file, other_file };

Reading read(const Observations& seen, const Answer& answer);
// How the phone reads it.
profile::DecodeOptions options_for(const Observations& seen, const Answer& answer);
// Of status 2xx (R-HTTP-21), TFTP's files among them.
bool is_success(const Answer& answer);
// Whether a server said anything. Over TFTP an error is an answer; a connection that is refused, or
// silence, is none.
bool was_answered(const Answer& answer);
// Compared with the phone's own file, which must be there.
FileOutcome file_outcome(const Facts& facts, const Answer& answer);
std::string in_words(const Answer& answer);  // status 404, tls_refused_by_server, ...

// Whether the file is encrypted, whatever else is wrong with it.
bool is_encrypted(const Reading& file);

// The names of the secret parameters that a profile sets.
std::vector<std::string> secrets_in(const profile::Decoded& content);

// The first of that kind, valid as long as the observations; null: there was none.
const Answer* find(const Observations& seen, ProbeTarget target, ClientRole role);

Outcome found(std::string_view evidence);
Outcome found(Severity severity, std::string_view evidence);
Outcome passed(std::string_view evidence = {});
Outcome not_made(std::string_view why);
Outcome not_applicable();
// Why an exchange that a check needs did not take place.
Outcome not_asked(const Facts& facts, std::string_view why);

// Why no MAC address was made up for a check that needs one.
Outcome not_made_up(const Facts& facts);

// Octets from outside as one printable line of bounded length.
std::string printable(std::string_view text);

// What an attacker could do where only phones suffer.
inline constexpr std::string_view nothing = "Nothing by this alone.";

// The areas of the catalogue, each of a source of its own; static storage.
std::span<const Check> tls_checks();
std::span<const Check> certificate_checks();
std::span<const Check> access_checks();
std::span<const Check> secret_checks();
std::span<const Check> file_checks();
std::span<const Check> next_checks();
std::span<const Check> http_checks();
std::span<const Check> tftp_checks();
std::span<const Check> follow_checks();
std::span<const Check> believed_checks();
std::span<const Check> kept_checks();

}  // namespace detail
}  // namespace provphone::client::check
