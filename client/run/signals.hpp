#pragma once

#include <optional>
#include <vector>

// SIGINT, SIGTERM and SIGHUP, with which a person or the system ends a run before it is over: the
// first one ends it with its result, the second one at once. Of the whole process.
namespace provphone::client::run {

// Those that end the program as it was started. nohup(1) has SIGHUP ignored, which then stays so.
const std::vector<int>& ending_signals();

// Keeps them back from the first line of main() on, so that none comes before somebody listens.
void hold_signals();
// Whoever listens by now, or does not want to, lets them come: those that were kept back come now.
void release_signals();

// Notes the first signal, for whoever works without an event loop and asks now and then. The
// second one has its usual effect. One at a time.
class SignalNote {
 public:
  SignalNote();  // releases them
  ~SignalNote();
  SignalNote(const SignalNote&) = delete;
  SignalNote& operator=(const SignalNote&) = delete;

  // From any thread.
  static std::optional<int> noted();
};

}  // namespace provphone::client::run
