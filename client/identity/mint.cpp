#include "client/identity/mint.hpp"

#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace provphone::client::identity {
namespace {

// A day's grace for machines whose clocks are behind the one that made the certificate.
constexpr std::chrono::days backdating{1};

constexpr std::size_t serial_number_octets = 16;
constexpr std::size_t longest_common_name = 64;
constexpr std::size_t longest_host_name = 253;

template <class T>
std::shared_ptr<T> owned(T* object, void (*release)(T*)) {
  return object ? std::shared_ptr<T>(object, release) : nullptr;
}

// What OpenSSL complained about first, or a word that stands for no complaint.
tl::unexpected<Error> openssl_failure(std::string_view what) {
  const char* reason = ERR_reason_error_string(ERR_get_error());
  ERR_clear_error();
  return fail(Errc::bad_argument, fmt::format("{}: {}", what, reason ? reason : "OpenSSL failed"));
}

struct NameEntry {
  int nid;
  const std::string& value;
};

bool add_entry(X509_NAME* name, const NameEntry& entry) {
  // The last two: behind the last entry, as a relative name of its own, so that the order given is
  // the order in the certificate (R-CERT-01).
  return X509_NAME_add_entry_by_NID(name, entry.nid, MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(entry.value.data()),
                                    static_cast<int>(entry.value.size()), -1, 0) == 1;
}

Result<std::shared_ptr<X509_NAME>> make_name(std::initializer_list<NameEntry> entries) {
  auto name = owned(X509_NAME_new(), X509_NAME_free);
  for (const auto& entry : entries) {
    if (entry.value.empty()) continue;
    if (!name || !add_entry(name.get(), entry)) {
      return openssl_failure(
          fmt::format("'{}' cannot stand in a certificate's subject", entry.value));
    }
  }
  return name;
}

std::string der(const X509_NAME* name) {
  unsigned char* octets = nullptr;
  const int size = i2d_X509_NAME(name, &octets);
  std::string text(reinterpret_cast<const char*>(octets),
                   size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(octets);
  return text;
}

// The same certificate twice has the same serial number, so that two runs of one scenario cannot be
// told apart. The two upper bits make it a positive number of a fixed length.
bool set_serial_number(X509* certificate, std::string_view source) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(source.data()), source.size(), digest.data());
  digest[0] = static_cast<unsigned char>((digest[0] & 0x3fU) | 0x40U);
  const auto number =
      owned(BN_bin2bn(digest.data(), static_cast<int>(serial_number_octets), nullptr), BN_free);
  return number && BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_dates(X509* certificate, WallTime now) {
  const auto from = std::chrono::system_clock::to_time_t(now - backdating);
  const auto until = std::chrono::system_clock::to_time_t(now + lifetime);
  return ASN1_TIME_set(X509_getm_notBefore(certificate), from) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), until) != nullptr;
}

enum class Use : std::uint8_t { authority, server, client };

bool add_basic_constraints(X509* certificate, Use use) {
  const auto constraints = owned(BASIC_CONSTRAINTS_new(), BASIC_CONSTRAINTS_free);
  if (!constraints) return false;
  // 0xff is DER's TRUE. The extension is critical, as RFC 5280 wants it of an authority.
  constraints->ca = use == Use::authority ? 0xff : 0;
  return X509_add1_ext_i2d(certificate, NID_basic_constraints, constraints.get(), 1, 0) == 1;
}

bool add_key_usage(X509* certificate, Use use) {
  // Numbers of the bits as RFC 5280 counts them: 0 signature, 2 key encipherment, 5 certificates, 6
  // revocation lists. Key encipherment is what the RSA key exchange of TLS 1.2 and older needs.
  const auto bits = owned(ASN1_BIT_STRING_new(), ASN1_BIT_STRING_free);
  const std::array<int, 2> numbers =
      use == Use::authority ? std::array<int, 2>{5, 6} : std::array<int, 2>{0, 2};
  return bits &&
         std::all_of(numbers.begin(), numbers.end(),
                     [&](int n) { return ASN1_BIT_STRING_set_bit(bits.get(), n, 1) == 1; }) &&
         X509_add1_ext_i2d(certificate, NID_key_usage, bits.get(), 1, 0) == 1;
}

bool add_extended_key_usage(X509* certificate, Use use) {
  if (use == Use::authority) return true;
  const auto purposes = owned(EXTENDED_KEY_USAGE_new(), EXTENDED_KEY_USAGE_free);
  ASN1_OBJECT* purpose = OBJ_nid2obj(use == Use::server ? NID_server_auth : NID_client_auth);
  return purposes && sk_ASN1_OBJECT_push(purposes.get(), purpose) > 0 &&
         X509_add1_ext_i2d(certificate, NID_ext_key_usage, purposes.get(), 0, 0) == 1;
}

