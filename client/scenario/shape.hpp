#pragma once

#include "client/scenario/phone_group.hpp"
#include "resync/time.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

// How the phones of an event follow one another. Pure: the same plan in every driver.
namespace provphone::client::scenario {

using resync::Duration;

// Phones a time, both at least 1.
struct Rate {
  std::uint32_t phones = 1;
  Duration per{1'000};
};

// One part of an event's time.
struct Stage {
  Duration over{};  // 0: all of its phones at once
  // How many of the phones come in it, at equal distances: a share of all that were picked, or as
  // many as the rate has time for. Nothing: all that are left, which is for the last stage alone.
  std::variant<std::monostate, Share, Rate> whom;
};

enum class Curve : std::uint8_t {
  linear,  // at one pace
  ramp,    // the pace grows evenly, from nothing
  burst,   // the pace falls evenly, to nothing
};

struct Shape {
  Curve curve = Curve::linear;
  std::vector<Stage> stages;  // not empty: they count, and the curve does not
};

// How long behind the first moment of the event it happens to the phone at `position` of `picked`
// ones; the last one comes before `over` has passed. With stages `over` does not count; phones for
// whom the last stage's rate has no time come at that rate behind it.
Duration offset_of(const Shape& shape, Duration over, std::size_t position, std::size_t picked);

// All stages together.
Duration length_of(const std::vector<Stage>& stages);

}  // namespace provphone::client::scenario
