#pragma once

#include "macro/error.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

// PEM files as everything in this room reads them.
namespace provphone::client::identity::detail {

using Bio = std::unique_ptr<BIO, decltype(&BIO_free_all)>;

// Forgets OpenSSL's own errors: the reason is the caller's.
tl::unexpected<Error> unreadable(const std::string& file, std::string_view why);

// Fails with unreadable_file, and the system's reason.
Result<Bio> open_for_reading(const std::string& file);

// A password callback for OpenSSL: what is encrypted is refused rather than asked about on the
// terminal.
int no_passphrase(char* buffer, int size, int writing, void* user);

// That many certificates stand before one that is damaged.
struct Damaged {
  std::size_t before;
};
// All certificates in PEM form, to the end; whatever stands between them is passed over.
tl::expected<std::vector<std::shared_ptr<X509>>, Damaged> read_all(BIO* text);

// Fails with unreadable_file.
Result<std::shared_ptr<EVP_PKEY>> read_key(const std::string& file);

}  // namespace provphone::client::identity::detail
