#include "resync/personality.hpp"

#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <optional>

namespace provphone::resync {
namespace {

constexpr auto documented = Status::documented;
constexpr auto observed = Status::observed;
constexpr auto assumed = Status::assumed;

constexpr std::string_view silent = "no document says";
constexpr std::string_view methods_8800 = "8832 MPP Administration Guide, Provisioning Methods";
constexpr std::string_view guide_2017 =
    "7800/7832 MPP Provisioning Guide (2017), Provisioning Parameters";
constexpr std::string_view linksys_guide = "Linksys SPA Provisioning Guide 3.0";
constexpr std::string_view formats_7832 =
    "7832 MPP Administration Guide 11.3(1)+, Provisioning Formats";

constexpr std::string_view provisioning_6800 = "Cisco IP Phone 6800 Series MPP Provisioning Guide";
constexpr std::string_view third_party_8800 =
    "8800 MPP Administration Guide 11.3(1)+, Third-Party Call Control Setup";

constexpr std::array<Cell, 3> same(std::int64_t value, Status status, std::string_view source) {
  return {{{value, status, source}, {value, status, source}, {value, status, source}}};
}

constexpr std::array<KnobRow, knob_count> table{{
    {Knob::resync_random_delay_unit,
     "resync_random_delay_unit",
     Unit::seconds,
     "",
     "what one unit of Resync_Random_Delay lasts",
     {{{20'000, documented, linksys_guide},
       {1'000, documented, guide_2017},
       {20'000, documented, methods_8800}}}},
    {Knob::error_retry_zero,
     "error_retry_zero",
     Unit::choice,
     "none|immediate",
     "what Resync_Error_Retry_Delay 0 does: no retry, or one a second",
     {{{0, documented, linksys_guide},
       {0, documented, guide_2017},
       {0, documented, methods_8800}}}},
    {Knob::chained_passes,
     "chained_passes",
     Unit::number,
     "",
     "how often a pass that changed a Profile_Rule is followed by another at once; 0: never",
     {{{0, documented, "Linksys Voice System (SPA9000) Administration Guide"},
       {5, assumed, silent},
       {5, assumed, silent}}}},
    {Knob::random_delay_scope, "random_delay_scope", Unit::choice, "boot|boot_and_periodic",
     "which passes wait a random part of Resync_Random_Delay", same(0, documented, methods_8800)},
    {Knob::trigger_semantics,
     "trigger_semantics",
     Unit::choice,
     "starter|gate",
     "whether Resync_Trigger_1 and _2 start a pass, or hold scheduled passes back",
     {{{0, documented, linksys_guide},
       {1, documented, formats_7832},
       {1, documented, methods_8800}}}},
    {Knob::forced_resync_delay,
     "forced_resync_delay",
     Unit::choice,
     "idle_timer|maximum_wait",
     "what Forced_Resync_Delay counts: time since the last call, or how long a call may hold a "
     "pass",
     {{{1, documented, linksys_guide},
       {0, documented, guide_2017},
       {0, documented, methods_8800}}}},
    {Knob::resync_at_small_delay,
     "resync_at_small_delay",
     Unit::choice,
     "at_least_600|zero_is_exact",
     "what a Resync_At_Random_Delay of 0 means; other values below 600 count as 600",
     {{{1, documented, "ATA 191/192 MPP Provisioning Guide"},
       {1, documented, guide_2017},
       {0, documented, methods_8800}}}},
    {Knob::resync_at_rounding, "resync_at_rounding", Unit::choice, "nearest|up",
     "how Resync_At_Random_Delay is turned into minutes", same(0, documented, methods_8800)},
    {Knob::resync_at_2400, "resync_at_2400", Unit::choice, "midnight|invalid",
     "what a Resync_At of 2400 means", same(0, assumed, "guides give the range 0000 to 2400")},
    {Knob::periodic_index_after_error, "periodic_index_after_error", Unit::choice, "kept|reset",
     "whether a failed pass begins the list of Resync_Periodic anew", same(0, assumed, silent)},
    {Knob::one_time_pass, "one_time_pass", Unit::choice, "leaves_timers|as_any_pass",
     "what a pass for a rule that came with the request does to the timers",
     same(0, assumed, silent)},
    {Knob::restart_on_change, "restart_on_change", Unit::choice, "listed|never|any",
     "which changed parameters make the phone restart: network, VLAN, web server and TR-069",
     same(0, assumed, silent)},
    {Knob::boot_pass_after_update, "boot_pass_after_update", Unit::choice, "no|yes",
     "whether a restart that a pass caused is followed by a boot pass",
     same(0, documented, guide_2017)},
    {Knob::restart_duration, "restart_duration", Unit::milliseconds, "",
     "how long a phone is away when it restarts", same(60'000, assumed, silent)},
    {Knob::redirect_limit, "redirect_limit", Unit::number, "",
     "how many 301 and 302 answers a retrieval follows", same(5, assumed, silent)},
    {Knob::redirect_macros,
     "redirect_macros",
     Unit::choice,
     "no|yes",
     "whether macros in a Location header are expanded",
     {{{0, assumed, silent},
       {1, observed, "a public provisioning server answers 302 with $MAU in Location"},
       {1, observed, "a public provisioning server answers 302 with $MAU in Location"}}}},
    {Knob::connect_timeout, "connect_timeout", Unit::milliseconds, "",
     "limit for name, TCP and TLS together", same(10'000, assumed, silent)},
    {Knob::idle_timeout, "idle_timeout", Unit::milliseconds, "", "longest silence within an answer",
     same(30'000, assumed, silent)},
    {Knob::total_timeout, "total_timeout", Unit::milliseconds, "", "limit for one retrieval",
     same(180'000, assumed, silent)},
    {Knob::secret_macros,
     "secret_macros",
     Unit::choice,
     "key|key_uid_and_pwd",
     "which option arguments expand $SA..$SD",
     {{{0, documented, linksys_guide},
       {1, documented, guide_2017},
       {1, documented, formats_7832}}}},
    {Knob::aes_digests,
     "aes_digests",
     Unit::choice,
     "md5|sha256_then_md5",
     "digests of AES key derivation, in the order they are tried",
     {{{0, documented, linksys_guide},
       {1, assumed, "guides disagree"},
       {1, assumed, "guides disagree"}}}},
    {Knob::self_closed_element,
     "self_closed_element",
     Unit::choice,
     "keeps_value|clears_value_unless_rw",
     "what <X/> does to a value",
     {{{0, documented, linksys_guide},
       {1, assumed, "guides disagree"},
       {1, assumed, "guides disagree"}}}},
    {Knob::ikm_encoding, "ikm_encoding", Unit::choice, "octets_then_base64url|octets|base64url|hex",
     "how IKM_HTTP_Encrypt_Content spells the octets of its key", same(0, assumed, silent)},
    {Knob::malformed_profile, "malformed_profile", Unit::choice, "nothing|up_to_fault",
     "what is applied of a file whose XML is at fault; its rule fails either way",
     same(0, assumed, silent)},
    {Knob::invalid_value,
     "invalid_value",
     Unit::choice,
     "ignored|stored",
     "what becomes of a value that Cisco's description of the parameter rules out",
     {{{0, assumed, silent},
       {0, assumed, "one case in MPP guides, Provisioning Methods: Resync_At"},
       {0, assumed, "one case in MPP guides, Provisioning Methods: Resync_At"}}}},
    {Knob::empty_value,
     "empty_value",
     Unit::choice,
     "empty|factory",
     "whether <X></X> makes a value empty or brings the factory's back",
     {{{0, documented, linksys_guide},
       {0, assumed, "guides disagree"},
       {0, assumed, "guides disagree"}}}},
    {Knob::access_when_absent,
     "access_when_absent",
     Unit::choice,
     "kept|factory",
     "what an element without ua does to the User account's right",
     {{{0, assumed, "the SPA9xx guide has the factory's right; the others are silent"},
       {0, documented, provisioning_6800},
       {0, documented, provisioning_6800}}}},
    {Knob::plain_file_with_key, "plain_file_with_key", Unit::choice, "corrupt|accepted",
     "what a file without Salted__ is, though its rule has --key", same(0, assumed, silent)},
    {Knob::value_limit, "value_limit", Unit::number, "",
     "longest value in octets, longer ones are ignored; 0: no limit",
     same(65'536, assumed, silent)},
    {Knob::periodic_upload_maximum, "periodic_upload_maximum", Unit::number, "",
     "largest Periodic_Upload_To_Server",
     same(2'592'000, documented, "8800 MPP Release Notes 11.2(3); another guide has 259200")},
    {Knob::report_to_server_spelling, "report_to_server_spelling", Unit::choice, "both|dump|guide",
     "which tags are read: Report_To_Server (dumps), Report_to_Server (a guide) or either",
     same(0, assumed, third_party_8800)},
    {Knob::error_retry_default,
     "error_retry_default",
     Unit::choice,
     "3600|doubling",
     "the factory's Resync_Error_Retry_Delay: one hour, or doubling from 60 s to a day",
     {{{0, documented, linksys_guide},
       {0, documented, guide_2017},
       {1, documented, methods_8800}}}},
    {Knob::psn_prefix,
     "psn_prefix",
     Unit::choice,
     "none|cp|v03",
     "whether $PSN keeps the CP- of the product name, or is the V03 that two guides print",
     {{{0, documented, linksys_guide},
       {0, documented, "7800/8800 Migration Guide"},
       {0, documented, "7800/8800 Migration Guide"}}}},
    {Knob::user_agent,
     "user_agent",
     Unit::choice,
     "mpp|cisco_spa|linksys",
     "shape of the built-in User-Agent",
     {{{1, observed, "provisioning server logs"},
       {0, documented, "8800 MPP Provisioning Guide"},
       {0, documented, "8800 MPP Provisioning Guide"}}}},
    {Knob::macro_name_extent, "macro_name_extent", Unit::choice, "longest_run|longest_known",
     "whether $MAUx is one unknown name, or $MAU and an x", same(0, assumed, silent)},
    {Knob::gpp_macro_form, "gpp_macro_form", Unit::choice, "register|also_long",
     "whether $GPP_A stands for the register that $A is",
     same(0, assumed, "the ATA 191/192 guide of 2026 corrects the 7800 guide of 2017")},
    {Knob::unreadable_rule, "unreadable_rule", Unit::choice, "fails|skipped",
     "what becomes of a rule whose condition, assignment or option cannot be read",
     same(0, assumed, "guides say only that a parsing error results")},
    {Knob::swver_suffix,
     "swver_suffix",
     Unit::choice,
     "none|loads",
     "whether the text of $SWVER ends in .loads",
     {{{0, documented, linksys_guide},
       {0, documented, guide_2017},
       {0, assumed, "6800 and 8800 MPP guides disagree"}}}},
    {Knob::log_default_port, "log_default_port", Unit::choice, "printed|omitted",
     "whether :$PORT shows in log messages when it is the scheme's own",
     same(0, assumed, "templates print it, published samples do not")},
    {Knob::url_user_info, "url_user_info", Unit::choice, "refused|login",
     "what user:password@ in a rule's URL is: an error, or as good as --uid and --pwd",
     same(0, assumed, silent)},
    {Knob::post_content_type, "post_content_type", Unit::choice, "text_plain|none|form",
     "the Content-Type of what --post sends", same(0, assumed, silent)},
    {Knob::upgrade_rule_options, "upgrade_rule_options", Unit::choice, "uid_and_pwd|refused",
     "whether an upgrade rule may hold options, of which --uid and --pwd count",
     same(0, observed, "public ATA templates hold them, against the guides")},
    {Knob::unauthorized_without_login,
     "unauthorized_without_login",
     Unit::choice,
     "fails|profile_account",
     "what 401 does to a rule without credentials: failure, or another try with the profile "
     "account",
     {{{0, assumed, silent},
       {0, assumed, silent},
       {0, assumed, "8832 MPP Administration Guide prompts a person, who is not there"}}}},
    {Knob::rules_read, "rules_read", Unit::choice, "at_turn|at_pass_start",
     "when a rule's text is read: its own turn, or the start of the pass",
     same(0, assumed, "public provisioning plug-ins rely on it")},
    {Knob::tls_lowest,
     "tls_lowest",
     Unit::choice,
     "1.0|1.1|1.2|1.3",
     "lowest TLS version offered",
     {{{0, assumed, silent},
       {0, assumed, silent},
       {1, documented, "ATA 191/192 MPP Provisioning Guide; 1.2 from 12.0(7)SR2"}}}},
    {Knob::tls_highest, "tls_highest", Unit::choice, "1.0|1.1|1.2|1.3",
     "highest TLS version offered",
     same(2, assumed, "the cipher lists of MPP guides end with TLS 1.2")},
}};

consteval bool rows_stand_in_order() {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].knob) != i) return false;
  }
  return true;
}
static_assert(rows_stand_in_order());

std::optional<std::int64_t> parse_choice(std::string_view choices, std::string_view text) {
  for (std::int64_t index = 0;; ++index) {
    const auto bar = choices.find('|');
    if (choices.substr(0, bar) == text) return index;
    if (bar == std::string_view::npos) return std::nullopt;
    choices.remove_prefix(bar + 1);
  }
}

std::string_view choice_at(std::string_view choices, std::int64_t index) {
  for (; index > 0; --index) choices.remove_prefix(choices.find('|') + 1);
  return choices.substr(0, choices.find('|'));
}

// The largest value a knob takes, a day in milliseconds: nothing a knob counts is longer.
constexpr std::int64_t largest = 86'400'000;

std::optional<std::int64_t> parse_number(std::string_view text) {
  return parse_whole(text, std::uint64_t{largest});
}

// `300ms`, `2s` or a bare number of seconds.
std::optional<std::int64_t> parse_duration(std::string_view text) {
  std::int64_t unit = 1'000;
  if (text.ends_with("ms")) {
    unit = 1;
    text.remove_suffix(2);
  } else if (text.ends_with('s')) {
    text.remove_suffix(1);
  }
  const auto number = parse_number(text);
  if (!number || *number * unit > largest) return std::nullopt;
  return *number * unit;
}

std::optional<std::int64_t> parse_value(const KnobRow& row, std::string_view text) {
  switch (row.unit) {
    case Unit::number:
      return parse_number(text);
    case Unit::choice:
      return parse_choice(row.choices, text);
    case Unit::seconds:
    case Unit::milliseconds:
      return parse_duration(text);
  }
  return std::nullopt;
}

std::string accepted(const KnobRow& row) {
  switch (row.unit) {
    case Unit::number:
      return "a number";
    case Unit::choice:
      return std::string(row.choices);
    case Unit::seconds:
    case Unit::milliseconds:
      return "a duration such as 300ms or 20s";
  }
  return {};
}

std::string knob_names() {
  std::string names;
  for (const auto& row : table) names.append(names.empty() ? "" : ", ").append(row.name);
  return names;
}

}  // namespace

std::string_view name(Status status) {
  constexpr std::array<std::string_view, 3> names{"documented", "observed", "assumed"};
  return names[static_cast<std::size_t>(status)];
}

std::span<const KnobRow> knob_table() {
  return table;
}

std::string format_knob(const KnobRow& row, std::int64_t value) {
  switch (row.unit) {
    case Unit::number:
      return fmt::format("{}", value);
    case Unit::choice:
      return std::string(choice_at(row.choices, value));
    case Unit::seconds:
    case Unit::milliseconds:
      return value % 1'000 == 0 ? fmt::format("{}s", value / 1'000) : fmt::format("{}ms", value);
  }
  return {};
}

Personality personality_of(profile::Generation generation) {
  Personality personality{generation, {}};
  for (std::size_t i = 0; i < table.size(); ++i) {
    personality.values[i] = table[i].cells[static_cast<std::size_t>(generation)].value;
  }
  return personality;
}

Result<void> set_knob(Personality& personality, std::string_view assignment) {
  const auto equals = assignment.find('=');
  const auto knob_name = assignment.substr(0, equals);
  if (equals == std::string_view::npos) {
    return fail(Errc::bad_argument, fmt::format("knob '{}': expected NAME=VALUE", assignment));
  }
  for (const auto& row : table) {
    if (row.name != knob_name) continue;
    const auto value = parse_value(row, assignment.substr(equals + 1));
    if (!value) {
      return fail(Errc::bad_argument, fmt::format("knob {}: expected {}", row.name, accepted(row)));
    }
    personality.values[static_cast<std::size_t>(row.knob)] = *value;
    return {};
  }
  return fail(Errc::bad_argument,
              fmt::format("there is no knob '{}'; there are {}", knob_name, knob_names()));
}

macro::Dialect dialect_of(const Personality& personality) {
  const auto user_info =
      personality[Knob::url_user_info] == 0 ? macro::UserInfo::refused : macro::UserInfo::login;
  const auto upgrade_options = personality[Knob::upgrade_rule_options] == 0
                                   ? macro::UpgradeOptions::credentials
                                   : macro::UpgradeOptions::refused;
  if (personality.generation == profile::Generation::spa) {
    return {macro::VersionOrder::legacy, true, true, user_info, upgrade_options};
  }
  return {macro::VersionOrder::mpp, false, true, user_info, upgrade_options};
}

macro::SecretScope secret_scope_of(const Personality& personality) {
  return personality[Knob::secret_macros] == 0 ? macro::SecretScope::key
                                               : macro::SecretScope::key_uid_and_pwd;
}

macro::NameExtent name_extent_of(const Personality& personality) {
  return personality[Knob::macro_name_extent] == 0 ? macro::NameExtent::longest_run
                                                   : macro::NameExtent::longest_known;
}

profile::KeyDigests key_digests_of(const Personality& personality) {
  return personality[Knob::aes_digests] == 0 ? profile::KeyDigests::md5
                                             : profile::KeyDigests::sha256_then_md5;
}

profile::SelfClosed self_closed_of(const Personality& personality) {
  return personality[Knob::self_closed_element] == 0 ? profile::SelfClosed::keeps_value
                                                     : profile::SelfClosed::clears_value_unless_rw;
}

}  // namespace provphone::resync
