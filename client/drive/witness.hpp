#pragma once

#include "client/drive/conductor.hpp"

#include <cstdint>

namespace provphone::client::drive {

// When the fate of a log message was known.
enum class FateKnown : std::uint8_t { at_once, later };

// Hears what a run is made of besides its phones and its seed: all that came to them from outside,
// in the order in which it was taken. Who hears it all can have the run once more without a clock
// and without a socket (client/replay). `phone` is the phone's number in the run. Called on the
// driver's thread; must not call the driver.
class Witness {
 public:
  virtual ~Witness() = default;

  // The phone became one that has been running for a while and has nothing due
  // (resync::running_phone).
  virtual void began_running(resync::Time at, std::uint32_t phone) = 0;
  // The phone wants something fetched: from now on it waits for its turn in the pace, and then for
  // the answer.
  virtual void asked(resync::Time at, std::uint32_t phone, const resync::Fetch& fetch) = 0;
  // `phone_before` is the phone before anything follows from it.
  virtual void taken(resync::Time at, std::uint32_t phone, const Stimulus& what,
                     const Handset& phone_before) = 0;
  // At once: within what the last taken() leads to.
  virtual void message_sent(resync::Time at, std::uint32_t phone, FateKnown when,
                            const Result<void>& sent) = 0;
  // An event that none of the phone's machines decided: its line is registered, say.
  virtual void told(const trace::TraceEvent& event) = 0;
};

}  // namespace provphone::client::drive
