#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "test/client/check/seen.hpp"

#include <catch2/catch.hpp>

#include <functional>
#include <set>

// What is found in a server that is at fault in one way. Every row spoils a good server.
namespace provphone::test::judge_test {
namespace {

using namespace std::chrono_literals;
using client::check::Severity;
using client::check::TftpSeen;
using resync::TlsVersion;

struct Row {
  std::string id;
  Severity severity;
  std::string why;
  std::function<void(Observations&)> spoil;
};

Answer& own(Observations& seen) {
  return answer_to(seen, ProbeTarget::own_file, ClientRole::own);
}

void check_rows(Observations (*good)(), const std::vector<Row>& rows) {
  for (const auto& row : rows) {
    INFO(row.id << ": " << row.why);
    auto seen = good();
    CHECK(outcome_of(seen, row.id).state != State::found);
    row.spoil(seen);
    const auto judgement = judgement_of(seen, row.id);
    CHECK(judgement.is_finding());
    CHECK(judgement.severity() == row.severity);
    CHECK(judgement.outcome.evidence.find("geheim") == std::string::npos);
  }
}

std::set<std::string> findings_in(const Observations& seen) {
  std::set<std::string> ids;
  for (const auto& judgement : findings_of(seen)) {
    if (judgement.is_finding()) ids.insert(std::string(judgement.check->id));
  }
  return ids;
}

TEST_CASE("a server without fault has no findings") {
  CHECK(findings_in(good_https()).empty());
  // TFTP and HTTP prove nothing, and hide nothing, whatever the server does.
  CHECK(findings_in(good_http()) == std::set<std::string>{"CHK-PLAIN", "CHK-PLAIN-SECRETS"});
  CHECK(findings_in(good_tftp()) ==
        std::set<std::string>{"CHK-OPEN", "CHK-PLAIN", "CHK-PLAIN-SECRETS"});
}

TEST_CASE("every check is judged once, and its words are there") {
  const auto judgements = findings_of(good_https());
  std::set<std::string_view> ids;
  for (const auto& [check, outcome] : judgements) {
    INFO(check->id);
    ids.insert(check->id);
    CHECK(check->id.substr(0, 4) == "CHK-");
    for (const auto text : {check->title, check->phone, check->attacker, check->mend})
      CHECK_FALSE(text.empty());
    if (outcome.state == State::not_made) CHECK_FALSE(outcome.evidence.empty());
  }
  CHECK(ids.size() == judgements.size());
  CHECK(ids.size() == client::check::all_checks().size());
}

TEST_CASE("faults of a server's certificate are found") {
  const auto spoil_certificate = [](auto change) {
    return [change](Observations& seen) { change(*seen.tls->certificate); };
  };
  const std::vector<Row> rows{
      {"CHK-TLS-REACH", Severity::high, "nothing answers",
       [](Observations& seen) {
         seen.tls = client::check::TlsSeen{{}, {}, "refused", false};
       }},
      {"CHK-TLS-CHAIN", Severity::high, "unknown root",
       spoil_certificate([](auto& c) { c.chain_error = "unable to get issuer"; })},
      {"CHK-TLS-NAME", Severity::high, "another host", spoil_certificate([](auto& c) {
         c.names = {{"www.example.net"}, {}, "prov.example.net"};
       })},
      {"CHK-TLS-NAME", Severity::high, "part of a label is no wildcard",
       spoil_certificate([](auto& c) {
         c.names = {{"prov*.example.net"}, {}, ""};
       })},
      {"CHK-TLS-NAME", Severity::high, "an address needs an address",
       [](Observations& seen) { seen.url.host = "192.0.2.1"; }},
      {"CHK-TLS-CN", Severity::info, "only an alternative name, which mpp12 takes",
       spoil_certificate([](auto& c) { c.names.common_name = "Provisioning"; })},
      {"CHK-TLS-CN", Severity::medium, "only an alternative name, which spa does not take",
       [](Observations& seen) {
         seen.personality = resync::personality_of(profile::Generation::spa);
         seen.tls->certificate->names.common_name = "Provisioning";
       }},
      {"CHK-TLS-JABBER", Severity::low, "a contact behind the CN", spoil_certificate([](auto& c) {
         c.names = {{}, {}, "prov.example.net/mail@example.net"};
       })},
      {"CHK-TLS-WILDCARD", Severity::info, "a whole label",
       spoil_certificate([](auto& c) { c.names.dns = {"*.example.net"}; })},
      {"CHK-TLS-WILDCARD", Severity::medium, "a part of a label",
       spoil_certificate([](auto& c) { c.names.dns = {"p*.example.net"}; })},
      {"CHK-TLS-DATES", Severity::high, "expired",
       [](Observations& seen) { seen.tls->certificate->not_after = seen.now - 1s; }},
      {"CHK-TLS-DATES", Severity::high, "not yet",
       [](Observations& seen) { seen.tls->certificate->not_before = seen.now + 1s; }},
      {"CHK-TLS-SOON", Severity::medium, "a second less than 30 days",
       [](Observations& seen) { seen.tls->certificate->not_after = seen.now + 24h * 30 - 1s; }},
      {"CHK-TLS-STRENGTH", Severity::medium, "SHA-1",
       spoil_certificate([](auto& c) { c.signature = "RSA-SHA1"; })},
      {"CHK-TLS-STRENGTH", Severity::medium, "a short key",
       spoil_certificate([](auto& c) { c.key_bits = 1024; })},
      {"CHK-TLS-DNS", Severity::low, "the name is elsewhere",
       [](Observations& seen) {
         seen.look_ups = {{"prov.example.net", {"192.0.2.9"}}};
       }},
      {"CHK-TLS-DNS", Severity::medium, "the name is nowhere, and spa wants to know",
       [](Observations& seen) {
         seen.personality = resync::personality_of(profile::Generation::spa);
         seen.look_ups = {{"prov.example.net", {}}};
       }},
      {"CHK-TLS-VERSION", Severity::high, "TLS 1.3 alone",
       [](Observations& seen) {
         seen.tls->versions = {{TlsVersion::tls1_3, true}};
       }},
      {"CHK-TLS-FAMILIES", Severity::info, "TLS 1.0 leaves mpp12 out",
       [](Observations& seen) {
         seen.tls->versions = {{TlsVersion::tls1_0, true}};
       }},
      {"CHK-TLS-OLD", Severity::low, "TLS 1.1 besides others",
       [](Observations& seen) { seen.tls->versions[1].second = true; }},
  };
  check_rows(good_https, rows);
}

TEST_CASE("a wildcard of one whole label is a name that phones take") {
  auto seen = good_https();
  seen.tls->certificate->names = {{"*.example.net"}, {}, "*.example.net"};
  CHECK(outcome_of(seen, "CHK-TLS-NAME").state == State::passed);
  seen.url.host = "a.prov.example.net";
  CHECK(outcome_of(seen, "CHK-TLS-NAME").state == State::found);
}

TEST_CASE("an address among the names of a certificate is one for phones and for Jabber") {
  auto seen = good_https();
  seen.url.host = "192.0.2.1";
  seen.tls->certificate->names = {{}, {"192.0.2.1"}, "prov.example.net"};
  CHECK(outcome_of(seen, "CHK-TLS-NAME").state == State::passed);
  CHECK(outcome_of(seen, "CHK-TLS-JABBER").state == State::passed);
  seen.tls->certificate->names = {{}, {}, "192.0.2.1"};
  CHECK(outcome_of(seen, "CHK-TLS-NAME").state == State::passed);
  CHECK(outcome_of(seen, "CHK-TLS-JABBER").state == State::found);
}

TEST_CASE("what a server does with certificates is found") {
  const auto opens_for = [](ClientRole role) {
    return [role](Observations& seen) { answer_to(seen, ProbeTarget::own_file, role) = own(seen); };
  };
  const std::vector<Row> rows{
      {"CHK-CERT-ASKED", Severity::high, "it does not ask",
       [](Observations& seen) {
         seen.tls->asks_for_certificate = false;
         answer_to(seen, ProbeTarget::own_file, ClientRole::nothing) = own(seen);
       }},
      {"CHK-CERT-ASKED", Severity::low, "it wants a login instead",
       [](Observations& seen) {
         seen.tls->asks_for_certificate = false;
         seen.has_login = true;
       }},
      {"CHK-CERT-REQUIRED", Severity::high, "none will do", opens_for(ClientRole::nothing)},
      {"CHK-CERT-REQUIRED", Severity::high, "the phone has none and gets its file",
       [](Observations& seen) { seen.has_certificate = false; }},
      {"CHK-CERT-ROOT", Severity::high, "any root will do", opens_for(ClientRole::foreign_root)},
      {"CHK-CERT-EXPIRED", Severity::medium, "any date will do", opens_for(ClientRole::expired)},
      {"CHK-CERT-GENERIC", Severity::medium, "the generic one will do",
       opens_for(ClientRole::generic)},
      {"CHK-CERT-BOUND", Severity::high, "another phone's will do",
       opens_for(ClientRole::other_device)},
  };
  check_rows(good_https, rows);
}

TEST_CASE("a certificate that is asked for late in the connection is asked for") {
  auto seen = good_https();
  seen.tls->asks_for_certificate = false;
  CHECK(outcome_of(seen, "CHK-CERT-ASKED").state == State::passed);
}

TEST_CASE("a file that differs with the certificate is nobody else's file") {
  auto seen = good_https();
  answer_to(seen, ProbeTarget::own_file, ClientRole::other_device) =
      file(profile_of("<GPP_A>another</GPP_A>"));
  CHECK(outcome_of(seen, "CHK-CERT-BOUND").state == State::passed);
}

TEST_CASE("files are compared by their values, whatever stands around them") {
  auto seen = good_https();
  answer_to(seen, ProbeTarget::own_file, ClientRole::other_device) =
      file("<!-- made at noon -->" + profile_of("<Password_1_>geheim</Password_1_>"));
  CHECK(outcome_of(seen, "CHK-CERT-BOUND").state == State::found);
}

TEST_CASE("a file that every phone gets needs no binding") {
  auto seen = good_https();
  answer_to(seen, ProbeTarget::unknown_file, ClientRole::own) = own(seen);
  answer_to(seen, ProbeTarget::own_file, ClientRole::other_device) = own(seen);
  CHECK(outcome_of(seen, "CHK-CERT-BOUND").state == State::not_made);
  CHECK(judgement_of(seen, "CHK-ENUM-DEFAULT").severity() == Severity::high);
}

TEST_CASE("a rule that leads all phones to one file binds it to none, but keeps strangers out") {
  auto seen = good_https();
  seen.names_mac = seen.names_phone = false;
  for (const auto role : {ClientRole::other_device, ClientRole::generic, ClientRole::nothing,
                          ClientRole::foreign_root})
    answer_to(seen, ProbeTarget::own_file, role) = own(seen);
  CHECK(outcome_of(seen, "CHK-CERT-BOUND").state == State::not_made);
  CHECK(outcome_of(seen, "CHK-CERT-GENERIC").state == State::not_made);
  CHECK(outcome_of(seen, "CHK-CERT-REQUIRED").state == State::found);
  CHECK(outcome_of(seen, "CHK-CERT-ROOT").state == State::found);
}

TEST_CASE("what could not be tried is said, with the flag that would help") {
  struct Gap {
    std::string id;
    std::string expected;
    std::function<void(Observations&)> make;
  };
  const std::vector<Gap> rows{
      {"CHK-TLS-CHAIN", "--ca", [](Observations& seen) { seen.has_trust = false; }},
      {"CHK-CERT-BOUND", "--pki",
       [](Observations& seen) { forget(seen, ProbeTarget::own_file, ClientRole::other_device); }},
      {"CHK-CERT-BOUND", "--requests",
       [](Observations& seen) {
         forget(seen, ProbeTarget::own_file, ClientRole::other_device);
         seen.ended_by = "--requests";
       }},
      {"CHK-ENUM-NEIGHBOUR", "--other",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::neighbour_file, ClientRole::own) = status(404);
       }},
  };
  for (const auto& row : rows) {
    INFO(row.id << " wants " << row.expected);
    auto seen = good_https();
    row.make(seen);
    const auto outcome = outcome_of(seen, row.id);
    CHECK(outcome.state == State::not_made);
    CHECK(outcome.evidence.find(row.expected) != std::string::npos);
  }
}

