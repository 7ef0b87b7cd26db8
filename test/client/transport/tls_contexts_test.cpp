#include "client/transport/detail/tls_contexts.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace provphone::client::transport::tls_contexts_test {
namespace {

using detail::TlsContexts;
using resync::TlsTerms;
using resync::TlsVersion;

void leave_as_it_is(SSL_CTX* /*context*/) {}

std::vector<std::string> suites_of(SSL_CTX* context) {
  std::vector<std::string> names;
  const auto* const suites = SSL_CTX_get_ciphers(context);
  for (int i = 0; i < sk_SSL_CIPHER_num(suites); ++i) {
    const auto* const suite = sk_SSL_CIPHER_value(suites, i);
    if (SSL_CIPHER_get_protocol_id(suite) >> 8U != 0x13)
      names.emplace_back(SSL_CIPHER_get_name(suite));
  }
  return names;
}

}  // namespace

TEST_CASE("connections on equal terms have one context, whatever else they differ in") {
  TlsContexts contexts(leave_as_it_is);
  TlsTerms terms;
  auto* const first = contexts.on(terms).context.get();
  terms.sni = resync::Sni::none;
  terms.names = resync::NameCheck::nothing;
  CHECK(contexts.on(terms).context.get() == first);
}

TEST_CASE("what a context is made of tells it from others", "[R-TLS-10][R-TLS-15]") {
  TlsContexts contexts(leave_as_it_is);
  auto* const usual = contexts.on({}).context.get();
  TlsTerms lower, higher, listed, others, weak;
  lower.lowest = TlsVersion::tls1_0;
  higher.highest = TlsVersion::tls1_3;
  listed.ciphers = "ECDHE-RSA-AES256-GCM-SHA384";
  others.own_suites = resync::CipherSuites::spa;
  weak.accepts_weak = true;
  for (const auto& terms : {lower, higher, listed, others, weak})
    CHECK(contexts.on(terms).context.get() != usual);
  CHECK(SSL_CTX_get_min_proto_version(contexts.on(lower).context.get()) == TLS1_VERSION);
  CHECK(SSL_CTX_get_max_proto_version(contexts.on(higher).context.get()) == TLS1_3_VERSION);
  CHECK(suites_of(contexts.on(listed).context.get()) ==
        std::vector<std::string>{"ECDHE-RSA-AES256-GCM-SHA384"});
  lower.lowest = weak.lowest = TlsVersion::tls1_2;
  CHECK(SSL_CTX_get_security_level(contexts.on(lower).context.get()) == 2);
  CHECK(SSL_CTX_get_security_level(contexts.on(weak).context.get()) == 0);
}

TEST_CASE("a context remembers that a list had nothing in it", "[R-TLS-15]") {
  TlsContexts contexts(leave_as_it_is);
  TlsTerms terms;
  terms.ciphers = "NO-SUCH-SUITE";
  for (int i = 0; i < 2; ++i) CHECK(contexts.on(terms).own_suites_used);
  CHECK(suites_of(contexts.on(terms).context.get()) == suites_of(contexts.on({}).context.get()));
}

TEST_CASE("of very many kinds of terms not all are remembered, and each is right") {
  TlsContexts contexts(leave_as_it_is);
  for (int i = 0; i < 200; ++i) {
    TlsTerms terms;
    terms.ciphers = "ECDHE-RSA-AES256-GCM-SHA384" + std::string(static_cast<std::size_t>(i), ':');
    CHECK(suites_of(contexts.on(terms).context.get()).size() == 1);
  }
}

}  // namespace provphone::client::transport::tls_contexts_test
