#include "client/transport/detail/tls_errors.hpp"

#include "client/transport/detail/request_url.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>

namespace provphone::client::transport::detail {
namespace {

using resync::TlsTerms;

Error at(const Transfer& transfer, Errc code, std::string_view what) {
  auto note = tls_note(transfer);
  const auto& tls = transfer.notes.tls;
  if (tls.verify_error != X509_V_OK && !tls.fingerprint.empty()) {
    note.append(note.empty() ? "" : "; ")
        .append("to be asked no more: --accept-certificate ")
        .append(tls.fingerprint);
  }
  return {code, fmt::format("{}: {}{}{}", host_and_port(transfer.request.url), what,
                            note.empty() ? "" : "; ", note)};
}

bool is_about_dates(int verify_error) {
  return verify_error == X509_V_ERR_CERT_NOT_YET_VALID ||
         verify_error == X509_V_ERR_CERT_HAS_EXPIRED ||
         verify_error == X509_V_ERR_ERROR_IN_CERT_NOT_BEFORE_FIELD ||
         verify_error == X509_V_ERR_ERROR_IN_CERT_NOT_AFTER_FIELD;
}

Error explain_verification(const Transfer& transfer) {
  const TlsNotes& tls = transfer.notes.tls;
  if (tls.verify_error == X509_V_ERR_HOSTNAME_MISMATCH) {
    return at(transfer, Errc::tls_name_mismatch,
              fmt::format("the server's certificate is for {}{}", tls.certificate_names,
                          tls.leads_elsewhere ? ", which does not lead to this server" : ""));
  }
  const std::string_view reason = X509_verify_cert_error_string(tls.verify_error);
  if (is_about_dates(tls.verify_error)) {
    return at(transfer, Errc::tls_certificate_dates,
              fmt::format("the server's certificate: {}", reason));
  }
  if (!transfer.request.tls->trust && !transfer.request.terms.extra_roots)
    return at(transfer, Errc::tls_untrusted, "no trusted root was given (--ca FILE)");
  return at(transfer, Errc::tls_untrusted,
            fmt::format("the server's certificate is not trusted: {}", reason));
}

std::string versions_offered(const TlsTerms& terms) {
  const auto lowest = name(terms.lowest);
  return terms.lowest == terms.highest ? std::string(lowest)
                                       : fmt::format("{} to {}", lowest, name(terms.highest));
}

// Which suites the phone had to offer, for a server that has none of them.
std::string_view suites_offered(const Transfer& transfer) {
  const auto& terms = transfer.request.terms;
  const bool by_parameter = !terms.ciphers.empty() && !transfer.notes.tls.own_suites_used;
  if (by_parameter) return "of TLS_Cipher_List";
  switch (terms.own_suites) {
    case resync::CipherSuites::spa:
      return "of SPA phones";
    case resync::CipherSuites::mpp:
      return "of MPP phones";
    case resync::CipherSuites::openssl:
      break;
  }
  return "of OpenSSL";
}

// The server wanted to see a certificate, and says with this alert that it has seen none.
bool wants_certificate(const TlsNotes& notes) {
  constexpr std::array alerts{SSL3_AD_HANDSHAKE_FAILURE, SSL3_AD_NO_CERTIFICATE,
                              SSL3_AD_BAD_CERTIFICATE, TLS13_AD_CERTIFICATE_REQUIRED};
  return notes.has_none_to_show &&
         std::find(alerts.begin(), alerts.end(), *notes.fatal_alert) != alerts.end();
}

std::string hint_about(const Transfer& transfer) {
  const auto& notes = transfer.notes.tls;
  if (wants_certificate(notes)) return " (no client certificate was given)";
  if (*notes.fatal_alert == TLS1_AD_PROTOCOL_VERSION)
    return fmt::format(" (the phone offers {})", versions_offered(transfer.request.terms));
  const bool is_early = !notes.has_seen_certificate;
  if (is_early && (*notes.fatal_alert == SSL3_AD_HANDSHAKE_FAILURE ||
                   *notes.fatal_alert == TLS1_AD_INSUFFICIENT_SECURITY))
    return fmt::format(" (the phone offers {} with the suites {})",
                       versions_offered(transfer.request.terms), suites_offered(transfer));
  return {};
}

Error explain_alert(const Transfer& transfer) {
  return at(transfer, Errc::tls_refused_by_server,
            fmt::format("the server refused the TLS connection: {}{}",
                        SSL_alert_desc_string_long(*transfer.notes.tls.fatal_alert),
                        hint_about(transfer)));
}

}  // namespace

std::optional<Error> explain_tls(const Transfer& transfer) {
  if (transfer.notes.tls.verify_error != X509_V_OK) return explain_verification(transfer);
  if (transfer.notes.tls.fatal_alert) return explain_alert(transfer);
  return std::nullopt;
}

// curl's text ends with OpenSSL's reason, which is all that tells the cases apart here.
Error explain_handshake(const Transfer& transfer, std::string_view library_text) {
  const auto& terms = transfer.request.terms;
  const auto says = [&](std::string_view reason) {
    return library_text.find(reason) != std::string_view::npos;
  };
  if (says("unsupported protocol")) {
    return at(transfer, Errc::tls_handshake_failed,
              fmt::format("the server's version of TLS is not one of the phone's, {}",
                          versions_offered(terms)));
  }
  if (says("no ciphers available")) {
    return at(transfer, Errc::tls_handshake_failed,
              fmt::format("no suite of TLS_Cipher_List is of {}", versions_offered(terms)));
  }
  return at(transfer, Errc::tls_handshake_failed, library_text);
}

std::string tls_note(const Transfer& transfer) {
  const auto& terms = transfer.request.terms;
  std::string note;
  if (!terms.unheeded.empty())
    note = fmt::format("{} names no version that the phone has", terms.unheeded);
  if (transfer.notes.tls.own_suites_used) {
    note.append(note.empty() ? "" : "; ")
        .append("TLS_Cipher_List names no suite that can be had here, the phone's own are offered");
  }
  return note;
}

}  // namespace provphone::client::transport::detail
