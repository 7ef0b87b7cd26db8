#include "client/identity/pki.hpp"
#include "test/client/serve/world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <catch2/catch.hpp>
#include <curl/curl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <chrono>

namespace provphone::client::serve::https_test {
namespace {

constexpr const char* first_mac = "000e08abcdef";
constexpr const char* second_mac = "000e08abcdf0";
constexpr const char* stranger_mac = "000e08000001";

void make_pki(const Folder& folder, std::vector<identity::DeviceSubject> devices) {
  identity::PkiRequest request;
  request.directory = folder.path();
  request.devices = std::move(devices);
  identity::make_pki(request, std::chrono::system_clock::now()).value();
}

// Two devices of ours, and one that another maker's root vouches for.
struct Pki {
  Folder ours;
  Folder theirs;

  Pki() {
    make_pki(ours, {{"CP-8841-3PCC", "88012BA01234", parse_mac_address(first_mac).value()},
                    {"CP-7832-3PCC", "88012BA01235", parse_mac_address(second_mac).value()}});
    make_pki(theirs, {{"CP-8841-3PCC", "1", parse_mac_address(stranger_mac).value()}});
  }

  Ask anonymous() const {
    Ask ask;
    ask.ca_file = ours.path("server-root.pem");
    return ask;
  }
  Ask as(const std::string& mac) const {
    const auto& folder = mac == stranger_mac ? theirs : ours;
    auto ask = anonymous();
    ask.certificate_file = folder.path(mac + ".pem");
    ask.key_file = folder.path(mac + ".key");
    return ask;
  }
};

// Keys take time to make, so one PKI does for every case that leaves it as it is.
const Pki& shared_pki() {
  static const Pki pki;
  return pki;
}

Options over_https(const Pki& pki, ClientCertificates clients) {
  Options options;
  options.https_port = 0;
  options.pki_directory = pki.ours.path();
  options.client_certificates = clients;
  return options;
}

// What the server shows, whatever it is worth.
std::shared_ptr<X509> certificate_of(const World& world) {
  namespace ssl = boost::asio::ssl;
  boost::asio::io_context loop;
  ssl::context context(ssl::context::tls_client);
  ssl::stream<boost::asio::ip::tcp::socket> stream(loop, context);
  stream.next_layer().connect({boost::asio::ip::make_address("127.0.0.1"), world.port("https")});
  stream.handshake(ssl::stream_base::client);
  return {SSL_get1_peer_certificate(stream.native_handle()), X509_free};
}

bool is_signed_by(X509* certificate, const std::string& root_file) {
  const std::shared_ptr<BIO> file(BIO_new_file(root_file.c_str(), "r"), BIO_free_all);
  const std::shared_ptr<X509> root(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr),
                                   X509_free);
  return X509_verify(certificate, X509_get0_pubkey(root.get())) == 1;
}

void fill(const Folder& folder) {
  folder.write("a.xml", "a");
}

}  // namespace

TEST_CASE("a client without a certificate is served where none is asked for", "[serve]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::ignored), fill);
  CHECK(fetch(world.url("https", "/a.xml"), pki.anonymous()).body == "a");
  CHECK(fetch(world.url("https", "/a.xml"), pki.as(first_mac)).body == "a");
  const auto served = world.served(2);
  CHECK(served[0].protocol == "https");
  CHECK(served[0].client_subject.empty());
  CHECK(served[1].client_subject.empty());
}

TEST_CASE("a client that does not know the server's root does not talk to it", "[serve]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::ignored), fill);
  auto ask = pki.anonymous();
  ask.ca_file = pki.theirs.path("server-root.pem");
  CHECK(fetch(world.url("https", "/a.xml"), ask).curl_code == CURLE_PEER_FAILED_VERIFICATION);
}

TEST_CASE("a certificate that is asked for need not be shown, but a bad one ends it", "[serve]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::asked_for), fill);
  CHECK(fetch(world.url("https", "/a.xml"), pki.anonymous()).body == "a");
  CHECK(fetch(world.url("https", "/a.xml"), pki.as(first_mac)).body == "a");
  CHECK(fetch(world.url("https", "/a.xml"), pki.as(stranger_mac)).curl_code != CURLE_OK);
  const auto served = world.served(2);
  CHECK(served[0].client_subject.empty());
  CHECK(served[1].client_subject == "ST=000e08abcdef,L=88012BA01234,OU=CP-8841-3PCC");
}

TEST_CASE("without the certificate that is required nothing is served", "[serve]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::required), fill);
  const auto anonymous = fetch(world.url("https", "/a.xml"), pki.anonymous());
  CHECK(anonymous.curl_code != CURLE_OK);
  CHECK(anonymous.body.empty());
  CHECK(fetch(world.url("https", "/a.xml"), pki.as(stranger_mac)).curl_code != CURLE_OK);
  CHECK(fetch(world.url("https", "/a.xml"), pki.as(first_mac)).body == "a");
  CHECK(world.served(1).size() == 1);
}

