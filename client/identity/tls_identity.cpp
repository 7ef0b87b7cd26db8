#include "client/identity/tls_identity.hpp"

#include "client/identity/detail/pem.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

namespace provphone::client::identity {
namespace {

using detail::unreadable;

std::shared_ptr<X509> next_certificate(BIO* bio) {
  return {PEM_read_bio_X509_AUX(bio, nullptr, detail::no_passphrase, nullptr), X509_free};
}

// The reader ends at the end of the file or at a block it cannot decode; only the former is in
// order.
bool ended_cleanly() {
  const unsigned long last = ERR_peek_last_error();
  ERR_clear_error();
  return ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;
}

Result<std::vector<std::shared_ptr<X509>>> read_certificates(const std::string& file) {
  TRY(auto bio, detail::open_for_reading(file));
  std::vector<std::shared_ptr<X509>> certificates;
  while (auto certificate = next_certificate(bio.get())) {
    certificates.push_back(std::move(certificate));
  }
  if (!ended_cleanly()) {
    return unreadable(file, fmt::format("certificate {} is damaged", certificates.size() + 1));
  }
  if (certificates.empty()) return unreadable(file, "no certificate in PEM form");
  return certificates;
}

}  // namespace

std::string subject_of(const DeviceCertificate& certificate) {
  const detail::Bio text(BIO_new(BIO_s_mem()), &BIO_free_all);
  const auto* name = X509_get_subject_name(certificate.certificate.get());
  if (!text || X509_NAME_print_ex(text.get(), name, 0, XN_FLAG_RFC2253) < 0) return {};
  char* begin = nullptr;
  const auto size = BIO_get_mem_data(text.get(), &begin);
  return {begin, static_cast<std::size_t>(size)};
}

Result<DeviceCertificate> load_device_certificate(const std::string& certificate_file,
                                                  const std::string& key_file) {
  TRY(auto certificates, read_certificates(certificate_file));
  TRY(auto key, detail::read_key(key_file));
  if (X509_check_private_key(certificates.front().get(), key.get()) != 1) {
    ERR_clear_error();
    return fail(Errc::bad_argument, fmt::format("{}: not the key of the certificate in {}",
                                                key_file, certificate_file));
  }
  DeviceCertificate device{certificates.front(), std::move(key), {}};
  device.chain.assign(certificates.begin() + 1, certificates.end());
  return device;
}

Result<std::shared_ptr<X509_STORE>> load_trust(const std::vector<std::string>& files) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  for (const auto& file : files) {
    TRY(const auto roots, read_certificates(file));
    // A root that is given twice may be refused the second time, which does no harm.
    for (const auto& root : roots) X509_STORE_add_cert(store.get(), root.get());
  }
  // The results above are not looked at, and the next TLS call must not find what they left.
  ERR_clear_error();
  return store;
}

}  // namespace provphone::client::identity
