#include "client/identity/renewal.hpp"

#include "client/identity/pki.hpp"
#include "test/client/serve/world.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::serve::renewal_test {
namespace {

using identity::DeviceCertificate;

// A server that renews, and the PKI that it signs with.
struct Service {
  Folder folder;
  identity::Authority root;
  World world;

  Service() : root(root_in(folder)), world(options_of(folder)) {}

  static identity::Authority root_in(const Folder& folder) {
    identity::PkiRequest request;
    request.directory = folder.path("pki");
    REQUIRE(identity::make_pki(request, std::chrono::system_clock::now()));
    return identity::load_device_root(request.directory).value();
  }
  static Options options_of(const Folder& folder) {
    Options options;
    options.http_port = 0;
    options.pki_directory = folder.path("pki");
    options.renewal_path = "/renew";
    return options;
  }
  Got post(std::string body) const {
    return fetch(world.url("http", "/renew"), {.method = "POST", .body = std::move(body)});
  }
};

std::shared_ptr<EVP_PKEY> some_key() {
  return identity::make_key(identity::KeyType::p256).value();
}

}  // namespace

TEST_CASE("a phone's request is answered with another certificate", "[serve]") {
  const Service service;
  const auto now = std::chrono::system_clock::now();
  const auto own = identity::mint_device_certificate(
                       service.root, {"CP-8841-3PCC", "88012BA01234", MacAddress{0x000e08abcdef}},
                       some_key(), now)
                       .value();
  const auto got = service.post(identity::make_certificate_request(own).value());
  CHECK(got.status == 200);
  const auto read = identity::read_renewed(got.body, own, identity::Clock::set, now);
  REQUIRE(read);
  CHECK((*read)->fingerprint != identity::fingerprint_of(own.certificate.get()));
}

TEST_CASE("what is no phone's request is refused in few words", "[serve]") {
  const Service service;
  CHECK(service.post("who are you").status == 400);
  CHECK(service.post("").status == 400);
  const auto large = service.post(std::string(20'000, 'x'));
  CHECK(large.status == 413);
  CHECK(large.body == "that is no PKCS#10 request\n");
  const auto stranger = identity::make_server_certificate(
      service.root, {"a.example.net"}, some_key(), std::chrono::system_clock::now());
  const auto refused = service.post(identity::make_certificate_request(*stranger).value());
  CHECK(refused.status == 403);
  CHECK(refused.body.starts_with("the subject is none that phones have"));
}

TEST_CASE("only a POST to that path renews", "[serve]") {
  const Service service;
  CHECK(fetch(service.world.url("http", "/renew")).status == 404);
  CHECK(fetch(service.world.url("http", "/other"), {.method = "POST", .body = "x"}).status == 404);
}

TEST_CASE("a server without a device root renews nothing", "[serve]") {
  const Folder folder;
  boost::asio::io_context loop;
  Options options;
  options.directory = folder.path();
  options.http_port = 0;
  options.pki_directory = folder.path("nowhere");
  options.renewal_path = "/renew";
  const auto server = Server::start(loop, options, {});
  REQUIRE_FALSE(server);
  CHECK(server.error().code == Errc::unreadable_file);
}

}  // namespace provphone::client::serve::renewal_test
