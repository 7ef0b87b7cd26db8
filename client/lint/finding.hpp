#pragma once

#include "client/lint/severity.hpp"
#include "profile/excerpt.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What can be found in a profile, and what was (docs/lint.md).
namespace provphone::client::lint {

enum class Kind : std::uint8_t {
  // --- the file
  not_a_profile,
  no_flat_profile,
  encoding,
  template_left,
  // --- names
  misspelt,
  misprint,
  more_numbers,
  other_family,
  unknown_name,
  outside,
  // --- values
  refused_value,
  refused_attribute,
  nested,
  read_otherwise,
  doubled,
  contradictory,
  secret_in_clear,
  stored_only,
  // --- what the phone does next
  rule_emptied,
  rule_unreadable,
  rule_suspicious,
  next_pass,
  provisioning_off,
  trigger_never,
  period_short,
  period_off,
  retry_short,
  retry_off,
  restarts,
  last = restarts,
};

// A row of the table. Its texts have static storage, and its id is for ever: people filter by it.
struct KindRow {
  std::string_view id;  // LINT-...
  Severity severity;    // where a finding has no other one
  std::string_view title;
  std::string_view mend;
};

const KindRow& row_of(Kind kind);

struct Finding {
  Kind kind = Kind::unknown_name;
  Severity severity = Severity::info;
  // The element's name as the file has it; empty where the finding is about the file. Not cleaned.
  std::string parameter = {};
  // In the text behind the outer layers, without its byte order mark. Nothing where no place in the
  // file is the cause.
  std::optional<profile::Position> position = std::nullopt;
  // What was found, one line without a full stop. Never a secret.
  std::string text = {};

  friend bool operator==(const Finding&, const Finding&) = default;
};

// With the severity of its kind, and no place.
Finding finding_of(Kind kind, std::string_view parameter, std::string text);

}  // namespace provphone::client::lint
