#pragma once

#include "client/identity/cache_folder.hpp"
#include "client/identity/device_keys.hpp"
#include "client/identity/mint.hpp"
#include "macro/error.hpp"

#include <cstddef>
#include <memory>
#include <vector>

// Certificates of devices under one root, each signed once: when its device asks for it, before, or
// in an earlier run.
namespace provphone::client::identity {

class DeviceMint {
 public:
  // `keys`, at least one, are shared out among the devices. What is signed is kept where it can be.
  static std::shared_ptr<DeviceMint> make(Authority root, std::vector<DeviceKey> keys,
                                          const Keeping& keeping);
  ~DeviceMint();  // keeps what is still to be kept
  DeviceMint(const DeviceMint&) = delete;
  DeviceMint& operator=(const DeviceMint&) = delete;

  // As mint_device_certificate() makes it for the one key of that device, valid at `now`: perhaps
  // one that was made before, but never one with less than half its life ahead. From any thread.
  // Fails as that does.
  Result<DeviceCertificate> certificate_of(const DeviceSubject& subject, WallTime now);

  // Signs it already, where that has not been done. From any thread. False: there was nothing to
  // do.
  bool sign_ahead(const DeviceSubject& subject, WallTime now);
  // So many have been signed ahead that nobody has asked for yet.
  std::size_t ahead() const;

  // By this object, in any way.
  std::size_t signatures_made() const;

 private:
  struct Impl;
  explicit DeviceMint(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::identity
