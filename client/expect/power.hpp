#pragma once

#include <cstdint>

namespace provphone::client::expect {

// When a phone got power last, and how long it took from there to its first success; in ms.
struct Power {
  std::int64_t since = -1;  // never
  std::int64_t took = -1;   // not yet

  bool is_known() const { return since >= 0; }
};

}  // namespace provphone::client::expect
