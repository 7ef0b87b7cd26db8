#pragma once

#include <cstdint>

// What the knobs of a personality (resync/personality.hpp) choose between; the table says what each
// of them is about.
namespace provphone::resync {

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
enum class StartsAfterUpgrade : std::uint8_t { once, twice };
enum class RedirectMacros : std::uint8_t { no, yes };
enum class Rfc8188 : std::uint8_t { ignored, read };
enum class EmptyValue : std::uint8_t { empty, factory };
enum class ErrorRetryDefault : std::uint8_t { one_hour, doubling, last = doubling };
enum class NamesOf : std::uint8_t { spa, mpp, ata, phoneos, all };
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
enum class Ipv4Lookup : std::uint8_t { a, a_and_aaaa };
enum class DigestAlgorithms : std::uint8_t { md5, md5_sha256 };
enum class OtherSuccess : std::uint8_t { refused, accepted };
enum class ReportTakenBy : std::uint8_t { any_2xx, only_200 };
enum class HostOfUpgrade : std::uint8_t { sent, none };
enum class HeadBeforeLoad : std::uint8_t { no, yes };
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

}  // namespace provphone::resync
