#include "client/transport/libraries.hpp"

#include <ares.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>

namespace provphone::client::transport {

std::string loaded_libraries() {
  return fmt::format("libcurl {}, OpenSSL {}, c-ares {}",
                     curl_version_info(CURLVERSION_NOW)->version,
                     OpenSSL_version(OPENSSL_VERSION_STRING), ares_version(nullptr));
}

}  // namespace provphone::client::transport
