#include "client/check/tls_probe.hpp"

#include "macro/enum_array.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>

namespace provphone::client::check {
namespace {

namespace ip = boost::asio::ip;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using resync::TlsVersion;

int protocol_number(TlsVersion version) {
  constexpr EnumArray<TlsVersion, int> numbers{
      {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION}};
  return numbers[version];
}

// Keeps what the server shows and finds no fault with it.
int keep_certificates(X509_STORE_CTX* presented, void* user) {
  auto& handshake = *static_cast<Handshake*>(user);
  const auto keep = [&](X509* certificate) {
    X509_up_ref(certificate);
    handshake.shown.emplace_back(certificate, X509_free);
  };
  X509* const own = X509_STORE_CTX_get0_cert(presented);
  keep(own);
  const STACK_OF(X509)* const others = X509_STORE_CTX_get0_untrusted(presented);
  for (int i = 0; i < sk_X509_num(others); ++i) {
    if (X509* const other = sk_X509_value(others, i); X509_cmp(other, own) != 0) keep(other);
  }
  return 1;
}

// The call-back for client certificates gets no argument of its own; the context carries it.
int handshake_index() {
  static const int index = SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

// Called when the server asks for a certificate; there is none.
int note_question(SSL* ssl, X509** /*certificate*/, EVP_PKEY** /*key*/) {
  auto* const handshake =
      static_cast<Handshake*>(SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), handshake_index()));
  handshake->asks_for_certificate = true;
  return 0;
}

// Nothing but these; how strong they are is a question of its own.
void offer_only(SSL_CTX* context, std::string_view suites) {
  if (suites.empty()) return;
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_cipher_list(context, std::string(suites).c_str());
}

void equip(ssl::context& context, TlsVersion version, Handshake& handshake) {
  SSL_CTX* const native = context.native_handle();
  SSL_CTX_set_min_proto_version(native, protocol_number(version));
  SSL_CTX_set_max_proto_version(native, protocol_number(version));
  // OpenSSL 3 has no TLS below 1.2 at level 1 and above; short keys come with it (R-TLS-10).
  if (version < TlsVersion::tls1_2) SSL_CTX_set_security_level(native, 0);
  // Servers as old as their phones know no secure renegotiation (RFC 5746).
  SSL_CTX_set_options(native, SSL_OP_LEGACY_SERVER_CONNECT);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_cert_verify_callback(native, keep_certificates, &handshake);
  SSL_CTX_set_ex_data(native, handshake_index(), &handshake);
  SSL_CTX_set_client_cert_cb(native, note_question);
}

bool is_address(const std::string& host) {
  error_code no_address;
  ip::make_address(host, no_address);
  return !no_address;
}

// One attempt, from the connection to the end of the handshake.
class Attempt {
 public:
  Attempt(boost::asio::io_context& loop, ssl::context& context, Handshake& handshake)
      : stream_(loop, context), handshake_(handshake) {}

  void start(const macro::Url& url, const std::vector<ip::tcp::endpoint>& endpoints) {
    if (!is_address(url.host))  // R-TLS-08
      SSL_set_tlsext_host_name(stream_.native_handle(), url.host.c_str());
    boost::asio::async_connect(stream_.lowest_layer(), endpoints,
                               [this](const error_code& error, const ip::tcp::endpoint& endpoint) {
                                 if (error) return end(error);
                                 handshake_.server_address = endpoint.address().to_string();
                                 stream_.async_handshake(
                                     ssl::stream_base::client,
                                     [this](const error_code& result) { end(result); });
                               });
  }

