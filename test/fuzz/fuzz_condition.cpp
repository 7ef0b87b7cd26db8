#include "macro/condition.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::macro;

namespace {

void evaluate(std::string_view text, const Dialect& dialect, std::string_view software_version) {
  const auto result = evaluate_condition(text, dialect, software_version);
  if (result) return;
  if (stage_of(result.error().code) != Stage::rule || result.error().detail.empty()) std::abort();
}

}  // namespace

// The first octet picks the firmware, the rest is the condition.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    evaluate(text, {VersionOrder::mpp, false, false}, "sip88xx.11-3-2MPP0001-609");
  } else {
    evaluate(text, {VersionOrder::legacy, true, true}, "2.0.6(b)");
  }
  return 0;
}
