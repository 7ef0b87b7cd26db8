#include "tls_world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <thread>
#include <vector>

namespace provphone::client::transport::test::tls_test {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a phone fetches from a server that its root vouches for", "[R-TLS-01]") {
  World world;
  WebServer server(world.loop, always(ok("x")), honest());
  const auto response = world.fetch(https_request(server, trusting()));
  REQUIRE(answered(response));
  CHECK(response->body == "x");
  CHECK(response->stamps.secured_us > response->stamps.connected_us);
  CHECK(response->stamps.first_byte_us >= response->stamps.secured_us);
}

TEST_CASE("a server of another root, or any without a root, is not trusted", "[R-TLS-01]") {
  World world;
  WebServer server(world.loop, always(ok("x")), honest());
  TlsIdentity identity;
  const bool given = GENERATE(true, false);
  if (given) identity.trust = store_of(pki().other_root);
  const auto result = world.fetch(https_request(server, identity));
  REQUIRE(code_of(result) == Errc::tls_untrusted);
  CHECK((result.error().detail.find("--ca FILE") != std::string::npos) == !given);
  CHECK(server.seen().empty());
}

TEST_CASE("intermediate certificates come from the server", "[R-TLS-02]") {
  World world;
  const Authority issuer = intermediate_of(pki().server_root);
  TlsOptions options;
  options.certificate = identity::make_server_certificate(issuer, {"127.0.0.1"}, now()).value();
  const bool sent = GENERATE(true, false);
  options.certificate.chain.clear();
  if (sent) options.certificate.chain = {issuer.certificate};
  WebServer server(world.loop, always(ok("x")), options);
  CHECK(code_of(world.fetch(https_request(server, trusting()))) ==
        (sent ? Errc::count_ : Errc::tls_untrusted));
}

TEST_CASE("a phone sends the intermediate certificates that it has", "[R-TLS-09]") {
  World world;
  const Authority issuer = intermediate_of(pki().device_root);
  WebServer server(world.loop, always(ok("x")), requiring_certificates());
  TlsIdentity identity = trusting();
  identity.certificate = pki().device(issuer, 1);
  const bool sent = GENERATE(true, false);
  identity.certificate->chain.clear();
  if (sent) identity.certificate->chain = {issuer.certificate};
  CHECK(code_of(world.fetch(https_request(server, identity))) ==
        (sent ? Errc::count_ : Errc::tls_refused_by_server));
}

TEST_CASE("a phone offers no application protocol", "[R-TLS-14]") {
  World world;
  WebServer server(world.loop, always(ok("x")), honest());
  REQUIRE(answered(world.fetch(https_request(server, trusting()))));
  CHECK_FALSE(server.seen().at(0).application_protocol);
}

TEST_CASE("a client's certificate does not make a server", "[R-TLS-01]") {
  World world;
  TlsOptions options;
  options.certificate = pki().device(pki().server_root, 1);
  WebServer server(world.loop, always(ok("x")), options);
  CHECK(code_of(world.fetch(https_request(server, trusting()))) == Errc::tls_untrusted);
}

TEST_CASE("a certificate for other hosts does not name the server", "[R-TLS-05][R-TLS-07]") {
  World world;
  TlsOptions options;
  options.certificate = pki().server({"prov.example.net", "127.0.0.2"}, now());
  WebServer server(world.loop, always(ok("x")), options);
  const auto result = world.fetch(https_request(server, trusting()));
  REQUIRE(code_of(result) == Errc::tls_name_mismatch);
  CHECK(result.error().detail.find("prov.example.net") != std::string::npos);
}

TEST_CASE("a certificate may be checked against another name than the URL's", "[R-TLS-08]") {
  World world;
  TlsOptions options;
  options.certificate = pki().server({"example.net"}, now());
  WebServer server(world.loop, always(ok("x")), options);
  Request request = https_request(server, trusting());
  request.certificate_name = "example.net";
  CHECK(world.fetch(request));
}

