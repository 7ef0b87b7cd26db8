#include "client/identity/renewal.hpp"

#include "client/identity/detail/pem.hpp"
#include "macro/mac_address.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>
#include <utility>

namespace provphone::client::identity {
namespace {

using RequestPtr = std::unique_ptr<X509_REQ, decltype(&X509_REQ_free)>;

template <class Write>
std::string pem_text(Write write) {
  const detail::Bio memory(BIO_new(BIO_s_mem()), &BIO_free_all);
  if (!memory || write(memory.get()) != 1) return {};
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

detail::Bio reader_of(std::string_view text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &BIO_free_all};
}

tl::unexpected<Error> unusable(std::string why) {
  ERR_clear_error();
  return fail(Errc::certificate_unusable, std::move(why));
}

std::string serial_number_of(const X509* certificate) {
  const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
      ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr), &BN_free);
  char* const digits = number ? BN_bn2hex(number.get()) : nullptr;
  std::string text = digits != nullptr ? digits : "";
  OPENSSL_free(digits);
  return text;
}

bool is_valid_at(const X509* certificate, WallTime now) {
  auto time = std::chrono::system_clock::to_time_t(now);
  return X509_cmp_time(X509_get0_notBefore(certificate), &time) < 0 &&
         X509_cmp_time(X509_get0_notAfter(certificate), &time) > 0;
}

using Certificates = std::vector<std::shared_ptr<X509>>;

Result<Certificates> certificates_of(const std::string& pem) {
  const auto text = reader_of(pem);
  auto certificates = detail::read_all(text.get());
  if (!certificates)
    return unusable(fmt::format("certificate {} is damaged", certificates.error().before + 1));
  if (certificates->empty()) return unusable("no certificate in PEM form");
  return *std::move(certificates);
}

// The text of one entry of the name; empty where it does not have exactly one such.
std::string entry_of(const X509_NAME* name, int nid) {
  const int first = X509_NAME_get_index_by_NID(name, nid, -1);
  if (first < 0 || X509_NAME_get_index_by_NID(name, nid, first) >= 0) return {};
  const auto* data = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, first));
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(data)),
          static_cast<std::size_t>(ASN1_STRING_length(data))};
}

}  // namespace

Result<std::string> make_certificate_request(const DeviceCertificate& own) {
  if (own.key_place == KeyPlace::token)
    return fail(Errc::certificate_unavailable,
                "the key of the phone's certificate is in a token, which has its certificate too");
  if (is_generic(own))
    return fail(Errc::certificate_unavailable,
                "the phone has the generic certificate, which is none of its own");
  const RequestPtr request(X509_REQ_new(), &X509_REQ_free);
  const bool is_signed =
      request && X509_REQ_set_version(request.get(), 0) == 1 &&
      X509_REQ_set_subject_name(request.get(), X509_get_subject_name(own.certificate.get())) == 1 &&
      X509_REQ_set_pubkey(request.get(), own.key.get()) == 1 &&
      X509_REQ_sign(request.get(), own.key.get(), EVP_sha256()) > 0;
  auto text = is_signed
                  ? pem_text([&](BIO* out) { return PEM_write_bio_X509_REQ(out, request.get()); })
                  : std::string();
  ERR_clear_error();
  if (text.empty())
    return fail(Errc::certificate_unavailable, "the phone's key cannot sign a request");
  return text;
}

Result<std::shared_ptr<const resync::RenewedCertificate>> read_renewed(const std::string& pem,
                                                                       const DeviceCertificate& own,
                                                                       Clock clock, WallTime now) {
  TRY(const auto certificates, certificates_of(pem));
  auto* const first = certificates.front().get();
  if (X509_check_private_key(first, own.key.get()) != 1)
    return unusable("the certificate is for another key");
  if (X509_NAME_cmp(X509_get_subject_name(first), X509_get_subject_name(own.certificate.get())) !=
      0)
    return unusable("the certificate is for another subject, " +
                    subject_of({certificates.front(), nullptr, {}}));
  if (clock == Clock::set && !is_valid_at(first, now))
    return unusable("the certificate is not valid now");
  auto renewed = std::make_shared<resync::RenewedCertificate>();
  renewed->pem = pem;
  renewed->subject = subject_of(own);
  renewed->serial_number = serial_number_of(first);
  renewed->fingerprint = fingerprint_of(first);
  renewed->not_after = end_of(first);
  return renewed;
}

std::shared_ptr<const TlsIdentity> with_renewed(const std::shared_ptr<const TlsIdentity>& identity,
                                                const resync::RenewedCertificate& renewed) {
  const auto certificates = certificates_of(renewed.pem);
  if (!identity->certificate || !certificates) return identity;
  auto made = std::make_shared<TlsIdentity>(*identity);
  made->certificate->certificate = certificates->front();
  made->certificate->chain.assign(certificates->begin() + 1, certificates->end());
  return made;
}

resync::sys_seconds end_of(const X509* certificate) {
  std::tm fields{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &fields) != 1) return {};
  return std::chrono::floor<std::chrono::seconds>(
      std::chrono::system_clock::from_time_t(timegm(&fields)));
}

Result<CertificateRequest> read_certificate_request(std::string_view text) {
  RequestPtr request(
      PEM_read_bio_X509_REQ(reader_of(text).get(), nullptr, detail::no_passphrase, nullptr),
      &X509_REQ_free);
  if (!request) request.reset(d2i_X509_REQ_bio(reader_of(text).get(), nullptr));
  ERR_clear_error();
  if (!request) return fail(Errc::bad_argument, "no PKCS#10 request in PEM or DER form");
  CertificateRequest read;
  read.key = {X509_REQ_get_pubkey(request.get()), EVP_PKEY_free};
  const bool is_signed = read.key && X509_REQ_verify(request.get(), read.key.get()) == 1;
  read.subject = {X509_NAME_dup(X509_REQ_get_subject_name(request.get())), X509_NAME_free};
  ERR_clear_error();
  if (!is_signed || !read.subject)
    return fail(Errc::bad_argument, "the request is not signed by its own key");
  return read;
}

bool is_of_a_phone(const X509_NAME* subject) {
  const auto mac = entry_of(subject, NID_stateOrProvinceName);
  const auto parsed = parse_mac_address(mac);
  if (!parsed || format_lower(*parsed) != mac) return false;
  const auto is_there = [&](int nid) { return entry_of(subject, nid).empty() ? 0 : 1; };
  return X509_NAME_entry_count(subject) ==
         1 + is_there(NID_organizationalUnitName) + is_there(NID_localityName);
}

Result<std::string> renew_certificate(const Authority& root, const CertificateRequest& request,
                                      WallTime now) {
  TRY(const auto renewed, mint_renewed_certificate(root, request.subject, request.key, now));
  return pem_text([&](BIO* out) { return PEM_write_bio_X509(out, renewed.certificate.get()); });
}

}  // namespace provphone::client::identity
