#include "client/transport/socket_exchange.hpp"
#include "web_server.hpp"
#include "world.hpp"

// What a phone makes of a challenge is tested in test/resync; here is what goes over the wire.
namespace provphone::client::transport::test::authentication_test {
namespace {

std::string header_in(const std::string& request, const std::string& name) {
  const auto at = request.find("\r\n" + name + ": ");
  if (at == std::string::npos) return {};
  const auto from = at + name.size() + 4;
  return request.substr(from, request.find("\r\n", from) - from);
}

Reply challenge(const std::string& challenges) {
  return {"HTTP/1.1 401 Unauthorized\r\n" + challenges + "Content-Length: 4\r\n\r\nnope"};
}

const std::string basic = "WWW-Authenticate: Basic realm=\"prov\"\r\n";
const std::string digest =
    "www-authenticate:  Digest realm=\"prov\", nonce=\"abc\", qop=\"auth\", algorithm=MD5\r\n";

TEST_CASE("a challenge is an answer like any other, with its headers as they came",
          "[R-HTTP-09][R-HTTP-10]") {
  World world;
  WebServer server(world.loop,
                   always(challenge(basic + digest + "Proxy-Authenticate: Basic realm=\"p\"\r\n")));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 401);
  CHECK(response->authenticate ==
        std::vector<std::string>{
            "Basic realm=\"prov\"",
            "Digest realm=\"prov\", nonce=\"abc\", qop=\"auth\", algorithm=MD5"});
  CHECK(response->proxy_authenticate == std::vector<std::string>{"Basic realm=\"p\""});
  CHECK(response->body == "nope");
  CHECK(server.seen().size() == 1);
  CHECK(header_in(server.seen()[0].request, "Authorization").empty());
  CHECK(transport::answered(*response).challenges.size() == 2);
  auto proxy = *response;
  proxy.status = 407;
  CHECK(transport::answered(proxy).challenges.size() == 1);
  proxy.status = 200;
  CHECK(transport::answered(proxy).challenges.empty());
}

TEST_CASE("a server that challenges without end is heard to an end", "[R-HTTP-14]") {
  World world;
  std::string many;
  for (int i = 0; i < 200; ++i) many += basic;
  WebServer server(world.loop, always(challenge(many)));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->authenticate.size() == 16);
}

TEST_CASE("what answers a challenge is sent as it is, and never without being given",
          "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop, always(ok("secret")));
  Request request = http_request(server.port());
  request.authorization = "Digest username=\"" + std::string(4000, 'u') + "\", realm=\"prov\"";
  REQUIRE(answered(world.fetch(request)));
  REQUIRE(answered(world.fetch(http_request(server.port()))));
  CHECK(header_in(server.seen()[0].request, "Authorization") == request.authorization);
  CHECK(header_in(server.seen()[1].request, "Authorization").empty());
}

TEST_CASE("a body goes with what answers a challenge", "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop, always(ok("done")));
  Request request = http_request(server.port());
  request.method = GENERATE(Method::post, Method::put);
  request.body = "report";
  request.authorization = "Basic dTpw";
  REQUIRE(answered(world.fetch(request)));
  CHECK(header_in(server.seen()[0].request, "Authorization") == "Basic dTpw");
  CHECK(header_in(server.seen()[0].request, "Content-Type") == "text/plain");
  CHECK(server.seen()[0].request.ends_with("\r\n\r\nreport"));
}

TEST_CASE("a second phone does not know what the first was challenged with, nor its connection",
          "[R-HTTP-02][R-HTTP-09]") {
  World world;
  const auto asked = challenge(digest);
  WebServer server(world.loop, [&](const std::string& request) {
    return header_in(request, "Authorization").empty() ? asked : ok("secret");
  });
  Request first = http_request(server.port());
  CHECK(world.fetch(first)->status == 401);
  first.authorization = "Digest username=\"u\"";
  CHECK(world.fetch(first)->status == 200);
  CHECK(world.fetch(http_request(server.port()))->status == 401);
  CHECK(server.connections() == 3);
}

TEST_CASE("two lengths that differ are no HTTP", "[R-HTTP-14]") {
  World world;
  const auto answer = [](const std::string& lengths) {
    return always({"HTTP/1.1 200 OK\r\n" + lengths + "\r\nbody and more"});
  };
  WebServer differing(world.loop, answer("Content-Length: 4\r\ncontent-length: 9\r\n"));
  CHECK(code_of(world.fetch(http_request(differing.port()))) == Errc::protocol_error);
  WebServer agreeing(world.loop, answer("Content-Length: 4\r\nContent-Length: 4\r\n"));
  const auto response = world.fetch(http_request(agreeing.port()));
  REQUIRE(answered(response));
  CHECK(response->body == "body");
}

}  // namespace
}  // namespace provphone::client::transport::test::authentication_test
