#pragma once

#include "client/identity/cache_folder.hpp"
#include "client/identity/mint.hpp"
#include "macro/error.hpp"

#include <array>
#include <memory>
#include <vector>

// The few keys that the devices of a run share: making one costs as much as signing a hundred
// times.
namespace provphone::client::identity {

struct DeviceKey {
  std::shared_ptr<EVP_PKEY> key;
  // The public half alone, in the form that OpenSSL puts into a certificate as it is. It parses
  // any other one anew for each certificate, which costs more than a signature does.
  std::shared_ptr<EVP_PKEY> public_half;
  std::array<unsigned char, 32> digest;  // of the public half
};

// Fails with bad_argument: a key of another kind than make_key() makes.
Result<DeviceKey> device_key(std::shared_ptr<EVP_PKEY> key);

// Elliptic where the root's key is, else RSA.
KeyType key_type_under(const Authority& root);

// `count` of them, at least 1: those that are kept, and new ones where there are none, which are
// kept from then on. Fails with bad_argument where OpenSSL makes none.
Result<std::vector<DeviceKey>> device_keys(KeyType type, std::size_t count, const Keeping& keeping);

}  // namespace provphone::client::identity
