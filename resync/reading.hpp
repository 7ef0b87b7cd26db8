#pragma once

#include "profile/decode.hpp"
#include "profile/parameter_set.hpp"
#include "resync/personality.hpp"

#include <memory>
#include <optional>

// How a phone of a personality reads profiles: the knobs in the terms of profile/.
namespace provphone::resync {

// Everything but what a rule, an answer and the phone's parameters say: key, IKM, coding, alias
// map, which the caller fills in.
profile::DecodeOptions decode_options_of(const Personality& personality);

// Whose parameters the phone has, by the knob names_of; nothing: everybody's.
std::optional<profile::ProductLine> reader_of(const Personality& personality);

// What the phone leaves the factory with (R-XML-24). Always the same object for the same values, so
// that sets made from it can be compared.
std::shared_ptr<const profile::BaseValues> factory_values_of(const Personality& personality);

}  // namespace provphone::resync
