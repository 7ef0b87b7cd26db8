#include "resync/reading.hpp"

#include "macro/enum_array.hpp"
#include "profile/parameter_id.hpp"

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

}  // namespace

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
  options.report_tag = personality.report_to_server_spelling;
  options.values = {personality.invalid_value, personality.value_limit,
                    personality.periodic_upload_maximum};
  if (personality.empty_value == EmptyValue::factory) {
    options.restored_by_empty = factory_values_of(personality);
  }
  return options;
}

Base factory_values_of(const Personality& personality) {
  using ByRule = EnumArray<ProfileRuleDefault, Base>;
  using ByRetry = EnumArray<ErrorRetryDefault, ByRule>;
  static const auto made = [] {
    EnumArray<Generation, ByRetry> bases;
    for (const auto generation : every<Generation>) {
      for (const auto list : every<ErrorRetryDefault>) {
        for (const auto rule : every<ProfileRuleDefault>)
          bases[generation][list][rule] = make_base(generation, list, rule);
      }
    }
    return bases;
  }();
  return made[personality.generation][personality.error_retry_default]
             [personality.profile_rule_default];
}

}  // namespace provphone::resync
