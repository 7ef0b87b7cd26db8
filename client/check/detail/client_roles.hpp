#pragma once

#include "client/check/audit.hpp"
#include "macro/enum_array.hpp"

#include <optional>

namespace provphone::client::check::detail {

// What each kind of asker shows; nothing where no such certificate could be made.
using Certificates = EnumArray<ClientRole, std::optional<identity::DeviceCertificate>>;

// The phone's own certificate and those that can be signed in its neighbours' names.
Result<Certificates> make_certificates(const Audit& audit, identity::WallTime now);

inline const std::optional<identity::DeviceCertificate>& of(const Certificates& all,
                                                            ClientRole role) {
  return all[role];
}

}  // namespace provphone::client::check::detail
