#include "resync/time_zone.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone::resync;

namespace {

// Whatever a rule says, clocks that go by it run on, and what they show comes at a time of its own.
void live_by(const SavingTime& saving) {
  const YearsOfZone zone({std::chrono::hours(1), saving}, std::chrono::year(2026));
  sys_seconds at = std::chrono::sys_days(std::chrono::year(2026) / 1 / 1);
  for (int step = 0; step < 100; ++step) {
    at += std::chrono::hours(87);
    const auto shown = local_time(zone, at);
    if (first_instant(zone, shown) > at) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto zone = parse_time_zone(text);
  if (zone && std::chrono::abs(*zone) > std::chrono::hours(14)) std::abort();
  const auto offset = parse_time_offset(text);
  if (offset && std::chrono::abs(*offset) >= std::chrono::hours(24)) std::abort();
  if (const auto saving = parse_saving_time(text)) live_by(*saving);
  return 0;
}
