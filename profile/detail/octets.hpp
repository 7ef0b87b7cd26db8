#pragma once

#include <string_view>

namespace provphone::profile::detail {

// A text as OpenSSL takes it.
inline const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace provphone::profile::detail
