#pragma once

#include <cstdint>

namespace provphone::client::expect {

// When a phone got power last, in ms since the start, and how long it took from there to its first
// success, in ms. A restart is no power-on.
struct Power {
  std::int64_t since = -1;  // never
  std::int64_t took = -1;   // not yet

  bool is_known() const { return since >= 0; }
};

}  // namespace provphone::client::expect