TEST_CASE("what guessing yields is found") {
  const std::vector<Row> rows{
      {"CHK-ENUM-NEIGHBOUR", Severity::high, "a neighbour's file",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::neighbour_file, ClientRole::own) =
             file(profile_of("<Password_1_>geheim2</Password_1_>"));
       }},
      {"CHK-ENUM-TELL", Severity::low, "403 and 404",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::unknown_file, ClientRole::other_device) = status(404);
       }},
      {"CHK-ENUM-TELL", Severity::low, "403 twice, with different words",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::unknown_file, ClientRole::other_device).body =
             "no such phone";
       }},
      {"CHK-ENUM-RATE", Severity::info, "every guess is answered",
       [](Observations& seen) {
         for (auto& exchange : seen.exchanges) {
           if (exchange.answer.status == 429) exchange.answer = status(404);
         }
       }},
      {"CHK-ENUM-DEFAULT", Severity::info, "a default without secrets",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::unknown_file, ClientRole::own) =
             file(profile_of("<GPP_A>x</GPP_A>"));
       }},
      {"CHK-HTTP-NOTFOUND", Severity::medium, "a page with status 200",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::unknown_file, ClientRole::own) =
             file("<html>not found</html>");
       }},
      {"CHK-PATH-CASE", Severity::info, "404 in the other case",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::other_case, ClientRole::own) = status(404);
       }},
      {"CHK-PATH-OUTSIDE", Severity::high, "/etc/services",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::outside, ClientRole::own) = file("http 80/tcp\n");
       }},
  };
  check_rows(good_https, rows);
}

