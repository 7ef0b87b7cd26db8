#include "resync/personality.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>

namespace personality_test {

using namespace provphone;
using namespace std::chrono_literals;

namespace {

// A knob a line, as people write it: its name, its choices, and its values for spa, mpp11 and
// mpp12. A word or a value that changes here changes for whoever has it in a scenario.
constexpr std::string_view published = R"(resync_random_delay_unit - 20s 1s 20s
error_retry_zero none|immediate none none none
chained_passes - 0 5 5
chain_compares evaluated|pass_start evaluated evaluated evaluated
random_delay_scope boot|boot_and_periodic boot boot boot
trigger_semantics starter|gate starter gate gate
forced_resync_delay idle_timer|maximum_wait maximum_wait idle_timer idle_timer
resync_at_small_delay at_least_600|zero_is_exact zero_is_exact zero_is_exact at_least_600
resync_at_rounding nearest|up nearest nearest nearest
resync_at_2400 midnight|invalid midnight midnight midnight
periodic_index_after_error kept|reset kept kept kept
one_time_pass leaves_timers|as_any_pass leaves_timers leaves_timers leaves_timers
restart_on_change listed|never|any listed listed listed
restart_compares whole_pass|each_file whole_pass whole_pass whole_pass
boot_pass_after_update no|yes no no no
boot_pass_after_local_change no|yes yes yes yes
pass_after_submit as_restart|boot|explicit as_restart boot boot
refused_notify forbidden|ok forbidden forbidden forbidden
restart_duration - 60s 60s 60s
redirect_limit - 5 5 5
redirect_macros no|yes no yes yes
connect_timeout - 10s 10s 10s
idle_timeout - 30s 30s 30s
total_timeout - 180s 180s 180s
tftp_timeout - 5s 5s 5s
tftp_tries - 5 5 5
tftp_options none|blksize_tsize none none none
tftp_port_unreachable fails|ignored fails fails fails
tftp_client_port any|range any any any
secret_macros key|key_uid_and_pwd key key_uid_and_pwd key_uid_and_pwd
aes_digests md5|sha256_then_md5 md5 sha256_then_md5 sha256_then_md5
self_closed_element keeps_value|clears_value_unless_rw keeps_value clears_value_unless_rw clears_value_unless_rw
ikm_encoding octets_then_base64url|octets|base64url|hex octets_then_base64url octets_then_base64url octets_then_base64url
malformed_profile nothing|up_to_fault nothing nothing nothing
invalid_value ignored|stored ignored ignored ignored
empty_value empty|factory empty empty empty
access_when_absent kept|factory kept kept kept
preserve_value ignored|read ignored ignored read
user_pref ignored|read ignored ignored read
rfc8188 ignored|read ignored ignored read
plain_file_with_key corrupt|accepted corrupt corrupt corrupt
value_limit - 65536 65536 65536
periodic_upload_maximum - 259200 259200 259200
report_to_server_spelling both|dump|guide both both both
names_of spa|mpp|ata|phoneos|all spa mpp mpp
error_retry_default 3600|doubling 3600 3600 doubling
psn_prefix none|cp|v03 none none none
user_agent mpp|cisco_spa|cisco_spa_serial|cisco_ata|linksys|linksys_ata|sipura cisco_spa mpp mpp
profile_rule_default spa|mpp|ata spa mpp mpp
firmware_over_https no|yes yes yes yes
load_version name|without_prefix|plain|in_parentheses plain name name
load_content checked|any checked checked checked
migration_licence required|ignored ignored required required
redirect_service after_dhcp_failed|without_dhcp without_dhcp without_dhcp after_dhcp_failed
macro_name_extent letters_and_digits|longest_run|longest_known letters_and_digits letters_and_digits letters_and_digits
gpp_macro_form register|also_long register register register
unreadable_rule fails|skipped fails fails fails
swver_suffix none|loads none none none
log_default_port printed|omitted printed printed printed
url_user_info refused|login refused refused refused
post_content_type text_plain|none|form text_plain text_plain text_plain
upgrade_rule_options uid_and_pwd|refused uid_and_pwd uid_and_pwd uid_and_pwd
unauthorized_without_login fails|profile_account fails fails profile_account
digest_algorithms md5|md5_sha256 md5 md5 md5_sha256
challenge_retries - 2 2 2
other_2xx refused|accepted refused refused refused
proxy_parameters ignored|used ignored ignored used
bad_pac direct|fails direct direct direct
connection_per retrieval|request retrieval retrieval retrieval
rules_read at_turn|at_pass_start at_turn at_turn at_turn
time_source scenario|ntp_server|none scenario scenario scenario
time_after - 0s 0s 0s
clock_gains - 0 0 0
clock_loses - 0 0 0
dhcp_time_offset standard|whole standard standard standard
network_startup_delay ignored|waited waited ignored ignored
syslog_form bare|rfc3164_host|rfc5424 bare bare bare
tls_lowest 1.0|1.1|1.2|1.3 1.0 1.1 1.1
tls_highest 1.0|1.1|1.2|1.3 1.2 1.2 1.2
dual_mode_order ipv4_first|ipv6_first ipv4_first ipv4_first ipv4_first
cipher_suites spa|mpp|openssl spa mpp mpp
sni sent|none none sent sent
certificate_names common_name|alternative_first|by_load|jabber common_name by_load by_load
https_name_validate_no common_name|any_name common_name common_name common_name
weak_certificates accepted|refused|with_old_tls accepted with_old_tls with_old_tls
cert_dns_check off|skip_without_answer|strict strict skip_without_answer skip_without_answer
starts_after_upgrade once|twice once once once
report_taken_by any_2xx|only_200 any_2xx any_2xx any_2xx
host_of_upgrade sent|none sent sent sent
head_before_load no|yes no no no
log_request_servip expanded|literal expanded expanded expanded
ipv4_lookup a|a_and_aaaa a a a
)";

std::string as_published() {
  std::string text;
  for (const auto& row : resync::knob_table()) {
    const auto choices = resync::choice_names(row);
    text.append(row.name).append(" ").append(choices.empty() ? "-" : choices);
    for (const auto& cell : row.cells) text.append(" ").append(format_knob(row, cell.value));
    text += '\n';
  }
  return text;
}

// A value that the knob has in no family, where it has one.
std::int64_t other_value(const resync::KnobRow& row) {
  if (row.unit != resync::Unit::choice) return 7'000;
  const auto choices = row.choices();
  const bool first = choices.front().value == row.cells[profile::Generation::mpp12].value;
  return first ? choices.back().value : choices.front().value;
}

}  // namespace

