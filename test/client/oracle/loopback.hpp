#pragma once

#include "client/transport/fetcher.hpp"
#include "test/client/oracle/decisions.hpp"

#include <cstdint>

namespace provphone::test {

// A web server on loopback that answers as the modelled server of a scenario, and the way there
// over real sockets. Scenarios name the port, so it is known before they are read.
class Loopback {
 public:
  Loopback();
  ~Loopback();
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;

  std::uint16_t port() const;

  // For scenarios of one phone. Answers arrive `latency` of still time after their requests.
  MakeAnswering answering(resync::Duration latency, client::transport::HttpCarrier carrier);

  // Answers as at the start of the scenario's time, from a thread of its own, while `work` is done.
  void serve_while(const client::scenario::Scenario& scenario, const std::function<void()>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace provphone::test
