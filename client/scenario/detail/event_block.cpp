#include "client/scenario/detail/keys.hpp"
#include "macro/try.hpp"
#include "resync/notify_event.hpp"

#include <fmt/format.h>

namespace provphone::client::scenario {
namespace {

// Actions that name their phones themselves: `power_on: 40%`.
template <class What>
Result<void> act_on(const Node& node, ScheduledEvent& event, const Reading& reading) {
  event.action = What{};
  return into<&ScheduledEvent::who, as_selector>(node, event, reading);
}

// Any event will do: a phone answers one that it does not know (R-RESYNC-61).
Result<void> read_notify(const Node& node, ScheduledEvent& event, const Reading& /*reading*/) {
  TRY(const auto header, as_filled_text(node));
  event.action = Notify{resync::notify_event_named(header)};
  return {};
}

// What `by` may say.
Result<resync::Origin> as_origin(const Node& node) {
  using resync::Origin;
  constexpr std::array<Choice<Origin>, 5> origins{{{"operator", Origin::operator_},
                                                   {"web", Origin::web},
                                                   {"menu", Origin::phone_menu},
                                                   {"xml", Origin::xml_execute},
                                                   {"sip", Origin::sip_notify}}};
  return as_choice(node, origins);
}

// What is asked for in a block of its own, beside the phones of the event.
struct Wanted {
  resync::Origin by = resync::Origin::operator_;
  std::optional<Template> rule;
  Selector among;
};

// A rule is for the phones of the event.
Result<void> read_wanted_rule(const Node& node, Wanted& wanted, const Reading& reading) {
  if (node.text.empty() && node.kind == Node::Kind::scalar) return unexpected_value(node, "a rule");
  TRY(wanted.rule, as_template_for(node, groups_of(wanted.among, reading.so_far)));
  return {};
}

constexpr std::array<Key<Wanted>, 2> wanted_resync_keys{{
    {"by", into<&Wanted::by, as_origin>},
    {"rule", read_wanted_rule},
}};

constexpr std::array<Key<Wanted>, 1> own_rule_keys{{
    {"rule", read_wanted_rule, Need::required},
}};

// The phones alone, or how they are asked; then it is all of `phones`, whose row stands above.
Result<void> read_resync(const Node& node, ScheduledEvent& event, const Reading& reading) {
  if (node.kind != Node::Kind::map) return act_on<RequestResync>(node, event, reading);
  Wanted wanted;
  wanted.among = event.among;
  if (auto read = read_block(node, wanted_resync_keys, wanted, reading); !read) return read;
  event.action = RequestResync{wanted.by, std::move(wanted.rule)};
  return {};
}

// Of all of `phones`, too.
template <class Request>
Result<void> read_with_rule(const Node& node, ScheduledEvent& event, const Reading& reading) {
  Wanted wanted;
  wanted.among = event.among;
  if (auto read = read_block(node, own_rule_keys, wanted, reading); !read) return read;
  event.action = Request{*std::move(wanted.rule)};
  return {};
}

// Of all of `phones`: each its own, perhaps.
Result<void> read_code(const Node& node, ScheduledEvent& event, const Reading& reading) {
  if (node.text.empty()) return unexpected_value(node, "an activation code");
  TRY(auto code, as_template_for(node, groups_of(event.among, reading.so_far)));
  event.action = EnterCode{std::move(code)};
  return {};
}

Result<void> read_link(const Node& node, ScheduledEvent& event, const Reading& /*reading*/) {
  using State = Link::State;
  constexpr std::array<Choice<State>, 2> states{{{"down", State::down}, {"up", State::up}}};
  TRY(const auto state, as_choice(node, states));
  event.action = Link{state};
  return {};
}

Result<void> read_register(const Node& node, ScheduledEvent& event, const Reading& /*reading*/) {
  using State = Registration::State;
  constexpr std::array<Choice<State>, 2> states{
      {{"lost", State::lost}, {"restored", State::restored}}};
  TRY(const auto state, as_choice(node, states));
  event.action = Registration{state};
  return {};
}

Result<void> read_clock(const Node& node, ScheduledEvent& event, const Reading& /*reading*/) {
  constexpr std::array<Choice<int>, 1> only{{{"set", 0}}};
  TRY(as_choice(node, only));
  event.action = SetClock{};
  return {};
}

enum class Towards : std::uint8_t { future, past };

// A phone keeps what its clock was put by in whole minutes (resync::Phone).
template <Towards towards>
Result<void> read_clock_moved(const Node& node, ScheduledEvent& event, const Reading& /*reading*/) {
  using std::chrono::minutes;
  constexpr auto most = minutes(std::chrono::days(21));
  TRY(const auto by, as_positive_duration(node));
  const auto whole = std::chrono::duration_cast<minutes>(by);
  if (whole != by || whole > most) return unexpected_value(node, "whole minutes, 504h at most");
  event.action = MoveClock{towards == Towards::future ? whole : -whole};
  return {};
}

// The row of `phones` stands above.
template <resync::ByHand how>
Result<void> read_event_set(const Node& node, ScheduledEvent& event, const Reading& reading) {
  TRY(auto set, as_settings(node, groups_of(event.among, reading.so_far)));
  event.action = SetParameters{std::move(set), how};
  return {};
}

// With an address alone the options stay as they are; else those that stand here are all.
Result<void> read_lease(const Node& node, ScheduledEvent& event, const Reading& reading) {
  if (node.kind != Node::Kind::map)
    return unexpected_value(node, "a map of option numbers and texts, and perhaps ip");
  const auto groups = groups_of(event.among, reading.so_far);
  GrantLease lease;
  std::vector<LeaseOption> options;
  for (const auto& entry : node.entries) {
    if (entry.key == "ip") {
      TRY(lease.ip, as_template_for(entry.value, groups));
      continue;
    }
    TRY(auto option, as_lease_option(entry, groups));
    options.push_back(std::move(option));
  }
  if (!lease.ip || !options.empty()) lease.options = std::move(options);
  event.action = std::move(lease);
  return {};
}

// A key that says more about one kind of action, whose row stands above.
template <class What, auto member, auto read>
Result<void> detail_of(const Node& node, ScheduledEvent& event, const Reading& reading) {
  auto* action = std::get_if<What>(&event.action);
  if (action == nullptr) return fail_at(node.place, "this key does not go with that action");
  return into<member, read>(node, *action, reading);
}

Result<std::uint32_t> as_line(const Node& node) {
  constexpr std::uint32_t most_lines = 16;
  auto line = as_count(node);
  if (!line || *line > most_lines) return unexpected_value(node, "a line from 1 to 16");
  return line;
}

Result<void> read_every(const Node& node, ScheduledEvent& event, const Reading& /*reading*/) {
  TRY(const auto every, as_positive_duration(node));
  event.repeat = Repeat{every, std::nullopt};
  return {};
}

Result<void> read_times(const Node& node, ScheduledEvent& event, const Reading& reading) {
  if (!event.repeat) return fail_at(node.place, "times needs every");
  return into<&Repeat::times, as_count>(node, *event.repeat, reading);
}

constexpr std::size_t action_count = 18;

// The actions come first, for of the others some go with one of them only; `phones` is before all.
constexpr std::array<Key<ScheduledEvent>, 9 + action_count> event_keys{{
    {"phones", into<&ScheduledEvent::among, as_selector>},
    {"power_on", act_on<PowerOn>},
    {"power_off", act_on<PowerOff>},
    {"power_cycle", act_on<PowerCycle>},
    {"notify", read_notify},
    {"call", act_on<Call>},
    {"register", read_register},
    {"clock", read_clock},
    {"clock_forward", read_clock_moved<Towards::future>},
    {"clock_back", read_clock_moved<Towards::past>},
    {"resync", read_resync},
    {"upgrade", read_with_rule<RequestUpgrade>},
    {"updateca", read_with_rule<RequestCustomCa>},
    {"link", read_link},
    {"activation_code", read_code},
    {"factory_reset", act_on<FactoryReset>},
    {"lease", read_lease},
    {"set", read_event_set<resync::ByHand::set>},
    {"submit", read_event_set<resync::ByHand::submitted>},
    {"at", into<&ScheduledEvent::at, as_duration>, Need::required},
    {"over", into<&ScheduledEvent::over, as_duration>},
    {"shape", read_shape},
    {"every", read_every},
    {"times", read_times},
    {"off", detail_of<PowerCycle, &PowerCycle::off, as_positive_duration>},
    {"for", detail_of<Call, &Call::length, as_positive_duration>},
    {"line", detail_of<Registration, &Registration::line, as_line>},
}};

Result<void> check_one_action(const Node& node) {
  const Entry* first = nullptr;
  std::string names;
  // Row 0 is `phones`, and the actions follow it.
  for (std::size_t i = 1; i <= action_count; ++i)
    names.append(i == 1 ? "" : ", ").append(event_keys[i].name);
  for (const auto& entry : node.entries) {
    const auto* actions = &event_keys[1];
    const bool is_action = std::any_of(actions, actions + action_count,
                                       [&](const auto& key) { return key.name == entry.key; });
    if (!is_action) continue;
    if (first != nullptr) {
      return fail_at(entry.place,
                     fmt::format("a second action beside '{}'; an event has one", first->key));
    }
    first = &entry;
  }
  if (first == nullptr) return fail_at(node.place, fmt::format("expected one of {}", names));
  return {};
}

Result<ScheduledEvent> as_event(const Node& node, const Reading& reading) {
  ScheduledEvent event;
  const auto read = [&]() -> Result<void> {
    if (auto known = check_keys(node, infos(event_keys)); !known) return known;
    if (auto one = check_one_action(node); !one) return one;
    return read_keys(node, event_keys, event, reading);
  }();
  if (!read) return tl::unexpected(read.error());
  // The table cannot say it: the key is needed for one action and refused for the others.
  if (std::holds_alternative<Call>(event.action) && find(node, "for") == nullptr)
    return fail_at(node.place, "a call needs the key 'for', how long it lasts");
  return event;
}

}  // namespace

Result<std::vector<ScheduledEvent>> as_events(const Node& node, const Reading& reading) {
  return as_list(node, "a list of events",
                 [&](const Node& item) { return as_event(item, reading); });
}

std::vector<BlockInfo> event_blocks() {
  return {{"events", infos(event_keys)},
          {"events.resync", infos(wanted_resync_keys)},
          {"events.upgrade", infos(own_rule_keys)},
          {"events.updateca", infos(own_rule_keys)}};
}

}  // namespace provphone::client::scenario