TEST_CASE("knobs keep their names, their words and what each family does", "[R-RESYNC-01]") {
  CHECK(as_published() == published);
}

TEST_CASE("every knob has a source and a meaning, and takes what its cells print",
          "[R-RESYNC-01]") {
  for (const auto& row : resync::knob_table()) {
    INFO(row.name);
    CHECK_FALSE(row.meaning.empty());
    for (const auto& cell : row.cells) {
      CHECK_FALSE(cell.source.empty());
      auto personality = resync::personality_of(profile::Generation::mpp12);
      const auto assignment = std::string(row.name) + "=" + resync::format_knob(row, cell.value);
      INFO(assignment);
      REQUIRE(resync::set_knob(personality, assignment));
      CHECK(row.get(personality) == cell.value);
    }
  }
}

TEST_CASE("a knob that is set leaves all others as they are", "[R-RESYNC-01]") {
  const auto before = resync::personality_of(profile::Generation::mpp12);
  for (const auto& row : resync::knob_table()) {
    auto personality = before;
    const auto value = resync::format_knob(row, other_value(row));
    INFO(row.name << "=" << value);
    REQUIRE(resync::set_knob(personality, std::string(row.name) + "=" + value));
    for (const auto& each : resync::knob_table()) {
      INFO(each.name);
      CHECK((each.get(personality) == each.get(before)) == (each.name != row.name));
    }
  }
}

