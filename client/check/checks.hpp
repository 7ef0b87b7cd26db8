#pragma once

#include "client/check/observations.hpp"
#include "client/lint/severity.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The catalogue of checks, and the pure function that judges what an audit saw (docs/checks/).
namespace provphone::client::check {

using lint::parse_severity;
using lint::Severity;

// `found` is what the check warns of. `not_made`: it could not be told, and `evidence` says what it
// would take. `not_applicable`: not of this scheme, and nothing to say about it.
enum class State : std::uint8_t { found, passed, not_made, not_applicable, last = not_applicable };

std::string_view name(State state);

// `evidence` says what was seen, or why the check was not made: one printable line of about 300
// octets at most. It never holds a secret.
struct Outcome {
  State state = State::not_applicable;
  std::string evidence = {};
  std::optional<Severity> severity = std::nullopt;  // where it is not the check's own
};

struct Facts;

// What a check is about. What is about the server is judged with the first file that came from it.
enum class Scope : std::uint8_t { file, server };

// A row of the catalogue. Its texts have static storage, and its id is for ever: people filter by
// it. docs/checks/ has a row for each.
struct Check {
  std::string_view id;
  Severity severity;
  // Of a finding: what is wrong.
  std::string_view title;
  std::string_view phone;     // what a phone would do
  std::string_view attacker;  // what an attacker could do
  std::string_view mend;
  // Pure: no clock and no socket, and the facts are all that it knows.
  Outcome (*judge)(const Facts&);
  Scope scope = Scope::file;
  FileKind kind = FileKind::profile;  // of the files that it is made for
};

// What the phone's file sets; how much of that provphone would act on (R-PARAM-01).
struct FileContent {
  std::size_t parameters = 0;
  std::size_t acting = 0;
};

// Nothing where the phone gets no profile.
std::optional<FileContent> file_content(const Observations& seen);

struct Judgement {
  // Of the catalogue, so that it lasts as long as the program.
  const Check* check;
  Outcome outcome;

  Severity severity() const { return outcome.severity.value_or(check->severity); }
  bool is_finding() const { return outcome.state == State::found; }
};

// A question and its answer, in words for people that hold no secret and nothing of a profile.
struct Witness {
  std::string who;  // the phone, somebody without certificate and login, ...
  std::string method;
  std::string url;
  std::string pretended;    // X-Forwarded-For: 127.0.0.1; empty: nothing
  int status = 0;           // 0: there was none
  std::string error;        // empty: none
  std::string said;         // the beginning of a body that refuses, or of a web page
  std::string certificate;  // the subject that the server showed; empty: none
  std::size_t octets = 0;   // of the body
};

// One printable line.
std::string in_words(const Witness& witness);

// What a finding stands on.
struct Grounds {
  Witness asked;
  // Whose answer would have refuted it.
  std::optional<Witness> counter;
  // Where that was not asked, why; empty: there is no such question, or it was asked.
  std::string_view counter_missing;
};

// Nothing where the finding stands on no question of its own.
std::optional<Grounds> grounds_of(const Judgement& judgement, const Observations& seen);

// Every check there is, by area.
std::vector<const Check*> all_checks();

// Every check once, in the catalogue's order, of one file. The same observations give the same
// judgements.
std::vector<Judgement> findings_of(const Observations& seen);

}  // namespace provphone::client::check
