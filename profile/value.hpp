#pragma once

#include "profile/catalogue.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Which values a parameter takes (R-XML-17, R-XML-18, R-LAYER-18).
namespace provphone::profile {

// What becomes of a value that Cisco's description of the parameter rules out (R-XML-18).
enum class InvalidValue : std::uint8_t { ignored, stored };

struct ValueRules {
  InvalidValue invalid = InvalidValue::ignored;
  std::size_t longest = 65'536;  // octets (R-LAYER-18); 0: no limit
  // Periodic_Upload_To_Server's largest value, on which the guides disagree.
  std::uint64_t largest_upload_period = 2'592'000;
};

// Why a phone keeps the old value of parameter `id` when a profile gives it `text`; nothing where
// it takes it, and `text` is what it stores then.
std::optional<std::string> refusal_of(ParameterId id, std::string& text,
                                      const ValueRules& rules = {});

// What a phone stores when a profile gives parameter `id` the value `text`; otherwise why it keeps
// its old value. Only what Cisco documents is refused (Parameter::allowed). The reason never
// repeats the value.
tl::expected<std::string, std::string> accept_value(ParameterId id, std::string text,
                                                    const ValueRules& rules = {});

}  // namespace provphone::profile
