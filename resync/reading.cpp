#include "resync/reading.hpp"

#include "macro/enum_array.hpp"
#include "profile/parameter_id.hpp"

#include <array>
#include <utility>

namespace provphone::resync {
namespace {

using profile::BaseValues;
using profile::Generation;
using Base = std::shared_ptr<const BaseValues>;

// The two lists that guides print are those of two families.
constexpr EnumArray<ErrorRetryDefault, Generation> error_retry_of{
    {Generation::mpp11, Generation::mpp12}};

constexpr EnumArray<ProfileRuleDefault, std::string_view> profile_rules{
    {"/spa$PSN.cfg", "/$PSN.xml", "/ata$PSN.cfg"}};

Base make_base(Generation generation, ErrorRetryDefault error_retry, ProfileRuleDefault rule) {
  constexpr auto retry_id = profile::parameter_id("Resync_Error_Retry_Delay");
  constexpr auto rule_id = profile::parameter_id("Profile_Rule");
  const auto retry = profile::default_value(retry_id, error_retry_of[error_retry]);
  auto factory = profile::factory_values(generation);
  // The generation's own object where it is equal, so that sets made of either compare equal.
  if ((*factory)[retry_id] == retry && (*factory)[rule_id] == profile_rules[rule]) return factory;
  auto changed = std::make_shared<BaseValues>(*factory);
  (*changed)[retry_id] = retry;
  (*changed)[rule_id] = profile_rules[rule];
  return changed;
}

constexpr std::size_t list_count = enum_size<ErrorRetryDefault>;
constexpr std::size_t rule_count = enum_size<ProfileRuleDefault>;

constexpr std::size_t base_place(Generation generation, ErrorRetryDefault list,
                                 ProfileRuleDefault rule) {
  return (static_cast<std::size_t>(generation) * list_count + static_cast<std::size_t>(list)) *
             rule_count +
         static_cast<std::size_t>(rule);
}

// Each base is made when the first phone of its kind asks for it: a run has few of them, and each
// is as long as the catalogue.
template <std::size_t place>
const Base& base_at() {
  static const Base made =
      make_base(static_cast<Generation>(place / rule_count / list_count),
                static_cast<ErrorRetryDefault>(place / rule_count % list_count),
                static_cast<ProfileRuleDefault>(place % rule_count));
  return made;
}

using MadeBase = const Base& (*)();

template <std::size_t... places>
constexpr auto all_bases(std::index_sequence<places...>) {
  return std::array<MadeBase, sizeof...(places)>{&base_at<places>...};
}

constexpr auto made_bases =
    all_bases(std::make_index_sequence<enum_size<Generation> * list_count * rule_count>());

}  // namespace

// R-XML-36
std::optional<profile::ProductLine> reader_of(const Personality& personality) {
  using enum profile::ProductLine;
  const auto of_mpp = personality.generation == Generation::mpp11 ? mpp11 : mpp12;
  switch (personality.names_of) {
    case NamesOf::spa:
      return spa;
    case NamesOf::mpp:
      return of_mpp;
    case NamesOf::ata:
      return ata;
    case NamesOf::phoneos:
      return phoneos;
    case NamesOf::all:
      break;
  }
  return std::nullopt;
}

profile::DecodeOptions decode_options_of(const Personality& personality) {
  profile::DecodeOptions options;
  options.digests = personality.aes_digests;
  options.self_closed = personality.self_closed_element;
  options.ikm_encoding = personality.ikm_encoding;
  options.plain_file_with_key = personality.plain_file_with_key;
  options.malformed = personality.malformed_profile;
  options.access_when_absent = personality.access_when_absent;
  options.preserve_value = personality.preserve_value;
  options.user_pref = personality.user_pref;
  options.reader = reader_of(personality);
  options.report_tag = personality.report_to_server_spelling;
  options.values = {personality.invalid_value, personality.value_limit,
                    personality.periodic_upload_maximum};
  if (personality.empty_value == EmptyValue::factory) {
    options.restored_by_empty = factory_values_of(personality);
  }
  return options;
}

Base factory_values_of(const Personality& personality) {
  return made_bases[base_place(personality.generation, personality.error_retry_default,
                               personality.profile_rule_default)]();
}

}  // namespace provphone::resync