TEST_CASE("dates count once the phone knows the time", "[R-TLS-03]") {
  World world;
  // Both roots are good today; the certificate is not.
  const auto then = GENERATE(now() - std::chrono::years(15), now() + std::chrono::years(1));
  TlsOptions options;
  options.certificate = pki().server({"127.0.0.1"}, then);
  WebServer server(world.loop, always(ok("x")), options);
  TlsIdentity identity = trusting();
  CHECK(code_of(world.fetch(https_request(server, identity))) == Errc::tls_certificate_dates);
  identity.clock = identity::Clock::unset;
  CHECK(world.fetch(https_request(server, identity)));
}

TEST_CASE("a phone names the host it wants, but not an address", "[R-TLS-08]") {
  World world;
  WebServer server(world.loop, always(ok("x")), honest());
  Request request = https_request(server, trusting());
  request.url.host = GENERATE("localhost", "127.0.0.1");
  REQUIRE(answered(world.fetch(request)));
  CHECK(server.seen().at(0).server_name == (request.url.host == "localhost" ? "localhost" : ""));
}

TEST_CASE("two phones show two subjects, and resume nothing", "[R-TLS-09][R-TLS-11]") {
  World world;
  TlsOptions options = requiring_certificates();
  options.highest_version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  WebServer server(world.loop, always(ok("x")), options);
  for (const std::uint64_t mac : {1U, 2U, 1U}) {
    TlsIdentity identity = trusting();
    identity.certificate = pki().device(pki().device_root, mac);
    Request request = https_request(server, identity);
    request.terms.highest = TlsVersion::tls1_3;
    REQUIRE(answered(world.fetch(request)));
  }
  REQUIRE(server.seen().size() == 3);
  CHECK(server.connections() == 3);
  const auto& seen = server.seen();
  CHECK(seen[0].subject.find("ST=000000000001") != std::string::npos);
  CHECK(seen[1].subject.find("ST=000000000002") != std::string::npos);
  CHECK(seen[2].subject == seen[0].subject);
  for (const auto& one : seen) CHECK_FALSE(one.resumed);
}

TEST_CASE("phones on several threads may share trust and keys", "[R-TLS-01][R-TLS-09]") {
  TlsIdentity identity = trusting();
  identity.certificate = pki().device(pki().device_root, 1);
  const TlsOptions options = requiring_certificates();
  std::array<int, 2> finished{};  // no assertions of the framework off its own thread
  {
    std::vector<std::jthread> threads;
    for (int& count : finished) {
      threads.emplace_back([&] {
        World world;
        WebServer server(world.loop, always(ok("x")), options);
        for (int i = 0; i < 5; ++i) {
          if (world.fetch(https_request(server, identity))) ++count;
        }
      });
    }
  }
  CHECK(finished == std::array{5, 5});
}

TEST_CASE("a certificate is shown only to a server that asks", "[R-TLS-09]") {
  World world;
  WebServer server(world.loop, always(ok("x")), honest());
  TlsIdentity identity = trusting();
  identity.certificate = pki().device(pki().device_root, 1);
  REQUIRE(answered(world.fetch(https_request(server, identity))));
  CHECK(server.seen().at(0).subject.empty());
}

TEST_CASE("a phone without a certificate is let in where it is optional", "[R-TLS-09]") {
  World world;
  TlsOptions options = requiring_certificates();
  options.verify_mode = SSL_VERIFY_PEER;
  WebServer server(world.loop, always(ok("x")), options);
  REQUIRE(answered(world.fetch(https_request(server, trusting()))));
}

// On equal terms they have one context, which must have nothing of either.
TEST_CASE("behind a phone with a certificate one without shows none", "[R-TLS-09]") {
  World world;
  TlsOptions options = requiring_certificates();
  options.verify_mode = SSL_VERIFY_PEER;
  options.highest_version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  WebServer server(world.loop, always(ok("x")), options);
  for (const std::uint64_t mac : {1U, 0U, 2U, 0U}) {
    TlsIdentity identity = trusting();
    if (mac != 0) identity.certificate = pki().device(pki().device_root, mac);
    Request request = https_request(server, identity);
    request.terms.highest = TlsVersion::tls1_3;
    REQUIRE(answered(world.fetch(request)));
  }
  const auto& seen = server.seen();
  REQUIRE(seen.size() == 4);
  CHECK(seen[0].subject.find("ST=000000000001") != std::string::npos);
  CHECK(seen[1].subject.empty());
  CHECK(seen[2].subject.find("ST=000000000002") != std::string::npos);
  CHECK(seen[3].subject.empty());
}

