#include "client/transport/detail/pac_child.hpp"
#include "client/transport/socket_exchange.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <memory>
#include <string>

namespace provphone::client::transport::test::pac_test {
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

TEST_CASE("who waits for a PAC file hears what it says", "[R-HTTP-29]") {
  const macro::Url url{macro::Scheme::http, "h.example.net", 80, "/a.xml"};
  const auto script = [](const std::string& body) {
    return std::make_shared<const std::string>(function_that(body));
  };
  CHECK(pac_says(script("return url;"), url) == "http://h.example.net:80/");
  // From memory.
  CHECK(pac_says(script("return url;"), url) == "http://h.example.net:80/");
  const auto nonsense = pac_says(std::make_shared<const std::string>("nonsense("), url);
  REQUIRE_FALSE(nonsense);
  CHECK(nonsense.error().code == Errc::pac_unusable);
}

TEST_CASE("what a PAC file says is told on the loop, and to nobody once the exchange is gone",
          "[R-HTTP-29]") {
  boost::asio::io_context loop;
  const macro::Url url{macro::Scheme::http, "h.example.net", 80, "/a.xml"};
  const auto ask = [&url](SocketExchange& exchange, const std::string& body, std::string& said) {
    auto script = std::make_shared<const std::string>(function_that(body));
    exchange.ask_pac({resync::Lane::work, std::move(script), url},
                     [&said](const Result<std::string>& answer) { said = *answer; });
  };
  std::string heard, unheard;
  SocketExchange exchange(loop, {});
  {
    SocketExchange gone(loop, {});
    ask(gone, "for (var i = 0; i < 100000; ++i) {} return \"DIRECT\";", unheard);
  }
  ask(exchange, "return \"DIRECT\";", heard);
  CHECK(heard.empty());
  // It waits for the answer, which is the loop's only work. The end of the other one has stopped
  // it.
  loop.restart();
  loop.run_for(std::chrono::seconds(100));
  CHECK(heard == "DIRECT");
  CHECK(unheard.empty());
}

}  // namespace
}  // namespace provphone::client::transport::test::pac_test
