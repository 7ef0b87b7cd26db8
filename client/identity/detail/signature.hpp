#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <array>
#include <string>
#include <string_view>

// A certificate and its signature, apart from each other.
namespace provphone::client::identity::detail {

// The first half of a SHA-256.
using Digest = std::array<unsigned char, 16>;
Digest digest_of(std::string_view octets);

// Writes into the draft by what algorithm `signer` signs it with SHA-256; false for kinds of keys
// whose signatures have more to them than that.
bool name_algorithm(X509* draft, const EVP_PKEY* signer);

// Of all that is signed: two drafts of one digest have one signature.
Digest digest_of_draft(X509* draft);

std::string signature_of(const X509* certificate);

// In place of one that the signer of name_algorithm() would make; false where OpenSSL takes none.
bool put_signature(X509* draft, std::string_view signature);

}  // namespace provphone::client::identity::detail
