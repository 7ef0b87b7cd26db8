#pragma once

#include "client/check/audit.hpp"

#include <array>

namespace provphone::client::check::detail {

// What each kind of asker shows; nothing where no such certificate could be made.
using Certificates = std::array<std::optional<identity::DeviceCertificate>, 6>;

// The phone's own certificate and those that can be signed in its neighbours' names.
Result<Certificates> make_certificates(const Audit& audit, identity::WallTime now);

inline const std::optional<identity::DeviceCertificate>& of(const Certificates& all, Shown shown) {
  return all[static_cast<std::size_t>(shown)];
}

}  // namespace provphone::client::check::detail