TEST_CASE("a server that stops answering those who guess has held them back") {
  auto seen = good_https();
  for (auto& exchange : seen.exchanges) {
    if (exchange.answer.status == 429) exchange.answer = failure(Errc::connection_refused);
  }
  CHECK(outcome_of(seen, "CHK-ENUM-RATE").state == State::passed);
  own(seen) = failure(Errc::connection_refused);
  CHECK(outcome_of(seen, "CHK-ENUM-RATE").state == State::not_made);
}

TEST_CASE("what is wrong with the file is found") {
  const auto gets = [](const std::string& body) {
    return [body](Observations& seen) { own(seen) = file(body); };
  };
  const auto plain = profile_of("<GPP_A>a</GPP_A>");
  const auto sealed = profile::encrypt(plain, "key", profile::Layer::aes_256_cbc_sha256, {1, 2});
  const auto with_key = [](const std::string& body) {
    return [body](Observations& seen) {
      seen.decode.key = "key";
      own(seen) = file(body);
    };
  };
  const std::vector<Row> rows{
      {"CHK-FETCH", Severity::high, "403", [](Observations& seen) { own(seen) = status(403); }},
      {"CHK-FETCH", Severity::high, "no certificate was given for the phone to show",
       [](Observations& seen) {
         seen.has_certificate = false;
         own(seen) = failure(Errc::tls_refused_by_server);
       }},
      {"CHK-FETCH", Severity::high, "a server behind a redirect is not trusted",
       [](Observations& seen) {
         own(seen) = failure(Errc::tls_untrusted);
         own(seen).hops.push_back({seen.url, 302, "https://b.example.net/"});
       }},
      {"CHK-FETCH", Severity::high, "cut off",
       [](Observations& seen) { own(seen) = failure(Errc::transfer_interrupted); }},
      {"CHK-FILE-HTML", Severity::high, "a page", gets("<!DOCTYPE html><html></html>")},
      {"CHK-FILE-LAYERS", Severity::high, "no key", gets(sealed)},
      {"CHK-FILE-LAYERS", Severity::high, "not encrypted", with_key(plain)},
      {"CHK-FILE-LAYERS", Severity::high, "cut gzip", gets(profile::gzip(plain).substr(0, 30))},
      {"CHK-FILE-LAYERS", Severity::high, "the wrong order", gets(profile::gzip(sealed))},
      {"CHK-FILE-XML", Severity::high, "an open element", gets("<flat-profile><GPP_A>")},
      {"CHK-FILE-UNKNOWN", Severity::low, "misspelt",
       gets(profile_of("<password_1_>geheim</password_1_>"))},
      {"CHK-FILE-UNKNOWN", Severity::info, "in no source",
       gets(profile_of("<Passwort_1_>geheim</Passwort_1_>"))},
      {"CHK-FILE-OUTSIDE", Severity::medium, "outside flat-profile",
       gets("<all><GPP_A>geheim</GPP_A>" + profile_of("") + "</all>")},
      {"CHK-FILE-UNKNOWN", Severity::info, "a line too many",
       gets(profile_of("<Proxy_17_>geheim</Proxy_17_>"))},
      {"CHK-FILE-UNKNOWN", Severity::low, "a line too many, and misspelt",
       gets(profile_of("<Proxy_17_>geheim</Proxy_17_><password_1_>geheim</password_1_>"))},
      {"CHK-FILE-VALUE", Severity::medium, "out of range",
       gets(profile_of("<Provision_Enable>geheim</Provision_Enable>"))},
      {"CHK-KEY-DIGEST", Severity::low, "MD5",
       with_key(profile::encrypt(plain, "key", profile::Layer::aes_256_cbc_md5, {1, 2}))},
      {"CHK-KEY-SALT", Severity::medium, "one salt for two files",
       [&](Observations& seen) {
         seen.decode.key = "key";
         own(seen) = file(sealed);
         answer_to(seen, ProbeTarget::neighbour_file, ClientRole::own) = file(profile::encrypt(
             profile_of("<GPP_A>b</GPP_A>"), "key", profile::Layer::aes_256_cbc_sha256, {1, 2}));
       }},
  };
  check_rows(good_https, rows);
}

