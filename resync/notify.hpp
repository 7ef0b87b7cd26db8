#pragma once

#include "resync/machine_values.hpp"
#include "resync/personality.hpp"
#include "resync/settings.hpp"

#include <optional>
#include <string_view>

// What a phone does with a SIP NOTIFY, and how it answers (R-RESYNC-60, R-RESYNC-61).
namespace provphone::resync {

// What the machine is told.
Event machine_event_of(NotifyEvent event);

// The event of the NOTIFY behind it; nothing where none is.
std::optional<NotifyEvent> notify_behind(const Event& event);

// Why nothing comes of an event that the machine is not asked for anything by (Notified), as a
// sentence without a full stop; empty for the others. Static storage.
std::string_view why_nothing(NotifyEvent event);

// The status of the answer, which is sent before the phone acts; nothing where no NOTIFY is behind
// the event. For a phone that is up: one that is not answers nothing.
std::optional<int> sip_status_of(const Event& event, const Settings& settings,
                                 const Personality& personality);

}  // namespace provphone::resync
