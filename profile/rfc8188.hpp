#pragma once

#include "macro/error.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

// Content coding aes128gcm (RFC 8188), keyed by IKM_HTTP_Encrypt_Content.
namespace provphone::profile {

// `ikm` is the parameter's text: its octets first, then, if that fails, what it is as unpadded
// base64url (R-LAYER-12). Fails with rfc8188_corrupt.
Result<std::string> decrypt_aes128gcm(std::string_view body, std::string_view ikm);

// The header of a body to write.
struct SealingHeader {
  std::array<unsigned char, 16> salt;
  std::size_t record_size = 4096;  // 18 at least
  std::string_view keyid = {};     // 255 octets at most
};

// The inverse: what decrypt_aes128gcm reads back under the same `ikm`, whose octets are taken as
// they stand (R-LAYER-20). Never the same salt twice under one key.
std::string encrypt_aes128gcm(std::string_view plain, std::string_view ikm,
                              const SealingHeader& header);

}  // namespace provphone::profile
