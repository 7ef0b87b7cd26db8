#include "client/identity/detail/token.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/engine.h>
#include <openssl/err.h>

#include <memory>
#include <string_view>

// Debian 12 has no provider for tokens, and engines are what OpenSSL 3 calls deprecated.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace provphone::client::identity::detail {
namespace {

using Engine = std::unique_ptr<ENGINE, int (*)(ENGINE*)>;

// A URI may hold a PIN (pin-value=...): what a message shows ends before its attributes for the
// reader.
std::string_view shown(std::string_view uri) {
  return uri.substr(0, uri.find('?'));
}

tl::unexpected<Error> refused(std::string_view uri, std::string_view why) {
  const unsigned long first = ERR_get_error();
  const char* reason = first != 0 ? ERR_reason_error_string(first) : nullptr;
  ERR_clear_error();
  return fail(Errc::bad_argument,
              fmt::format("{}: {}{}{}", shown(uri), why, reason ? ": " : "", reason ? reason : ""));
}

// The engine asks PKCS11_MODULE_PATH, or p11-kit, which module speaks to the token.
Result<Engine> open_engine(const CertificateSource& source) {
  Engine engine(ENGINE_by_id("pkcs11"), &ENGINE_free);
  if (!engine) {
    return refused(source.certificate,
                   "there is no PKCS#11 engine (Debian: libengine-pkcs11-openssl)");
  }
  // What goes wrong is told by whoever asked, and once.
  ENGINE_ctrl_cmd(engine.get(), "QUIET", 0, nullptr, nullptr, 1);
  const bool has_pin = !source.password.empty();
  if (has_pin && ENGINE_ctrl_cmd_string(engine.get(), "PIN", source.password.c_str(), 0) != 1)
    return refused(source.certificate, "the PIN is not taken");
  if (ENGINE_init(engine.get()) != 1)
    return refused(source.certificate, "the PKCS#11 module cannot be used");
  // init and by_id count apart; what is left counts for the keys that come from it.
  return Engine(engine.release(), [](ENGINE* opened) {
    ENGINE_finish(opened);
    return ENGINE_free(opened);
  });
}

std::shared_ptr<X509> certificate_at(ENGINE* engine, const std::string& uri) {
  struct {
    const char* uri;
    X509* certificate;
  } wanted{uri.c_str(), nullptr};
  if (ENGINE_ctrl_cmd(engine, "LOAD_CERT_CTRL", 0, &wanted, nullptr, 1) != 1) return nullptr;
  return {wanted.certificate, X509_free};
}

}  // namespace

Result<DeviceCertificate> load_from_token(const CertificateSource& source) {
  TRY(const auto engine, open_engine(source));
  // A token does not say where a certificate in a file belongs.
  if (!names_token(source.certificate)) {
    return fail(Errc::bad_argument,
                "a key in a token needs the certificate in the token too, as pkcs11:...");
  }
  DeviceCertificate device;
  device.key_place = KeyPlace::token;
  device.certificate = certificate_at(engine.get(), source.certificate);
  if (!device.certificate) return refused(source.certificate, "no such certificate in a token");
  const auto& key = source.key.empty() ? source.certificate : source.key;
  device.key = {ENGINE_load_private_key(engine.get(), key.c_str(), nullptr, nullptr),
                EVP_PKEY_free};
  if (!device.key) return refused(key, "no such key in a token, or its PIN is another one");
  if (X509_check_private_key(device.certificate.get(), device.key.get()) != 1)
    return refused(key, "not the key of that certificate");
  ERR_clear_error();
  return device;
}

}  // namespace provphone::client::identity::detail

#pragma GCC diagnostic pop
