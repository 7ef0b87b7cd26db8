#include "client/identity/tls_identity.hpp"

#include "client/identity/detail/pem.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <array>
#include <string_view>

namespace provphone::client::identity {
namespace {

using detail::unreadable;

Result<std::vector<std::shared_ptr<X509>>> read_certificates(const std::string& file) {
  TRY(auto bio, detail::open_for_reading(file));
  auto certificates = detail::read_all(bio.get());
  if (!certificates) {
    return unreadable(file,
                      fmt::format("certificate {} is damaged", certificates.error().before + 1));
  }
  if (certificates->empty()) return unreadable(file, "no certificate in PEM form");
  return *std::move(certificates);
}

}  // namespace

std::string fingerprint_of(const X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  std::string text;
  if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) return text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

bool is_generic(const DeviceCertificate& certificate) {
  X509_NAME* const subject = X509_get_subject_name(certificate.certificate.get());
  const auto is = [&](int nid, std::string_view wanted) {
    std::array<char, 32> text{};
    const int length =
        X509_NAME_get_text_by_NID(subject, nid, text.data(), static_cast<int>(text.size()));
    return length >= 0 && wanted == text.data();
  };
  return is(NID_organizationalUnitName, "cisco.com") && is(NID_localityName, "ciscogeneric") &&
         is(NID_stateOrProvinceName, "ciscogeneric");
}

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