  bool is_over() const { return over_; }
  void give_up() {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

 private:
  // OpenSSL's queue of errors is the thread's: what stays there is taken for somebody else's.
  void end(const error_code& error) {
    over_ = true;
    if (error) handshake_.failure = error.message();
    ERR_clear_error();
  }

  ssl::stream<ip::tcp::socket> stream_;
  Handshake& handshake_;
  bool over_ = false;
};

std::chrono::sys_seconds time_of(const ASN1_TIME* time) {
  std::tm parts{};
  ASN1_TIME_to_tm(time, &parts);
  const std::chrono::year_month_day date(
      std::chrono::year(parts.tm_year + 1900),
      std::chrono::month(static_cast<unsigned>(parts.tm_mon) + 1),
      std::chrono::day(static_cast<unsigned>(parts.tm_mday)));
  return std::chrono::sys_days(date) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min) + std::chrono::seconds(parts.tm_sec);
}

// R-TLS-01, dates apart, which are judged for themselves.
std::optional<std::string> chain_error(const std::vector<std::shared_ptr<X509>>& shown,
                                       X509_STORE* trust) {
  const std::shared_ptr<STACK_OF(X509)> others(sk_X509_new_null(),
                                               [](STACK_OF(X509) * stack) { sk_X509_free(stack); });
  for (const auto& certificate : shown) sk_X509_push(others.get(), certificate.get());
  const std::unique_ptr<X509_STORE_CTX, decltype(&X509_STORE_CTX_free)> check(X509_STORE_CTX_new(),
                                                                              &X509_STORE_CTX_free);
  X509_STORE_CTX_init(check.get(), trust, shown.front().get(), others.get());
  X509_STORE_CTX_set_default(check.get(), "ssl_server");
  X509_STORE_CTX_set_flags(check.get(), X509_V_FLAG_NO_CHECK_TIME);
  const bool trusted = X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  if (trusted) return std::nullopt;
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(check.get()));
}

}  // namespace

Handshake shake_hands(const macro::Url& url, TlsVersion version, std::string_view suites,
                      detail::AddressBook& address_book, std::chrono::milliseconds patience) {
  Handshake handshake;
  boost::asio::io_context loop;
  const auto addresses = address_book.addresses_of(url);
  if (!addresses) {
    handshake.failure = format(addresses.error());
    return handshake;
  }
  std::vector<ip::tcp::endpoint> endpoints;
  for (const auto& address : *addresses) endpoints.emplace_back(address, url.port);
  ssl::context context(ssl::context::tls_client);
  equip(context, version, handshake);
  offer_only(context.native_handle(), suites);
  Attempt attempt(loop, context, handshake);
  attempt.start(url, endpoints);
  loop.run_for(patience);
  if (!attempt.is_over()) {
    // Its handlers refer to it and to `handshake`: they end before both go.
    attempt.give_up();
    loop.restart();
    loop.run();
    handshake.failure = "no answer in time";
  }
  return handshake;
}

ServerCertificate describe(const std::vector<std::shared_ptr<X509>>& shown, X509_STORE* trust) {
  X509* const own = shown.front().get();
  ServerCertificate certificate;
  certificate.names = identity::subject_names(own);
  certificate.not_before = time_of(X509_get0_notBefore(own));
  certificate.not_after = time_of(X509_get0_notAfter(own));
  // A chain is valid as long as all of it is.
  for (const auto& other : shown) {
    certificate.not_before =
        std::max(certificate.not_before, time_of(X509_get0_notBefore(other.get())));
    certificate.not_after =
        std::min(certificate.not_after, time_of(X509_get0_notAfter(other.get())));
  }
  certificate.signature = OBJ_nid2sn(X509_get_signature_nid(own));
  if (const EVP_PKEY* const key = X509_get0_pubkey(own)) {
    certificate.key_type = EVP_PKEY_get0_type_name(key) ? EVP_PKEY_get0_type_name(key) : "";
    certificate.key_bits = EVP_PKEY_get_bits(key);
  }
  if (trust != nullptr) certificate.chain_error = chain_error(shown, trust);
  return certificate;
}

std::shared_ptr<X509_STORE> trust_in(const std::vector<std::shared_ptr<X509>>& shown) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  for (const auto& certificate : shown) X509_STORE_add_cert(store.get(), certificate.get());
  // A server's own certificate is no root; with this it may stand at the end of a chain.
  X509_STORE_set_flags(store.get(), X509_V_FLAG_PARTIAL_CHAIN);
  ERR_clear_error();
  return store;
}

}  // namespace provphone::client::check