TEST_CASE("MD5 is no finding where the phone's family knows nothing else", "[R-LAYER-09]") {
  auto seen = good_https();
  seen.decode.key = "key";
  own(seen) =
      file(profile::encrypt(profile_of(""), "key", profile::Layer::aes_256_cbc_md5, {1, 2}));
  CHECK(outcome_of(seen, "CHK-KEY-DIGEST").state == State::found);
  seen.personality = resync::personality_of(profile::Generation::spa);
  seen.decode.digests = seen.personality.aes_digests;
  CHECK(outcome_of(seen, "CHK-KEY-DIGEST").state == State::passed);
}

TEST_CASE("a file that its phrase opens in another way says so in the audit", "[R-LAYER-21]") {
  auto seen = good_https();
  seen.personality = resync::personality_of(profile::Generation::spa);
  seen.decode.digests = seen.personality.aes_digests;
  seen.decode.key = "key";
  own(seen) =
      file(profile::encrypt(profile_of(""), "key", profile::Layer::aes_256_cbc_sha256, {1, 2}));
  const auto outcome = outcome_of(seen, "CHK-FILE-LAYERS");
  CHECK(outcome.state == State::found);
  CHECK(outcome.evidence.find("fits with SHA-256") != std::string::npos);
}

TEST_CASE("a name that is only spelt otherwise is found with the one that was meant",
          "[R-XML-03]") {
  auto seen = good_https();
  own(seen) = file(profile_of("<gpp_a>1</gpp_a>"));
  CHECK(outcome_of(seen, "CHK-FILE-UNKNOWN").evidence ==
        "gpp_a (is spelt GPP_A; the phone does not set it)");
}

