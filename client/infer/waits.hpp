#pragma once

#include "client/infer/passes.hpp"
#include "client/infer/window.hpp"

#include <vector>

namespace provphone::client::infer {

// From the end of one pass to the beginning of the phone's next one that the log has.
struct Wait {
  std::uint32_t course = 0;    // place in Courses::phones
  std::uint32_t pass = 0;      // place of the pass before
  Seconds seconds = 0;         // the nearest whole ones
  std::uint32_t failures = 0;  // in a row, up to and with the pass before; 0: that one succeeded
  // Of Resync_Periodic's list, where the log has all of them: periodic passes that have succeeded
  // since the phone's first (R-RESYNC-07). A retry that succeeds does not advance it.
  std::uint32_t position = 0;
};

// Phone after phone, in the order of time.
std::vector<Wait> waits_of(const Courses& courses);
// Of one phone.
std::vector<Wait> waits_of(const Courses& courses, std::uint32_t course);

// What waits of these logs can be told apart by.
Precision precision_of(const Courses& courses);
// How far off a wait may be and still be meant: rounding, transfers, and a second.
Seconds slack_of(const Courses& courses);

}  // namespace provphone::client::infer
