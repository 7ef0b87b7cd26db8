#pragma once

#include "client/trace/event.hpp"
#include "macro/enum_array.hpp"
#include "resync/machine.hpp"
#include "resync/macros.hpp"

#include <optional>

// What a trace line says besides what was decided: what happened to the phone, and what stood
// behind the decision. Both drivers come here, and only for phones that are traced.
namespace provphone::client::trace {

// A phone as it stands once its machine has taken the step. Refers to its parts; made for one call.
struct Scene {
  const resync::Phone& machine;
  const resync::Settings& settings;
  const resync::MacroSource& source;
  const resync::WallClock& wall;
  resync::LeaseTime lease;
};

// Where a request to resync came from.
inline constexpr EnumArray<resync::Origin, std::string_view> origin_names{
    {"operator", "sip_notify", "web", "phone_menu", "xml_execute"}};

// The trace line of what happened to a phone; nothing for an answer to the machine or a deadline.
std::optional<trace::TraceEvent> trace_of(const resync::Event& event, MacAddress phone,
                                          resync::Time now);

// Adds what a person sets at a phone, whose parameters are still those from before.
void add_settings(trace::TraceEvent& line, const std::vector<macro::Assignment>& assignments,
                  const profile::ParameterSet& parameters);

// Adds the settings, triggers and clock times behind the line of an effect. `line` is one that
// trace_of(Effect) made: where it has a timer, it has a reason and a time too.
void add_facts(trace::TraceEvent& line, const Scene& scene);

// Adds which of the parameters that an applied file changed take a restart; line.changed is there.
void add_restart_facts(trace::TraceEvent& line, const resync::Personality& personality);

}  // namespace provphone::client::trace
