#pragma once

#include "resync/tls_terms.hpp"

#include <openssl/ssl.h>

#include <map>
#include <memory>
#include <string>
#include <tuple>

namespace provphone::client::transport::detail {

// What connections on equal terms have in common.
struct CommonContext {
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context;
  bool own_suites_used = false;  // for TLS_Cipher_List has none that can be had (R-TLS-15)
};

// curl 7.88 makes a context for each connection. What costs time to set in one, suites above all,
// is set once in another one here, which the connection changes over to as its handshake begins.
// Nothing of a phone is in it: neither certificate nor session. Of one thread.
class TlsContexts {
 public:
  // Sets in a new context what OpenSSL is to call back.
  using SetCallbacks = void (*)(SSL_CTX* context);
  explicit TlsContexts(SetCallbacks set_callbacks) : set_callbacks_(set_callbacks) {}

  // Good until the next call.
  const CommonContext& on(const resync::TlsTerms& terms);

 private:
  // Versions, text and kind of the suites, and whether what is weak will do.
  using Key =
      std::tuple<resync::TlsVersion, resync::TlsVersion, std::string, resync::CipherSuites, bool>;

  CommonContext make(const resync::TlsTerms& terms) const;

  SetCallbacks set_callbacks_;
  std::map<Key, CommonContext> known_;
};

// R-TLS-10: versions, and the strength of keys and digests.
void set_strength(SSL_CTX* context, const resync::TlsTerms& terms);

}  // namespace provphone::client::transport::detail
