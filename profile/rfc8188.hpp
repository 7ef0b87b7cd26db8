#pragma once

#include "macro/error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Content coding aes128gcm (RFC 8188), keyed by IKM_HTTP_Encrypt_Content.
namespace provphone::profile {

// How the parameter's text spells the octets of the key, on which no document says anything
// (R-LAYER-12).
enum class IkmEncoding : std::uint8_t { octets_then_base64url, octets, base64url, hex };

// `ikm` is the parameter's text. Fails with rfc8188_corrupt: a wrong key and a changed body look
// alike (R-LAYER-14).
Result<std::string> decrypt_aes128gcm(std::string_view body, std::string_view ikm,
                                      IkmEncoding encoding = IkmEncoding::octets_then_base64url);

// The octets under which a phone seals what it uploads (R-LAYER-20). Fails with rfc8188_corrupt
// where the text is not of the encoding.
Result<std::string> ikm_octets(std::string_view ikm, IkmEncoding encoding);

// The header of a body to write.
struct SealingHeader {
  std::array<unsigned char, 16> salt;
  std::size_t record_size = 4096;  // 18 at least
  std::string_view keyid = {};     // 255 octets at most
};

// The inverse, under the octets of `ikm` as they stand. Never the same salt twice under one key.
std::string encrypt_aes128gcm(std::string_view plain, std::string_view ikm,
                              const SealingHeader& header);

}  // namespace provphone::profile
