#include "client/identity/detail/pem.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstring>

namespace provphone::client::identity::detail {

tl::unexpected<Error> unreadable(const std::string& file, std::string_view why) {
  ERR_clear_error();
  return fail(Errc::unreadable_file, fmt::format("{}: {}", file, why));
}

Result<Bio> open_for_reading(const std::string& file) {
  errno = 0;
  Bio bio(BIO_new_file(file.c_str(), "r"), &BIO_free_all);
  if (!bio) return unreadable(file, errno != 0 ? std::strerror(errno) : "cannot be opened");
  return bio;
}

int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
  return -1;
}

namespace {

std::shared_ptr<X509> next_certificate(BIO* bio) {
  return {PEM_read_bio_X509_AUX(bio, nullptr, no_passphrase, nullptr), X509_free};
}

// The reader ends at the end of the file or at a block it cannot decode; only the former is in
// order.
bool ended_cleanly() {
  const unsigned long last = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
}

}  // namespace

tl::expected<std::vector<std::shared_ptr<X509>>, Damaged> read_all(BIO* text) {
  std::vector<std::shared_ptr<X509>> certificates;
  while (auto certificate = next_certificate(text)) certificates.push_back(std::move(certificate));
  if (!ended_cleanly()) return tl::unexpected(Damaged{certificates.size()});
  return certificates;
}

Result<std::shared_ptr<EVP_PKEY>> read_key(const std::string& file) {
  TRY(auto bio, open_for_reading(file));
  std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr),
                                EVP_PKEY_free);
  if (!key) return unreadable(file, "no private key in PEM form without a passphrase");
  return key;
}

}  // namespace provphone::client::identity::detail
