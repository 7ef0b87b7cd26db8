#pragma once

#include "client/identity/mint.hpp"

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>
#include <vector>

// Looking at certificates from the outside, as a server would.
namespace provphone::client::identity {

// Some moment in 2026; certificates made for it are valid around it.
inline WallTime some_day() {
  return WallTime{std::chrono::seconds{1'772'323'200}};
}

inline DeviceSubject some_phone() {
  return {"CP-8841-3PCC", "88012BA01234", MacAddress{0x000e08abcdef}};
}

inline std::string print_name(X509_NAME* name, unsigned long flags) {
  std::shared_ptr<BIO> out(BIO_new(BIO_s_mem()), BIO_free_all);
  X509_NAME_print_ex(out.get(), name, 0, flags);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

// In the order of the certificate, `OU=a, L=b`.
inline std::string subject_of(X509* certificate) {
  return print_name(X509_get_subject_name(certificate), XN_FLAG_ONELINE & ~XN_FLAG_SPC_EQ);
}

inline std::string serial_number_of(X509* certificate) {
  const ASN1_INTEGER* number = X509_get0_serialNumber(certificate);
  return {reinterpret_cast<const char*>(number->data), static_cast<std::size_t>(number->length)};
}

inline std::string extension_of(X509* certificate, int nid) {
  const int at = X509_get_ext_by_NID(certificate, nid, -1);
  if (at < 0) return "absent";
  std::shared_ptr<BIO> out(BIO_new(BIO_s_mem()), BIO_free_all);
  X509V3_EXT_print(out.get(), X509_get_ext(certificate, at), 0, 0);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

// The X509_V_* verdict on the certificate for a purpose (X509_PURPOSE_SSL_SERVER,
// X509_PURPOSE_SSL_CLIENT) at a time.
inline int verdict_on(X509* certificate, X509* root, int purpose, WallTime at) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  X509_STORE_add_cert(store.get(), root);
  std::shared_ptr<X509_STORE_CTX> context(X509_STORE_CTX_new(), X509_STORE_CTX_free);
  X509_STORE_CTX_init(context.get(), store.get(), certificate, nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_VERIFY_PARAM* how = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(how, std::chrono::system_clock::to_time_t(at));
  X509_VERIFY_PARAM_set_flags(how, X509_V_FLAG_X509_STRICT);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

}  // namespace provphone::client::identity
