#include "client/capsule/event_json.hpp"

#include "client/capsule/enum_names.hpp"
#include "macro/enum_array.hpp"

#include <array>
#include <utility>

namespace provphone::client::capsule {
namespace {

using Json = nlohmann::ordered_json;

resync::NotifyEvent notify_of(const Json& json) {
  const auto text = json.get<std::string>();
  for (const auto event : every<resync::NotifyEvent>) {
    if (name(event) == text) return event;
  }
  return resync::NotifyEvent::other;
}

struct EventWriter {
  Json operator()(const resync::PoweredOn&) const { return {"powered_on"}; }
  Json operator()(const resync::PoweredOff&) const { return {"powered_off"}; }
  Json operator()(const resync::ResyncRequested& it) const {
    return {"resync_requested", named(origin_names, it.origin), named(scope_names, it.scope),
            name(it.notified)};
  }
  Json operator()(const resync::RestartRequested& it) const {
    if (!it.notified) return {"restart_requested"};
    return {"restart_requested", name(*it.notified)};
  }
  Json operator()(const resync::CodeEntered&) const { return {"code_entered"}; }
  Json operator()(const resync::CallStarted&) const { return {"call_started"}; }
  Json operator()(const resync::CallEnded&) const { return {"call_ended"}; }
  Json operator()(const resync::RegistrationLost& it) const {
    return {"registration_lost", it.line};
  }
  Json operator()(const resync::RegistrationRestored& it) const {
    return {"registration_restored", it.line};
  }
  Json operator()(const resync::ClockSet&) const { return {"clock_set"}; }
  Json operator()(const resync::ClockMoved& it) const { return {"clock_moved", it.by.count()}; }
  Json operator()(const resync::ParametersChanged& it) const {
    return {"parameters_changed", named(by_hand_names, it.how), it.needs_restart};
  }
  Json operator()(const resync::ReportRequested&) const { return {"report_requested"}; }
  Json operator()(const resync::UpgradeRequested& it) const {
    return {"upgrade_requested", named(origin_names, it.origin)};
  }
  Json operator()(const resync::CustomCaRequested& it) const {
    return {"custom_ca_requested", named(origin_names, it.origin)};
  }
  Json operator()(const resync::FactoryResetRequested&) const { return {"factory_reset"}; }
  Json operator()(const resync::LinkLost&) const { return {"link_lost"}; }
  Json operator()(const resync::LinkRestored&) const { return {"link_restored"}; }
  Json operator()(const resync::LeaseChanged& it) const {
    return {"lease_changed", it.has_new_address, it.has_new_time};
  }
  Json operator()(const resync::Notified& it) const { return {"notified", name(it.event)}; }
  // What follows inside a phone never comes from outside.
  template <class Inner>
  Json operator()(const Inner&) const {
    return {"inner"};
  }
};

// As far as a scenario may put a clock forward or back: three weeks.
constexpr std::int64_t farthest_clock = std::int64_t{504} * 60;
constexpr std::int64_t last_line = 15;

std::uint8_t line_of(const Json& json) {
  return static_cast<std::uint8_t>(number_at(json, 0, last_line));
}

using ReadEvent = resync::Event (*)(const Json&);

template <class E>
resync::Event plain(const Json& /*json*/) {
  return E{};
}

constexpr std::array<std::pair<std::string_view, ReadEvent>, 20> event_readers{{
    {"powered_on", plain<resync::PoweredOn>},
    {"powered_off", plain<resync::PoweredOff>},
    {"resync_requested",
     [](const Json& json) -> resync::Event {
       return resync::ResyncRequested{value_of<resync::Origin>(origin_names, json.at(1)),
                                      value_of<resync::Scope>(scope_names, json.at(2)),
                                      notify_of(json.at(3))};
     }},
    {"restart_requested",
     [](const Json& json) -> resync::Event {
       resync::RestartRequested request;
       if (json.size() > 1) request.notified = notify_of(json.at(1));
       return request;
     }},
    {"code_entered", plain<resync::CodeEntered>},
    {"call_started", plain<resync::CallStarted>},
    {"call_ended", plain<resync::CallEnded>},
    {"registration_lost",
     [](const Json& json) -> resync::Event { return resync::RegistrationLost{line_of(json)}; }},
    {"registration_restored",
     [](const Json& json) -> resync::Event { return resync::RegistrationRestored{line_of(json)}; }},
    {"clock_set", plain<resync::ClockSet>},
    {"clock_moved",
     [](const Json& json) -> resync::Event {
       return resync::ClockMoved{
           std::chrono::minutes(number_at(json, -farthest_clock, farthest_clock))};
     }},
    {"parameters_changed",
     [](const Json& json) -> resync::Event {
       return resync::ParametersChanged{value_of<resync::ByHand>(by_hand_names, json.at(1)),
                                        json.at(2).get<bool>()};
     }},
    {"report_requested", plain<resync::ReportRequested>},
    {"upgrade_requested",
     [](const Json& json) -> resync::Event {
       return resync::UpgradeRequested{value_of<resync::Origin>(origin_names, json.at(1))};
     }},
    {"custom_ca_requested",
     [](const Json& json) -> resync::Event {
       return resync::CustomCaRequested{value_of<resync::Origin>(origin_names, json.at(1))};
     }},
    {"factory_reset", plain<resync::FactoryResetRequested>},
    {"link_lost", plain<resync::LinkLost>},
    {"link_restored", plain<resync::LinkRestored>},
    {"lease_changed",
     [](const Json& json) -> resync::Event {
       return resync::LeaseChanged{json.at(1).get<bool>(), json.at(2).get<bool>()};
     }},
    {"notified",
     [](const Json& json) -> resync::Event { return resync::Notified{notify_of(json.at(1))}; }},
}};

}  // namespace

Json json_of(const resync::Event& event) {
  return std::visit(EventWriter{}, event);
}

resync::Event event_of(const Json& json) {
  const auto kind = json.at(0).get<std::string>();
  for (const auto& [name, read] : event_readers) {
    if (name == kind) return read(json);
  }
  throw Unreadable{"an event in place of '" + kind + "'"};
}

}  // namespace provphone::client::capsule
