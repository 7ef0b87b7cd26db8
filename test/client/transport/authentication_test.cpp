#include "web_server.hpp"
#include "world.hpp"

namespace provphone::client::transport::test {
namespace {

std::string authorization_in(const std::string& request) {
  const auto at = request.find("\r\nAuthorization: ");
  if (at == std::string::npos) return {};
  const auto from = at + 17;
  return request.substr(from, request.find("\r\n", from) - from);
}

Reply challenge(const std::string& challenges) {
  return {"HTTP/1.1 401 Unauthorized\r\n" + challenges + "Content-Length: 4\r\n\r\nnope"};
}

const std::string basic = "WWW-Authenticate: Basic realm=\"prov\"\r\n";
const std::string digest =
    "WWW-Authenticate: Digest realm=\"prov\", nonce=\"abc\", qop=\"auth\", algorithm=MD5\r\n";

Request with_credentials(std::uint16_t port) {
  Request request = http_request(port, "/cfg.xml?x=1");
  request.credentials = Credentials{"user", "p#ss:word"};
  return request;
}

// Lets in whoever sends an Authorization of `scheme`.
WebServer::Answer guarded(const std::string& challenges, const std::string& scheme) {
  return [=](const std::string& request) {
    return authorization_in(request).starts_with(scheme) ? ok("secret") : challenge(challenges);
  };
}

TEST_CASE("a phone answers a Basic challenge and sends nothing unasked", "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop, guarded(basic, "Basic "));
  const auto response = world.fetch(with_credentials(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 200);
  CHECK(response->body == "secret");
  REQUIRE(server.seen().size() == 2);
  CHECK(authorization_in(server.seen()[0].request).empty());
  CHECK(authorization_in(server.seen()[1].request) == "Basic dXNlcjpwI3NzOndvcmQ=");
  CHECK(world.resolved.size() == 1);
}

TEST_CASE("a phone answers a Digest challenge, and prefers it", "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop,
                   guarded(GENERATE(values<std::string>({digest, basic + digest})), "Digest "));
  const auto response = world.fetch(with_credentials(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 200);
  REQUIRE(server.seen().size() == 2);
  const std::string sent = authorization_in(server.seen()[1].request);
  CHECK(sent.find("username=\"user\"") != std::string::npos);
  CHECK(sent.find("uri=\"/cfg.xml?x=1\"") != std::string::npos);
  CHECK(sent.find("nonce=\"abc\"") != std::string::npos);
}

TEST_CASE("the body of a post survives a challenge", "[R-HTTP-09]") {
  World world;
  const std::string challenges = GENERATE(basic, digest);
  WebServer asking(world.loop, [&](const std::string& request) {
    return authorization_in(request).empty() ? challenge(challenges) : ok("done");
  });
  Request request = with_credentials(asking.port());
  request.method = GENERATE(Method::post, Method::put);
  request.body = "report";
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->body == "done");
  CHECK(asking.seen().back().request.ends_with("\r\n\r\nreport"));
}

TEST_CASE("refused credentials end in status 401", "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop, always(challenge(GENERATE(basic, digest))));
  const auto response = world.fetch(with_credentials(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 401);
  CHECK(server.seen().size() == 2);
}

TEST_CASE("a server that calls every answer stale is answered twice", "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop,
                   always(challenge("WWW-Authenticate: Digest realm=\"prov\", nonce=\"n\", "
                                    "stale=true, qop=\"auth\"\r\n")));
  const auto response = world.fetch(with_credentials(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 401);
  CHECK(server.seen().size() == 3);
}

TEST_CASE("without credentials a challenge is the answer", "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop, always(challenge(basic + digest)));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 401);
  CHECK(server.seen().size() == 1);
}

TEST_CASE("a second phone does not know what the first was challenged with",
          "[R-HTTP-02][R-HTTP-09]") {
  World world;
  WebServer server(world.loop, guarded(digest, "Digest "));
  REQUIRE(answered(world.fetch(with_credentials(server.port()))));
  const auto second = world.fetch(http_request(server.port()));
  REQUIRE(second);
  CHECK(second->status == 401);
  REQUIRE(answered(world.fetch(with_credentials(server.port()))));
  REQUIRE(server.seen().size() == 5);
  CHECK(authorization_in(server.seen()[2].request).empty());
  CHECK(authorization_in(server.seen()[3].request).empty());
}

TEST_CASE("long user names and passwords are sent whole", "[R-HTTP-09]") {
  World world;
  WebServer server(world.loop, guarded(digest, "Digest "));
  Request request = with_credentials(server.port());
  request.credentials = Credentials{std::string(2000, 'u'), std::string(2000, 'p')};
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->status == 200);
  CHECK(authorization_in(server.seen()[1].request).find(std::string(2000, 'u')) !=
        std::string::npos);
}

}  // namespace
}  // namespace provphone::client::transport::test
