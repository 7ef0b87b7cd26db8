#pragma once

#include "client/explain/narrator.hpp"

#include <optional>

// What a phone is waiting for, followed event by event: the same rules as the machine's
// (docs/behaviour/resync.md), read from what it told. Refers to the events, which must outlive it.
namespace provphone::client::explain {

struct Situation {
  // `unknown` until an event shows it, in a trace that was begun in the middle.
  enum class Power : std::uint8_t { unknown, off, on, restarting, migrated } power = Power::unknown;
  std::size_t calls = 0;
  bool in_pass = false;
  // The events that said so last; nothing where it is not so.
  const Entry* timer = nullptr;  // boot delay, periodic or retry
  // The pass of Resync_At whose time has been drawn; its timer runs beside the one above
  // (R-RESYNC-20).
  const Entry* resync_at = nullptr;
  const Entry* upgrade = nullptr;
  const Entry* off_timer = nullptr;  // one that stays off
  const Entry* gate = nullptr;       // the last pass that was due was held, and why still is so
  const Entry* no_boot_pass = nullptr;
  const Entry* awaits_code = nullptr;  // what asks for an activation code (R-BOOT-01)
  const Entry* waiting = nullptr;      // a pass that waits
  const Entry* custom_ca = nullptr;    // the last attempt at roots of its own
  const Entry* renewal = nullptr;      // ... and at another certificate
  const Entry* outage = nullptr;       // of the server, that lasts
  // When a trigger will make a pass due by the passing of time alone (R-RESYNC-32).
  std::optional<resync::Time> trigger_due;

  // One phone's events in the order of time; those that say nothing about waiting change nothing.
  void take(const Entry& entry);
};

// The closing section of an explanation, at its end; refers to no event any more.
Section describe(const Situation& situation, resync::Time at);

}  // namespace provphone::client::explain
