#pragma once

#include "macro/error.hpp"

#include <string>
#include <string_view>

// Content coding aes128gcm (RFC 8188), keyed by IKM_HTTP_Encrypt_Content.
namespace provphone::profile {

// `ikm` is the parameter's text: its octets first, then, if that fails, what it is as unpadded
// base64url (O3). Fails with rfc8188_corrupt.
Result<std::string> decrypt_aes128gcm(std::string_view body, std::string_view ikm);

}  // namespace provphone::profile
