#include "client/identity/certificate_source.hpp"

#include "client/identity/detail/pem.hpp"
#include "client/identity/detail/token.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace provphone::client::identity {
namespace {

using Pkcs12 = std::unique_ptr<PKCS12, decltype(&PKCS12_free)>;

// Null where the file is something else: PEM, or nothing that is known.
Result<Pkcs12> read_pkcs12(const std::string& file) {
  TRY(const auto bio, detail::open_for_reading(file));
  Pkcs12 read(d2i_PKCS12_bio(bio.get(), nullptr), &PKCS12_free);
  ERR_clear_error();
  return read;
}

bool needs_legacy_algorithm() {
  bool needs = false;
  while (const unsigned long error = ERR_get_error())
    needs |= ERR_GET_REASON(error) == ERR_R_UNSUPPORTED;
  return needs;
}

tl::unexpected<Error> not_opened(const std::string& file, const std::string& password) {
  if (needs_legacy_algorithm()) {
    return detail::unreadable(
        file, "PKCS#12 in an old encryption, which `openssl pkcs12 -legacy` can convert");
  }
  return detail::unreadable(
      file, password.empty() ? "PKCS#12 that needs a password" : "PKCS#12 of another password");
}

Result<DeviceCertificate> unpack(PKCS12* container, const CertificateSource& source) {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  STACK_OF(X509)* others = nullptr;
  const int parsed = PKCS12_parse(container, source.password.c_str(), &key, &certificate, &others);
  DeviceCertificate device{{certificate, X509_free}, {key, EVP_PKEY_free}, {}};
  while (X509* const other = sk_X509_shift(others)) device.chain.emplace_back(other, X509_free);
  sk_X509_free(others);
  if (parsed != 1) return not_opened(source.certificate, source.password);
  if (!device.certificate || !device.key)
    return detail::unreadable(source.certificate, "PKCS#12 without a certificate and its key");
  return device;
}

}  // namespace

Result<std::string> certificate_password(const std::string& file) {
  std::string text;
  if (!file.empty()) {
    TRY(const auto bio, detail::open_for_reading(file));
    std::array<char, 1'024> line{};
    const int size = BIO_gets(bio.get(), line.data(), static_cast<int>(line.size()));
    if (size == static_cast<int>(line.size()) - 1)
      return detail::unreadable(file, "its first line is too long for a password");
    text.assign(line.data(), static_cast<std::size_t>(std::max(size, 0)));
  } else if (const char* const given = std::getenv("PROVPHONE_CERT_PASSWORD")) {
    text = given;
  }
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  return text;
}

bool names_token(std::string_view name) {
  return name.starts_with("pkcs11:");
}

Result<DeviceCertificate> load_certificate(const CertificateSource& source) {
  if (names_token(source.certificate) || names_token(source.key))
    return detail::load_from_token(source);
  TRY(const auto container, read_pkcs12(source.certificate));
  if (!container) {
    return load_device_certificate(source.certificate,
                                   source.key.empty() ? source.certificate : source.key);
  }
  if (!source.key.empty())
    return fail(Errc::bad_argument,
                fmt::format("{}: PKCS#12 has its own key, no other file of one is needed",
                            source.certificate));
  return unpack(container.get(), source);
}

}  // namespace provphone::client::identity
