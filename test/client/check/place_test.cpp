#include "client/check/place.hpp"

#include "client/identity/mint.hpp"
#include "test/client/check/turning.hpp"
#include "test/client/transport/tftp_server.hpp"
#include "test/client/transport/web_server.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <chrono>

// Servers that are named in place of a rule.
namespace provphone::test::place_test {
namespace {

namespace identity = client::identity;
using client::check::factory_rule_at;
using client::check::place_in;
using client::check::scheme_spoken_at;
using client::transport::test::TftpScript;
using client::transport::test::TftpServer;
using client::transport::test::TlsOptions;
using client::transport::test::WebServer;

TEST_CASE("a server alone stands for the factory's rule there") {
  struct Row {
    std::string target, rule;
  };
  const std::vector<Row> rows{
      {"localhost", "https://localhost/$PSN.xml"},
      {"localhost:8443", "https://localhost:8443/$PSN.xml"},
      {"[::1]:8443", "https://[::1]:8443/$PSN.xml"},
      {"[::1]", "https://[::1]/$PSN.xml"},
      {"http://localhost", "http://localhost/$PSN.xml"},
      {"http://localhost:8080", "http://localhost:8080/$PSN.xml"},
      {"tftp://127.0.0.1:6969", "tftp://127.0.0.1:6969/$PSN.xml"},
      // Rules, and what is neither.
      {"http://localhost/", ""},
      {"http://localhost/$MA.xml", ""},
      {"http://$A", ""},
      {"/$MA.xml", ""},
      {"[--key abc] http://localhost", ""},
      {"[--key abc]localhost", ""},
      {"(\"a\" eq \"a\")? localhost", ""},
      {"gopher://localhost", ""},
      {"localhost:99999", ""},
      {"localhost:", ""},
      {"", ""},
  };
  for (const auto& row : rows) {
    INFO(row.target);
    const auto place = place_in(row.target);
    CHECK((place ? factory_rule_at(*place) : "") == row.rule);
  }
}

std::optional<macro::Scheme> spoken_at(std::uint16_t port) {
  const auto place = place_in("127.0.0.1:" + std::to_string(port));
  REQUIRE(place);
  return scheme_spoken_at(*place, {});
}

TEST_CASE("a port tells by itself how it speaks") {
  boost::asio::io_context loop;
  const auto answer = [](const std::string&) {
    return client::transport::test::Reply{"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"};
  };
  const WebServer plain(loop, answer);
  const auto root =
      identity::make_root("a root", identity::make_key(identity::KeyType::p256).value(),
                          std::chrono::system_clock::now())
          .value();
  const WebServer tls(loop, answer,
                      TlsOptions{identity::make_server_certificate(root, {"127.0.0.1"},
                                                                   std::chrono::system_clock::now())
                                     .value()});
  const TftpServer tftp(loop, TftpScript{});
  std::uint16_t closed = 0;
  {
    const WebServer gone(loop, answer);
    closed = gone.port();
  }
  const Turning turning(loop);
  CHECK(spoken_at(plain.port()) == macro::Scheme::http);
  CHECK(spoken_at(tls.port()) == macro::Scheme::https);
  CHECK(spoken_at(tftp.port()) == macro::Scheme::tftp);
  CHECK(spoken_at(closed) == std::nullopt);
}

}  // namespace
}  // namespace provphone::test::place_test
