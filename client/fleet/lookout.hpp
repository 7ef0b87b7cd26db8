#pragma once

#include "client/fleet/worker.hpp"

#include <chrono>
#include <future>
#include <memory>
#include <vector>

namespace provphone::client::fleet {

// What workers last said of themselves. A busy one answers late, and until then its last word
// stands: what only grows in each of them only grows in their sum.
class Lookout {
 public:
  // Before the workers start, which outlive it. One that owes an answer for `late_after` is late.
  Lookout(const std::vector<std::unique_ptr<Worker>>& workers,
          std::chrono::milliseconds late_after);

  // Takes the answers that have come and asks whoever has answered for the next one. Waits for a
  // moment at most, in which a worker that is not busy answers at once.
  void look();

  WorkerView sum() const;
  // Of all workers together; null until each of them has said it.
  std::shared_ptr<const figures::Standing> standing() const;
  // How many are late, and how long the one of them that was asked first has owed its answer.
  struct Late {
    unsigned workers = 0;
    std::chrono::milliseconds longest{};
  };
  Late late() const;

 private:
  using Instant = std::chrono::steady_clock::time_point;

  struct Watched {
    Worker* worker;
    WorkerView view;                 // its last word
    std::future<WorkerView> answer;  // that it owes; not valid: none
    Instant asked_at{};
  };

  std::chrono::milliseconds late_after_;
  std::vector<Watched> watched_;
};

}  // namespace provphone::client::fleet
