#include "resync/reading.hpp"

#include <array>

namespace provphone::resync {
namespace {

using profile::BaseValues;
using profile::Generation;
using Base = std::shared_ptr<const BaseValues>;

template <class Option>
Option option(const Personality& personality, Knob knob) {
  return static_cast<Option>(personality[knob]);
}

// The two lists that guides print are those of two families.
constexpr std::array<Generation, 2> error_retry_of{Generation::mpp11, Generation::mpp12};

Base make_base(Generation generation, std::size_t error_retry) {
  const auto id = *profile::find_parameter("Resync_Error_Retry_Delay");
  const auto wanted = profile::default_value(id, error_retry_of[error_retry]);
  auto factory = profile::factory_values(generation);
  const auto& own = factory->values[static_cast<std::size_t>(id)];
  if (own == wanted) return factory;
  auto changed = std::make_shared<BaseValues>(*factory);
  changed->values[static_cast<std::size_t>(id)] = wanted;
  return changed;
}

}  // namespace

profile::DecodeOptions decode_options_of(const Personality& personality) {
  profile::DecodeOptions options;
  options.digests = key_digests_of(personality);
  options.self_closed = self_closed_of(personality);
  options.ikm_encoding = option<profile::IkmEncoding>(personality, Knob::ikm_encoding);
  options.plain_file_with_key =
      option<profile::PlainFileWithKey>(personality, Knob::plain_file_with_key);
  options.malformed = option<profile::MalformedProfile>(personality, Knob::malformed_profile);
  options.access_when_absent =
      option<profile::AccessWhenAbsent>(personality, Knob::access_when_absent);
  options.report_tag = option<profile::ReportTag>(personality, Knob::report_to_server_spelling);
  options.values = {option<profile::InvalidValue>(personality, Knob::invalid_value),
                    static_cast<std::size_t>(personality[Knob::value_limit]),
                    static_cast<std::uint64_t>(personality[Knob::periodic_upload_maximum])};
  if (personality[Knob::empty_value] != 0) {
    options.restored_by_empty = factory_values_of(personality);
  }
  return options;
}

Base factory_values_of(const Personality& personality) {
  static const std::array<std::array<Base, 2>, 3> made = [] {
    std::array<std::array<Base, 2>, 3> bases;
    for (std::size_t family = 0; family < bases.size(); ++family) {
      for (std::size_t list = 0; list < bases[family].size(); ++list) {
        bases[family][list] = make_base(static_cast<Generation>(family), list);
      }
    }
    return bases;
  }();
  return made[static_cast<std::size_t>(personality.generation)]
             [static_cast<std::size_t>(personality[Knob::error_retry_default])];
}

}  // namespace provphone::resync
