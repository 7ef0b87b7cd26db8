#include "client/identity/roots.hpp"
#include "client/transport/socket_exchange.hpp"
#include "profile/parameter_set.hpp"
#include "resync/tls_terms.hpp"
#include "tls_world.hpp"

#include <boost/asio/post.hpp>
#include <fmt/format.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>

namespace provphone::client::transport::test::tls_matrix_test {
namespace {

using identity::KeyType;
using resync::NameCheck;
using resync::TlsTerms;

constexpr std::array versions{TlsVersion::tls1_0, TlsVersion::tls1_1, TlsVersion::tls1_2,
                              TlsVersion::tls1_3};
constexpr std::array numbers{TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION};

struct Family {
  const char* name;
  profile::Generation generation;
  const char* knob;
};
constexpr std::array families{
    Family{"spa", profile::Generation::spa, "tls_highest=1.2"},
    Family{"mpp11", profile::Generation::mpp11, "tls_highest=1.2"},
    Family{"mpp12", profile::Generation::mpp12, "tls_highest=1.2"},
    Family{"mpp12 with TLS 1.3", profile::Generation::mpp12, "tls_highest=1.3"},
};

TlsTerms terms_of(const Family& family, std::string_view lowest, std::string_view ciphers = {}) {
  auto personality = resync::personality_of(family.generation);
  REQUIRE(resync::set_knob(personality, family.knob));
  profile::ParameterSet parameters{profile::factory_values(family.generation)};
  parameters.set(*profile::find_parameter("TLS_Client_Min_Version"), lowest);
  parameters.set(*profile::find_parameter("TLS_Cipher_List"), ciphers);
  return resync::tls_terms_of(parameters, personality, "sip88xx.11-3-2MPP0001-609");
}

// A server certificate, and what a phone that gets as far as to look at it makes of it.
struct Chain {
  const char* name;
  DeviceCertificate certificate;
  Errc verdict;  // count_: none
};

DeviceCertificate server(const Authority& root, const std::string& host, KeyType key,
                         identity::WallTime at = now()) {
  return identity::make_server_certificate(root, {host}, identity::make_key(key).value(), at)
      .value();
}

// Issued by its own name with its own key, and a server's all the same.
DeviceCertificate self_signed(KeyType type) {
  const auto own =
      identity::make_root("127.0.0.1", identity::make_key(type).value(), now()).value();
  return identity::make_server_certificate(own, {"127.0.0.1"}, own.key, now()).value();
}

std::vector<Chain> chains(KeyType key) {
  const auto& root = pki().server_root;
  const auto issuer = intermediate_of(root);
  auto complete = server(issuer, "127.0.0.1", key);
  complete.chain = {issuer.certificate};
  auto incomplete = complete;
  incomplete.chain.clear();
  return {
      {"good", server(root, "127.0.0.1", key), Errc::count_},
      {"with its intermediate", complete, Errc::count_},
      {"without its intermediate", incomplete, Errc::tls_untrusted},
      {"expired", server(root, "127.0.0.1", key, now() - std::chrono::years(15)),
       Errc::tls_certificate_dates},
      {"of another root", server(pki().other_root, "127.0.0.1", key), Errc::tls_untrusted},
      {"for another name", server(root, "127.0.0.2", key), Errc::tls_name_mismatch},
      {"signed by itself", self_signed(key), Errc::tls_untrusted},
  };
}

bool has_nothing_in_common(Errc code) {
  return code == Errc::tls_refused_by_server || code == Errc::tls_handshake_failed;
}

// SPA phones have no suite for ECDSA keys; and a version that is not offered is not spoken.
bool can_speak(const Family& family, const TlsTerms& terms, TlsVersion version, KeyType key) {
  if (version < terms.lowest || version > terms.highest) return false;
  return family.generation != profile::Generation::spa || key != KeyType::p256;
}

void try_all(World& world, const WebServer& web, const Chain& chain, KeyType key,
             TlsVersion version) {
  for (const auto& family : families) {
    for (const auto lowest : versions) {
      Request request = https_request(web, trusting());
      request.terms = terms_of(family, name(lowest));
      const auto result = world.fetch(request);
      const auto code = result ? Errc::count_ : result.error().code;
      INFO(fmt::format("{}, lowest {}, server {} with {}, chain {}: {}", family.name, name(lowest),
                       name(version), key == KeyType::p256 ? "ECDSA" : "RSA", chain.name,
                       result ? "success" : result.error().detail));
      if (can_speak(family, request.terms, version, key))
        CHECK(code == chain.verdict);
      else
        CHECK(has_nothing_in_common(code));
    }
  }
}

TEST_CASE("versions, keys and chains come to what each family makes of them",
          "[R-TLS-01][R-TLS-02][R-TLS-03][R-TLS-07][R-TLS-10][R-TLS-15]") {
  const auto key = GENERATE(KeyType::rsa_2048, KeyType::p256);
  for (const auto& chain : chains(key)) {
    for (std::size_t i = 0; i < versions.size(); ++i) {
      World world;
      TlsOptions options{.certificate = chain.certificate};
      options.lowest_version = numbers[i];
      options.highest_version = numbers[i];
      const WebServer web(world.loop, always(ok("x")), options);
      try_all(world, web, chain, key, versions[i]);
    }
  }
}

TlsOptions modern() {
  TlsOptions options = honest();
  options.highest_version = TLS1_2_VERSION;
  options.ciphers = "ECDHE-RSA-AES256-GCM-SHA384";
  return options;
}

TEST_CASE("a server with suites of its own time alone does not serve an SPA phone", "[R-TLS-15]") {
  World world;
  const WebServer web(world.loop, always(ok("x")), modern());
  Request request = https_request(web, trusting());
  request.terms = terms_of(families[0], "");
  const auto refused = world.fetch(request);
  REQUIRE(code_of(refused) == Errc::tls_refused_by_server);
  CHECK(refused.error().detail.find("suites of SPA phones") != std::string::npos);
  CHECK(refused.error().detail.find("client certificate") == std::string::npos);
  request.terms = terms_of(families[2], "");
  CHECK(answered(world.fetch(request)));
}

TEST_CASE("TLS_Cipher_List holds", "[R-TLS-15]") {
  World world;
  const WebServer web(world.loop, always(ok("x")), modern());
  Request request = https_request(web, trusting());
  request.terms = terms_of(families[2], "", "AES128-SHA");
  const auto refused = world.fetch(request);
  REQUIRE(code_of(refused) == Errc::tls_refused_by_server);
  CHECK(refused.error().detail.find("suites of TLS_Cipher_List") != std::string::npos);
}

TEST_CASE("a list without a suite that can be had counts as none, and that is said", "[R-TLS-15]") {
  World world;
  const WebServer web(world.loop, always(ok("x")), honest());
  const auto* ciphers = GENERATE("RC4-SHA:RC4-MD5", "EXP1024-RC4-SHA", "no suite at all");
  Request request = https_request(web, trusting());
  request.terms = terms_of(families[2], "", ciphers);
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->tls_note.find("TLS_Cipher_List") != std::string::npos);
  request.terms = terms_of(families[2], "", "AES128-SHA");
  const auto kept = world.fetch(request);
  REQUIRE(answered(kept));
  CHECK(kept->tls_note.empty());
}

TEST_CASE("a list without a suite of the versions offered is said to be one", "[R-TLS-15]") {
  World world;
  const WebServer web(world.loop, always(ok("x")), honest());
  Request request = https_request(web, trusting());
  request.terms.highest = TlsVersion::tls1_1;
  request.terms.ciphers = "ECDHE-RSA-AES256-GCM-SHA384";
  const auto result = world.fetch(request);
  REQUIRE(code_of(result) == Errc::tls_handshake_failed);
  CHECK(result.error().detail.find("TLS_Cipher_List") != std::string::npos);
}

TEST_CASE("a server below the phone's lowest version is refused, and that is said",
          "[R-TLS-10][R-TLS-12]") {
  World world;
  TlsOptions options = requiring_certificates();
  options.highest_version = TLS1_1_VERSION;
  const WebServer web(world.loop, always(ok("x")), options);
  Request request = https_request(web, trusting());
  request.terms = terms_of(families[2], "TLS 1.2");
  const auto result = world.fetch(request);
  REQUIRE(has_nothing_in_common(code_of(result)));
  CHECK(result.error().detail.find("TLS 1.2") != std::string::npos);
  CHECK(result.error().detail.find("client certificate") == std::string::npos);
}

TEST_CASE("a server above the phone's highest version wants no certificate",
          "[R-TLS-10][R-TLS-12]") {
  World world;
  TlsOptions options = requiring_certificates();
  options.lowest_version = TLS1_3_VERSION;
  const WebServer web(world.loop, always(ok("x")), options);
  const auto result = world.fetch(https_request(web, trusting()));
  REQUIRE(code_of(result) == Errc::tls_refused_by_server);
  CHECK(result.error().detail.find("protocol version (the phone offers TLS 1.1 to TLS 1.2)") !=
        std::string::npos);
}

TEST_CASE("a phone that goes by the common name alone sees no other", "[R-TLS-05]") {
  World world;
  TlsOptions options;
  options.certificate = pki().server({"prov.example.net", "127.0.0.1"}, now());
  const WebServer web(world.loop, always(ok("x")), options);
  Request request = https_request(web, trusting());
  CHECK(answered(world.fetch(request)));
  request.terms.names = NameCheck::common_name;
  const auto result = world.fetch(request);
  REQUIRE(code_of(result) == Errc::tls_name_mismatch);
  CHECK(result.error().detail.find("127.0.0.1,") == std::string::npos);
  request.terms.names = NameCheck::nothing;
  request.url.host = "localhost";
  CHECK(answered(world.fetch(request)));
}

TEST_CASE("a client of the Jabber kind takes what a person has accepted", "[R-TLS-17]") {
  World world;
  TlsOptions options;
  options.certificate =
      identity::make_server_certificate(pki().other_root, {"elsewhere.example"}, now()).value();
  const WebServer web(world.loop, always(ok("x")), options);
  TlsIdentity identity = trusting();
  Request request = https_request(web, identity);
  request.terms.names = NameCheck::jabber;
  const auto asked = world.fetch(request);
  REQUIRE(code_of(asked) == Errc::tls_untrusted);
  const auto fingerprint = identity::fingerprint_of(options.certificate.certificate.get());
  CHECK(asked.error().detail.find("--accept-certificate " + fingerprint) != std::string::npos);
  identity.accepted = {fingerprint};
  request.tls = std::make_shared<const TlsIdentity>(identity);
  CHECK(answered(world.fetch(request)));
  // A phone has nobody to ask.
  request.terms.names = NameCheck::alternative_names_first;
  CHECK(code_of(world.fetch(request)) == Errc::tls_untrusted);
}

TEST_CASE("a family that does not know SNI does not name the host", "[R-TLS-08]") {
  World world;
  WebServer web(world.loop, always(ok("x")), honest());
  Request request = https_request(web, trusting());
  request.url.host = "localhost";
  request.terms.sni = resync::Sni::none;
  REQUIRE(answered(world.fetch(request)));
  CHECK(web.seen().at(0).server_name.empty());
}

TEST_CASE("short keys and old digests are accepted or not", "[R-TLS-10]") {
  World world;
  TlsOptions options = honest();
  const auto digest = GENERATE(0, 1, 2);
  if (digest == 0) {
    const std::shared_ptr<EVP_PKEY> key(EVP_RSA_gen(1024U), EVP_PKEY_free);
    options.certificate =
        identity::make_server_certificate(pki().server_root, {"127.0.0.1"}, key, now()).value();
  } else {
    REQUIRE(X509_sign(options.certificate.certificate.get(), pki().server_root.key.get(),
                      digest == 1 ? EVP_sha1() : EVP_md5()) > 0);
  }
  const WebServer web(world.loop, always(ok("x")), options);
  Request request = https_request(web, trusting());
  request.terms.lowest = TlsVersion::tls1_2;
  request.terms.accepts_weak = true;
  CHECK(answered(world.fetch(request)));
  request.terms.accepts_weak = false;
  CHECK(code_of(world.fetch(request)) == Errc::tls_untrusted);
}

// Answers with one address, or with none.
NameSources names_leading_to(boost::asio::io_context& loop, const char* address, int* asked) {
  NameSources sources;
  sources.ask = [&loop, address, asked](const std::string& name, AddressFamilies,
                                        TellAddresses tell) {
    CHECK(name == "my.server.com");
    ++*asked;
    NameAnswer answer;
    if (*address != '\0') {
      answer.outcome = NameAnswer::Outcome::found;
      answer.addresses.push_back(boost::asio::ip::make_address(address));
    }
    boost::asio::post(loop, [tell = std::move(tell), answer] { tell(answer); });
  };
  return sources;
}

TEST_CASE("a certificate is its server's where its name leads there", "[R-TLS-18]") {
  using resync::CertDnsCheck;
  struct Case {
    const char* leads_to;
    CertDnsCheck check;
    std::vector<std::string> hosts;  // of the certificate, for a server at 127.0.0.1
    Errc verdict;
  };
  const std::vector<std::string> another{"my.server.com"};
  const std::vector<std::string> both{"my.server.com", "127.0.0.1"};
  const auto row = GENERATE_COPY(values<Case>({
      {"127.0.0.1", CertDnsCheck::strict, another, Errc::count_},
      {"127.0.0.1", CertDnsCheck::skip_without_answer, another, Errc::count_},
      {"127.0.0.1", CertDnsCheck::off, another, Errc::tls_name_mismatch},
      {"127.0.0.9", CertDnsCheck::strict, both, Errc::tls_name_mismatch},
      {"127.0.0.9", CertDnsCheck::skip_without_answer, both, Errc::tls_name_mismatch},
      {"127.0.0.9", CertDnsCheck::off, both, Errc::count_},
      {"", CertDnsCheck::strict, both, Errc::tls_name_mismatch},
      {"", CertDnsCheck::skip_without_answer, both, Errc::count_},
      {"", CertDnsCheck::skip_without_answer, another, Errc::tls_name_mismatch},
  }));
  int asked = 0;
  World world;
  REQUIRE(world.targets.add("my.server.com"));
  NameService names(world.loop, world.targets, names_leading_to(world.loop, row.leads_to, &asked));
  Fetcher fetcher(world.loop, world.targets, names);
  TlsOptions options;
  options.certificate = pki().server(row.hosts, now());
  const WebServer web(world.loop, always(ok("x")), options);
  Request request = https_request(web, trusting());
  request.terms.dns_check = row.check;
  std::optional<Result<Response>> result;
  int resolved = 0;
  fetcher.start(
      request, [&](const std::string&) { ++resolved; },
      [&](Result<Response> response) { result = std::move(response); });
  world.run_until([&] { return result.has_value(); });
  CHECK(code_of(*result) == row.verdict);
  CHECK(asked == (row.check == CertDnsCheck::off ? 0 : 1));
  CHECK(resolved == 1);
  // The server is asked once, however often it is greeted.
  CHECK(web.seen().size() == (row.verdict == Errc::count_ ? 1 : 0));
}

TEST_CASE("an exchange may be cancelled while a name is looked up", "[R-TLS-18]") {
  TellAddresses tell;
  NameSources sources;
  sources.ask = [&](const std::string&, AddressFamilies, TellAddresses waiting) {
    tell = std::move(waiting);
  };
  World world;
  REQUIRE(world.targets.add("my.server.com"));
  TlsOptions tls;
  tls.certificate = pki().server({"my.server.com"}, now());
  const WebServer web(world.loop, always(ok("x")), tls);
  NameService names(world.loop, world.targets, sources);
  Fetcher fetcher(world.loop, world.targets, names);
  Request request = https_request(web, trusting());
  request.terms.dns_check = resync::CertDnsCheck::strict;
  const auto id = fetcher.start(request, {}, [](Result<Response>) { FAIL("it was cancelled"); });
  world.run_until([&] { return tell != nullptr; });
  fetcher.cancel(id);
  NameAnswer answer;
  answer.outcome = NameAnswer::Outcome::found;
  answer.addresses = {boost::asio::ip::make_address("127.0.0.1")};
  tell(answer);
  world.loop.restart();
  world.loop.poll();
  CHECK(web.seen().empty());
}

std::string pem_of(const Authority& root) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  PEM_write_bio_X509(bio.get(), root.certificate.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

TEST_CASE("roots are read from text, and nothing of a file that is damaged", "[R-TLS-19]") {
  const auto two = pem_of(pki().other_root) + "# and another\r\n" + pem_of(pki().server_root);
  const auto roots = identity::read_roots(two);
  REQUIRE(roots);
  CHECK(roots->count == 2);
  CHECK(roots->first_name == "other root");
  auto third = pem_of(pki().device_root);
  third.replace(third.find('\n') + 9, 4, "####");
  const auto damaged = identity::read_roots(two + third);
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error() == Error{Errc::bad_certificates, "certificate 3 is damaged"});
  CHECK(identity::read_roots("<html></html>").error().code == Errc::bad_certificates);
  CHECK(identity::read_roots("").error().code == Errc::bad_certificates);
}

TEST_CASE("one text is one object, and roots come on top of those that were given", "[R-TLS-19]") {
  identity::RootReader reader;
  const auto roots = reader.read(pem_of(pki().server_root)).value();
  CHECK(reader.read(pem_of(pki().server_root)).value() == roots);
  identity::TrustWithRoots trust;
  World world;
  const WebServer good(world.loop, always(ok("x")), honest());
  TlsOptions others;
  others.certificate =
      identity::make_server_certificate(pki().other_root, {"127.0.0.1"}, now()).value();
  const WebServer other(world.loop, always(ok("x")), others);
  TlsIdentity given;
  given.trust = store_of(pki().other_root);
  const auto both = trust.with(std::make_shared<const TlsIdentity>(given), roots);
  CHECK(answered(world.fetch(https_request(good, *both))));
  CHECK(answered(world.fetch(https_request(other, *both))));
  CHECK(code_of(world.fetch(https_request(good, given))) == Errc::tls_untrusted);
  const auto alone = trust.with(std::make_shared<const TlsIdentity>(), roots);
  CHECK(answered(world.fetch(https_request(good, *alone))));
}

}  // namespace
}  // namespace provphone::client::transport::test::tls_matrix_test
