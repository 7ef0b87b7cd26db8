#pragma once

#include "client/check/audit.hpp"
#include "macro/enum_array.hpp"

#include <optional>

// Certificates for the askers who are not the phone (R-CERT-01 to R-CERT-04), made for one audit.
namespace provphone::client::check::detail {

// What each kind of asker shows; nothing where no such certificate could be made.
using Certificates = EnumArray<ClientRole, std::optional<identity::DeviceCertificate>>;

// The phone's own certificate and those that can be signed in its neighbours' names. Without a
// device root only that of an unknown root is made besides its own. Fails where the system makes no
// key; a certificate that cannot be signed is left out.
Result<Certificates> make_certificates(const Audit& audit, identity::WallTime now);

inline const std::optional<identity::DeviceCertificate>& of(const Certificates& all,
                                                            ClientRole role) {
  return all[role];
}

}  // namespace provphone::client::check::detail
