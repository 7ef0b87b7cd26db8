#pragma once

#include "client/identity/tls_identity.hpp"
#include "resync/device.hpp"
#include "resync/retrieval.hpp"

#include <memory>
#include <string>

// A phone as drivers have it. Plain values: a copy is another phone in the same state.
namespace provphone::client::drive {

// A phone in a run: its two halves, and what only the network sees of it. As a scenario or flags
// describe it, its machine has not begun.
struct DrivenPhone {
  resync::Device device;
  resync::Phone machine;
  std::shared_ptr<const identity::TlsIdentity> tls;  // null: none, or not made yet (phones.hpp)
  std::string source_address;  // that its traffic comes from; empty: the system's choice
};

// A phone that something is under way with.
struct Handset {
  DrivenPhone phone;
  resync::Retrievals retrievals;

  // In a pass or an upgrade, or sending a report.
  bool is_occupied() const {
    const auto state = phone.machine.state;
    return state == resync::State::pass || state == resync::State::upgrade || retrievals.is_busy();
  }
};

}  // namespace provphone::client::drive
