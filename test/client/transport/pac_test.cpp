#include "client/transport/detail/pac_child.hpp"
#include "client/transport/socket_exchange.hpp"
#include "web_server.hpp"
#include "world.hpp"

#include <memory>
#include <optional>
#include <string>

namespace provphone::client::transport::test {
namespace {

std::string function_that(const std::string& body) {
  return "function FindProxyForURL(url, host) { " + body + " }";
}

// What the script says of http://h.example.net:80/, or the code and words of its failure.
std::string said(const std::string& script) {
  const auto result = detail::run_pac(script, "http://h.example.net:80/", "h.example.net");
  return result ? *result : format(result.error());
}

TEST_CASE("a PAC file says how a server is reached", "[R-HTTP-29]") {
  CHECK(said(function_that("return \"PROXY a:1; DIRECT\";")) == "PROXY a:1; DIRECT");
  CHECK(said(function_that("return host + \" \" + url;")) ==
        "h.example.net http://h.example.net:80/");
  CHECK(said(function_that("return shExpMatch(host, \"*.example.net\") ? \"PROXY in:1\" : "
                           "\"DIRECT\";")) == "PROXY in:1");
}

TEST_CASE("a PAC file that makes no sense says so", "[R-HTTP-29]") {
  CHECK(said("nonsense(") == "pac_unusable: the script cannot be read");
  CHECK(said("") == "pac_unusable: FindProxyForURL says nothing");
  CHECK(said("var x = 1;") == "pac_unusable: FindProxyForURL says nothing");
  CHECK(said("<!DOCTYPE html><html></html>") == "pac_unusable: the script cannot be read");
  CHECK(said(function_that("throw 1;")) == "pac_unusable: FindProxyForURL says nothing");
}

TEST_CASE("a PAC file that does not end is ended", "[R-HTTP-29]") {
  const std::string ended = "pac_unusable: the script takes too much time or memory";
  CHECK(said(function_that("for (;;) {}")) == ended);
  CHECK(said("for (;;) {}") == ended);
  // Out of memory the engine may give up by itself.
  const auto greedy = said(function_that("var a = \"x\"; for (;;) a = a + a;"));
  CHECK((greedy == ended || greedy == "pac_unusable: FindProxyForURL says nothing"));
  CHECK(said(function_that("return new Array(100000).join(\"x\");")).size() < 5000);
}

// One order that goes by a PAC file, over sockets.
struct Routed {
  boost::asio::io_context loop;
  SocketExchange exchange{loop, {}};
  std::optional<Result<resync::Answered>> result;
  int resolved = 0;

  Exchange::Id start(const std::string& script, const WebServer& server) {
    Exchange::Order order;
    order.fetch.request.url = {macro::Scheme::http, "127.0.0.1", server.port(), "/cfg.xml"};
    order.fetch.max_bytes = 1000;
    order.fetch.patience = {std::chrono::seconds(10), std::chrono::seconds(10),
                            std::chrono::seconds(60)};
    order.fetch.pac = std::make_shared<const std::string>(script);
    order.fetch.bad_pac = bad_pac;
    return exchange.start(
        std::move(order), [this](const std::string&) { ++resolved; },
        [this](auto answer, const auto&) { result.emplace(std::move(answer)); });
  }
  void run() {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(100);
    while (!result && std::chrono::steady_clock::now() < deadline) loop.run_one_until(deadline);
    REQUIRE(result);
  }
  resync::BadPac bad_pac = resync::BadPac::direct;
};

bool is_proxied(const WebServer& server) {
  return server.seen().at(0).request.starts_with("GET http://127.0.0.1:");
}

TEST_CASE("the ways that a PAC file names are tried in turn", "[R-HTTP-29]") {
  Routed it;
  WebServer server(it.loop, always(ok("file")));
  std::uint16_t closed = 0;
  {
    const WebServer gone(it.loop, always(ok("")));
    closed = gone.port();
  }
  const auto dead = "PROXY 127.0.0.1:" + std::to_string(closed);
  const bool by_proxy = GENERATE(true, false);
  const auto then =
      by_proxy ? "PROXY 127.0.0.1:" + std::to_string(server.port()) : std::string("DIRECT");
  it.start(function_that("return \"" + dead + "; " + dead + "; " + then + "\";"), server);
  it.run();
  REQUIRE(*it.result);
  CHECK((*it.result)->body == "file");
  CHECK(it.resolved == 1);
  CHECK(is_proxied(server) == by_proxy);
}

TEST_CASE("where no way is open the last one's failure counts", "[R-HTTP-29]") {
  Routed it;
  WebServer server(it.loop, always(ok("file")));
  it.start(function_that("return \"PROXY 192.0.2.1:80; DIRECT\";"), server);
  it.run();
  // A proxy that is no target is no way at all: nothing goes past it (R-HTTP-15).
  CHECK(it.result->error().code == Errc::target_refused);
  CHECK(server.connections() == 0);
}

TEST_CASE("a PAC file that makes no sense means directly, or failure", "[R-HTTP-29]") {
  Routed direct;
  WebServer server(direct.loop, always(ok("file")));
  direct.start("nonsense(", server);
  direct.run();
  REQUIRE(*direct.result);
  CHECK_FALSE(is_proxied(server));
  Routed strict;
  strict.bad_pac = resync::BadPac::fails;
  strict.start("nonsense(", server);
  strict.run();
  CHECK(strict.result->error().code == Errc::pac_unusable);
}

TEST_CASE("nobody hears of an order that was cancelled while its PAC file ran", "[R-HTTP-29]") {
  const auto slow = function_that("for (var i = 0; i < 100000; ++i) {} return \"DIRECT\";");
  Routed it;
  WebServer server(it.loop, always(ok("file")));
  it.exchange.cancel(it.start(slow, server));
  it.start(function_that("return \"DIRECT\";"), server);
  it.run();
  CHECK(server.connections() == 1);
  // And an exchange may go before its answers come.
  Routed gone;
  gone.start(slow + "//", server);
}

}  // namespace
}  // namespace provphone::client::transport::test
