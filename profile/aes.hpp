#pragma once

#include "macro/error.hpp"
#include "profile/decode.hpp"

#include <array>
#include <string>
#include <string_view>

// The file layer of `openssl enc -aes-256-cbc -k PHRASE`: "Salted__", 8 octets of salt,
// PKCS#7-padded ciphertext.
namespace provphone::profile {

bool looks_encrypted(std::string_view bytes);  // starts with Salted__

struct Decrypted {
  std::string bytes;
  Layer layer;  // aes_256_cbc_sha256 or aes_256_cbc_md5
};

// Fails with not_encrypted (no `Salted__`) or wrong_key (padding or content no digest makes sense
// of; a cut file too). `phrase` is the argument of --key as it stands (R-RULE-16).
Result<Decrypted> decrypt(std::string_view bytes, std::string_view phrase, KeyDigests digests);

// Why `phrase` does not open a file that decrypt() has refused, where another way of encrypting can
// be told from what comes out: another digest, -pbkdf2, a shorter key, -nosalt, or base64 text
// around it all. A sentence for people; empty where nothing fits. For diagnosis only, and only
// behind a failure: it tries them all, which takes as long as some thousand decryptions of a short
// file.
std::string why_key_fails(std::string_view bytes, std::string_view phrase, KeyDigests digests);

// The error of a file that was read with that --key, with why_key_fails() behind its detail where
// it is about the key; any other error as it is.
Error with_key_diagnosis(Error error, std::string_view bytes, std::string_view phrase,
                         KeyDigests digests);

// What `openssl enc -d` reads back (R-LAYER-19). `digest` is aes_256_cbc_sha256 or aes_256_cbc_md5.
// The salt is the caller's: this module has no chance of its own.
std::string encrypt(std::string_view plain, std::string_view phrase, Layer digest,
                    const std::array<unsigned char, 8>& salt);

}  // namespace provphone::profile
