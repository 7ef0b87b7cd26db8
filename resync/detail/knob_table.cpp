#include "resync/detail/defect_rows.hpp"
#include "resync/detail/knob_row.hpp"
#include "resync/detail/knob_sources.hpp"
#include "resync/detail/names_of_row.hpp"

#include <algorithm>
#include <chrono>

// The table of knobs, and what follows from it.
namespace provphone::resync {
namespace {

using namespace std::chrono_literals;

using detail::row;
using detail::same;
using namespace detail::source;  // NOLINT(google-build-using-namespace)

constexpr auto documented = Status::documented;
constexpr auto observed = Status::observed;
constexpr auto assumed = Status::assumed;

constexpr std::array own{
    row<&Personality::resync_random_delay_unit>("resync_random_delay_unit",
                                                "what one unit of Resync_Random_Delay lasts",
                                                {{{20s, documented, linksys_guide},
                                                  {1s, documented, guide_2017},
                                                  {20s, documented, methods_8800}}}),
    row<&Personality::error_retry_zero>(
        "error_retry_zero",
        {{ErrorRetryZero::none, "none"}, {ErrorRetryZero::immediate, "immediate"}},
        "what Resync_Error_Retry_Delay 0 does: no retry, or one a second",
        {{{ErrorRetryZero::none, documented, linksys_guide},
          {ErrorRetryZero::none, documented, guide_2017},
          {ErrorRetryZero::none, documented, methods_8800}}}),
    row<&Personality::chained_passes>(
        "chained_passes",
        "how often a pass that changed a Profile_Rule is followed by another at once; 0: never",
        {{{0, documented, "Linksys Voice System (SPA9000) Administration Guide"},
          {5, assumed, silent},
          {5, assumed, silent}}}),
    row<&Personality::chain_compares>(
        "chain_compares",
        {{ChainCompares::evaluated, "evaluated"}, {ChainCompares::pass_start, "pass_start"}},
        "which text of a Profile_Rule counts as changed by the pass: another one than was "
        "evaluated, or than there was as the pass began",
        same(ChainCompares::evaluated, assumed, silent)),
    row<&Personality::random_delay_scope>(
        "random_delay_scope",
        {{RandomDelayScope::boot, "boot"},
         {RandomDelayScope::boot_and_periodic, "boot_and_periodic"}},
        "which passes wait a random part of Resync_Random_Delay",
        same(RandomDelayScope::boot, documented, methods_8800)),
    row<&Personality::trigger_semantics>(
        "trigger_semantics",
        {{TriggerSemantics::starter, "starter"}, {TriggerSemantics::gate, "gate"}},
        "whether Resync_Trigger_1 and _2 start a pass, or hold scheduled passes back",
        {{{TriggerSemantics::starter, documented, linksys_guide},
          {TriggerSemantics::gate, documented, formats_7832},
          {TriggerSemantics::gate, documented, methods_8800}}}),
    row<&Personality::forced_resync_delay>(
        "forced_resync_delay",
        {{ForcedResyncDelay::idle_timer, "idle_timer"},
         {ForcedResyncDelay::maximum_wait, "maximum_wait"}},
        "what Forced_Resync_Delay counts: time since the last call, or how long a call may hold a "
        "pass",
        {{{ForcedResyncDelay::maximum_wait, documented, linksys_guide},
          {ForcedResyncDelay::idle_timer, documented, guide_2017},
          {ForcedResyncDelay::idle_timer, documented, methods_8800}}}),
    row<&Personality::resync_at_small_delay>(
        "resync_at_small_delay",
        {{ResyncAtSmallDelay::at_least_600, "at_least_600"},
         {ResyncAtSmallDelay::zero_is_exact, "zero_is_exact"}},
        "what a Resync_At_Random_Delay of 0 means; other values below 600 count as 600",
        {{{ResyncAtSmallDelay::zero_is_exact, documented, "ATA 191/192 MPP Provisioning Guide"},
          {ResyncAtSmallDelay::zero_is_exact, documented, guide_2017},
          {ResyncAtSmallDelay::at_least_600, documented, methods_8800}}}),
    row<&Personality::resync_at_rounding>(
        "resync_at_rounding",
        {{ResyncAtRounding::nearest, "nearest"}, {ResyncAtRounding::up, "up"}},
        "how Resync_At_Random_Delay is turned into minutes",
        same(ResyncAtRounding::nearest, documented, methods_8800)),
    row<&Personality::resync_at_2400>(
        "resync_at_2400",
        {{ResyncAt2400::midnight, "midnight"}, {ResyncAt2400::invalid, "invalid"}},
        "what a Resync_At of 2400 means",
        same(ResyncAt2400::midnight, assumed, "guides give the range 0000 to 2400")),
    row<&Personality::periodic_index_after_error>(
        "periodic_index_after_error",
        {{PeriodicIndexAfterError::kept, "kept"}, {PeriodicIndexAfterError::reset, "reset"}},
        "whether a failed pass begins the list of Resync_Periodic anew",
        same(PeriodicIndexAfterError::kept, assumed, silent)),
    row<&Personality::one_time_pass>(
        "one_time_pass",
        {{OneTimePass::leaves_timers, "leaves_timers"}, {OneTimePass::as_any_pass, "as_any_pass"}},
        "what a pass for a rule that came with the request does to the timers",
        same(OneTimePass::leaves_timers, assumed, silent)),
    row<&Personality::restart_on_change>(
        "restart_on_change",
        {{RestartOnChange::listed, "listed"},
         {RestartOnChange::never, "never"},
         {RestartOnChange::any, "any"}},
        "which changed parameters make the phone restart: network, VLAN, web server and TR-069",
        same(RestartOnChange::listed, assumed, silent)),
    row<&Personality::restart_compares>(
        "restart_compares",
        {{RestartCompares::whole_pass, "whole_pass"}, {RestartCompares::each_file, "each_file"}},
        "whether values that a pass changes there and back make the phone restart: no, since only "
        "the end of the pass counts, or yes, since each file does",
        same(RestartCompares::whole_pass, assumed, silent)),
    row<&Personality::boot_pass_after_update>(
        "boot_pass_after_update",
        {{BootPassAfterUpdate::no, "no"}, {BootPassAfterUpdate::yes, "yes"}},
        "whether a restart that a pass caused is followed by a boot pass",
        same(BootPassAfterUpdate::no, documented, guide_2017)),
    row<&Personality::boot_pass_after_local_change>(
        "boot_pass_after_local_change",
        {{BootPassAfterLocalChange::no, "no"}, {BootPassAfterLocalChange::yes, "yes"}},
        "whether a restart that a person's change at the phone takes is followed by a boot pass: "
        "as one behind a pass, or as any other",
        same(BootPassAfterLocalChange::yes, assumed, silent)),
    row<&Personality::pass_after_submit>(
        "pass_after_submit",
        {{PassAfterSubmit::as_restart, "as_restart"},
         {PassAfterSubmit::boot, "boot"},
         {PassAfterSubmit::explicit_request, "explicit"}},
        "the pass behind the restart of Submit All Changes: as behind any restart, or at once and "
        "of kind 0 or -1",
        {{{PassAfterSubmit::as_restart, assumed, silent},
          {PassAfterSubmit::boot, documented, submit_8832},
          {PassAfterSubmit::boot, documented, submit_8832}}}),
    row<&Personality::refused_notify>(
        "refused_notify", {{RefusedNotify::forbidden, "forbidden"}, {RefusedNotify::ok, "ok"}},
        "the answer to a SIP NOTIFY that Resync_From_SIP refuses: 403, or 200 without effect",
        same(RefusedNotify::forbidden, assumed, silent)),
    row<&Personality::restart_duration>("restart_duration",
                                        "how long a phone is away when it restarts",
                                        same(Duration(60s), assumed, silent)),
    row<&Personality::redirect_limit>("redirect_limit",
                                      "how many 301 and 302 answers a retrieval follows",
                                      same(5, assumed, silent)),
    row<&Personality::redirect_macros>(
        "redirect_macros", {{RedirectMacros::no, "no"}, {RedirectMacros::yes, "yes"}},
        "whether macros in a Location header are expanded",
        {{{RedirectMacros::no, assumed, silent},
          {RedirectMacros::yes, observed,
           "a public provisioning server answers 302 with $MAU in Location"},
          {RedirectMacros::yes, observed,
           "a public provisioning server answers 302 with $MAU in Location"}}}),
    row<&Personality::connect_timeout>("connect_timeout", "limit for name, TCP and TLS together",
                                       same(Duration(10s), assumed, silent)),
    row<&Personality::idle_timeout>("idle_timeout", "longest silence within an answer",
                                    same(Duration(30s), assumed, silent)),
    row<&Personality::total_timeout>("total_timeout", "limit for one retrieval",
                                     same(Duration(180s), assumed, silent)),
    row<&Personality::tftp_timeout>("tftp_timeout", "wait for the answer to one TFTP packet",
                                    same(Duration(5s), assumed, silent)),
    row<&Personality::tftp_tries>("tftp_tries", "how often one TFTP packet is sent",
                                  same(5U, assumed, silent)),
    row<&Personality::tftp_options>(
        "tftp_options",
        {{TftpOptions::none, "none"}, {TftpOptions::blksize_tsize, "blksize_tsize"}},
        "which options a TFTP request has: none, or blocks of 1428 octets and the size of the file",
        same(TftpOptions::none, assumed, silent)),
    row<&Personality::tftp_port_unreachable>(
        "tftp_port_unreachable",
        {{TftpPortUnreachable::fails, "fails"}, {TftpPortUnreachable::ignored, "ignored"}},
        "what the server's machine saying that nobody listens there does to a TFTP transfer",
        same(TftpPortUnreachable::fails, assumed, silent)),
    row<&Personality::tftp_client_port>(
        "tftp_client_port", {{TftpClientPort::any, "any"}, {TftpClientPort::range, "range"}},
        "where TFTP requests come from: any free port, or the first free one of 53240 to 53245",
        {{{TftpClientPort::any, assumed, silent},
          {TftpClientPort::any, assumed,
           "the range is documented; phones that share a machine would lack ports"},
          {TftpClientPort::any, assumed,
           "the range is documented; phones that share a machine would lack ports"}}}),
    row<&Personality::secret_macros>(
        "secret_macros",
        {{macro::SecretScope::key, "key"},
         {macro::SecretScope::key_uid_and_pwd, "key_uid_and_pwd"}},
        "which option arguments expand $SA..$SD",
        {{{macro::SecretScope::key, documented, linksys_guide},
          {macro::SecretScope::key_uid_and_pwd, documented, guide_2017},
          {macro::SecretScope::key_uid_and_pwd, documented, formats_7832}}}),
    row<&Personality::aes_digests>(
        "aes_digests",
        {{profile::KeyDigests::md5, "md5"},
         {profile::KeyDigests::sha256_then_md5, "sha256_then_md5"}},
        "digests of AES key derivation, in the order they are tried",
        {{{profile::KeyDigests::md5, documented, linksys_guide},
          {profile::KeyDigests::sha256_then_md5, assumed, "guides disagree"},
          {profile::KeyDigests::sha256_then_md5, assumed, "guides disagree"}}}),
    row<&Personality::self_closed_element>(
        "self_closed_element",
        {{profile::SelfClosed::keeps_value, "keeps_value"},
         {profile::SelfClosed::clears_value_unless_rw, "clears_value_unless_rw"}},
        "what <X/> does to a value",
        {{{profile::SelfClosed::keeps_value, documented, linksys_guide},
          {profile::SelfClosed::clears_value_unless_rw, assumed, "guides disagree"},
          {profile::SelfClosed::clears_value_unless_rw, assumed, "guides disagree"}}}),
    row<&Personality::ikm_encoding>(
        "ikm_encoding",
        {{profile::IkmEncoding::octets_then_base64url, "octets_then_base64url"},
         {profile::IkmEncoding::octets, "octets"},
         {profile::IkmEncoding::base64url, "base64url"},
         {profile::IkmEncoding::hex, "hex"}},
        "how IKM_HTTP_Encrypt_Content spells the octets of its key",
        same(profile::IkmEncoding::octets_then_base64url, assumed, silent)),
    row<&Personality::malformed_profile>(
        "malformed_profile",
        {{profile::MalformedProfile::nothing, "nothing"},
         {profile::MalformedProfile::up_to_fault, "up_to_fault"}},
        "what is applied of a file whose XML is at fault; its rule fails either way",
        same(profile::MalformedProfile::nothing, assumed, silent)),
    row<&Personality::invalid_value>(
        "invalid_value",
        {{profile::InvalidValue::ignored, "ignored"}, {profile::InvalidValue::stored, "stored"}},
        "what becomes of a value that Cisco's description of the parameter rules out",
        {{{profile::InvalidValue::ignored, assumed, silent},
          {profile::InvalidValue::ignored, assumed,
           "one case in MPP guides, Provisioning Methods: Resync_At"},
          {profile::InvalidValue::ignored, assumed,
           "one case in MPP guides, Provisioning Methods: Resync_At"}}}),
    row<&Personality::empty_value>(
        "empty_value", {{EmptyValue::empty, "empty"}, {EmptyValue::factory, "factory"}},
        "whether <X></X> makes a value empty or brings the factory's back",
        {{{EmptyValue::empty, documented, linksys_guide},
          {EmptyValue::empty, assumed, "guides disagree"},
          {EmptyValue::empty, assumed, "guides disagree"}}}),
    row<&Personality::access_when_absent>(
        "access_when_absent",
        {{profile::AccessWhenAbsent::kept, "kept"},
         {profile::AccessWhenAbsent::factory, "factory"}},
        "what an element without ua does to the User account's right",
        {{{profile::AccessWhenAbsent::kept, assumed,
           "the SPA9xx guide has the factory's right; the others are silent"},
          {profile::AccessWhenAbsent::kept, documented, provisioning_6800},
          {profile::AccessWhenAbsent::kept, documented, provisioning_6800}}}),
    row<&Personality::preserve_value>(
        "preserve_value",
        {{profile::AttributeReading::ignored, "ignored"},
         {profile::AttributeReading::read, "read"}},
        "whether preserve-value=\"y\" sets the right of an element and keeps its value",
        {{{profile::AttributeReading::ignored, documented, access_control},
          {profile::AttributeReading::ignored, documented, access_control},
          {profile::AttributeReading::read, documented, access_control}}}),
    row<&Personality::user_pref>(
        "user_pref",
        {{profile::AttributeReading::ignored, "ignored"},
         {profile::AttributeReading::read, "read"}},
        "whether user-pref=\"y\" leaves alone what the user has changed, which um=\"y\" marks",
        {{{profile::AttributeReading::ignored, documented, release_notes_12},
          {profile::AttributeReading::ignored, documented, release_notes_12},
          {profile::AttributeReading::read, documented, release_notes_12}}}),
    row<&Personality::rfc8188>("rfc8188", {{Rfc8188::ignored, "ignored"}, {Rfc8188::read, "read"}},
                               "whether files and reports may be encrypted by RFC 8188",
                               {{{Rfc8188::ignored, documented, release_notes_11_2_3},
                                 {Rfc8188::ignored, documented, release_notes_11_2_3},
                                 {Rfc8188::read, documented, release_notes_11_2_3}}}),
    row<&Personality::plain_file_with_key>(
        "plain_file_with_key",
        {{profile::PlainFileWithKey::corrupt, "corrupt"},
         {profile::PlainFileWithKey::accepted, "accepted"}},
        "what a file without Salted__ is, though its rule has --key",
        same(profile::PlainFileWithKey::corrupt, assumed, silent)),
    row<&Personality::value_limit>("value_limit",
                                   "longest value in octets, longer ones are ignored; 0: no limit",
                                   same(65'536U, assumed, silent)),
    row<&Personality::periodic_upload_maximum>(
        "periodic_upload_maximum", "largest Periodic_Upload_To_Server",
        same(259'200U, documented,
             "MPP Administration Guides 11.3(1)+; 8800 MPP Release Notes 11.2(3) has 2592000")),
    row<&Personality::report_to_server_spelling>(
        "report_to_server_spelling",
        {{profile::ReportTag::both, "both"},
         {profile::ReportTag::dump, "dump"},
         {profile::ReportTag::guide, "guide"}},
        "which tags are read: Report_To_Server (dumps), Report_to_Server (a guide) or either",
        same(profile::ReportTag::both, assumed, third_party_8800)),
    detail::names_of,
    row<&Personality::error_retry_default>(
        "error_retry_default",
        {{ErrorRetryDefault::one_hour, "3600"}, {ErrorRetryDefault::doubling, "doubling"}},
        "the factory's Resync_Error_Retry_Delay: one hour, or doubling from 60 s to a day",
        {{{ErrorRetryDefault::one_hour, documented, linksys_guide},
          {ErrorRetryDefault::one_hour, documented, guide_2017},
          {ErrorRetryDefault::doubling, documented, methods_8800}}}),
    row<&Personality::psn_prefix>(
        "psn_prefix", {{PsnPrefix::none, "none"}, {PsnPrefix::cp, "cp"}, {PsnPrefix::v03, "v03"}},
        "whether $PSN keeps the CP- of the product name, or is the V03 that two guides print",
        {{{PsnPrefix::none, documented, linksys_guide},
          {PsnPrefix::none, documented, "7800/8800 Migration Guide"},
          {PsnPrefix::none, documented, "7800/8800 Migration Guide"}}}),
    row<&Personality::user_agent>(
        "user_agent",
        {{UserAgentShape::mpp, "mpp"},
         {UserAgentShape::cisco_spa, "cisco_spa"},
         {UserAgentShape::cisco_spa_serial, "cisco_spa_serial"},
         {UserAgentShape::cisco_ata, "cisco_ata"},
         {UserAgentShape::linksys, "linksys"},
         {UserAgentShape::linksys_ata, "linksys_ata"},
         {UserAgentShape::sipura, "sipura"}},
        "shape of the built-in User-Agent",
        {{{UserAgentShape::cisco_spa, observed, "provisioning server logs"},
          {UserAgentShape::mpp, documented, "8800 MPP Provisioning Guide"},
          {UserAgentShape::mpp, documented, "8800 MPP Provisioning Guide"}}}),
    row<&Personality::profile_rule_default>(
        "profile_rule_default",
        {{ProfileRuleDefault::spa, "spa"},
         {ProfileRuleDefault::mpp, "mpp"},
         {ProfileRuleDefault::ata, "ata"}},
        "what Profile_Rule is in the factory: /spa$PSN.cfg, /$PSN.xml or /ata$PSN.cfg",
        {{{ProfileRuleDefault::spa, documented, linksys_guide},
          {ProfileRuleDefault::mpp, documented, guide_2017},
          {ProfileRuleDefault::mpp, documented,
           "MPP guides; ATA 191/192 MPP Provisioning Guide for ata"}}}),
    row<&Personality::firmware_over_https>(
        "firmware_over_https", {{FirmwareOverHttps::no, "no"}, {FirmwareOverHttps::yes, "yes"}},
        "whether loads are taken over HTTPS too",
        {{{FirmwareOverHttps::yes, documented, "Cisco SPA guides; Linksys SPA9x2 guide for no"},
          {FirmwareOverHttps::yes, documented, "MPP Administration Guide 11.3(1)+"},
          {FirmwareOverHttps::yes, documented, "MPP Administration Guide 11.3(1)+"}}}),
    row<&Personality::load_version>(
        "load_version",
        {{LoadVersion::name, "name"},
         {LoadVersion::without_prefix, "without_prefix"},
         {LoadVersion::plain, "plain"},
         {LoadVersion::in_parentheses, "in_parentheses"}},
        "what $SWVER is of a load's file: its name, the name without what is before the dot, or "
        "the "
        "version at its end, 7.5.2b of spa50x-30x-7-5-2b or 6.1.5(a) of spa942-6-1-5-a",
        {{{LoadVersion::plain, observed, "provisioning server logs print versions"},
          {LoadVersion::name, documented, "8800 MPP Provisioning Guide"},
          {LoadVersion::name, documented, "8800 MPP Provisioning Guide"}}}),
    row<&Personality::load_content>(
        "load_content", {{LoadContent::checked, "checked"}, {LoadContent::any, "any"}},
        "whether a load's file is looked at, and the parts that a .loads names are fetched; any: "
        "each file that is not empty is a load",
        same(LoadContent::checked, assumed, silent)),
    row<&Personality::migration_licence>(
        "migration_licence",
        {{MigrationLicence::required, "required"}, {MigrationLicence::ignored, "ignored"}},
        "whether enterprise firmware takes the licence of Trans_Auth_Rule",
        {{{MigrationLicence::ignored, assumed, silent},
          {MigrationLicence::required, documented, methods_8800},
          {MigrationLicence::required, documented, methods_8800}}}),
    row<&Personality::redirect_service>(
        "redirect_service",
        {{RedirectService::after_dhcp_failed, "after_dhcp_failed"},
         {RedirectService::without_dhcp, "without_dhcp"}},
        "when a phone that nobody has provisioned asks the redirect service: also where DHCP named "
        "a server that has no file, or only where it named none",
        {{{RedirectService::without_dhcp, assumed, silent},
          {RedirectService::without_dhcp, documented, servers_8800},
          {RedirectService::after_dhcp_failed, documented, customization_state}}}),
    row<&Personality::macro_name_extent>(
        "macro_name_extent",
        {{macro::NameExtent::letters_and_digits, "letters_and_digits"},
         {macro::NameExtent::longest_run, "longest_run"},
         {macro::NameExtent::longest_known, "longest_known"}},
        "where a name without parentheses ends: whether $MA_x is $MA and _x, or one unknown name; "
        "longest_known: $MAUx is $MAU and an x",
        same(macro::NameExtent::letters_and_digits, documented,
             "Linksys PAP2 and RT31P2 Administration Guide (2004), p. 40: parentheses are needed "
             "before an alphanumeric character")),
    row<&Personality::gpp_macro_form>(
        "gpp_macro_form",
        {{GppMacroForm::register_name, "register"}, {GppMacroForm::also_long, "also_long"}},
        "whether $GPP_A stands for the register that $A is",
        same(GppMacroForm::register_name, assumed,
             "the ATA 191/192 guide of 2026 corrects the 7800 guide of 2017")),
    row<&Personality::unreadable_rule>(
        "unreadable_rule", {{UnreadableRule::fails, "fails"}, {UnreadableRule::skipped, "skipped"}},
        "what becomes of a rule whose condition, assignment or option cannot be read",
        same(UnreadableRule::fails, assumed, "guides say only that a parsing error results")),
    row<&Personality::swver_suffix>(
        "swver_suffix", {{SwverSuffix::none, "none"}, {SwverSuffix::loads, "loads"}},
        "whether the text of $SWVER ends in .loads",
        {{{SwverSuffix::none, documented, linksys_guide},
          {SwverSuffix::none, documented, guide_2017},
          {SwverSuffix::none, assumed, "6800 and 8800 MPP guides disagree"}}}),
    row<&Personality::log_default_port>(
        "log_default_port",
        {{LogDefaultPort::printed, "printed"}, {LogDefaultPort::omitted, "omitted"}},
        "whether :$PORT shows in log messages when it is the scheme's own",
        same(LogDefaultPort::printed, assumed, "templates print it, published samples do not")),
    row<&Personality::url_user_info>(
        "url_user_info", {{macro::UserInfo::refused, "refused"}, {macro::UserInfo::login, "login"}},
        "what user:password@ in a rule's URL is: an error, or as good as --uid and --pwd",
        same(macro::UserInfo::refused, assumed, silent)),
    row<&Personality::post_content_type>("post_content_type",
                                         {{PostContentType::text_plain, "text_plain"},
                                          {PostContentType::none, "none"},
                                          {PostContentType::form, "form"}},
                                         "the Content-Type of what --post sends",
                                         same(PostContentType::text_plain, assumed, silent)),
    row<&Personality::upgrade_rule_options>(
        "upgrade_rule_options",
        {{macro::UpgradeOptions::credentials, "uid_and_pwd"},
         {macro::UpgradeOptions::refused, "refused"}},
        "whether an upgrade rule may hold options, of which --uid and --pwd count",
        same(macro::UpgradeOptions::credentials, observed,
             "public ATA templates hold them, against the guides")),
    row<&Personality::unauthorized_without_login>(
        "unauthorized_without_login",
        {{UnauthorizedWithoutLogin::fails, "fails"},
         {UnauthorizedWithoutLogin::profile_account, "profile_account"}},
        "what 401 does to a rule without credentials: failure, or another try with the login that "
        "Profile_Authentication_Type names",
        {{{UnauthorizedWithoutLogin::fails, assumed, silent},
          {UnauthorizedWithoutLogin::fails, assumed, silent},
          {UnauthorizedWithoutLogin::profile_account, documented, methods_8800}}}),
    row<&Personality::digest_algorithms>(
        "digest_algorithms",
        {{DigestAlgorithms::md5, "md5"}, {DigestAlgorithms::md5_sha256, "md5_sha256"}},
        "the algorithms of Digest that challenges may name: MD5, or SHA-256 too",
        {{{DigestAlgorithms::md5, assumed, silent},
          {DigestAlgorithms::md5, assumed, silent},
          {DigestAlgorithms::md5_sha256, assumed,
           "8800 MPP Release Notes 11.3(6) name the curl library, which knows both"}}}),
    row<&Personality::challenge_retries>(
        "challenge_retries",
        "how many challenges of one server or proxy a request answers before it has failed",
        same(2, documented, "8800 MPP Provisioning Guide, table of HTTP status codes")),
    row<&Personality::other_2xx>(
        "other_2xx", {{OtherSuccess::refused, "refused"}, {OtherSuccess::accepted, "accepted"}},
        "what a 2xx status other than 200 is for a profile or a load: a failure, or the file",
        same(OtherSuccess::refused, assumed, silent)),
    row<&Personality::proxy_parameters>(
        "proxy_parameters",
        {{ProxyParameters::ignored, "ignored"}, {ProxyParameters::used, "used"}},
        "whether Proxy_Mode and what belongs to it act",
        {{{ProxyParameters::ignored, assumed, silent},
          {ProxyParameters::ignored, assumed, "HTTP proxies came with 11.2(3)"},
          {ProxyParameters::used, documented, third_party_8800}}}),
    row<&Personality::bad_pac>(
        "bad_pac", {{BadPac::direct, "direct"}, {BadPac::fails, "fails"}},
        "what becomes of a request where the PAC file cannot be had or makes no sense: it goes to "
        "the server directly, or fails",
        same(BadPac::direct, assumed, silent)),
    row<&Personality::connection_per>(
        "connection_per",
        {{ConnectionPer::retrieval, "retrieval"}, {ConnectionPer::request, "request"}},
        "how long an HTTP connection is kept: over the redirects and challenges of one retrieval, "
        "or for one request",
        same(ConnectionPer::retrieval, assumed, silent)),
    row<&Personality::rules_read>(
        "rules_read",
        {{RulesRead::at_turn, "at_turn"}, {RulesRead::at_pass_start, "at_pass_start"}},
        "when a rule's text is read: its own turn, or the start of the pass",
        same(RulesRead::at_turn, assumed, "public provisioning plug-ins rely on it")),
    row<&Personality::time_source>(
        "time_source",
        {{TimeSource::scenario, "scenario"},
         {TimeSource::ntp_server, "ntp_server"},
         {TimeSource::none, "none"}},
        "which phones get the scenario's time: all, those that a parameter or DHCP option 42 names "
        "an NTP server to, or none",
        same(TimeSource::scenario, assumed, silent)),
    row<&Personality::time_after>("time_after",
                                  "how long after its start a phone has the time from there",
                                  same<Duration>(0s, assumed, silent)),
    row<&Personality::clock_gains>(
        "clock_gains", "what a phone's clock gains since its start, in millionths, up to 100000",
        same<std::uint32_t>(0, assumed, silent)),
    row<&Personality::clock_loses>(
        "clock_loses", "what a phone's clock loses since its start, in millionths, up to 100000",
        same<std::uint32_t>(0, assumed, silent)),
    row<&Personality::dhcp_time_offset>(
        "dhcp_time_offset",
        {{DhcpTimeOffset::standard, "standard"}, {DhcpTimeOffset::whole, "whole"}},
        "what DHCP option 2 holds, where it counts: the zone's standard time, or what clocks show "
        "all year",
        same(DhcpTimeOffset::standard, assumed, silent)),
    row<&Personality::network_startup_delay>(
        "network_startup_delay",
        {{NetworkStartupDelay::ignored, "ignored"}, {NetworkStartupDelay::waited, "waited"}},
        "whether Network_Startup_Delay is waited in front of the boot pass's own delay",
        {{{NetworkStartupDelay::waited, documented, "ATA 191/192 MPP Provisioning Guide"},
          {NetworkStartupDelay::ignored, assumed, "power-on here is when the network is there"},
          {NetworkStartupDelay::ignored, assumed, "power-on here is when the network is there"}}}),
    row<&Personality::syslog_form>(
        "syslog_form",
        {{SyslogForm::bare, "bare"},
         {SyslogForm::rfc3164_host, "rfc3164_host"},
         {SyslogForm::rfc5424, "rfc5424"}},
        "the header of a syslog message: the time alone, host and tag behind it as RFC 3164 has "
        "them, or all that RFC 5424 wants",
        same(SyslogForm::bare, assumed, silent)),
    row<&Personality::tls_lowest>(
        "tls_lowest",
        {{TlsVersion::tls1_0, "1.0"},
         {TlsVersion::tls1_1, "1.1"},
         {TlsVersion::tls1_2, "1.2"},
         {TlsVersion::tls1_3, "1.3"}},
        "lowest TLS version offered",
        {{{TlsVersion::tls1_0, assumed, silent},
          {TlsVersion::tls1_1, observed, "phones of 11.2 report TLS_Min_Version TLS 1.1"},
          {TlsVersion::tls1_1, documented,
           "ATA 191/192 MPP Provisioning Guide; 1.2 from 12.0(7)SR2"}}}),
    row<&Personality::tls_highest>(
        "tls_highest",
        {{TlsVersion::tls1_0, "1.0"},
         {TlsVersion::tls1_1, "1.1"},
         {TlsVersion::tls1_2, "1.2"},
         {TlsVersion::tls1_3, "1.3"}},
        "highest TLS version offered",
        same(TlsVersion::tls1_2, assumed, "the cipher lists of MPP guides end with TLS 1.2")),
    row<&Personality::dual_mode_order>(
        "dual_mode_order",
        {{DualModeOrder::ipv4_first, "ipv4_first"}, {DualModeOrder::ipv6_first, "ipv6_first"}},
        "which addresses of a name come first in Dual Mode",
        same(DualModeOrder::ipv4_first, assumed, silent)),
    row<&Personality::cipher_suites>(
        "cipher_suites",
        {{CipherSuites::spa, "spa"},
         {CipherSuites::mpp, "mpp"},
         {CipherSuites::openssl, "openssl"}},
        "what is offered up to TLS 1.2 where TLS_Cipher_List is empty or useless",
        {{{CipherSuites::spa, documented, linksys_guide},
          {CipherSuites::mpp, assumed, "the list that a later guide prints"},
          {CipherSuites::mpp, documented, security_7832}}}),
    row<&Personality::sni>("sni", {{Sni::sent, "sent"}, {Sni::none, "none"}},
                           "whether the greeting names the host",
                           {{{Sni::none, assumed, "older than the extension was common"},
                             {Sni::sent, assumed, silent},
                             {Sni::sent, observed, "release notes ATA 11.1(0)SR2"}}}),
    row<&Personality::certificate_names>(
        "certificate_names",
        {{CertificateNamesRead::common_name, "common_name"},
         {CertificateNamesRead::alternative_first, "alternative_first"},
         {CertificateNamesRead::by_load, "by_load"},
         {CertificateNamesRead::jabber, "jabber"}},
        "which names of a server's certificate count; by_load: both from 11.3(2) on; jabber: as "
        "such clients do",
        {{{CertificateNamesRead::common_name, documented, linksys_guide},
          {CertificateNamesRead::by_load, documented, security_7832},
          {CertificateNamesRead::by_load, documented, security_7832}}}),
    row<&Personality::https_name_validate_no>(
        "https_name_validate_no",
        {{HttpsNameValidateNo::common_name, "common_name"},
         {HttpsNameValidateNo::any_name, "any_name"}},
        "what HTTPS_Name_Validate No leaves of the check: the common name, or nothing",
        same(HttpsNameValidateNo::common_name, assumed,
             "the ATA 191/192 guide speaks of the alternative names alone")),
    row<&Personality::weak_certificates>(
        "weak_certificates",
        {{WeakCertificates::accepted, "accepted"},
         {WeakCertificates::refused, "refused"},
         {WeakCertificates::with_old_tls, "with_old_tls"}},
        "RSA 1024, MD5 and SHA-1 in a server's chain; with_old_tls: where TLS 1.1 is allowed",
        {{{WeakCertificates::accepted, documented, "Cisco signed such for SPA servers"},
          {WeakCertificates::with_old_tls, assumed, silent},
          {WeakCertificates::with_old_tls, assumed, silent}}}),
    row<&Personality::cert_dns_check>(
        "cert_dns_check",
        {{CertDnsCheck::off, "off"},
         {CertDnsCheck::skip_without_answer, "skip_without_answer"},
         {CertDnsCheck::strict, "strict"}},
        "whether the name in a certificate has to lead to the server's address",
        {{{CertDnsCheck::strict, documented, linksys_guide},
          {CertDnsCheck::skip_without_answer, documented, conference_8832},
          {CertDnsCheck::skip_without_answer, documented, conference_8832}}}),
};

constexpr auto table = [] {
  std::array<KnobRow, own.size() + detail::defects.size()> all{};
  std::copy(detail::defects.begin(), detail::defects.end(),
            std::copy(own.begin(), own.end(), all.begin()));
  return all;
}();

static_assert(std::ranges::all_of(table, detail::is_sound));
static_assert(detail::member_count() == table.size() + 1, "generation alone has no row");

consteval Personality stated_for(profile::Generation generation) {
  Personality made{};
  made.generation = generation;
  for (const auto& row : table) row.set(made, row.cells[generation].value);
  return made;
}

constexpr EnumArray<profile::Generation, Personality> personalities{
    {stated_for(profile::Generation::spa), stated_for(profile::Generation::mpp11),
     stated_for(profile::Generation::mpp12)}};

}  // namespace

std::span<const KnobRow> knob_table() {
  return table;
}

Personality personality_of(profile::Generation generation) {
  return personalities[generation];
}

}  // namespace provphone::resync