TEST_CASE("a choice's words are what code compares with", "[R-RESYNC-01]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  for (const auto* assignment :
       {"trigger_semantics=starter", "secret_macros=key", "user_agent=linksys",
        "gpp_macro_form=register", "upgrade_rule_options=refused", "url_user_info=login",
        "error_retry_default=3600", "tls_lowest=1.0", "tls_highest=1.3", "psn_prefix=v03",
        "ikm_encoding=hex"}) {
    INFO(assignment);
    REQUIRE(resync::set_knob(personality, assignment));
  }
  CHECK(personality.trigger_semantics == resync::TriggerSemantics::starter);
  CHECK(personality.secret_macros == macro::SecretScope::key);
  CHECK(personality.user_agent == resync::UserAgentShape::linksys);
  CHECK(personality.gpp_macro_form == resync::GppMacroForm::register_name);
  CHECK(personality.upgrade_rule_options == macro::UpgradeOptions::refused);
  CHECK(personality.url_user_info == macro::UserInfo::login);
  CHECK(personality.error_retry_default == resync::ErrorRetryDefault::one_hour);
  CHECK(personality.tls_lowest == resync::TlsVersion::tls1_0);
  CHECK(personality.tls_highest == resync::TlsVersion::tls1_3);
  CHECK(personality.psn_prefix == resync::PsnPrefix::v03);
  CHECK(personality.ikm_encoding == profile::IkmEncoding::hex);
}

TEST_CASE("durations are read in seconds and milliseconds", "[R-RESYNC-01]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  REQUIRE(resync::set_knob(personality, "idle_timeout=300ms"));
  CHECK(personality.idle_timeout == 300ms);
  REQUIRE(resync::set_knob(personality, "idle_timeout=2s"));
  CHECK(personality.idle_timeout == 2s);
  REQUIRE(resync::set_knob(personality, "idle_timeout=3"));
  CHECK(personality.idle_timeout == 3s);
}

TEST_CASE("a knob that is not there or a value it does not take is an error that says what is",
          "[R-RESYNC-01]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  for (const auto* text : {"idle_timeout", "idle_timeout=", "idle_timeout=soon", "idle_timeout=-1",
                           "redirect_limit=2s", "error_retry_zero=never", "no_such_knob=1",
                           "redirect_limit=99999999999999999999"}) {
    INFO(text);
    const auto set = resync::set_knob(personality, text);
    REQUIRE_FALSE(set);
    CHECK(set.error().code == Errc::bad_argument);
    CHECK_FALSE(set.error().detail.empty());
  }
}

TEST_CASE("the personalities differ where the documents do", "[R-RESYNC-01]") {
  const auto spa = resync::personality_of(profile::Generation::spa);
  const auto mpp11 = resync::personality_of(profile::Generation::mpp11);
  const auto mpp12 = resync::personality_of(profile::Generation::mpp12);
  CHECK(spa.resync_random_delay_unit == 20s);
  CHECK(mpp11.resync_random_delay_unit == 1s);
  CHECK(mpp12.resync_random_delay_unit == 20s);
  CHECK(spa.aes_digests == profile::KeyDigests::md5);
  CHECK(mpp12.aes_digests == profile::KeyDigests::sha256_then_md5);
  CHECK(spa.secret_macros == macro::SecretScope::key);
  CHECK(mpp12.secret_macros == macro::SecretScope::key_uid_and_pwd);
  CHECK(resync::dialect_of(spa).implicit_software_version);
  CHECK_FALSE(resync::dialect_of(mpp12).implicit_software_version);
  CHECK(spa.self_closed_element == profile::SelfClosed::keeps_value);
}

}  // namespace personality_test
