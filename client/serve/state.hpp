#pragma once

#include "client/serve/challenge.hpp"
#include "client/serve/connection.hpp"
#include "client/serve/fault.hpp"
#include "client/serve/files.hpp"
#include "client/serve/made_load.hpp"
#include "client/serve/onboarding.hpp"
#include "client/serve/renewal.hpp"
#include "client/serve/server.hpp"
#include "client/serve/uploads.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace provphone::client::serve {

// What all protocols share. The connections that are among its own keep it alive: they may outlive
// the Server by a turn of the loop.
struct State {
  Directory directory;
  std::optional<MadeLoads> loads;
  Uploads uploads;
  FaultTable faults;
  Server::OnServed on_served;
  Authenticator authenticator{};
  std::uint16_t http_port = 0;  // where a redirect to plain HTTP leads
  std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
  Connections connections{};
  std::optional<OnboardingService> onboarding{};     // nothing: no code is judged
  std::string redirect_folder{};                     // empty: nobody is sent anywhere
  std::optional<CertificateService> certificates{};  // nothing: none are renewed
  // Nobody is told of anything any more.
  bool stopped = false;

  std::chrono::milliseconds age(
      std::chrono::steady_clock::time_point at = std::chrono::steady_clock::now()) const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(at - started);
  }

  void report(const Served& served) const {
    if (!stopped && on_served) on_served(served);
  }
};

// The state's connections, for one that is to be among them.
inline std::shared_ptr<Connections> connections_of(std::shared_ptr<State> state) {
  auto& connections = state->connections;
  return {std::move(state), &connections};
}

}  // namespace provphone::client::serve
