#pragma once

#include "resync/personality.hpp"
#include "resync/phone_clock.hpp"
#include "resync/random.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

// Resync_At__HHmm_ and Resync_At_Random_Delay (behaviour rules R-RESYNC-20 to R-RESYNC-25).
namespace provphone::resync {

// Minutes after midnight, 0..1440, of exactly four digits; nothing where a phone ignores the text
// (R-RESYNC-21).
std::optional<std::chrono::minutes> parse_resync_at(std::string_view text,
                                                    const Personality& personality);

// How long after the set time a pass may start at most, in whole minutes, of a delay in seconds
// (R-RESYNC-22).
std::chrono::minutes random_window(std::uint32_t resync_at_random_delay,
                                   const Personality& personality);

struct DailyWindow {
  std::chrono::minutes opens;   // after local midnight
  std::chrono::minutes length;  // 0: the pass starts as it opens
};

// The first instant after `now` that the phone has drawn for a day. The draw belongs to the day, so
// that a phone which restarts within the window finds the same instant again. `stream` is of
// Purpose::resync_at, and the day's number since 1970 its counter.
Time next_in_window(const DailyWindow& window, const PhoneClock& clock, const Stream& stream,
                    Time now);

}  // namespace provphone::resync
