#include "client/transport/detail/tls_context.hpp"

#include "client/identity/certificate_names.hpp"
#include "resync/server_name.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <memory>
#include <string>
#include <vector>

namespace provphone::client::transport::detail {
namespace {

namespace ip = boost::asio::ip;
using identity::SubjectNames;
using identity::TlsIdentity;
using identity::TlsVersion;

constexpr std::size_t most_names_shown = 4;

int protocol_number(TlsVersion version) {
  switch (version) {
    case TlsVersion::tls1_0:
      return TLS1_VERSION;
    case TlsVersion::tls1_1:
      return TLS1_1_VERSION;
    case TlsVersion::tls1_2:
      return TLS1_2_VERSION;
    case TlsVersion::tls1_3:
      return TLS1_3_VERSION;
  }
  return TLS1_2_VERSION;
}

// Addresses have several spellings; certificates are read in the one that Asio prints.
std::string expected_name(const Request& request) {
  const std::string& name =
      request.certificate_name.empty() ? request.url.host : request.certificate_name;
  boost::system::error_code no_address;
  const auto address = ip::make_address(name, no_address);
  return no_address ? name : address.to_string();
}

bool names_server(const SubjectNames& names, const Request& request) {
  return resync::certificate_names_host({names.dns, names.addresses, names.common_name},
                                        expected_name(request));
}

std::string list_of(const SubjectNames& names) {
  std::vector<std::string> all = names.dns;
  all.insert(all.end(), names.addresses.begin(), names.addresses.end());
  if (names.dns.empty() && !names.common_name.empty()) all.push_back(names.common_name);
  const bool more = all.size() > most_names_shown;
  if (more) all.resize(most_names_shown);
  return all.empty() ? "no host at all"
                     : fmt::format("{}{}", fmt::join(all, ", "), more ? ", ..." : "");
}

// R-TLS-01: builds and checks the chain with the phone's own trust, whatever else this context was
// given.
int chain_error(X509_STORE_CTX* presented, const TlsIdentity& identity) {
  if (!identity.trust) return X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> check(X509_STORE_CTX_new(),
                                                                              &X509_STORE_CTX_free);
  if (!check ||
      X509_STORE_CTX_init(check.get(), identity.trust.get(), X509_STORE_CTX_get0_cert(presented),
                          X509_STORE_CTX_get0_untrusted(presented)) != 1) {
    return X509_V_ERR_OUT_OF_MEM;
  }
  // R-TLS-01: a certificate that is for servers.
  X509_STORE_CTX_set_default(check.get(), "ssl_server");
  // R-TLS-03: a phone that does not know the time cannot judge dates.
  if (identity.clock == identity::Clock::unset) {
    X509_STORE_CTX_set_flags(check.get(), X509_V_FLAG_NO_CHECK_TIME);
  }
  if (X509_verify_cert(check.get()) == 1) return X509_V_OK;
  const int error = X509_STORE_CTX_get_error(check.get());
  return error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error;
}

// Replaces OpenSSL's verification. The error chosen here decides which alert the server gets.
int verify_server(X509_STORE_CTX* presented, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  int error = chain_error(presented, *transfer.request.tls);
  if (error == X509_V_OK) {
    const SubjectNames names = identity::subject_names(X509_STORE_CTX_get0_cert(presented));
    if (!names_server(names, transfer.request)) {
      error = X509_V_ERR_HOSTNAME_MISMATCH;
      transfer.notes.tls.certificate_names = list_of(names);
    }
  }
  transfer.notes.tls.verify_error = error;
  X509_STORE_CTX_set_error(presented, error);
  return error == X509_V_OK ? 1 : 0;
}

int transfer_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Alerts are noted as they arrive: with TLS 1.3 a refusal comes when curl is long past the
// handshake (R-TLS-12).
void note_alert(const SSL* ssl, int where, int value) {
  constexpr int read_alert = SSL_CB_READ_ALERT;
  constexpr int fatal = 2;
  if ((where & read_alert) != read_alert || value >> 8 != fatal) return;
  auto* const transfer =
      static_cast<Transfer*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), transfer_index()));
  if (transfer != nullptr) transfer->notes.tls.fatal_alert = value;
}

// R-TLS-09: OpenSSL sends them to a server that asks, and to no other.
bool use_certificate(SSL_CTX* context, const identity::DeviceCertificate& device) {
  if (SSL_CTX_use_certificate(context, device.certificate.get()) != 1) return false;
  if (SSL_CTX_use_PrivateKey(context, device.key.get()) != 1) return false;
  for (const auto& issuer : device.chain) {
    if (SSL_CTX_add1_chain_cert(context, issuer.get()) != 1) return false;
  }
  return true;
}

// Runs after curl has set the context up, so what is set here stands.
CURLcode equip(CURL* /*easy*/, void* raw_context, void* user) {
  auto* const context = static_cast<SSL_CTX*>(raw_context);
  auto& transfer = *static_cast<Transfer*>(user);
  const TlsIdentity& identity = *transfer.request.tls;
  SSL_CTX_set_min_proto_version(context, protocol_number(identity.lowest));
  SSL_CTX_set_max_proto_version(context, protocol_number(identity.highest));
  if (identity.lowest < TlsVersion::tls1_2) {
    // R-TLS-10: OpenSSL 3 knows the old versions at security level 0 only; their servers are as
    // old.
    SSL_CTX_set_security_level(context, 0);
    SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
  }
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);  // R-TLS-13
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(context, verify_server, &transfer);
  SSL_CTX_set_ex_data(context, transfer_index(), &transfer);
  SSL_CTX_set_info_callback(context, note_alert);
  if (identity.certificate && !use_certificate(context, *identity.certificate)) {
    ERR_clear_error();
    return CURLE_SSL_CERTPROBLEM;
  }
  return CURLE_OK;
}

}  // namespace

void set_tls(Transfer& transfer) {
  CURL* const easy = transfer.easy;
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, equip);
  curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, &transfer);
  // R-TLS-11 and R-TLS-14.
  curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
  curl_easy_setopt(easy, CURLOPT_SSL_ENABLE_ALPN, 0L);
  // The verification above replaces curl's and knows R-TLS-04 to R-TLS-07; curl is given no root of
  // its own, so that nothing would be trusted if it were ever not in place.
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(easy, CURLOPT_CAINFO, nullptr);
  curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
}

}  // namespace provphone::client::transport::detail
