#pragma once

#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "macro/rule.hpp"
#include "profile/catalogue.hpp"
#include "profile/decode.hpp"
#include "resync/time.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What differs from one firmware family to another, and every point that the documents leave open:
// one table of knobs, with a source and a status for each cell (docs/behaviour/open-points.md).
namespace provphone::resync {

enum class Knob : std::uint8_t {
  resync_random_delay_unit,
  error_retry_zero,
  chained_passes,
  random_delay_scope,
  trigger_semantics,
  forced_resync_delay,
  resync_at_small_delay,
  resync_at_rounding,
  resync_at_2400,
  periodic_index_after_error,
  one_time_pass,
  restart_on_change,
  boot_pass_after_update,
  restart_duration,
  redirect_limit,
  redirect_macros,
  connect_timeout,
  idle_timeout,
  total_timeout,
  secret_macros,
  aes_digests,
  self_closed_element,
  ikm_encoding,
  malformed_profile,
  invalid_value,
  empty_value,
  access_when_absent,
  plain_file_with_key,
  value_limit,
  periodic_upload_maximum,
  report_to_server_spelling,
  error_retry_default,
  psn_prefix,
  user_agent,
  macro_name_extent,
  gpp_macro_form,
  unreadable_rule,
  swver_suffix,
  log_default_port,
  url_user_info,
  post_content_type,
  upgrade_rule_options,
  unauthorized_without_login,
  rules_read,
  tls_lowest,
  tls_highest,
  count_,  // NOLINT(readability-identifier-naming): no knob, the number of knobs
};

inline constexpr std::size_t knob_count = static_cast<std::size_t>(Knob::count_);

enum class Unit : std::uint8_t { number, seconds, milliseconds, choice };

// Where a value comes from: a document says so, real devices or the software around them show it,
// or nobody knows and this is the most defensible reading.
enum class Status : std::uint8_t { documented, observed, assumed };

std::string_view name(Status status);

struct Cell {
  std::int64_t value;  // a number, milliseconds, or the index of a choice
  Status status;
  std::string_view source;
};

struct KnobRow {
  Knob knob;
  std::string_view name;
  Unit unit;
  std::string_view choices;  // `none|immediate`; empty unless the unit is choice
  std::string_view meaning;
  std::array<Cell, 3> cells;  // spa, mpp11, mpp12
};

std::span<const KnobRow> knob_table();

// A knob's value as a person writes it: `40`, `30s`, `immediate`.
std::string format_knob(const KnobRow& row, std::int64_t value);

struct Personality {
  profile::Generation generation = profile::Generation::mpp12;
  std::array<std::int64_t, knob_count> values{};

  std::int64_t operator[](Knob knob) const { return values[static_cast<std::size_t>(knob)]; }
};

Personality personality_of(profile::Generation generation);

// `name=value`. Fails with bad_argument, naming what is accepted.
Result<void> set_knob(Personality& personality, std::string_view assignment);

macro::Dialect dialect_of(const Personality& personality);
macro::SecretScope secret_scope_of(const Personality& personality);
macro::NameExtent name_extent_of(const Personality& personality);
profile::KeyDigests key_digests_of(const Personality& personality);
profile::SelfClosed self_closed_of(const Personality& personality);

}  // namespace provphone::resync
