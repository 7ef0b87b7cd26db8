#include "client/scenario/shape.hpp"

#include <algorithm>
#include <cmath>

namespace provphone::client::scenario {
namespace {

using Count = Duration::rep;

// Multiplied before it is divided, so that rounding does not add up from phone to phone.
Duration even(Duration over, Count position, Count count) {
  return over * position / std::max<Count>(count, 1);
}

// The square root is exact to the last bit on every machine (IEEE 754).
Duration share_of(Duration over, double share) {
  return Duration(static_cast<Count>(static_cast<double>(over.count()) * share));
}

Duration on_curve(Curve curve, Duration over, Count position, Count count) {
  const auto passed =
      static_cast<double>(position) / static_cast<double>(std::max<Count>(count, 1));
  switch (curve) {
    case Curve::ramp:
      return share_of(over, std::sqrt(passed));
    case Curve::burst:
      return share_of(over, 1 - std::sqrt(1 - passed));
    case Curve::linear:
      break;
  }
  return even(over, position, count);
}

// How many phones come in a stage, of `left` that have not.
Count phones_in(const Stage& stage, Count picked, Count left) {
  if (const auto* share = std::get_if<Share>(&stage.whom))
    return std::min(left, picked * static_cast<Count>(share->ppm) / Count{whole_ppm});
  if (const auto* rate = std::get_if<Rate>(&stage.whom))
    return std::min(left, stage.over.count() * Count{rate->phones} / rate->per.count());
  return left;
}

Duration within(const Stage& stage, Count position, Count count) {
  if (const auto* rate = std::get_if<Rate>(&stage.whom))
    return rate->per * position / Count{rate->phones};
  return even(stage.over, position, count);
}

Duration in_stages(const std::vector<Stage>& stages, Count position, Count picked) {
  Duration begins{};
  Count before = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto& stage = stages[i];
    const auto left = picked - before;
    // Nobody is lost: the last stage is for all who have not come.
    const auto count = i + 1 == stages.size() ? left : phones_in(stage, picked, left);
    if (position < before + count) return begins + within(stage, position - before, count);
    begins += stage.over;
    before += count;
  }
  return begins;
}

}  // namespace

Duration offset_of(const Shape& shape, Duration over, std::size_t position, std::size_t picked) {
  const auto place = static_cast<Count>(position);
  const auto count = static_cast<Count>(picked);
  return shape.stages.empty() ? on_curve(shape.curve, over, place, count)
                              : in_stages(shape.stages, place, count);
}

Duration length_of(const std::vector<Stage>& stages) {
  Duration sum{};
  for (const auto& stage : stages) sum += stage.over;
  return sum;
}

}  // namespace provphone::client::scenario