TEST_CASE("two phones show two subjects", "[R-CERT-01]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::required), fill);
  for (const char* mac : {first_mac, second_mac, first_mac}) {
    CHECK(fetch(world.url("https", "/a.xml"), pki.as(mac)).body == "a");
  }
  const auto served = world.served(3);
  CHECK(served[0].client_subject == "ST=000e08abcdef,L=88012BA01234,OU=CP-8841-3PCC");
  CHECK(served[1].client_subject == "ST=000e08abcdf0,L=88012BA01235,OU=CP-7832-3PCC");
  CHECK(served[2].client_subject == served[0].client_subject);
}

TEST_CASE("phones of every age can talk to the server", "[serve]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::required), fill);
  const long highest =
      GENERATE(as<long>{}, CURL_SSLVERSION_MAX_TLSv1_0, CURL_SSLVERSION_MAX_TLSv1_1,
               CURL_SSLVERSION_MAX_TLSv1_2, CURL_SSLVERSION_MAX_TLSv1_3);
  auto ask = pki.as(first_mac);
  ask.highest_tls = highest;
  CHECK(fetch(world.url("https", "/a.xml"), ask).body == "a");
  CHECK(world.served(1)[0].client_subject == "ST=000e08abcdef,L=88012BA01234,OU=CP-8841-3PCC");
}

TEST_CASE("a large file comes whole over TLS", "[serve]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::ignored));
  const auto content = some_content(1'000'001);
  world.folder().write("a.bin", content);
  CHECK((fetch(world.url("https", "/a.bin"), pki.anonymous()).body == content));
}

TEST_CASE("a client that speaks no TLS gets no answer and no record", "[serve]") {
  const Pki& pki = shared_pki();
  World world(over_https(pki, ClientCertificates::ignored), fill);
  const auto said = talk(world.port("https"), "GET /a.xml HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(said.find("200") == std::string::npos);
  CHECK(fetch(world.url("https", "/a.xml"), pki.anonymous()).body == "a");
  CHECK(world.served(1).size() == 1);
}

TEST_CASE("a flawed certificate is refused for its flaw, and nothing of the PKI changes",
          "[serve]") {
  const Pki& pki = shared_pki();
  const auto server_before = pki.ours.read("server.pem");
  struct Case {
    std::string fault;
    bool names_this_host, is_trusted, is_in_time;
  };
  const auto [fault, names_this_host, is_trusted, is_in_time] = GENERATE(values<Case>({
      {"certificate=wrong-name", false, true, true},
      {"certificate=expired", true, true, false},
      {"certificate=untrusted", true, false, true},
  }));
  auto options = over_https(pki, ClientCertificates::ignored);
  options.faults = faults_of({fault});
  World world(options, fill);
  CHECK(fetch(world.url("https", "/a.xml"), pki.anonymous()).curl_code ==
        CURLE_PEER_FAILED_VERIFICATION);
  const auto root = pki.ours.path("server-root.pem");
  const auto flawed = certificate_of(world);
  CHECK((X509_check_ip_asc(flawed.get(), "127.0.0.1", 0) == 1) == names_this_host);
  CHECK((X509_cmp_current_time(X509_get0_notAfter(flawed.get())) > 0) == is_in_time);
  CHECK(is_signed_by(flawed.get(), root) == is_trusted);
  CHECK(pki.ours.read("server.pem") == server_before);
}

TEST_CASE("a flawed certificate needs the root's key, where it is not from a stranger", "[serve]") {
  const Pki pki;
  std::filesystem::remove(pki.ours.path("server-root.key"));
  boost::asio::io_context loop;
  auto options = over_https(pki, ClientCertificates::ignored);
  options.directory = pki.ours.path();
  options.faults = faults_of({"certificate=expired"});
  const auto server = Server::start(loop, options, {});
  REQUIRE_FALSE(server);
  CHECK(server.error().code == Errc::unreadable_file);
  CHECK(server.error().detail.find("server-root.key") != std::string::npos);
  options.faults = faults_of({"certificate=untrusted"});
  CHECK(Server::start(loop, options, {}));
}

TEST_CASE("client certificates without a root to check them by are an error", "[serve]") {
  const Pki pki;
  std::filesystem::remove(pki.ours.path("device-root.pem"));
  boost::asio::io_context loop;
  auto options = over_https(pki, ClientCertificates::required);
  options.directory = pki.ours.path();
  const auto server = Server::start(loop, options, {});
  REQUIRE_FALSE(server);
  CHECK(server.error().code == Errc::unreadable_file);
  CHECK(server.error().detail.find("device-root.pem") != std::string::npos);
}

}  // namespace provphone::client::serve::https_test
