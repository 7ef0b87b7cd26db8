#include "client/scenario/detail/keys.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <charconv>

namespace provphone::client::scenario {
namespace {

constexpr std::size_t most_stages = 100;

// 5, 5/s, 300/m, 20/h.
Result<Rate> as_rate(const Node& node) {
  const auto refuse = [&] { return unexpected_value(node, "a rate such as 5/s, 300/m or 20/h"); };
  const auto slash = node.text.find('/');
  const auto number = node.text.substr(0, slash);
  const auto unit = slash == std::string::npos ? std::string("s") : node.text.substr(slash + 1);
  Rate rate;
  const auto* end = number.data() + number.size();
  const auto [stop, error] = std::from_chars(number.data(), end, rate.phones);
  if (node.kind != Node::Kind::scalar || error != std::errc() || stop != end || rate.phones == 0)
    return refuse();
  if (unit == "s")
    rate.per = std::chrono::seconds(1);
  else if (unit == "m")
    rate.per = std::chrono::minutes(1);
  else if (unit == "h")
    rate.per = std::chrono::hours(1);
  else
    return refuse();
  return rate;
}

template <auto read>
Result<void> read_whom(const Node& node, Stage& stage, const Reading& /*reading*/) {
  if (stage.whom.index() != 0) return fail_at(node.place, "a stage has a share or a rate");
  TRY(stage.whom, read(node));
  return {};
}

constexpr std::array<Key<Stage>, 3> stage_keys{{
    {"over", into<&Stage::over, as_duration>, Need::required},
    {"share", read_whom<as_share>},
    {"rate", read_whom<as_rate>},
}};

// Of all but the last stage it is said who comes in them; together they are for every phone.
Result<void> check_whom(const Node& node, const std::vector<Stage>& stages) {
  std::uint32_t ppm = 0;
  bool has_rate = false;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto& whom = stages[i].whom;
    if (const auto* share = std::get_if<Share>(&whom)) ppm += share->ppm;
    has_rate = has_rate || std::holds_alternative<Rate>(whom);
    if (whom.index() == 0 && i + 1 < stages.size())
      return fail_at(node.items[i].place,
                     "expected share or rate; only the last stage is for all that are left");
  }
  if (ppm > whole_ppm)
    return fail_at(node.place, fmt::format("the shares come to {} %", ppm / 1e4));
  const bool ends_with_share = std::holds_alternative<Share>(stages.back().whom);
  if (ends_with_share && (has_rate || ppm < whole_ppm))
    return fail_at(node.items.back().place,
                   has_rate ? "the last stage is for all that are left; leave share out"
                            : fmt::format("the shares come to {} %; without share the last stage "
                                          "is for all that are left",
                                          ppm / 1e4));
  return {};
}

Result<void> read_stages(const Node& node, Shape& shape, const Reading& reading) {
  TRY(shape.stages, as_list(node, "a list of stages", [&](const Node& item) -> Result<Stage> {
        Stage stage;
        TRY(read_block(item, stage_keys, stage, reading));
        return stage;
      }));
  if (shape.stages.empty() || shape.stages.size() > most_stages)
    return unexpected_value(node, fmt::format("1 to {} stages", most_stages));
  return check_whom(node, shape.stages);
}

constexpr std::array<Key<Shape>, 1> shape_keys{{
    {"stages", read_stages, Need::required},
}};

constexpr std::array<Choice<Curve>, 3> curves{
    {{"linear", Curve::linear}, {"ramp", Curve::ramp}, {"burst", Curve::burst}}};

}  // namespace

// The row of `over` stands above.
Result<void> read_shape(const Node& node, ScheduledEvent& event, const Reading& reading) {
  if (node.kind != Node::Kind::map) {
    TRY(event.shape.curve, as_choice(node, curves));
    if (event.over == Duration::zero()) return fail_at(node.place, "shape needs over");
    return {};
  }
  if (event.over != Duration::zero())
    return fail_at(node.place, "stages say themselves how long they take; leave over out");
  TRY(read_block(node, shape_keys, event.shape, reading));
  event.over = length_of(event.shape.stages);
  return {};
}

std::vector<BlockInfo> shape_blocks() {
  return {{"events.shape", infos(shape_keys)}, {"events.shape.stages", infos(stage_keys)}};
}

}  // namespace provphone::client::scenario
