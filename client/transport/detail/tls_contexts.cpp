#include "client/transport/detail/tls_contexts.hpp"

#include <openssl/err.h>

namespace provphone::client::transport::detail {
namespace {

using resync::TlsVersion;

// A run whose phones have more kinds of terms than that remembers none for long.
constexpr std::size_t most_known_terms = 64;
constexpr int strong_enough = 2;  // of OpenSSL: 112 bits

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

// R-TLS-15: TLS 1.3 has suites of its own, which no list of a phone names. Whether the family's own
// list had to do in place of the phone's.
bool offer_suites(SSL_CTX* context, const resync::TlsTerms& terms) {
  // What an old guide calls DEFAULT is the phone's list, not that of today's OpenSSL.
  const bool has_list = !terms.ciphers.empty() && terms.ciphers != "DEFAULT";
  if (has_list && SSL_CTX_set_cipher_list(context, terms.ciphers.c_str()) == 1) return false;
  ERR_clear_error();
  SSL_CTX_set_cipher_list(context, std::string(resync::cipher_list_of(terms.own_suites)).c_str());
  return has_list;
}

}  // namespace

// OpenSSL 3 knows the old versions at security level 0 only; their servers are as old. Where only
// keys are, level 1 refuses SHA-1 already.
void set_strength(SSL_CTX* context, const resync::TlsTerms& terms) {
  SSL_CTX_set_min_proto_version(context, protocol_number(terms.lowest));
  SSL_CTX_set_max_proto_version(context, protocol_number(terms.highest));
  const bool is_old = terms.lowest < TlsVersion::tls1_2;
  SSL_CTX_set_security_level(context, is_old || terms.accepts_weak ? 0 : strong_enough);
  if (is_old) SSL_CTX_set_options(context, SSL_OP_LEGACY_SERVER_CONNECT);
}

CommonContext TlsContexts::make(const resync::TlsTerms& terms) const {
  CommonContext made{{SSL_CTX_new(TLS_client_method()), &SSL_CTX_free}, false};
  if (!made.context) return made;
  // R-TLS-11
  SSL_CTX_set_session_cache_mode(made.context.get(), SSL_SESS_CACHE_OFF);
  made.own_suites_used = offer_suites(made.context.get(), terms);
  set_strength(made.context.get(), terms);
  set_callbacks_(made.context.get());
  return made;
}

const CommonContext& TlsContexts::on(const resync::TlsTerms& terms) {
  const Key key{terms.lowest, terms.highest, terms.ciphers, terms.own_suites, terms.accepts_weak};
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  // Connections hold the ones that they have changed over to.
  if (known_.size() == most_known_terms) known_.clear();
  return known_.emplace(key, make(terms)).first->second;
}

}  // namespace provphone::client::transport::detail
