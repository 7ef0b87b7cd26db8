#include "web_server.hpp"
#include "world.hpp"

#include <algorithm>

namespace provphone::client::transport::test::http_test {
namespace {

std::string request_line(const std::string& request) {
  return request.substr(0, request.find("\r\n"));
}

bool has_header(const std::string& request, const std::string& name) {
  std::string lower = request.substr(0, request.find("\r\n\r\n"));
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return lower.find("\r\n" + name + ":") != std::string::npos;
}

TEST_CASE("a phone asks with Host, User-Agent and Accept and nothing conditional", "[R-HTTP-04]") {
  World world;
  WebServer server(world.loop, always(ok("<flat-profile/>")));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 200);
  CHECK(response->body == "<flat-profile/>");
  CHECK(response->server_address == "127.0.0.1");
  CHECK(server.seen().at(0).request ==
        "GET /cfg.xml HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
            "\r\nUser-Agent: Cisco-CP-8841-3PCC/11.0 (000e08012345)\r\nAccept: */*\r\n\r\n");
}

TEST_CASE("a phone sends the path that its rule says", "[R-HTTP-06]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  struct Case {
    std::string path;
    std::string sent;
  };
  const auto row = GENERATE(values<Case>({
      {"/", "/"},
      {"//a//b", "//a//b"},
      {"/../a/./b", "/../a/./b"},
      {"/a?b=c&d=/../e", "/a?b=c&d=/../e"},
      {"/%41%2f%zz", "/%41%2f%zz"},
      {"/a;b,c|d\"e<f>", "/a;b,c|d\"e<f>"},
      {"/a b", "/a%20b"},
      {"/a#b", "/a%23b"},
      {"/$MAU.xml", "/$MAU.xml"},
      {"/a\r\nX: y", "/a%0D%0AX:%20y"},
      {"/caf\xC3\xA9", "/caf%C3%A9"},
      {"/u@h:1/x", "/u@h:1/x"},
  }));
  REQUIRE(answered(world.fetch(http_request(server.port(), row.path))));
  CHECK(request_line(server.seen().at(0).request) == "GET " + row.sent + " HTTP/1.1");
}

TEST_CASE("a phone posts and puts a body as plain text and without asking first",
          "[R-HTTP-01][R-HTTP-05]") {
  World world;
  WebServer server(world.loop, always({"HTTP/1.1 204 No Content\r\n\r\n"}));
  Request request = http_request(server.port());
  request.method = GENERATE(Method::post, Method::put);
  request.body = std::string(GENERATE(std::size_t{0}, std::size_t{3}, std::size_t{2'000'000}), 'b');
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->status == 204);
  const std::string& seen = server.seen().at(0).request;
  CHECK(request_line(seen) == std::string(name(request.method)) + " /cfg.xml HTTP/1.1");
  CHECK(seen.find("\r\nContent-Type: text/plain\r\n") != std::string::npos);
  CHECK(seen.find("\r\nContent-Length: " + std::to_string(request.body.size()) + "\r\n") !=
        std::string::npos);
  CHECK_FALSE(has_header(seen, "expect"));
  CHECK(seen.substr(seen.find("\r\n\r\n") + 4) == request.body);
}

TEST_CASE("a report is sent with the content type that it has", "[R-HTTP-05]") {
  World world;
  WebServer server(world.loop, always(ok("")));
  Request request = http_request(server.port());
  request.method = Method::post;
  request.content_type = "application/xml";
  request.body = "<flat-profile/>";
  REQUIRE(answered(world.fetch(request)));
  CHECK(server.seen().at(0).request.find("\r\nContent-Type: application/xml\r\n") !=
        std::string::npos);
}

TEST_CASE("a phone takes bodies of every framing", "[R-HTTP-08]") {
  World world;
  const auto reply = GENERATE(values<std::string>({
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\n\r\nhello",
      "HTTP/1.0 200 OK\r\n\r\nhello",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  }));
  WebServer server(world.loop, always({reply}));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 200);
  CHECK(response->body == "hello");
}

TEST_CASE("an encoded body arrives as it was sent, with the encoding named", "[R-HTTP-07]") {
  World world;
  const std::string body("\x1f\x8b\x08\0not gzip at all", 19);
  WebServer server(world.loop, always({"HTTP/1.1 200 OK\r\ncontent-ENCODING:  gzip \r\n"
                                       "Content-Length: 19\r\n\r\n" +
                                       body}));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->body == body);
  CHECK(response->content_encoding == "gzip");
  CHECK_FALSE(has_header(server.seen().at(0).request, "accept-encoding"));
}

TEST_CASE("a redirection is an answer like any other", "[R-HTTP-10]") {
  World world;
  WebServer server(world.loop, always({"HTTP/1.1 302 Found\r\nLocation: /phone/$MAU.xml\r\n"
                                       "Content-Length: 0\r\n\r\n"}));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 302);
  CHECK(response->location == "/phone/$MAU.xml");
  CHECK(server.connections() == 1);
}

TEST_CASE("every status is an answer", "[R-HTTP-10]") {
  World world;
  const int status = GENERATE(200, 204, 303, 304, 400, 401, 403, 404, 407, 410, 500, 503, 599);
  WebServer server(world.loop, always({"HTTP/1.1 " + std::to_string(status) +
                                       " Word\r\nContent-Length: 0\r\nRetry-After: 1\r\n\r\n"}));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == status);
  CHECK(response->body.empty());
}

TEST_CASE("a phone asks from its own address", "[R-HTTP-17]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  Request request = http_request(server.port());
  request.source_address = "127.1.2.3";
  REQUIRE(answered(world.fetch(request)));
  CHECK(server.seen().at(0).client_address == "127.1.2.3");
}

TEST_CASE("a source address that this machine does not have is named", "[R-HTTP-17]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  Request request = http_request(server.port());
  request.source_address = GENERATE("192.0.2.7", "eth0");
  const auto result = world.fetch(request);
  REQUIRE(code_of(result) == Errc::bad_argument);
  CHECK(result.error().detail.find(request.source_address) != std::string::npos);
  CHECK(server.connections() == 0);
}

TEST_CASE("an exchange is stamped stage by stage in order", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  const auto response = world.fetch(http_request(server.port()));
  REQUIRE(answered(response));
  const Stamps& stamps = response->stamps;
  CHECK(stamps.resolved_us > 0);
  CHECK(stamps.connected_us >= stamps.resolved_us);
  CHECK(stamps.secured_us == 0);
  CHECK(stamps.first_byte_us >= stamps.connected_us);
  CHECK(stamps.done_us >= stamps.first_byte_us);
}

}  // namespace
}  // namespace provphone::client::transport::test::http_test
