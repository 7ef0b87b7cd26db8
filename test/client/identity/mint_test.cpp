#include "client/identity/mint.hpp"

#include "test/client/identity/certificates.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>

namespace provphone::client::identity::mint_test {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Authority& device_root() {
  static const auto root = make_root("device root", some_day()).value();
  return root;
}

const std::shared_ptr<EVP_PKEY>& device_key() {
  static const auto key = make_key(KeyType::p256).value();
  return key;
}

DeviceCertificate mint(const DeviceSubject& subject, WallTime now = some_day()) {
  return mint_device_certificate(device_root(), subject, device_key(), now).value();
}

}  // namespace

TEST_CASE("a device certificate names product, serial number and MAC, in this order",
          "[R-CERT-01]") {
  const auto minted = mint(some_phone());
  CHECK(subject_of(minted.certificate.get()) == "OU=CP-8841-3PCC, L=88012BA01234, ST=000e08abcdef");
  CHECK(print_name(X509_get_subject_name(minted.certificate.get()), XN_FLAG_RFC2253) ==
        "ST=000e08abcdef,L=88012BA01234,OU=CP-8841-3PCC");
}

TEST_CASE("the generic certificate names no phone", "[R-CERT-04]") {
  const auto generic = mint_generic_certificate(device_root(), device_key(), some_day()).value();
  CHECK(subject_of(generic.certificate.get()) == "OU=cisco.com, L=ciscogeneric, ST=ciscogeneric");
}

TEST_CASE("a device without a serial number has none in its certificate", "[R-CERT-01]") {
  const auto minted = mint({"CP-8841-3PCC", "", MacAddress{0x000e08abcdef}});
  CHECK(subject_of(minted.certificate.get()) == "OU=CP-8841-3PCC, ST=000e08abcdef");
}

TEST_CASE("a minted certificate is a client's, and its root vouches for it", "[R-CERT-02]") {
  const auto minted = mint(some_phone());
  X509* root = device_root().certificate.get();
  CHECK(verdict_on(minted.certificate.get(), root, X509_PURPOSE_SSL_CLIENT, some_day()) ==
        X509_V_OK);
  CHECK(verdict_on(minted.certificate.get(), root, X509_PURPOSE_SSL_SERVER, some_day()) ==
        X509_V_ERR_INVALID_PURPOSE);
  CHECK(X509_get_version(minted.certificate.get()) == X509_VERSION_3);
  CHECK(minted.chain.empty());
  CHECK(minted.key == device_key());
  CHECK(X509_check_private_key(minted.certificate.get(), minted.key.get()) == 1);
}

TEST_CASE("another root of the same name does not vouch for a device", "[R-CERT-02]") {
  const auto other = make_root("device root", some_day()).value();
  CHECK(verdict_on(mint(some_phone()).certificate.get(), other.certificate.get(),
                   X509_PURPOSE_SSL_CLIENT, some_day()) != X509_V_OK);
}

TEST_CASE("a certificate is valid from the day before for ten years", "[R-CERT-02]") {
  const auto minted = mint(some_phone());
  const auto verdict = [&](WallTime at) {
    return verdict_on(minted.certificate.get(), device_root().certificate.get(),
                      X509_PURPOSE_SSL_CLIENT, at);
  };
  CHECK(verdict(some_day() - days{1} - hours{1}) == X509_V_ERR_CERT_NOT_YET_VALID);
  CHECK(verdict(some_day() - days{1} + hours{1}) == X509_V_OK);
  CHECK(verdict(some_day() + days{3652} - hours{1}) == X509_V_OK);
  CHECK(verdict(some_day() + days{3652} + hours{1}) == X509_V_ERR_CERT_HAS_EXPIRED);
}

TEST_CASE("one subject has one serial number, whenever it is minted", "[R-CERT-03]") {
  auto neighbour = some_phone();
  ++neighbour.mac.bits;
  const auto first = mint(some_phone());
  const auto later = mint(some_phone(), some_day() + days{30});
  CHECK(serial_number_of(first.certificate.get()) == serial_number_of(later.certificate.get()));
  CHECK(serial_number_of(first.certificate.get()).size() == 16);
  CHECK(serial_number_of(first.certificate.get()) !=
        serial_number_of(mint(neighbour).certificate.get()));
}

TEST_CASE("a subject that does not fit a certificate is an error that shows it") {
  const auto refused = [](const DeviceSubject& subject) {
    return mint_device_certificate(device_root(), subject, device_key(), some_day());
  };
  const auto too_long = refused({std::string(65, 'x'), "1", MacAddress{1}});
  REQUIRE_FALSE(too_long);
  CHECK(too_long.error().code == Errc::bad_argument);
  CHECK(too_long.error().detail.find(std::string(65, 'x')) != std::string::npos);
  CHECK_FALSE(refused({"CP", "\xff\xfe", MacAddress{1}}));
}

TEST_CASE("a root is an authority that signs itself") {
  const auto root = make_root("some root", some_day()).value();
  X509* certificate = root.certificate.get();
  CHECK(subject_of(certificate) == "CN=some root");
  CHECK(extension_of(certificate, NID_basic_constraints) == "CA:TRUE");
  CHECK(extension_of(certificate, NID_key_usage) == "Certificate Sign, CRL Sign");
  CHECK(extension_of(certificate, NID_subject_key_identifier) != "absent");
  CHECK(X509_verify(certificate, root.key.get()) == 1);
  CHECK(EVP_PKEY_get_bits(root.key.get()) == 2048);
}

TEST_CASE("a server certificate names every host as what it is") {
  const auto made =
      make_server_certificate(device_root(),
                              {"prov.example.net", "127.0.0.1", "::1", "*.example.net"}, some_day())
          .value();
  X509* certificate = made.certificate.get();
  CHECK(subject_of(certificate) == "CN=prov.example.net");
  CHECK(extension_of(certificate, NID_subject_alt_name) ==
        "DNS:prov.example.net, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, "
        "DNS:*.example.net");
  CHECK(extension_of(certificate, NID_ext_key_usage) == "TLS Web Server Authentication");
  CHECK(extension_of(certificate, NID_authority_key_identifier) != "absent");
  CHECK(verdict_on(certificate, device_root().certificate.get(), X509_PURPOSE_SSL_SERVER,
                   some_day()) == X509_V_OK);
}

TEST_CASE("a host that is none is an error that names it") {
  const auto [host, named] = GENERATE(table<std::string, std::string>({
      {"", "''"},
      {"two words", "two words"},
      {"https://prov.example.net", "https://"},
      {"prov.example.net:443", ":443"},
      {std::string(254, 'x'), "xxx"},
      {std::string(65, 'x'), "64"},
  }));
  const auto made = make_server_certificate(device_root(), {host}, device_key(), some_day());
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Errc::bad_argument);
  CHECK(made.error().detail.find(named) != std::string::npos);
  CHECK_FALSE(make_server_certificate(device_root(), {}, device_key(), some_day()));
}

TEST_CASE("keys are RSA of 2048 bits or on the curve P-256") {
  const auto rsa = make_key(KeyType::rsa_2048).value();
  CHECK(EVP_PKEY_is_a(rsa.get(), "RSA") == 1);
  CHECK(EVP_PKEY_get_bits(rsa.get()) == 2048);
  const auto curve = make_key(KeyType::p256).value();
  CHECK(EVP_PKEY_is_a(curve.get(), "EC") == 1);
  CHECK(EVP_PKEY_get_bits(curve.get()) == 256);
}

}  // namespace provphone::client::identity::mint_test
