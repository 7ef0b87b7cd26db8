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

Base make_base(Generation generation, ErrorRetryDefault error_retry) {
  constexpr auto id = profile::parameter_id("Resync_Error_Retry_Delay");
  const auto wanted = profile::default_value(id, error_retry_of[error_retry]);
  auto factory = profile::factory_values(generation);
  // The family's own object where it is equal, so that sets made of either compare equal.
  if ((*factory)[id] == wanted) return factory;
  auto changed = std::make_shared<BaseValues>(*factory);
  (*changed)[id] = wanted;
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
  using ByRetry = EnumArray<ErrorRetryDefault, Base>;
  static const auto made = [] {
    EnumArray<Generation, ByRetry> bases;
    for (const auto family : every<Generation>) {
      for (const auto list : every<ErrorRetryDefault>)
        bases[family][list] = make_base(family, list);
    }
    return bases;
  }();
  return made[personality.generation][personality.error_retry_default];
}

}  // namespace provphone::resync
