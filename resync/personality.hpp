#pragma once

#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "macro/expand.hpp"
#include "macro/rule.hpp"
#include "profile/catalogue.hpp"
#include "profile/decode.hpp"
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

// --- what the knobs choose between; the table says what each of them is about

enum class ErrorRetryZero : std::uint8_t { none, immediate };
enum class RandomDelayScope : std::uint8_t { boot, boot_and_periodic };
enum class TriggerSemantics : std::uint8_t { starter, gate };
enum class ForcedResyncDelay : std::uint8_t { idle_timer, maximum_wait };
enum class ResyncAtSmallDelay : std::uint8_t { at_least_600, zero_is_exact };
enum class ResyncAtRounding : std::uint8_t { nearest, up };
enum class ResyncAt2400 : std::uint8_t { midnight, invalid };
enum class PeriodicIndexAfterError : std::uint8_t { kept, reset };
enum class OneTimePass : std::uint8_t { leaves_timers, as_any_pass };
enum class RestartOnChange : std::uint8_t { listed, never, any };
enum class RestartCompares : std::uint8_t { whole_pass, each_file };
enum class ChainCompares : std::uint8_t { evaluated, pass_start };
enum class BootPassAfterUpdate : std::uint8_t { no, yes };
enum class BootPassAfterLocalChange : std::uint8_t { no, yes };
enum class PassAfterSubmit : std::uint8_t { as_restart, boot, explicit_request };
enum class RefusedNotify : std::uint8_t { forbidden, ok };
enum class RedirectMacros : std::uint8_t { no, yes };
enum class Rfc8188 : std::uint8_t { ignored, read };
enum class EmptyValue : std::uint8_t { empty, factory };
enum class ErrorRetryDefault : std::uint8_t { one_hour, doubling, last = doubling };
enum class PsnPrefix : std::uint8_t { none, cp, v03 };
enum class UserAgentShape : std::uint8_t {
  mpp,
  cisco_spa,
  cisco_spa_serial,
  cisco_ata,
  linksys,
  linksys_ata,
  sipura,
};
enum class ProfileRuleDefault : std::uint8_t { spa, mpp, ata, last = ata };
enum class FirmwareOverHttps : std::uint8_t { no, yes };
enum class LoadVersion : std::uint8_t {
  name,            // sip88xx.11-3-2MPP0001-609
  without_prefix,  // 11-1-0MSR3-9 of ata192.11-1-0MSR3-9
  plain,           // 7.5.2b of spa50x-30x-7-5-2b
  in_parentheses,  // 6.1.5(a) of spa942-6-1-5-a
  last = in_parentheses,
};
enum class LoadContent : std::uint8_t { checked, any };
enum class MigrationLicence : std::uint8_t { required, ignored };
enum class RedirectService : std::uint8_t { after_dhcp_failed, without_dhcp };
enum class GppMacroForm : std::uint8_t { register_name, also_long };
enum class UnreadableRule : std::uint8_t { fails, skipped };
enum class SwverSuffix : std::uint8_t { none, loads };
enum class LogDefaultPort : std::uint8_t { printed, omitted };
enum class LogRequestServip : std::uint8_t { expanded, literal };
enum class PostContentType : std::uint8_t { text_plain, none, form, last = form };
enum class UnauthorizedWithoutLogin : std::uint8_t { fails, profile_account };
enum class DualModeOrder : std::uint8_t { ipv4_first, ipv6_first };
enum class DigestAlgorithms : std::uint8_t { md5, md5_sha256 };
enum class OtherSuccess : std::uint8_t { refused, accepted };
enum class ProxyParameters : std::uint8_t { ignored, used };
enum class BadPac : std::uint8_t { direct, fails };
enum class ConnectionPer : std::uint8_t { retrieval, request };
enum class RulesRead : std::uint8_t { at_turn, at_pass_start };
enum class TimeSource : std::uint8_t { scenario, ntp_server, none };
enum class NetworkStartupDelay : std::uint8_t { ignored, waited };
enum class SyslogForm : std::uint8_t { bare, rfc3164_host, rfc5424, last = rfc5424 };
enum class DhcpTimeOffset : std::uint8_t { standard, whole };
enum class CipherSuites : std::uint8_t { spa, mpp, openssl };
enum class Sni : std::uint8_t { sent, none };
enum class CertificateNamesRead : std::uint8_t {
  common_name,
  alternative_first,
  by_load,
  jabber,
  last = jabber
};
enum class HttpsNameValidateNo : std::uint8_t { common_name, any_name };
enum class WeakCertificates : std::uint8_t { accepted, refused, with_old_tls };
enum class CertDnsCheck : std::uint8_t { off, skip_without_answer, strict };

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
