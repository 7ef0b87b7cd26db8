#pragma once

#include "test/e2e/socket.hpp"

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace provphone::e2e::exercises {

// Stands between phones and a server of this machine, passes on what both say, and keeps it: what a
// protocol analyser sees on the wire. One connection after the other.
class WireTap {
 public:
  explicit WireTap(std::uint16_t server_port);
  ~WireTap();
  WireTap(const WireTap&) = delete;
  WireTap& operator=(const WireTap&) = delete;

  std::uint16_t port() const { return port_of(listener_); }
  // All octets so far, of both directions.
  std::string seen() const;

 private:
  void serve();
  void pass_on(const Socket& phone, const Socket& server);

  std::uint16_t server_port_;
  Socket listener_;
  Socket stop_;  // an eventfd; becomes readable when the thread has to end
  mutable std::mutex mutex_;
  std::string seen_;
  std::thread thread_;
};

}  // namespace provphone::e2e::exercises
