#pragma once

#include "client/check/observations.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// The catalogue of checks, and the pure function that judges what an audit saw (docs/checks/).
namespace provphone::client::check {

enum class Severity : std::uint8_t { info, low, medium, high, last = high };

std::string_view name(Severity severity);
std::optional<Severity> parse_severity(std::string_view text);

enum class State : std::uint8_t { found, passed, not_made, not_applicable, last = not_applicable };

std::string_view name(State state);

// `evidence` says what was seen, or why the check was not made. It never holds a secret.
struct Outcome {
  State state = State::not_applicable;
  std::string evidence = {};
  std::optional<Severity> severity = std::nullopt;  // where it is not the check's own
};

struct Facts;

struct Check {
  std::string_view id;
  Severity severity;
  std::string_view title;     // of a finding: what is wrong
  std::string_view phone;     // what a phone would do
  std::string_view attacker;  // what an attacker could do
  std::string_view mend;
  Outcome (*judge)(const Facts&);
};

struct Judgement {
  const Check* check;
  Outcome outcome;

  Severity severity() const { return outcome.severity.value_or(check->severity); }
  bool is_finding() const { return outcome.state == State::found; }
};

// Every check there is, by area.
std::vector<const Check*> all_checks();

// Every check once, in the catalogue's order. The same observations give the same judgements.
std::vector<Judgement> findings_of(const Observations& seen);

}  // namespace provphone::client::check
