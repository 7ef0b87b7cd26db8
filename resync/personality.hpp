#pragma once

#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "macro/rule.hpp"
#include "profile/catalogue.hpp"
#include "profile/decode.hpp"
#include "resync/knob_choices.hpp"
#include "resync/tftp_habits.hpp"
#include "resync/time.hpp"
#include "resync/tls_version.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// What differs from one firmware family to another, and every point that the documents leave open:
// knobs. One table has the words of each, with a source and a status for every family
// (docs/behaviour/open-points.md).
namespace provphone::resync {

// A value for every knob. Each knob is a member of its own name, and has a row in the table.
struct Personality {
  profile::Generation generation;
  Duration resync_random_delay_unit;
  ErrorRetryZero error_retry_zero;
  std::uint32_t chained_passes;
  ChainCompares chain_compares;
  RandomDelayScope random_delay_scope;
  TriggerSemantics trigger_semantics;
  ForcedResyncDelay forced_resync_delay;
  ResyncAtSmallDelay resync_at_small_delay;
  ResyncAtRounding resync_at_rounding;
  ResyncAt2400 resync_at_2400;
  PeriodicIndexAfterError periodic_index_after_error;
  OneTimePass one_time_pass;
  RestartOnChange restart_on_change;
  RestartCompares restart_compares;
  BootPassAfterUpdate boot_pass_after_update;
  BootPassAfterLocalChange boot_pass_after_local_change;
  PassAfterSubmit pass_after_submit;
  RefusedNotify refused_notify;
  Duration restart_duration;
  StartsAfterUpgrade starts_after_upgrade;
  int redirect_limit;
  RedirectMacros redirect_macros;
  Duration connect_timeout;
  Duration idle_timeout;
  Duration total_timeout;
  Duration tftp_timeout;
  std::uint32_t tftp_tries;
  TftpOptions tftp_options;
  TftpPortUnreachable tftp_port_unreachable;
  TftpClientPort tftp_client_port;
  macro::SecretScope secret_macros;
  profile::KeyDigests aes_digests;
  profile::SelfClosed self_closed_element;
  profile::IkmEncoding ikm_encoding;
  profile::MalformedProfile malformed_profile;
  profile::InvalidValue invalid_value;
  EmptyValue empty_value;
  profile::AccessWhenAbsent access_when_absent;
  profile::AttributeReading preserve_value;
  profile::AttributeReading user_pref;
  Rfc8188 rfc8188;
  profile::PlainFileWithKey plain_file_with_key;
  std::uint32_t value_limit;
  std::uint32_t periodic_upload_maximum;
  profile::ReportTag report_to_server_spelling;
  NamesOf names_of;
  ErrorRetryDefault error_retry_default;
  PsnPrefix psn_prefix;
  UserAgentShape user_agent;
  ProfileRuleDefault profile_rule_default;
  FirmwareOverHttps firmware_over_https;
  LoadVersion load_version;
  LoadContent load_content;
  MigrationLicence migration_licence;
  RedirectService redirect_service;
  macro::NameExtent macro_name_extent;
  GppMacroForm gpp_macro_form;
  UnreadableRule unreadable_rule;
  SwverSuffix swver_suffix;
  LogDefaultPort log_default_port;
  LogRequestServip log_request_servip;
  macro::UserInfo url_user_info;
  PostContentType post_content_type;
  macro::UpgradeOptions upgrade_rule_options;
  UnauthorizedWithoutLogin unauthorized_without_login;
  DigestAlgorithms digest_algorithms;
  int challenge_retries;
  OtherSuccess other_2xx;
  ReportTakenBy report_taken_by;
  HostOfUpgrade host_of_upgrade;
  HeadBeforeLoad head_before_load;
  ProxyParameters proxy_parameters;
  BadPac bad_pac;
  ConnectionPer connection_per;
  RulesRead rules_read;
  TimeSource time_source;
  Duration time_after;
  std::uint32_t clock_gains;
  std::uint32_t clock_loses;
  DhcpTimeOffset dhcp_time_offset;
  NetworkStartupDelay network_startup_delay;
  SyslogForm syslog_form;
  TlsVersion tls_lowest;
  TlsVersion tls_highest;
  DualModeOrder dual_mode_order;
  Ipv4Lookup ipv4_lookup;
  CipherSuites cipher_suites;
  Sni sni;
  CertificateNamesRead certificate_names;
  HttpsNameValidateNo https_name_validate_no;
  WeakCertificates weak_certificates;
  CertDnsCheck cert_dns_check;
};

// What the firmware of that family does as far as anybody knows: the table's cells, before any
// set_knob().
Personality personality_of(profile::Generation generation);

// --- the table

enum class Unit : std::uint8_t { number, duration, choice };

// Where a value comes from: a document says so, real devices or the software around them show it,
// or nobody knows and this is the most defensible reading.
enum class Status : std::uint8_t { documented, observed, assumed, last = assumed };

std::string_view name(Status status);

// Values of any knob are numbers here: a number, milliseconds, or a choice's enumerator.
struct Choice {
  std::int64_t value;
  std::string_view name;
};

struct Cell {
  std::int64_t value;
  Status status;
  std::string_view source;
};

struct KnobRow {
  static constexpr std::size_t most_choices = 7;

  std::string_view name;
  Unit unit;
  std::array<Choice, most_choices> choice_rows;
  std::size_t choice_count;  // 0 unless the unit is choice
  std::string_view meaning;
  EnumArray<profile::Generation, Cell> cells;
  // The knob in a personality. `set` checks nothing.
  std::int64_t (*get)(const Personality&);
  void (*set)(Personality&, std::int64_t);

  constexpr std::span<const Choice> choices() const { return {choice_rows.data(), choice_count}; }
};

// A row for each knob. Static storage.
std::span<const KnobRow> knob_table();

// A knob's value as a person writes it: `40`, `30s`, `immediate`.
std::string format_knob(const KnobRow& row, std::int64_t value);

// `none|immediate`; empty where the knob is no choice.
std::string choice_names(const KnobRow& row);

// `name=value`, with a duration as `300ms`, `2s` or a bare number of seconds, and a number up to
// 86400000. Fails with bad_argument, naming what is accepted, and changes nothing then.
Result<void> set_knob(Personality& personality, std::string_view assignment);

// --- knobs in the terms of macro/

macro::Dialect dialect_of(const Personality& personality);

}  // namespace provphone::resync
