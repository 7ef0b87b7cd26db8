#pragma once

#include <cstdint>
#include <string_view>

// What a SIP NOTIFY may ask a phone for, by its header Event (R-RESYNC-60).
namespace provphone::resync {

enum class NotifyEvent : std::uint8_t {
  resync,
  check_sync,
  check_sync_resync,  // check-sync;reboot=false
  check_sync_reboot,  // check-sync;reboot=true
  reboot,
  reboot_now,
  restart,
  restart_now,
  report,
  prt_gen,
  xml_service,
  other,  // none that a phone knows
  last = other,
};

// As the header has it, `check-sync;reboot=true`; `another event` for `other`. Static storage.
std::string_view name(NotifyEvent event);

// Of the header's value, parameters included. Case does not count, nor do parameters that no phone
// looks at.
NotifyEvent notify_event_named(std::string_view header);

}  // namespace provphone::resync
