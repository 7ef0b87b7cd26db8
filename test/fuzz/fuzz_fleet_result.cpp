#include "client/figures/fleet_result.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::client::figures;

// What was read can be written, merged with itself as another run, and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto result = parse_fleet_result(input, "fuzz");
  if (!result) {
    if (result.error().code != Errc::bad_argument) std::abort();
    if (!result.error().detail.starts_with("fuzz: ")) std::abort();
    return 0;
  }
  auto again = parse_fleet_result(format_json(*result), "fuzz");
  if (!again || format_json(*again) != format_json(*result)) std::abort();
  auto& other = *again;
  other.started += ' ';
  if (!pool({*result, other})) std::abort();
  return 0;
}
