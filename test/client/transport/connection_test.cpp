#include "tls_world.hpp"
#include "web_server.hpp"
#include "world.hpp"

// How long a connection lives, and who may use it.
namespace provphone::client::transport::test::connection_test {
namespace {

Reply refusal(int status, const std::string& header, After after = After::next) {
  return {
      "HTTP/1.1 " + std::to_string(status) + " No\r\n" + header + "Content-Length: 4\r\n\r\nnope",
      after};
}

const std::string basic = "WWW-Authenticate: Basic realm=\"r\"\r\n";

// Challenges whoever brings no login, once a connection is kept open.
WebServer::Answer guarded(After after) {
  return [after](const std::string& request) {
    if (request.find("Authorization:") == std::string::npos) return refusal(401, basic, after);
    return Reply{ok("file").text, After::next};
  };
}

// The second request of a retrieval.
Request following(Request request, const Result<Response>& answer) {
  request.connection = answer->connection;
  request.authorization = "Basic dTpw";
  return request;
}

TEST_CASE("a challenge is answered on the connection that it came on", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, guarded(After::next));
  const auto request = http_request(server.port());
  const auto first = world.fetch(request);
  REQUIRE(answered(first));
  REQUIRE(first->connection);
  const auto second = world.fetch(following(request, first));
  REQUIRE(answered(second));
  CHECK(second->body == "file");
  CHECK(server.connections() == 1);
  // Its server is told again, by the address that it has.
  CHECK(world.resolved == std::vector<std::string>{"127.0.0.1", "127.0.0.1"});
  CHECK(second->server_address == "127.0.0.1");
  CHECK_FALSE(second->connection);
}

TEST_CASE("a connection is kept for no other exchange than the one that has it", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, guarded(After::next));
  const auto request = http_request(server.port());
  auto held = world.fetch(request);
  REQUIRE(answered(held));
  const auto other = world.fetch(request);
  REQUIRE(answered(other));
  CHECK(server.connections() == 2);
  REQUIRE(answered(world.fetch(following(request, held))));
  REQUIRE(answered(world.fetch(following(request, other))));
  CHECK(server.connections() == 2);
  REQUIRE(answered(world.fetch(request)));
  CHECK(server.connections() == 3);
}

TEST_CASE("who lets go of a connection closes it", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, guarded(After::hang));
  auto answer = world.fetch(http_request(server.port()));
  REQUIRE(answered(answer));
  CHECK(server.open() == 1);
  answer->connection.reset();
  world.run_until([&] { return server.open() == 0; });
}

TEST_CASE("a server that closed its connection is asked by another", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, guarded(GENERATE(After::close, After::reset)));
  const auto request = http_request(server.port());
  const auto first = world.fetch(request);
  REQUIRE(answered(first));
  const auto second = world.fetch(following(request, first));
  REQUIRE(answered(second));
  CHECK(second->body == "file");
  CHECK(server.connections() == 2);
}

TEST_CASE("a redirect elsewhere takes no connection along", "[R-HTTP-02]") {
  World world;
  WebServer here(world.loop, always(refusal(302, "Location: /b.xml\r\n")));
  WebServer there(world.loop, always(ok("file")));
  const auto first = world.fetch(http_request(here.port()));
  REQUIRE(answered(first));
  auto same = http_request(here.port(), "/b.xml");
  same.connection = first->connection;
  const auto second = world.fetch(same);
  REQUIRE(answered(second));
  CHECK(here.connections() == 1);
  auto other = http_request(there.port(), "/b.xml");
  other.connection = second->connection;
  CHECK(world.fetch(other)->body == "file");
  CHECK(there.connections() == 1);
}

TEST_CASE("what was refused for good leaves nothing open", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, always(refusal(GENERATE(200, 404, 503), "", After::hang)));
  const auto answer = world.fetch(http_request(server.port()));
  REQUIRE(answered(answer));
  CHECK_FALSE(answer->connection);
  world.run_until([&] { return server.open() == 0; });
}

TEST_CASE("a kept connection is still the phone's own under TLS", "[R-HTTP-02][R-TLS-09]") {
  World world;
  TlsOptions options = requiring_certificates();
  options.highest_version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  WebServer server(world.loop, guarded(After::next), options);
  std::vector<Request> requests;
  std::vector<Result<Response>> answers;
  for (const std::uint64_t mac : {1U, 2U}) {
    TlsIdentity identity = trusting();
    identity.certificate = pki().device(pki().device_root, mac);
    requests.push_back(https_request(server, identity));
    requests.back().terms.highest = TlsVersion::tls1_3;
    answers.push_back(world.fetch(requests.back()));
    REQUIRE(answered(answers.back()));
  }
  for (const std::size_t i : {1U, 0U})
    REQUIRE(answered(world.fetch(following(requests[i], answers[i]))));
  const auto& seen = server.seen();
  REQUIRE(seen.size() == 4);
  CHECK(server.connections() == 2);
  CHECK(seen[2].subject == seen[1].subject);
  CHECK(seen[3].subject == seen[0].subject);
  CHECK(seen[0].subject != seen[1].subject);
}

TEST_CASE("a connection may outlive its fetcher", "[R-HTTP-02]") {
  boost::asio::io_context loop;
  const Targets targets;
  TlsOptions options = requiring_certificates();
  WebServer server(loop, guarded(After::hang), options);
  std::optional<Result<Response>> result;
  {
    Fetcher fetcher(loop, targets);
    TlsIdentity identity = trusting();
    identity.certificate = pki().device(pki().device_root, 1);
    auto request = https_request(server, identity);
    fetcher.start(std::move(request), {},
                  [&](Result<Response> r) { result.emplace(std::move(r)); });
    while (!result) loop.run_one();
  }
  REQUIRE(answered(*result));
  REQUIRE((*result)->connection);
  (*result)->connection.reset();
  while (server.open() > 0) loop.run_one();
}

}  // namespace
}  // namespace provphone::client::transport::test::connection_test
