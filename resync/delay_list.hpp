#pragma once

#include "macro/error.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

// The lists of waits that Resync_Periodic and the retry delays are made of (R-RESYNC-08 to
// R-RESYNC-11).
namespace provphone::resync {

// One wait of `seconds`..`seconds + spread`, drawn in whole seconds.
struct Delay {
  std::uint32_t seconds = 0;
  std::uint32_t spread = 0;

  friend bool operator==(const Delay&, const Delay&) = default;
};

// Resync_Periodic and the *_Retry_Delay parameters: `600`, `1800+300,3600`. Consumed from left to
// right, the last element repeats for ever.
struct DelayList {
  std::vector<Delay> delays;

  friend bool operator==(const DelayList&, const DelayList&) = default;
};

// Of elements: a bound on what foreign text may ask for.
inline constexpr std::size_t max_delay_list_length = 256;

// An empty text is an empty list; blanks round numbers do not count. Fails with delay_list_syntax,
// also past max_delay_list_length elements. What counts then is the caller's business
// (R-RESYNC-10).
Result<DelayList> parse_delay_list(std::string_view text);

// An empty list or a single 0 (R-RESYNC-09).
bool is_disabled(const DelayList& list);

// The element of the `index`-th wait, which counts from 0. The list must not be empty.
Delay delay_at(const DelayList& list, std::size_t index);

// Whether the `index`-th wait and all after it are the list's last element.
bool is_repeating(const DelayList& list, std::size_t index);

}  // namespace provphone::resync
