#pragma once

#include "client/identity/mint.hpp"
#include "web_server.hpp"
#include "world.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

// Servers over TLS and the phones that ask them.
namespace provphone::client::transport::test {

using identity::Authority;
using identity::DeviceCertificate;
using identity::TlsIdentity;
using resync::TlsVersion;

inline identity::WallTime now() {
  return std::chrono::system_clock::now();
}

// Keys are made once: they are the slow part.
struct Pki {
  Authority server_root = identity::make_root("server root", now()).value();
  Authority device_root = identity::make_root("device root", now()).value();
  Authority other_root = identity::make_root("other root", now()).value();
  std::shared_ptr<EVP_PKEY> device_key = identity::make_key(identity::KeyType::p256).value();

  DeviceCertificate server(const std::vector<std::string>& hosts, identity::WallTime at) const {
    return identity::make_server_certificate(server_root, hosts, at).value();
  }
  DeviceCertificate device(const Authority& root, std::uint64_t mac) const {
    const identity::DeviceSubject subject{"CP-8841-3PCC", "FCH2200", MacAddress{mac}};
    return identity::mint_device_certificate(root, subject, device_key, now()).value();
  }
};

inline const Pki& pki() {
  static const Pki made;
  return made;
}

inline std::shared_ptr<X509_STORE> store_of(const Authority& root) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  X509_STORE_add_cert(store.get(), root.certificate.get());
  return store;
}

// An authority that `root` vouches for.
inline Authority intermediate_of(const Authority& root) {
  Authority made = identity::make_root("intermediate", now()).value();
  X509* const certificate = made.certificate.get();
  X509_set_issuer_name(certificate, X509_get_subject_name(root.certificate.get()));
  const int own_issuer = X509_get_ext_by_NID(certificate, NID_authority_key_identifier, -1);
  if (own_issuer >= 0) X509_EXTENSION_free(X509_delete_ext(certificate, own_issuer));
  REQUIRE(X509_sign(certificate, root.key.get(), EVP_sha256()) > 0);
  return made;
}

inline TlsIdentity trusting() {
  TlsIdentity identity;
  identity.trust = store_of(pki().server_root);
  return identity;
}

inline TlsOptions honest() {
  return {.certificate = pki().server({"127.0.0.1", "localhost"}, now())};
}

inline TlsOptions requiring_certificates() {
  TlsOptions options = honest();
  options.client_roots = store_of(pki().device_root);
  options.verify_mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  return options;
}

inline Request https_request(const WebServer& server, TlsIdentity identity) {
  Request request = request_for(macro::Scheme::https, server.port(), "/cfg.xml");
  request.tls = std::make_shared<const TlsIdentity>(std::move(identity));
  return request;
}

}  // namespace provphone::client::transport::test
