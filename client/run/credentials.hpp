#pragma once

#include "client/identity/mint.hpp"
#include "client/identity/tls_identity.hpp"
#include "client/scenario/scenario.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

// What phones show and trust in TLS: their group's `certificate` and `trust` (R-CERT-*, R-TLS-01).
// run and fleet cast their phones from here.
namespace provphone::client::run {

// What the phones of a group have in common, its files read.
struct GroupCredentials {
  std::shared_ptr<X509_STORE> trust;                  // null: nothing is trusted
  std::optional<identity::DeviceCertificate> shared;  // one for all
  std::optional<identity::Authority> root;            // that signs one for each
  std::vector<std::shared_ptr<EVP_PKEY>> keys;        // which those share
};

// Reads files, and makes up to four keys. Fails with unreadable_file, or bad_argument where the
// scenario names no PKI to sign with.
Result<GroupCredentials> group_credentials(const scenario::Scenario& scenario, std::size_t group,
                                           identity::WallTime now);

// Of one phone; `group` must be its own, and may be shared by threads. Signs a certificate where
// each phone has its own, the same subject and number for the same phone each time (R-CERT-03).
// Fails as group_credentials() does.
Result<std::shared_ptr<const identity::TlsIdentity>> tls_identity_of(
    const scenario::Scenario& scenario, const GroupCredentials& group, std::uint32_t phone,
    identity::WallTime now);

}  // namespace provphone::client::run
