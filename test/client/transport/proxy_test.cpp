#include "web_server.hpp"
#include "world.hpp"

#include <memory>

// The wire towards a proxy. A proxy here is a server that answers what a proxy would, or would not.
namespace provphone::client::transport::test::proxy_test {
namespace {

constexpr std::uint16_t some_port = 8080;

Request through(std::uint16_t proxy_port, macro::Scheme scheme = macro::Scheme::http) {
  Request request = request_for(scheme, some_port, "/cfg.xml?a=1");
  request.url.host = "prov.example.net";
  request.proxy = ProxyServer{"127.0.0.1", proxy_port, {}};
  if (scheme == macro::Scheme::https) request.tls = std::make_shared<identity::TlsIdentity>();
  return request;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("over HTTP a proxy is asked with the whole URI and told its own login",
          "[R-HTTP-27][R-HTTP-18]") {
  World world;
  WebServer proxy(world.loop, always(ok("file")));
  Request request = through(proxy.port());
  request.proxy->authorization = "Basic cDpx";
  request.authorization = "Basic dTpw";
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->body == "file");
  CHECK(response->server_address == "127.0.0.1");
  CHECK(world.resolved == std::vector<std::string>{"127.0.0.1"});
  const auto& seen = proxy.seen().at(0).request;
  CHECK(seen.starts_with("GET http://prov.example.net:8080/cfg.xml?a=1 HTTP/1.1\r\n"));
  CHECK(has(seen, "\r\nHost: prov.example.net:8080\r\n"));
  CHECK(has(seen, "\r\nProxy-Authorization: Basic cDpx\r\n"));
  CHECK(has(seen, "\r\nAuthorization: Basic dTpw\r\n"));
  REQUIRE(answered(world.fetch(through(proxy.port()))));
  CHECK_FALSE(has(proxy.seen().at(1).request, "uthorization"));
}

TEST_CASE("over HTTPS a proxy is asked to connect, and sees nothing that is the server's",
          "[R-HTTP-27]") {
  World world;
  WebServer proxy(world.loop,
                  always({"HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"p\"\r\n"
                          "Content-Length: 2\r\n\r\nno"}));
  Request request = through(proxy.port(), macro::Scheme::https);
  request.proxy->authorization = "Basic cDpx";
  request.authorization = "Basic dTpw";
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->status == 407);
  CHECK(response->proxy_authenticate == std::vector<std::string>{"Basic realm=\"p\""});
  const auto& seen = proxy.seen().at(0).request;
  CHECK(seen.starts_with("CONNECT prov.example.net:8080 HTTP/1.1\r\n"));
  CHECK(has(seen, "\r\nProxy-Authorization: Basic cDpx\r\n"));
  CHECK_FALSE(has(seen, "\r\nAuthorization:"));
  CHECK_FALSE(has(seen, "cfg.xml"));
}

TEST_CASE("a proxy that does not connect is told from a server that fails", "[R-HTTP-28]") {
  struct Case {
    Reply reply;
    Errc code;
    std::string detail;
  };
  const std::vector<Case> cases{
      {{"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"}, Errc::proxy_refused, "status 403"},
      {{"HTTP/1.1 502 No\r\nContent-Length: 5\r\n\r\n<htm>"}, Errc::proxy_refused, "status 502"},
      {{"HTTP/1.1 302 No\r\nLocation: http://x/\r\n\r\n"}, Errc::proxy_refused, "status 302"},
      {{""}, Errc::proxy_refused, "no answer to CONNECT"},
      {{"", After::reset}, Errc::proxy_refused, "no answer to CONNECT"},
      {{"HTTP/1.1 200 Conn"}, Errc::proxy_refused, "no answer to CONNECT"},
      {{"220 mail.example.net ESMTP\r\n"}, Errc::proxy_refused, "no answer to CONNECT"},
      {{"", After::hang}, Errc::connect_timeout, "no answer to CONNECT within 300 ms"},
      // It connects, and what it has connected to is no TLS server.
      {{"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 400 Bad\r\n\r\n", After::hang},
       Errc::tls_handshake_failed,
       "prov.example.net:8080"},
      {{"HTTP/1.1 200 Connection established\r\n\r\n", After::hang},
       Errc::tls_timeout,
       "TLS not set up within 300 ms"},
  };
  for (const auto& [reply, code, detail] : cases) {
    INFO(reply.text);
    World world;
    WebServer proxy(world.loop, always(reply));
    Request request = through(proxy.port(), macro::Scheme::https);
    request.timeouts.connect = std::chrono::milliseconds(300);
    const auto response = world.fetch(request);
    CHECK(code_of(response) == code);
    if (response) continue;
    INFO(response.error().detail);
    CHECK(has(response.error().detail, detail));
    CHECK(has(response.error().detail, "the proxy 127.0.0.1:") ==
          (stage_of(code) == Stage::connect));
  }
}

TEST_CASE("failing to reach a proxy names the proxy", "[R-HTTP-19][R-HTTP-28]") {
  World world;
  std::uint16_t closed = 0;
  {
    const WebServer gone(world.loop, always(ok("")));
    closed = gone.port();
  }
  const auto scheme = GENERATE(macro::Scheme::http, macro::Scheme::https);
  const auto refused = world.fetch(through(closed, scheme));
  CHECK(code_of(refused) == Errc::connection_refused);
  CHECK(has(refused.error().detail, "the proxy 127.0.0.1:"));
  Request request = through(closed, scheme);
  request.proxy->host = "http://127.0.0.1";
  const auto no_host = world.fetch(request);
  CHECK(code_of(no_host) == Errc::name_not_resolved);
  CHECK(has(no_host.error().detail, "the proxy \"http://127.0.0.1\""));
}

TEST_CASE("a proxy has to be a target, and an address behind it as well", "[R-HTTP-15]") {
  World world;
  WebServer proxy(world.loop, always(ok("file")));
  Request request = through(proxy.port());
  request.url.host = "192.0.2.7";
  CHECK(code_of(world.fetch(request)) == Errc::target_refused);
  Request elsewhere = through(proxy.port());
  elsewhere.proxy->host = "192.0.2.8";
  CHECK(code_of(world.fetch(elsewhere)) == Errc::target_refused);
  CHECK(proxy.connections() == 0);
}

}  // namespace
}  // namespace provphone::client::transport::test::proxy_test