TEST_CASE("the same encrypted file twice says nothing about salts") {
  auto seen = good_https();
  const auto sealed =
      profile::encrypt(profile_of(""), "key", profile::Layer::aes_256_cbc_sha256, {1, 2});
  own(seen) = answer_to(seen, ProbeTarget::own_file_again, ClientRole::own) = file(sealed);
  CHECK(outcome_of(seen, "CHK-KEY-SALT").state == State::not_made);
}

TEST_CASE("answers that phones mishandle are found") {
  const auto hop = [](macro::Scheme scheme, const std::string& location) {
    return [=](Observations& seen) {
      auto from = seen.url;
      from.scheme = scheme;
      own(seen).hops.push_back({from, 302, location});
    };
  };
  const std::vector<Row> rows{
      {"CHK-HTTP-STATUS", Severity::high, "303",
       [](Observations& seen) {
         own(seen) = status(303);
         own(seen).error = Error{Errc::redirect_not_followed, "status 303 is not processed"};
       }},
      {"CHK-HTTP-STATUS", Severity::high, "204",
       [](Observations& seen) { own(seen) = status(204); }},
      {"CHK-REDIRECT-LOOP", Severity::high, "around and around",
       [](Observations& seen) {
         own(seen) = status(302);
         own(seen).error = Error{Errc::redirect_limit, "more than 5 redirects"};
       }},
      {"CHK-REDIRECT-DOWNGRADE", Severity::high, "to http",
       hop(macro::Scheme::https, "HTTP://prov.example.net/a.xml")},
      {"CHK-REDIRECT-MACRO", Severity::info, "a macro that mpp12 expands",
       hop(macro::Scheme::https, "/p/$MAU.xml")},
      {"CHK-HTTP-LENGTH", Severity::low, "no length",
       [](Observations& seen) { own(seen).content_length.clear(); }},
      {"CHK-HTTP-LENGTH", Severity::low, "two lengths",
       [](Observations& seen) { own(seen).transfer_encoding = "chunked"; }},
  };
  check_rows(good_https, rows);
}

