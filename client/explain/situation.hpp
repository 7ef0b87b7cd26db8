#pragma once

#include "client/explain/narrator.hpp"

#include <optional>

// What a phone is waiting for, followed event by event. Refers to the events, which must outlive
// it.
namespace provphone::client::explain {

struct Situation {
  enum class Power : std::uint8_t { unknown, off, on, restarting } power = Power::unknown;
  std::size_t calls = 0;
  bool in_pass = false;
  // The events that said so last; nothing where it is not so.
  const Entry* timer = nullptr;      // boot delay, periodic or retry
  const Entry* resync_at = nullptr;  // its time has been drawn
  const Entry* upgrade = nullptr;
  const Entry* off_timer = nullptr;  // one that stays off
  const Entry* gate = nullptr;       // the last pass that was due was held, and why still is so
  const Entry* no_boot_pass = nullptr;
  const Entry* waiting = nullptr;  // a pass that waits
  std::optional<resync::Time> trigger_due;

  void take(const Entry& entry);
};

// The closing section of an explanation, at its end.
Section describe(const Situation& situation, resync::Time at);

}  // namespace provphone::client::explain
