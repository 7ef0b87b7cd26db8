#pragma once

#include "client/cli/phone_flags.hpp"
#include "client/identity/mint.hpp"
#include "client/identity/tls_identity.hpp"
#include "macro/error.hpp"
#include "resync/identity.hpp"

#include <memory>
#include <optional>
#include <string>

// --pki DIR: what `provphone pki` made stands in for --ca and --cert where these are not given.
namespace provphone::client::cli {

// The device root, and the server root among those that the phone trusts; nothing where there is no
// such flag. Where --ca is given it says which roots the phone has. Fails as load_device_root()
// does.
Result<std::optional<identity::Authority>> take_pki(const std::string& directory,
                                                    PhoneFlags& phone);

// A certificate of the phone's own, signed by that root, in the place of none; `$CCERT` goes with
// it.
Result<void> mint_certificate(const identity::Authority& device_root, resync::Identity& own,
                              std::shared_ptr<const identity::TlsIdentity>& tls);

}  // namespace provphone::client::cli
