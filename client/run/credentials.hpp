#pragma once

#include "client/identity/device_mint.hpp"
#include "client/identity/tls_identity.hpp"
#include "client/scenario/scenario.hpp"

#include <memory>
#include <optional>
#include <vector>

// What phones show and trust in TLS: their group's `certificate` and `trust` (R-CERT-*, R-TLS-01).
// run and fleet cast their phones from here.
namespace provphone::client::run {

// What the phones of a group have in common, its files read.
struct GroupCredentials {
  std::shared_ptr<X509_STORE> trust;                  // null: nothing is trusted
  std::optional<identity::DeviceCertificate> shared;  // one for all
  std::shared_ptr<identity::DeviceMint> mint;         // that makes one for each; null: nobody does
};

// Reads files, and makes up to four keys where `keeping` has none. Fails with unreadable_file, or
// bad_argument where the scenario names no PKI to sign with.
Result<GroupCredentials> group_credentials(const scenario::Scenario& scenario, std::size_t group,
                                           identity::WallTime now,
                                           const identity::Keeping& keeping);

// Of all groups, in their order; parts of one group share what they can.
Result<std::vector<GroupCredentials>> credentials_of_groups(const scenario::Scenario& scenario,
                                                            identity::WallTime now,
                                                            const identity::Keeping& keeping);

// Of one phone; `group` must be its own, and may be shared by threads. Where each phone has its own
// certificate it is one with the same subject and number each time (R-CERT-03), signed now unless
// it was before. Fails as group_credentials() does.
Result<std::shared_ptr<const identity::TlsIdentity>> tls_identity_of(
    const scenario::Scenario& scenario, const GroupCredentials& group, std::uint32_t phone,
    identity::WallTime now);

// Signs that phone's certificate before it asks for it; likewise. False: there was nothing to do.
bool sign_ahead(const scenario::Scenario& scenario, const GroupCredentials& group,
                std::uint32_t phone, identity::WallTime now);

}  // namespace provphone::client::run