// Names the key by the hash of its public half, as RFC 5280 suggests first.
bool add_subject_key(X509* certificate) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  const auto id = owned(ASN1_OCTET_STRING_new(), ASN1_OCTET_STRING_free);
  return id && X509_pubkey_digest(certificate, EVP_sha1(), digest.data(), &size) == 1 &&
         ASN1_OCTET_STRING_set(id.get(), digest.data(), static_cast<int>(size)) == 1 &&
         X509_add1_ext_i2d(certificate, NID_subject_key_identifier, id.get(), 0, 0) == 1;
}

bool add_authority_key(X509* certificate, X509* issuer) {
  const ASN1_OCTET_STRING* id = X509_get0_subject_key_id(issuer);
  if (id == nullptr) return true;  // a root made elsewhere may have none
  const auto authority = owned(AUTHORITY_KEYID_new(), AUTHORITY_KEYID_free);
  if (!authority) return false;
  authority->keyid = ASN1_OCTET_STRING_dup(id);
  return authority->keyid != nullptr &&
         X509_add1_ext_i2d(certificate, NID_authority_key_identifier, authority.get(), 0, 0) == 1;
}

struct Draft {
  Use use;
  std::shared_ptr<X509_NAME> subject;
  std::shared_ptr<EVP_PKEY> key;
  std::string serial_number_source;
  std::shared_ptr<GENERAL_NAMES> alternative_names;  // of servers
};

bool fill_in(X509* certificate, const Draft& draft, WallTime now) {
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         set_serial_number(certificate, draft.serial_number_source) &&
         set_dates(certificate, now) &&
         X509_set_subject_name(certificate, draft.subject.get()) == 1 &&
         X509_set_pubkey(certificate, draft.key.get()) == 1 &&
         add_basic_constraints(certificate, draft.use) && add_key_usage(certificate, draft.use) &&
         add_extended_key_usage(certificate, draft.use) && add_subject_key(certificate) &&
         (!draft.alternative_names || X509_add1_ext_i2d(certificate, NID_subject_alt_name,
                                                        draft.alternative_names.get(), 0, 0) == 1);
}

// All but the signature. Without an authority the certificate is its own issuer.
Result<std::shared_ptr<X509>> unsigned_certificate(const Draft& draft, const Authority* authority,
                                                   WallTime now) {
  auto certificate = owned(X509_new(), X509_free);
  if (!certificate || !fill_in(certificate.get(), draft, now)) {
    return openssl_failure("the certificate cannot be made");
  }
  X509* issuer = authority ? authority->certificate.get() : certificate.get();
  if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) != 1 ||
      (authority && !add_authority_key(certificate.get(), issuer))) {
    return openssl_failure("the certificate cannot be made");
  }
  return certificate;
}

Result<void> sign_with(EVP_PKEY* key, X509* certificate) {
  if (X509_sign(certificate, key, EVP_sha256()) != 0) return {};
  return openssl_failure("the certificate cannot be signed");
}

// Without an authority the certificate signs itself.
Result<std::shared_ptr<X509>> sign(const Draft& draft, const Authority* authority, WallTime now) {
  TRY(auto certificate, unsigned_certificate(draft, authority, now));
  TRY(sign_with((authority ? authority->key : draft.key).get(), certificate.get()));
  return certificate;
}

bool is_host_name(std::string_view host) {
  const auto allowed = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == '_' ||
           c == '*';
  };
  return !host.empty() && host.size() <= longest_host_name &&
         std::all_of(host.begin(), host.end(), allowed);
}

// Null where the host is neither a name nor an address.
GENERAL_NAME* alternative_name(const std::string& host) {
  ASN1_STRING* value = a2i_IPADDRESS(host.c_str());
  const int type = value ? GEN_IPADD : GEN_DNS;
  if (value == nullptr) {
    ERR_clear_error();
    if (!is_host_name(host)) return nullptr;
    value = ASN1_IA5STRING_new();
    ASN1_STRING_set(value, host.data(), static_cast<int>(host.size()));
  }
  GENERAL_NAME* name = GENERAL_NAME_new();
  GENERAL_NAME_set0_value(name, type, value);
  return name;
}

Result<std::shared_ptr<GENERAL_NAMES>> alternative_names(const std::vector<std::string>& hosts) {
  auto names = owned(GENERAL_NAMES_new(), GENERAL_NAMES_free);
  for (const auto& host : hosts) {
    GENERAL_NAME* name = alternative_name(host);
    if (name == nullptr) {
      return fail(Errc::bad_argument,
                  fmt::format("'{}' is neither a host name nor an address", host));
    }
    sk_GENERAL_NAME_push(names.get(), name);
  }
  return names;
}

Result<DeviceCertificate> issue(const Authority& root, const Draft& draft, WallTime now) {
  TRY(auto certificate, sign(draft, &root, now));
  return DeviceCertificate{std::move(certificate), draft.key, {}};
}

