#include "client/check/detail/facts.hpp"

#include <fmt/format.h>

// Whether the server wants to know who the phone is, and what it does with that.
namespace provphone::client::check::detail {
namespace {

// What checks with a stranger's certificate have in common.
struct Client {
  ClientRole role;
  std::string_view who;
  std::string_view needs;  // the flag without which there is no such certificate
  bool is_phone = false;   // with a right to what every phone gets
};

std::optional<Outcome> cannot_try(const Facts& facts, const Client& client) {
  if (!facts.seen.is_https()) return not_applicable();
  if (!facts.gets_file()) return not_made("the phone gets no file");
  if (!facts.seen.tls || !facts.seen.tls->asks_for_certificate)
    return not_made("the server asks for no certificate in its greeting");
  if (find(facts.seen, ProbeTarget::own_file, client.role) == nullptr)
    return not_asked(facts, client.needs);
  return std::nullopt;
}

Outcome judge_client(const Facts& facts, const Client& client) {
  if (auto cannot = cannot_try(facts, client)) return *std::move(cannot);
  const auto& answer = *find(facts.seen, ProbeTarget::own_file, client.role);
  switch (file_outcome(facts, answer)) {
    case FileOutcome::refusal:
    case FileOutcome::nothing:
      return passed(fmt::format("{}: {}", client.who, in_words(answer)));
    case FileOutcome::other_file:
      return passed(fmt::format("{} gets another file", client.who));
    case FileOutcome::same_file:
      break;
  }
  if (client.is_phone && !facts.is_personal) return not_made("every phone gets this file");
  return found(fmt::format("{} gets the file of {}", client.who, facts.seen.mac));
}

constexpr std::string_view needs_pki = "give --pki DIR, whose device root signs such a certificate";

Outcome judge_asked(const Facts& facts) {
  if (!facts.seen.is_https()) return not_applicable();
  if (!facts.seen.tls || !facts.seen.tls->certificate)
    return not_asked(facts, "no handshake came about");
  if (facts.seen.tls->asks_for_certificate) return passed();
  const auto* nobody = find(facts.seen, ProbeTarget::own_file, ClientRole::nothing);
  // A server that asks late (a renegotiation, TLS 1.3 behind the handshake) asks all the same.
  // Where the rule has a login the refusal may be for want of that, and proves nothing about
  // certificates.
  if (nobody != nullptr && facts.gets_file() &&
      file_outcome(facts, *nobody) == FileOutcome::refusal) {
    if (facts.seen.has_login)
      return found(Severity::low, "without the login it says " + in_words(*nobody));
    return passed("only later in the connection: without one it says " + in_words(*nobody));
  }
  return found("no request for a certificate in the handshake");
}

Outcome judge_required(const Facts& facts) {
  const auto& tls = facts.seen.tls;
  // A phone without a certificate is the stranger itself.
  if (facts.seen.is_https() && !facts.seen.has_certificate && tls && tls->asks_for_certificate) {
    return facts.gets_file() ? found("it was asked for, and the phone showed none")
                             : passed("a phone without one gets nothing");
  }
  return judge_client(facts, {ClientRole::nothing, "somebody without a certificate",
                              "it was not asked without a certificate"});
}

Outcome judge_root(const Facts& facts) {
  return judge_client(facts, {ClientRole::foreign_root, "a certificate of an unknown root",
                              "no certificate of an unknown root was made"});
}

Outcome judge_expired(const Facts& facts) {
  return judge_client(facts,
                      {ClientRole::expired, "this phone's certificate, expired,", needs_pki});
}

Outcome judge_generic(const Facts& facts) {
  return judge_client(facts, {ClientRole::generic, "the generic certificate", needs_pki, true});
}

Outcome judge_bound(const Facts& facts) {
  return judge_client(facts,
                      {ClientRole::other_device, "another phone's certificate", needs_pki, true});
}

constexpr Check certificate_catalogue[] = {
    {"CHK-CERT-ASKED", Severity::high, "the server asks for no client certificate",
     "It never shows the certificate that it has, and gets its file.",
     "Read every file whose name can be guessed, and names are made of MAC addresses.",
     "Require client certificates (nginx: ssl_verify_client on; Apache: SSLVerifyClient require) "
     "and bind each file to its certificate.",
     judge_asked, Scope::server},
    {"CHK-CERT-REQUIRED", Severity::high, "the file is given without a client certificate",
     "It shows its certificate when asked, and gets its file.",
     "Read the file without any certificate.",
     "Require the certificate, or refuse where none was verified (nginx: $ssl_client_verify).",
     judge_required},
    {"CHK-CERT-ROOT", Severity::high, "certificates of unknown roots count",
     "It shows a certificate that Cisco signed.",
     "Sign a certificate for any MAC address and get the file that belongs to it.",
     "Verify against the root of the phones' certificates and no other.", judge_root,
     Scope::server},
    {"CHK-CERT-EXPIRED", Severity::medium, "expired certificates count",
     "One with an expired certificate goes on getting its file.",
     "Use a certificate that was given up long ago, with its key.",
     "Verify dates; renew the phones' certificates in time (MIC_Cert_Refresh_Enable).",
     judge_expired, Scope::server},
    {"CHK-CERT-GENERIC", Severity::medium, "the generic certificate opens a phone's own file",
     "Old ones share a certificate that tells nothing about who they are.",
     "Take the key from one old phone and read the files of all.",
     "Refuse generic certificates, or give them files without secrets.", judge_generic},
    {"CHK-CERT-BOUND", Severity::high, "another phone's certificate opens the file",
     "It asks for its own file only.",
     "Take the certificate of one phone, or buy one, and read the files of all.",
     "Compare the MAC address in the certificate's subject with the one in the path, and answer "
     "403 "
     "where they differ.",
     judge_bound},
};

}  // namespace

std::span<const Check> certificate_checks() {
  return certificate_catalogue;
}

}  // namespace provphone::client::check::detail
