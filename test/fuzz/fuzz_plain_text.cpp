#include "profile/plain_text.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// A source for the profile compiler. An error says where; what is read can be applied.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace provphone::profile;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto decoded = parse_plain_text(text);
  if (!decoded) {
    if (!decoded.error().detail.starts_with("line ")) std::abort();
    return 0;
  }
  ParameterSet phone(factory_values(Generation::spa));
  apply(phone, decoded->changes);
  if (!apply(phone, decoded->changes).empty()) std::abort();
  return 0;
}
