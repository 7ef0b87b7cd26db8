#pragma once

#include "client/check/observations.hpp"
#include "client/identity/mint.hpp"
#include "client/identity/tls_identity.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "resync/device.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

// The part of `check` that acts: a bounded number of requests, one at a time.
namespace provphone::client::check {

struct Audit {
  resync::Device device;  // of the phone that asks
  std::shared_ptr<const identity::TlsIdentity> tls;
  std::string source_address;         // of its traffic; empty: the system's choice
  std::string rule;                   // its Profile_Rule
  std::shared_ptr<X509_STORE> trust;  // null: the phone's roots are not known
  std::optional<identity::Authority> device_root;
  std::optional<MacAddress> other;  // a phone that the server knows as well
  transport::Targets targets;
  std::size_t requests = 60;  // at most: handshakes, requests and redirects alike
  std::chrono::milliseconds pause{20};
};

// Fails with a code of stage rule, target_refused among them, or bad_argument, where the rule
// asks for nothing. Whatever the
// server does is an observation.
Result<Observations> observe(const Audit& audit);

}  // namespace provphone::client::check
