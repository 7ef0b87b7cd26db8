#include "test/client/check/gallery_pki.hpp"

#include "test/client/check/gallery.hpp"

#include <catch2/catch.hpp>
#include <openssl/bio.h>
#include <openssl/pem.h>

#include <array>

namespace provphone::test::gallery {
namespace {

namespace identity = client::identity;

identity::WallTime now() {
  return std::chrono::system_clock::now();
}

const identity::Authority& server_root() {
  static const auto made = identity::make_root("server root", shared_key(), now()).value();
  return made;
}

std::shared_ptr<X509_STORE> store_of(const identity::Authority& root) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  X509_STORE_add_cert(store.get(), root.certificate.get());
  return store;
}

}  // namespace

std::shared_ptr<EVP_PKEY> shared_key() {
  static const auto made = identity::make_key(identity::KeyType::rsa_2048).value();
  return made;
}

const identity::Authority& device_root() {
  static const auto made = identity::make_root("device root", shared_key(), now()).value();
  return made;
}

std::shared_ptr<X509_STORE> device_roots() {
  return store_of(device_root());
}

std::shared_ptr<X509_STORE> server_roots() {
  return store_of(server_root());
}

identity::DeviceCertificate phone_certificate(const resync::Identity& phone) {
  return identity::mint_device_certificate(device_root(), {phone.model, phone.serial, phone.mac},
                                           shared_key(), now())
      .value();
}

void show_certificate(Stage& stage, const std::vector<std::string>& hosts, std::chrono::days made) {
  stage.tls.certificate =
      identity::make_server_certificate(server_root(), hosts, shared_key(), now() + made).value();
}

void sign(X509& certificate) {
  REQUIRE(X509_sign(&certificate, server_root().key.get(), EVP_sha256()) > 0);
}

std::string root_text() {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
  REQUIRE(PEM_write_bio_X509(memory.get(), server_root().certificate.get()) == 1);
  std::array<char, 4096> text{};
  const auto size = BIO_read(memory.get(), text.data(), static_cast<int>(text.size()));
  REQUIRE(size > 0);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace provphone::test::gallery
