#include "client/transport/detail/tls_context.hpp"

#include "client/identity/certificate_names.hpp"
#include "client/transport/detail/tls_contexts.hpp"
#include "resync/server_name.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::transport::detail {
namespace {

namespace ip = boost::asio::ip;
using identity::SubjectNames;
using identity::TlsIdentity;

constexpr std::size_t most_names_shown = 4;
constexpr int strong_level = 2;  // of OpenSSL: 112 bits

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
                                        expected_name(request), request.terms.names);
}

// Those that count.
std::string list_of(SubjectNames names, resync::NameCheck check) {
  if (check == resync::NameCheck::common_name) names = {{}, {}, std::move(names.common_name)};
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
int chain_error(X509_STORE_CTX* presented, const Request& request) {
  const TlsIdentity& identity = *request.tls;
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
  // R-TLS-10: keys and digests below 112 bits.
  if (!request.terms.accepts_weak)
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(check.get()), strong_level);
  // R-TLS-03: a phone that does not know the time cannot judge dates.
  if (identity.clock == identity::Clock::unset) {
    X509_STORE_CTX_set_flags(check.get(), X509_V_FLAG_NO_CHECK_TIME);
  }
  if (X509_verify_cert(check.get()) == 1) return X509_V_OK;
  const int error = X509_STORE_CTX_get_error(check.get());
  return error == X509_V_OK ? X509_V_ERR_UNSPECIFIED : error;
}

// R-TLS-18: the name that the certificate is for, where it is another than the one that led here,
// and a name that can be looked up at all; else empty.
std::string name_to_lead_here(const SubjectNames& names, const Request& request) {
  if (request.terms.dns_check == resync::CertDnsCheck::off) return {};
  // SRV records say where the servers of a domain are, and its own address does not.
  if (!request.certificate_name.empty()) return {};
  auto name = names.common_name.substr(0, names.common_name.find('/'));
  const bool has_own = !name.empty() && name.find_first_of("* ") == std::string::npos;
  const bool led_here = has_own && resync::certificate_names_host({{}, {}, name}, request.url.host);
  return has_own && !led_here ? name : std::string();
}

// Names (names.hpp) would say the same, but only once the handshake was given up.
std::optional<CertificateName> answer_without_look_up(const std::string& name) {
  boost::system::error_code no_address;
  auto address = ip::make_address(name, no_address);
  if (no_address && name != "localhost") return std::nullopt;
  if (no_address) address = ip::address_v4::loopback();
  return CertificateName{name, {address}};
}

enum class Leads : std::uint8_t { here, elsewhere, unknown };

Leads leads(const CertificateName& answer, const std::string& server_address) {
  if (answer.addresses.empty()) return Leads::unknown;
  boost::system::error_code none;
  const auto here = ip::make_address(server_address, none);
  const auto& all = answer.addresses;
  return std::find(all.begin(), all.end(), here) != all.end() ? Leads::here : Leads::elsewhere;
}

// Whether the certificate is this server's. A name that has still to be looked up gives the
// handshake up: curl 7.88 cannot wait in it.
int name_error(const SubjectNames& names, Transfer& transfer) {
  const auto& request = transfer.request;
  auto& notes = transfer.notes.tls;
  const bool is_named = names_server(names, request);
  const auto name = name_to_lead_here(names, request);
  if (name.empty()) return is_named ? X509_V_OK : X509_V_ERR_HOSTNAME_MISMATCH;
  if (!transfer.certificate_name) transfer.certificate_name = answer_without_look_up(name);
  if (!transfer.certificate_name || transfer.certificate_name->name != name) {
    notes.name_to_look_up = name;
    return X509_V_ERR_APPLICATION_VERIFICATION;
  }
  const auto led = leads(*transfer.certificate_name, transfer.response.server_address);
  if (led == Leads::here) return X509_V_OK;
  const bool skips =
      led == Leads::unknown && request.terms.dns_check == resync::CertDnsCheck::skip_without_answer;
  if (skips && is_named) return X509_V_OK;
  notes.leads_elsewhere = !skips;
  return X509_V_ERR_HOSTNAME_MISMATCH;
}

// R-TLS-17: such a client asks a person, who has answered before or will see what to accept.
bool was_accepted(X509_STORE_CTX* presented, Transfer& transfer) {
  if (transfer.request.terms.names != resync::NameCheck::jabber) return false;
  auto& fingerprint = transfer.notes.tls.fingerprint;
  fingerprint = identity::fingerprint_of(X509_STORE_CTX_get0_cert(presented));
  const auto& accepted = transfer.request.tls->accepted;
  return std::find(accepted.begin(), accepted.end(), fingerprint) != accepted.end();
}

int context_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

int connection_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// A connection that is kept is another transfer's later, and nobody's when it closes.
Transfer* transfer_of(const SSL* ssl) {
  const auto* const connection =
      static_cast<const CurlConnection*>(SSL_get_ex_data(ssl, connection_index()));
  return connection == nullptr ? nullptr : connection->transfer;
}