TEST_CASE("a macro in a redirect is lost on the SPA family") {
  auto seen = good_http();
  seen.personality = resync::personality_of(profile::Generation::spa);
  own(seen).hops.push_back({seen.url, 302, "/p/$MAU.xml"});
  CHECK(judgement_of(seen, "CHK-REDIRECT-MACRO").severity() == Severity::high);
}

TEST_CASE("what anybody may read over HTTP is found") {
  const std::vector<Row> rows{
      {"CHK-OPEN", Severity::high, "no login is needed",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::own_file, ClientRole::nothing) = own(seen);
       }},
      {"CHK-KEY-CLEAR", Severity::high, "a key in a rule",
       [](Observations& seen) {
         own(seen) = file(profile_of("<Profile_Rule>[--key geheim] http://a/b</Profile_Rule>"));
       }},
      {"CHK-KEY-CLEAR", Severity::high, "a key in a register that a rule names",
       [](Observations& seen) {
         own(seen) =
             file(profile_of("<Profile_Rule>[--key $SA] http://a/b</Profile_Rule>"
                             "<GPP_SA>geheim</GPP_SA>"));
       }},
  };
  check_rows(good_http, rows);
  auto seen = good_http();
  own(seen) = file(profile_of("<Profile_Rule>[--key $SA] http://a/b</Profile_Rule>"));
  CHECK(outcome_of(seen, "CHK-KEY-CLEAR").state == State::passed);
  CHECK(outcome_of(seen, "CHK-PLAIN-SECRETS").state == State::passed);
}

TEST_CASE("what TFTP servers get wrong is found") {
  const std::vector<Row> rows{
      {"CHK-TFTP-OPTIONS", Severity::low, "an error for options",
       [](Observations& seen) { seen.tftp->options = TftpSeen::Options::refused; }},
      {"CHK-TFTP-TID", Severity::medium, "a stranger's packet counts",
       [](Observations& seen) { seen.tftp->stranger = TftpSeen::Stranger::obeyed; }},
      {"CHK-TFTP-LAST", Severity::high, "no empty block",
       [](Observations& seen) { seen.tftp->last_block.reset(); }},
      {"CHK-TFTP-SILENT", Severity::medium, "no answer for an absent file",
       [](Observations& seen) {
         answer_to(seen, ProbeTarget::unknown_file, ClientRole::own) =
             failure(Errc::connect_timeout);
       }},
  };
  check_rows(good_tftp, rows);
  CHECK(outcome_of(good_tftp(), "CHK-TFTP-WRAP").state == State::not_made);
  CHECK(outcome_of(good_https(), "CHK-TFTP-WRAP").state == State::not_applicable);
}

TEST_CASE("text of a server cannot break the lines of a report") {
  auto seen = good_https();
  seen.tls->certificate->names.dns = {"a\r\nb\x1b[31m" + std::string(2000, 'x')};
  const auto evidence = outcome_of(seen, "CHK-TLS-NAME").evidence;
  CHECK(evidence.size() < 400);
  CHECK(std::none_of(evidence.begin(), evidence.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
}

}  // namespace
}  // namespace provphone::test::judge_test
