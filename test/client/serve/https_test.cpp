#include "client/identity/pki.hpp"
#include "test/client/serve/world.hpp"

#include <catch2/catch.hpp>
#include <curl/curl.h>

#include <chrono>

namespace provphone::client::serve {
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

}  // namespace provphone::client::serve