// Replaces OpenSSL's verification. The error chosen here decides which alert the server gets.
int verify_server(X509_STORE_CTX* presented, void* /*nothing*/) {
  const auto* const ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(presented, SSL_get_ex_data_X509_STORE_CTX_idx()));
  auto& transfer = *transfer_of(ssl);
  transfer.notes.tls.has_seen_certificate = true;
  int error = chain_error(presented, transfer.request);
  if (error == X509_V_OK) {
    const SubjectNames names = identity::subject_names(X509_STORE_CTX_get0_cert(presented));
    error = name_error(names, transfer);
    if (error == X509_V_ERR_HOSTNAME_MISMATCH) {
      transfer.notes.tls.certificate_names = list_of(names, transfer.request.terms.names);
    }
  }
  if (error != X509_V_OK && was_accepted(presented, transfer)) error = X509_V_OK;
  transfer.notes.tls.verify_error = error;
  X509_STORE_CTX_set_error(presented, error);
  return error == X509_V_OK ? 1 : 0;
}

// Alerts are noted as they arrive: with TLS 1.3 a refusal comes when curl is long past the
// handshake (R-TLS-12).
void note_alert(const SSL* ssl, int where, int value) {
  constexpr int read_alert = SSL_CB_READ_ALERT;
  constexpr int fatal = 2;
  if ((where & read_alert) != read_alert || value >> 8 != fatal) return;
  if (auto* const transfer = transfer_of(ssl)) transfer->notes.tls.fatal_alert = value & 0xff;
}

// R-TLS-09: OpenSSL sends them to a server that asks, and to no other.
bool use_certificate(SSL* ssl, const identity::DeviceCertificate& device) {
  if (SSL_use_certificate(ssl, device.certificate.get()) != 1) return false;
  if (SSL_use_PrivateKey(ssl, device.key.get()) != 1) return false;
  for (const auto& issuer : device.chain) {
    if (SSL_add1_chain_cert(ssl, issuer.get()) != 1) return false;
  }
  return true;
}

// Called where the server asks for a certificate and there is none that it would take.
int note_none_to_show(SSL* ssl, X509** /*certificate*/, EVP_PKEY** /*key*/) {
  auto* const transfer = transfer_of(ssl);
  if (transfer != nullptr && !transfer->request.tls->certificate)
    transfer->notes.tls.has_none_to_show = true;
  return 0;
}

void set_callbacks(SSL_CTX* context) {
  SSL_CTX_set_cert_verify_callback(context, verify_server, nullptr);
  SSL_CTX_set_client_cert_cb(context, note_none_to_show);
  SSL_CTX_set_info_callback(context, note_alert);
}

// A fetcher and its connections are of one thread.
TlsContexts& contexts() {
  thread_local TlsContexts known(set_callbacks);
  return known;
}

// curl makes the connection's object and names the host in it without asking. So the place to
// change over to what is common, and to take the name back, is where the handshake begins.
void begin_handshake(SSL* ssl) {
  if (SSL_get_ex_data(ssl, connection_index()) != nullptr) return;
  auto* const given = SSL_get_SSL_CTX(ssl);
  SSL_set_ex_data(ssl, connection_index(), SSL_CTX_get_ex_data(given, context_index()));
  const auto* const transfer = transfer_of(ssl);
  if (transfer == nullptr) return;
  // R-TLS-08
  if (transfer->request.terms.sni == resync::Sni::none) SSL_set_tlsext_host_name(ssl, nullptr);
  SSL_set_SSL_CTX(ssl, contexts().on(transfer->request.terms).context.get());
  // The certificate goes with the context; equip() has found that it will do.
  if (const auto& own = transfer->request.tls->certificate) use_certificate(ssl, *own);
  ERR_clear_error();
}

void follow_handshake(const SSL* ssl, int where, int value) {
  if ((where & SSL_CB_HANDSHAKE_START) != 0) begin_handshake(const_cast<SSL*>(ssl));
  note_alert(ssl, where, value);
}

// Whether OpenSSL would have it, at the strength that is asked for.
bool takes_certificate(SSL_CTX* context, const identity::DeviceCertificate& device) {
  return SSL_CTX_use_certificate(context, device.certificate.get()) == 1 &&
         SSL_CTX_use_PrivateKey(context, device.key.get()) == 1 &&
         std::all_of(device.chain.begin(), device.chain.end(), [&](const auto& issuer) {
           return SSL_CTX_add1_chain_cert(context, issuer.get()) == 1;
         });
}

// Runs after curl has set the context up, so what is set here stands.
CURLcode equip(CURL* /*easy*/, void* raw_context, void* user) {
  auto* const context = static_cast<SSL_CTX*>(raw_context);
  auto& transfer = *static_cast<Transfer*>(user);
  const TlsIdentity& identity = *transfer.request.tls;
  const auto& common = contexts().on(transfer.request.terms);
  if (!common.context) return CURLE_OUT_OF_MEMORY;
  transfer.notes.tls.own_suites_used = common.own_suites_used;
  set_strength(context, transfer.request.terms);
  SSL_CTX_set_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);  // R-TLS-13
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_ex_data(context, context_index(), transfer.connection.get());
  SSL_CTX_set_info_callback(context, follow_handshake);
  if (identity.certificate && !takes_certificate(context, *identity.certificate)) {
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
