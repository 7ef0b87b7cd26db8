#include "test/client/check/gallery.hpp"
#include "test/client/check/gallery_pki.hpp"

#include <openssl/rsa.h>
#include <openssl/x509v3.h>

// Who the server says it is, and whom it takes for the phone.
namespace provphone::test::gallery {
namespace {

Set showing(const std::vector<std::string>& hosts, std::chrono::days made = std::chrono::days{0}) {
  return [=](Stage& stage) {
    careful_https(stage);
    show_certificate(stage, hosts, made);
  };
}

// The careful server but for its TLS.
Set speaking(const std::function<void(TlsOptions&)>& change) {
  return [change](Stage& stage) {
    careful_https(stage);
    change(stage.tls);
  };
}

void show_contact(TlsOptions& tls) {
  auto& certificate = *tls.certificate.certificate;
  const auto names = X509_get_ext_by_NID(&certificate, NID_subject_alt_name, -1);
  X509_EXTENSION_free(X509_delete_ext(&certificate, names));
  auto* subject = X509_get_subject_name(&certificate);
  X509_NAME_ENTRY_free(
      X509_NAME_delete_entry(subject, X509_NAME_get_index_by_NID(subject, NID_commonName, -1)));
  const std::string text = "localhost/admin@example.net";
  X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
  sign(certificate);
}

void show_short_key(TlsOptions& tls) {
  tls.certificate.key = {EVP_RSA_gen(1024), EVP_PKEY_free};
  X509_set_pubkey(tls.certificate.certificate.get(), tls.certificate.key.get());
  sign(*tls.certificate.certificate);
}

// Whoever signed it.
int takes_any_root(int is_good, X509_STORE_CTX* context) {
  const auto error = X509_STORE_CTX_get_error(context);
  return is_good != 0 || error == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
                 error == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE ||
                 error == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN
             ? 1
             : 0;
}

// The file for those that the careful server takes for somebody else, too.
Set opening_to(const std::string& asker, const std::function<void(TlsOptions&)>& change = {}) {
  return [=](Stage& stage) {
    careful_https(stage);
    if (change) change(stage.tls);
    stage.site.instead = [asker, &site = stage.site](const Asked& asked) -> std::optional<Reply> {
      if (asked.of != own_name || asked.asker != asker) return std::nullopt;
      return site.own_file();
    };
  };
}

void take_no_certificate(Stage& stage) {
  careful_https(stage);
  stage.tls.verify_mode = SSL_VERIFY_NONE;
  stage.site.asks_login = true;
  stage.options = "[--uid $MA --pwd for-me-only] ";
}

std::vector<Entry> version_entries() {
  const auto versions = [](int lowest, int highest) {
    return speaking([=](TlsOptions& tls) {
      tls.lowest_version = lowest;
      tls.highest_version = highest;
    });
  };
  return {
      {"suites for another kind of key alone", "CHK-TLS-REACH",
       speaking([](TlsOptions& tls) { tls.ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384"; })},
      {"TLS 1.1 as well", "CHK-TLS-OLD", versions(TLS1_1_VERSION, TLS1_2_VERSION)},
      // Phones of this family know 1.2 at most, and so do the others.
      {"TLS 1.3 alone", "CHK-TLS-VERSION CHK-TLS-FAMILIES",
       [versions](Stage& stage) {
         versions(TLS1_3_VERSION, TLS1_3_VERSION)(stage);
         stage.audit.device.personality.tls_highest = resync::TlsVersion::tls1_2;
       }},
      {"TLS 1.3 alone, for a phone that has it", "CHK-TLS-FAMILIES",
       [versions](Stage& stage) {
         versions(TLS1_3_VERSION, TLS1_3_VERSION)(stage);
         stage.audit.device.personality.tls_highest = resync::TlsVersion::tls1_3;
       }},
      {"suites that this family does not have", "CHK-TLS-SUITES",
       [](Stage& stage) {
         careful_https(stage);
         stage.tls.ciphers = "ECDHE-RSA-AES256-GCM-SHA384";
         stage.audit.device.personality.cipher_suites = resync::CipherSuites::spa;
       }},
  };
}

std::vector<Entry> name_entries() {
  return {
      {"another host's certificate", "CHK-TLS-NAME", showing({"prov.example.net"})},
      {"the host as a second name", "CHK-TLS-CN", showing({"prov.example.net", "localhost"})},
      {"a CN with a contact, and no other name", "CHK-TLS-JABBER", speaking(show_contact)},
      {"a wildcard", "CHK-TLS-WILDCARD", showing({"localhost", "*.example.net"})},
      {"names that lead elsewhere, and the address", "CHK-TLS-CN CHK-TLS-DNS",
       [](Stage& stage) {
         showing({"elsewhere.example.net", "127.0.0.1"})(stage);
         stage.url_host = "127.0.0.1";
       }},
      {"expired", "CHK-TLS-DATES", showing({"localhost"}, std::chrono::days(-4000))},
      {"not yet valid", "CHK-TLS-DATES", showing({"localhost"}, std::chrono::days(30))},
      {"ends soon", "CHK-TLS-SOON", showing({"localhost"}, std::chrono::days(-3652 + 29))},
      {"a key of 1024 bits", "CHK-TLS-STRENGTH", speaking(show_short_key)},
      {"of a root that the phone does not have", "CHK-TLS-CHAIN",
       [](Stage& stage) {
         careful_https(stage);
         stage.audit.trust = device_roots();
       }},
  };
}

std::vector<Entry> client_entries() {
  return {
      {"a login in place of certificates", "CHK-CERT-ASKED", take_no_certificate},
      {"a certificate is not needed", "CHK-CERT-REQUIRED",
       opening_to("", [](TlsOptions& tls) { tls.verify_mode = SSL_VERIFY_PEER; })},
      {"whoever signed it", "CHK-CERT-ROOT", speaking([](TlsOptions& tls) {
         X509_STORE_set_verify_cb(tls.client_roots.get(), takes_any_root);
       })},
      {"however old it is", "CHK-CERT-EXPIRED", speaking([](TlsOptions& tls) {
         X509_STORE_set_flags(tls.client_roots.get(), X509_V_FLAG_NO_CHECK_TIME);
       })},
      {"the generic certificate counts", "CHK-CERT-GENERIC", opening_to("ciscogeneric")},
      {"the next phone's certificate counts", "CHK-CERT-BOUND", opening_to(other_name)},
  };
}

}  // namespace

std::vector<Entry> tls_entries() {
  std::vector<Entry> entries;
  for (const auto& part : {version_entries(), name_entries(), client_entries()})
    entries.insert(entries.end(), part.begin(), part.end());
  return entries;
}

}  // namespace provphone::test::gallery
