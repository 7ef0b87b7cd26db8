#include "web_server.hpp"
#include "world.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <sys/resource.h>

namespace provphone::client::transport::test::failure_test {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;

std::uint16_t closed_port(boost::asio::io_context& loop) {
  return tcp::acceptor(loop, {boost::asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

// The failure, checked to say where it happened.
Error failure_of(World& world, const Request& request) {
  const auto result = world.fetch(request);
  REQUIRE_FALSE(result);
  CHECK(result.error().detail.find(request.url.host) != std::string::npos);
  return result.error();
}

TEST_CASE("a refused connection is told from other failures", "[R-HTTP-19]") {
  World world;
  const Error error = failure_of(world, http_request(closed_port(world.loop)));
  CHECK(error.code == Errc::connection_refused);
  CHECK(error.detail.find("connection refused") != std::string::npos);
}

TEST_CASE("a server without a route is unreachable", "[R-HTTP-19]") {
  World world;
  REQUIRE(world.targets.add("255.255.255.255"));  // TCP to a broadcast address fails at once
  Request request = http_request(80);
  request.url.host = "255.255.255.255";
  CHECK(failure_of(world, request).code == Errc::host_unreachable);
}

TEST_CASE("a machine without a free descriptor says so", "[R-HTTP-19]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  REQUIRE(answered(world.fetch(http_request(server.port()))));  // so that curl has opened its own
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit none{0, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto result = world.fetch(http_request(server.port()));
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  REQUIRE(code_of(result) == Errc::no_socket);
  CHECK(result.error().detail.find("open files") != std::string::npos);
}

TEST_CASE("a name without an address is not resolved", "[R-HTTP-19]") {
  World world;
  Request request = http_request(80);
  request.url.host = std::string(64, 'a') + ".invalid";  // too long a label for any question
  CHECK(failure_of(world, request).code == Errc::name_not_resolved);
  CHECK(world.resolved.empty());
}

TEST_CASE("a name is resolved before anything is sent", "[R-HTTP-03][R-HTTP-18]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  Request request = http_request(server.port());
  request.url.host = "localhost";
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(world.resolved == std::vector<std::string>{"127.0.0.1"});
  CHECK(response->server_address == "127.0.0.1");
}

TEST_CASE("nothing goes to an address that is not a target", "[R-HTTP-15]") {
  World world;
  Request request = http_request(9);
  // The decimal number is 192.0.2.1 as well, and found out only when a socket is wanted.
  request.url.host = GENERATE("192.0.2.1", "3221225985", "2001:db8::1");
  request.url.scheme = GENERATE(macro::Scheme::http, macro::Scheme::tftp);
  CHECK(failure_of(world, request).code == Errc::target_refused);
  CHECK(world.resolved.empty());
}

TEST_CASE("a name that is a target is one wherever it leads", "[R-HTTP-15]") {
  World world;
  Request request = http_request(9);
  request.url.host = "0xc0000201";       // a way to write 192.0.2.1 that needs no name server
  request.source_address = "127.0.0.1";  // so that no packet can leave this machine
  CHECK(failure_of(world, request).code == Errc::target_refused);
  REQUIRE(world.targets.add("0xC0000201"));
  CHECK(failure_of(world, request).code == Errc::host_unreachable);
  CHECK(world.resolved == std::vector<std::string>{"192.0.2.1"});
}

TEST_CASE("a URL that cannot be asked for ends with the reason", "[R-HTTP-15]") {
  World world;
  struct Case {
    macro::Url url;
    Errc code;
  };
  const auto row = GENERATE(values<Case>({
      {{macro::Scheme::gds, "", 0, ""}, Errc::unsupported_scheme},
      {{macro::Scheme::http, "", 80, "/"}, Errc::server_missing},
      {{macro::Scheme::http, "127.0.0.1@192.0.2.1", 80, "/"}, Errc::url_syntax},
      {{macro::Scheme::http, "a b", 80, "/"}, Errc::url_syntax},
      {{macro::Scheme::http, "127.0.0.1", 0, "/"}, Errc::url_syntax},
      {{macro::Scheme::https, "127.0.0.1", 443, "/"}, Errc::bad_argument},
  }));
  Request request;
  request.url = row.url;
  CHECK(code_of(world.fetch(request)) == row.code);
}

TEST_CASE("a server that accepts and keeps silent makes the transfer stall", "[R-HTTP-11]") {
  World world;
  const auto text = GENERATE(values<std::string>(
      {"", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"}));
  WebServer server(world.loop, always({text, After::hang}));
  Request request = http_request(server.port());
  request.timeouts.idle = 200ms;
  const auto error = failure_of(world, request);
  CHECK(error.code == Errc::transfer_stalled);
  CHECK(error.detail.ends_with("nothing arrived for 200 ms"));
}

TEST_CASE("a body without an end runs into the time for all", "[R-HTTP-11]") {
  World world;
  WebServer server(world.loop, always({"HTTP/1.1 200 OK\r\n\r\n", After::endless}));
  Request request = http_request(server.port());
  request.timeouts.total = 300ms;
  request.max_body_bytes = SIZE_MAX / 2;
  CHECK(failure_of(world, request).code == Errc::transfer_timeout);
}

TEST_CASE("a body that is declared too large is not waited for", "[R-HTTP-12]") {
  World world;
  WebServer server(
      world.loop, always({"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", After::endless}));
  const Error error = failure_of(world, http_request(server.port()));
  CHECK(error.code == Errc::body_too_large);
  CHECK(server.octets_sent() < 20'000'000);
}

TEST_CASE("a body that turns out too large is given up", "[R-HTTP-12]") {
  World world;
  WebServer server(world.loop, always({"HTTP/1.1 200 OK\r\n\r\n", After::endless}));
  const Error error = failure_of(world, http_request(server.port()));
  CHECK(error.code == Errc::body_too_large);
  CHECK(server.octets_sent() < 50'000'000);
}

TEST_CASE("the limit of a body is its last octet", "[R-HTTP-12]") {
  World world;
  struct Case {
    std::size_t size;
    Errc code;
  };
  const auto row = GENERATE(values<Case>({{1000, Errc::count_}, {1001, Errc::body_too_large}}));
  const std::string framing =
      GENERATE_REF(std::string(), "Content-Length: " + std::to_string(row.size) + "\r\n");
  WebServer server(world.loop,
                   always({"HTTP/1.1 200 OK\r\n" + framing + "\r\n" + std::string(row.size, 'x')}));
  Request request = http_request(server.port());
  request.max_body_bytes = 1000;
  CHECK(code_of(world.fetch(request)) == row.code);
}

TEST_CASE("a connection that ends within the answer interrupts the transfer", "[R-HTTP-13]") {
  World world;
  const auto text = GENERATE(
      values<std::string>({"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"}));
  const auto after = GENERATE(After::close, After::reset);
  WebServer server(world.loop, always({text, after}));
  CHECK(failure_of(world, http_request(server.port())).code == Errc::transfer_interrupted);
}

TEST_CASE("what is not HTTP is called that", "[R-HTTP-14]") {
  World world;
  const auto text = GENERATE(
      values<std::string>({"220 ftp ready\r\n", std::string("\x15\x03\x01\0\x02\x02\x28", 7),
                           "\r\n\r\n", "HTTP/9.9 xyz\r\n\r\n",
                           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
                           "HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x') + "\r\n\r\n"}));
  WebServer server(world.loop, always({text, After::hang}));
  Request request = http_request(server.port());
  request.timeouts.idle = 100s;
  CHECK(failure_of(world, request).code == Errc::protocol_error);
}

TEST_CASE("headers without an end are no HTTP either", "[R-HTTP-14]") {
  World world;
  std::string headers = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 40'000; ++i) headers += "X-Filler: " + std::to_string(i) + "\r\n";
  WebServer server(world.loop, always({headers, After::hang}));
  Request request = http_request(server.port());
  request.timeouts.idle = 100s;
  CHECK(failure_of(world, request).code == Errc::protocol_error);
}

TEST_CASE("a connection that nobody accepts is given up in time", "[R-HTTP-11]") {
  World world;
  tcp::acceptor full(world.loop);
  full.open(tcp::v4());
  full.bind({boost::asio::ip::address_v4::loopback(), 0});
  full.listen(0);
  // Fills the backlog: further attempts are left without an answer.
  std::vector<tcp::socket> waiting;
  for (int i = 0; i < 8; ++i) {
    waiting.emplace_back(world.loop).async_connect(full.local_endpoint(), [](auto) {});
  }
  Request request = http_request(full.local_endpoint().port());
  request.timeouts.connect = 300ms;
  CHECK(failure_of(world, request).code == Errc::connect_timeout);
  for (auto& socket : waiting) socket.close();
}

}  // namespace
}  // namespace provphone::client::transport::test::failure_test
