#include "client/cli/version.hpp"

#include "client/figures/version.hpp"

#include <ares.h>
#include <curl/curl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <zlib.h>

namespace provphone::client::cli {

std::string version_text() {
  return fmt::format("provphone {}\ncommit {}\nlibcurl {}, OpenSSL {}, zlib {}, c-ares {}",
                     figures::version, build_commit.empty() ? "not known" : build_commit,
                     curl_version_info(CURLVERSION_NOW)->version,
                     OpenSSL_version(OPENSSL_VERSION_STRING), zlibVersion(), ares_version(nullptr));
}

}  // namespace provphone::client::cli