struct ClientNames {
  std::string unit, locality, province;
};

Result<Draft> client_draft(const ClientNames& names, std::shared_ptr<EVP_PKEY> key) {
  TRY(auto name, make_name({{NID_organizationalUnitName, names.unit},
                            {NID_localityName, names.locality},
                            {NID_stateOrProvinceName, names.province}}));
  // R-CERT-03: the encoded subject is all that the serial number is made of.
  auto number_source = der(name.get());
  return Draft{Use::client, std::move(name), std::move(key), std::move(number_source), nullptr};
}

// R-CERT-01: OU, L and S in this order; the abbreviation S is the province.
Result<Draft> device_draft(const DeviceSubject& subject, std::shared_ptr<EVP_PKEY> key) {
  return client_draft({subject.product, subject.serial, format_lower(subject.mac)}, std::move(key));
}

}  // namespace

Result<std::shared_ptr<EVP_PKEY>> make_key(KeyType type) {
  auto key = owned(type == KeyType::p256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(2048U), EVP_PKEY_free);
  if (!key) return openssl_failure("no key can be made");
  return key;
}

Result<Authority> make_root(const std::string& common_name, std::shared_ptr<EVP_PKEY> key,
                            WallTime now) {
  TRY(auto subject, make_name({{NID_commonName, common_name}}));
  // Two roots of one name differ in their keys, so the number says which one this is.
  unsigned char* octets = nullptr;
  const int size = i2d_PUBKEY(key.get(), &octets);
  const std::string public_key(reinterpret_cast<const char*>(octets),
                               size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(octets);
  const Draft draft{Use::authority, subject, key, der(subject.get()) + public_key, nullptr};
  TRY(auto certificate, sign(draft, nullptr, now));
  return Authority{std::move(certificate), std::move(key)};
}

Result<Authority> make_root(const std::string& common_name, WallTime now) {
  TRY(auto key, make_key(KeyType::rsa_2048));
  return make_root(common_name, std::move(key), now);
}

Result<DeviceCertificate> make_server_certificate(const Authority& root,
                                                  const std::vector<std::string>& hosts,
                                                  std::shared_ptr<EVP_PKEY> key, WallTime now) {
  if (hosts.empty()) return fail(Errc::bad_argument, "a server certificate needs a host");
  if (hosts.front().size() > longest_common_name) {
    return fail(
        Errc::bad_argument,
        fmt::format("'{}' is longer than the {} octets of a common name; name a shorter host "
                    "first",
                    hosts.front(), longest_common_name));
  }
  TRY(auto names, alternative_names(hosts));
  TRY(auto subject, make_name({{NID_commonName, hosts.front()}}));
  // Re-issued for other hosts, or on another day, it is another certificate.
  const auto since_epoch = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  const auto source =
      fmt::format("{}{}{}", der(subject.get()), fmt::join(hosts, ","), since_epoch.count());
  return issue(root, {Use::server, subject, std::move(key), source, names}, now);
}

Result<DeviceCertificate> make_server_certificate(const Authority& root,
                                                  const std::vector<std::string>& hosts,
                                                  WallTime now) {
  TRY(auto key, make_key(KeyType::rsa_2048));
  return make_server_certificate(root, hosts, std::move(key), now);
}

Result<DeviceCertificate> mint_device_certificate(const Authority& root,
                                                  const DeviceSubject& subject,
                                                  std::shared_ptr<EVP_PKEY> key, WallTime now) {
  TRY(const auto draft, device_draft(subject, std::move(key)));
  return issue(root, draft, now);
}

Result<std::shared_ptr<X509>> draft_device_certificate(const Authority& root,
                                                       const DeviceSubject& subject,
                                                       std::shared_ptr<EVP_PKEY> key,
                                                       WallTime now) {
  TRY(const auto draft, device_draft(subject, std::move(key)));
  return unsigned_certificate(draft, &root, now);
}

Result<void> sign_certificate(X509* draft, const Authority& root) {
  return sign_with(root.key.get(), draft);
}

Result<DeviceCertificate> mint_renewed_certificate(const Authority& root,
                                                   std::shared_ptr<X509_NAME> subject,
                                                   std::shared_ptr<EVP_PKEY> key, WallTime now) {
  const auto source = fmt::format("{}{}", der(subject.get()), now.time_since_epoch().count());
  return issue(root, {Use::client, std::move(subject), std::move(key), source, nullptr}, now);
}

// R-CERT-04
Result<DeviceCertificate> mint_generic_certificate(const Authority& root,
                                                   std::shared_ptr<EVP_PKEY> key, WallTime now) {
  TRY(const auto draft,
      client_draft({"cisco.com", "ciscogeneric", "ciscogeneric"}, std::move(key)));
  return issue(root, draft, now);
}

}  // namespace provphone::client::identity
