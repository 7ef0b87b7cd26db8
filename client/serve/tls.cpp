#include "client/serve/tls.hpp"

#include "client/identity/pki.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <chrono>

namespace provphone::client::serve {
namespace {

namespace ssl = boost::asio::ssl;

// TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL allows on its lowest level alone.
constexpr const char* ciphers = "DEFAULT:@SECLEVEL=0";

tl::unexpected<Error> unreadable(const std::string& path, const boost::system::error_code& error) {
  ERR_clear_error();
  return fail(Errc::unreadable_file, fmt::format("{}: {}", path, error.message()));
}

void allow_old_phones(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_cipher_list(context, ciphers);
}

void forbid_resumption(SSL_CTX* context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // Tickets would let a client resume without showing its certificate (R-TLS-11), also in TLS 1.3.
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_num_tickets(context, 0);
}

Result<void> load_own_certificate(ssl::context& context, const std::string& directory) {
  boost::system::error_code error;
  const auto certificate = directory + "/server.pem";
  context.use_certificate_chain_file(certificate, error);
  if (error) return unreadable(certificate, error);
  const auto key = directory + "/server.key";
  context.use_private_key_file(key, ssl::context::pem, error);
  if (error) return unreadable(key, error);
  return {};
}

identity::Flaw flaw_of(CertificateFault fault) {
  switch (fault) {
    case CertificateFault::wrong_name:
      return identity::Flaw::wrong_name;
    case CertificateFault::expired:
      return identity::Flaw::expired;
    case CertificateFault::untrusted:
      break;
  }
  return identity::Flaw::untrusted;
}

Result<void> use_flawed_certificate(ssl::context& context, const std::string& directory,
                                    CertificateFault fault) {
  TRY(const auto flawed, identity::make_flawed_server_certificate(
                             directory, flaw_of(fault), std::chrono::system_clock::now()));
  SSL_CTX_use_certificate(context.native_handle(), flawed.certificate.get());
  SSL_CTX_use_PrivateKey(context.native_handle(), flawed.key.get());
  return {};
}

Result<void> ask_for_certificates(ssl::context& context, const std::string& directory,
                                  ClientCertificates clients) {
  const auto roots = directory + "/device-root.pem";
  boost::system::error_code error;
  context.load_verify_file(roots, error);
  if (error) return unreadable(roots, error);
  // The names go to the client, which may choose among several certificates by them.
  SSL_CTX_set_client_CA_list(context.native_handle(), SSL_load_client_CA_file(roots.c_str()));
  const auto required = clients == ClientCertificates::required
                            ? ssl::verify_peer | ssl::verify_fail_if_no_peer_cert
                            : ssl::verify_peer;
  context.set_verify_mode(required, error);
  return {};
}

}  // namespace

Result<std::shared_ptr<ssl::context>> make_tls_context(const std::string& pki_directory,
                                                       ClientCertificates clients,
                                                       std::optional<CertificateFault> fault) {
  if (pki_directory.empty()) {
    return fail(Errc::bad_argument,
                "HTTPS needs a folder with server.pem and server.key, as `provphone pki` makes it");
  }
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  allow_old_phones(context->native_handle());
  forbid_resumption(context->native_handle());
  TRY(fault ? use_flawed_certificate(*context, pki_directory, *fault)
            : load_own_certificate(*context, pki_directory));
  if (clients != ClientCertificates::ignored) {
    TRY(ask_for_certificates(*context, pki_directory, clients));
  }
  return context;
}

std::string verified_subject(SSL* connection) {
  const std::shared_ptr<X509> certificate(SSL_get1_peer_certificate(connection), X509_free);
  if (!certificate || SSL_get_verify_result(connection) != X509_V_OK) return {};
  const std::shared_ptr<BIO> out(BIO_new(BIO_s_mem()), BIO_free_all);
  X509_NAME_print_ex(out.get(), X509_get_subject_name(certificate.get()), 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace provphone::client::serve
