#pragma once

#include "client/identity/mint.hpp"
#include "resync/identity.hpp"

// Keys and certificates of the gallery's servers and phones. One key for all of them: making one
// takes longer than an audit, and nobody compares keys.
namespace provphone::test::gallery {

std::shared_ptr<EVP_PKEY> shared_key();
client::identity::DeviceCertificate phone_certificate(const resync::Identity& phone);
const client::identity::Authority& device_root();
std::shared_ptr<X509_STORE> server_roots();

}  // namespace provphone::test::gallery
