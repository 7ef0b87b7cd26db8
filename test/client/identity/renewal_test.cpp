#include "client/identity/renewal.hpp"

#include "test/client/identity/certificates.hpp"

#include <catch2/catch.hpp>
#include <openssl/pem.h>

namespace provphone::client::identity::renewal_test {
namespace {

using std::chrono::days;

const Authority& phone_root() {
  static const auto root = make_root("device root", some_day()).value();
  return root;
}

std::shared_ptr<EVP_PKEY> another_key() {
  return make_key(KeyType::p256).value();
}

DeviceCertificate own_certificate(const DeviceSubject& subject = some_phone()) {
  static const auto key = another_key();
  return mint_device_certificate(phone_root(), subject, key, some_day()).value();
}

CertificateRequest request_of(const DeviceCertificate& certificate) {
  return read_certificate_request(make_certificate_request(certificate).value()).value();
}

// What the service makes of the phone's request.
std::string renewed_for(const DeviceCertificate& certificate, WallTime now = some_day()) {
  return renew_certificate(phone_root(), request_of(certificate), now).value();
}

std::string why_not(const std::string& pem, const DeviceCertificate& own = own_certificate(),
                    WallTime now = some_day(), Clock clock = Clock::set) {
  const auto read = read_renewed(pem, own, clock, now);
  REQUIRE_FALSE(read);
  CHECK(read.error().code == Errc::certificate_unusable);
  return read.error().detail;
}

}  // namespace

TEST_CASE("a request has the certificate's subject and is signed by its key", "[R-CERT-07]") {
  const auto own = own_certificate();
  const auto text = make_certificate_request(own).value();
  CHECK(text.starts_with("-----BEGIN CERTIFICATE REQUEST-----"));
  CHECK(text.find("PRIVATE") == std::string::npos);
  const auto request = read_certificate_request(text).value();
  CHECK(X509_NAME_cmp(request.subject.get(), X509_get_subject_name(own.certificate.get())) == 0);
  CHECK(EVP_PKEY_eq(request.key.get(), own.key.get()) == 1);
  CHECK(is_of_a_phone(request.subject.get()));
}

TEST_CASE("the service renews over the same key, with another serial number", "[R-CERT-08]") {
  const auto own = own_certificate();
  const auto read = read_renewed(renewed_for(own), own, Clock::set, some_day()).value();
  CHECK(read->subject == "ST=000e08abcdef,L=88012BA01234,OU=CP-8841-3PCC");
  CHECK(read->fingerprint != fingerprint_of(own.certificate.get()));
  CHECK(read->serial_number.size() == 32);
  CHECK(read->not_after == std::chrono::floor<std::chrono::seconds>(some_day() + lifetime));
  const auto later =
      read_renewed(renewed_for(own, some_day() + days{1}), own, Clock::set, some_day() + days{1});
  CHECK(later.value()->serial_number != read->serial_number);
}

TEST_CASE("whoever has a renewed certificate shows it, over the key that he had", "[R-CERT-08]") {
  auto plain = std::make_shared<TlsIdentity>();
  plain->certificate = own_certificate();
  const auto read =
      read_renewed(renewed_for(*plain->certificate), *plain->certificate, Clock::set, some_day());
  const auto identity = with_renewed(plain, **read);
  REQUIRE(identity->certificate);
  CHECK(fingerprint_of(identity->certificate->certificate.get()) == (*read)->fingerprint);
  CHECK(identity->certificate->key == plain->certificate->key);
  CHECK(verdict_on(identity->certificate->certificate.get(), phone_root().certificate.get(),
                   X509_PURPOSE_SSL_CLIENT, some_day()) == X509_V_OK);
}

TEST_CASE("a certificate that is not the phone's, or no longer valid, is of no use",
          "[R-CERT-08]") {
  const auto own = own_certificate();
  CHECK(why_not("") == "no certificate in PEM form");
  CHECK(why_not("<html></html>") == "no certificate in PEM form");
  auto damaged = renewed_for(own);
  damaged.replace(damaged.find('\n') + 5, 4, "!!!!");
  CHECK(why_not(damaged) == "certificate 1 is damaged");
  const auto of_other_key =
      mint_device_certificate(phone_root(), some_phone(), another_key(), some_day()).value();
  CHECK(why_not(renewed_for(of_other_key)) == "the certificate is for another key");
  const auto other = own_certificate({"CP-8841-3PCC", "OTHER", MacAddress{0x000e08abcdef}});
  CHECK(why_not(renewed_for(other)) ==
        "the certificate is for another subject, ST=000e08abcdef,L=OTHER,OU=CP-8841-3PCC");
  const auto pem = renewed_for(own);
  CHECK(why_not(pem, own, some_day() + lifetime + days{1}) == "the certificate is not valid now");
  CHECK(why_not(pem, own, some_day() - days{2}) == "the certificate is not valid now");
  // R-TLS-03
  CHECK(read_renewed(pem, own, Clock::unset, some_day() - days{2}));
}

TEST_CASE("neither the generic certificate nor one in a token is renewed", "[R-CERT-10]") {
  const auto generic = mint_generic_certificate(phone_root(), another_key(), some_day()).value();
  CHECK(make_certificate_request(generic).error().code == Errc::certificate_unavailable);
  auto in_token = own_certificate();
  in_token.key_place = KeyPlace::token;
  const auto refused = make_certificate_request(in_token);
  CHECK(refused.error().code == Errc::certificate_unavailable);
  CHECK(refused.error().detail.find("in a token") != std::string::npos);
}

TEST_CASE("the service takes no request that its own key has not signed", "[R-CERT-07]") {
  CHECK(read_certificate_request("").error().detail == "no PKCS#10 request in PEM or DER form");
  CHECK_FALSE(read_certificate_request(std::string(5000, 'x')));
  // The phone's subject and key, signed by somebody else.
  const auto own = own_certificate();
  const std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)> forged(X509_REQ_new(), &X509_REQ_free);
  X509_REQ_set_subject_name(forged.get(), X509_get_subject_name(own.certificate.get()));
  X509_REQ_set_pubkey(forged.get(), own.key.get());
  X509_REQ_sign(forged.get(), another_key().get(), EVP_sha256());
  unsigned char* der = nullptr;
  const int size = i2d_X509_REQ(forged.get(), &der);
  const std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  CHECK(read_certificate_request(text).error().detail ==
        "the request is not signed by its own key");
}

TEST_CASE("a phone's subject has its MAC address", "[R-CERT-01]") {
  const auto is_phone = [](const DeviceCertificate& certificate) {
    return is_of_a_phone(X509_get_subject_name(certificate.certificate.get()));
  };
  CHECK(is_phone(own_certificate()));
  CHECK(is_phone(own_certificate({"", "", MacAddress{0x000e08abcdef}})));
  CHECK_FALSE(is_phone(mint_generic_certificate(phone_root(), another_key(), some_day()).value()));
  CHECK_FALSE(is_phone(
      make_server_certificate(phone_root(), {"a.example.net"}, another_key(), some_day()).value()));
}

}  // namespace provphone::client::identity::renewal_test