TEST_CASE("a server that refuses the phone's certificate is told from a bad server", "[R-TLS-12]") {
  World world;
  TlsIdentity identity = trusting();
  const auto highest = GENERATE(TlsVersion::tls1_2, TlsVersion::tls1_3);
  if (GENERATE(true, false)) identity.certificate = pki().device(pki().other_root, 1);
  WebServer server(world.loop, always(ok("x")), requiring_certificates());
  Request request = https_request(server, identity);
  request.terms.highest = highest;
  const auto result = world.fetch(request);
  REQUIRE(code_of(result) == Errc::tls_refused_by_server);
  CHECK((result.error().detail.find("no client certificate") != std::string::npos) ==
        !identity.certificate);
  CHECK(server.seen().empty());
}

TEST_CASE("the highest common version of TLS is spoken", "[R-TLS-10]") {
  World world;
  struct Case {
    TlsVersion lowest;
    TlsVersion highest;
    int server;
    std::string spoken;  // empty: none
  };
  const auto row = GENERATE(values<Case>({
      {TlsVersion::tls1_0, TlsVersion::tls1_2, TLS1_VERSION, "TLSv1"},
      {TlsVersion::tls1_1, TlsVersion::tls1_2, TLS1_1_VERSION, "TLSv1.1"},
      {TlsVersion::tls1_1, TlsVersion::tls1_2, TLS1_3_VERSION, "TLSv1.2"},
      {TlsVersion::tls1_2, TlsVersion::tls1_3, TLS1_3_VERSION, "TLSv1.3"},
      {TlsVersion::tls1_1, TlsVersion::tls1_2, TLS1_VERSION, ""},
      {TlsVersion::tls1_2, TlsVersion::tls1_3, TLS1_1_VERSION, ""},
  }));
  TlsOptions options = honest();
  options.highest_version = row.server;
  WebServer server(world.loop, always(ok("x")), options);
  Request request = https_request(server, trusting());
  request.terms.lowest = row.lowest;
  request.terms.highest = row.highest;
  const auto result = world.fetch(request);
  CHECK(result.has_value() == !row.spoken.empty());
  if (result) {
    CHECK(server.seen().at(0).version == row.spoken);
  } else {
    CHECK((result.error().code == Errc::tls_refused_by_server ||
           result.error().code == Errc::tls_handshake_failed));
  }
}

TEST_CASE("a server that does not speak TLS fails the handshake", "[R-TLS-12]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  Request request = https_request(server, trusting());
  // The greeting of a phone holds no empty line, so the plain server says nothing.
  request.timeouts.connect = 300ms;
  CHECK(code_of(world.fetch(request)) == Errc::tls_timeout);
}

TEST_CASE("a server that hangs up in the handshake fails it", "[R-TLS-12]") {
  boost::asio::ip::tcp::endpoint anywhere(boost::asio::ip::address_v4::loopback(), 0);
  World world;
  boost::asio::ip::tcp::acceptor acceptor(world.loop, anywhere);
  const std::string word = GENERATE("", "220 this is no TLS\r\n");
  acceptor.async_accept([&](boost::system::error_code, boost::asio::ip::tcp::socket socket) {
    boost::asio::write(socket, boost::asio::buffer(word));
  });
  Request request = request_for(macro::Scheme::https, acceptor.local_endpoint().port(), "/cfg.xml");
  request.tls = std::make_shared<const TlsIdentity>(trusting());
  CHECK(code_of(world.fetch(request)) == Errc::tls_handshake_failed);
}

TEST_CASE("a body that ends with the connection needs no farewell", "[R-TLS-13]") {
  World world;
  WebServer server(world.loop, always({"HTTP/1.1 200 OK\r\n\r\nhello"}), honest());
  const auto response = world.fetch(https_request(server, trusting()));
  REQUIRE(answered(response));
  CHECK(response->body == "hello");
}

TEST_CASE("a declared body that ends early is interrupted under TLS too", "[R-TLS-13]") {
  World world;
  WebServer server(world.loop, always({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello"}),
                   honest());
  CHECK(code_of(world.fetch(https_request(server, trusting()))) == Errc::transfer_interrupted);
}

}  // namespace
}  // namespace provphone::client::transport::test::tls_test
