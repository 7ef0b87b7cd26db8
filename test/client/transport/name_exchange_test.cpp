#include "client/transport/name_service.hpp"
#include "web_server.hpp"
#include "world.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <map>
#include <utility>

// Exchanges with servers that have a name.
namespace provphone::client::transport::test::name_exchange_test {
namespace {

using boost::asio::ip::make_address;
using boost::asio::ip::tcp;
using resync::AddressFamilies;

// Phones that use one family or two know different addresses of a name.
struct NamedWorld {
  boost::asio::io_context loop;
  Targets targets;
  std::map<AddressFamilies, NameAnswer> known;
  bool is_silent = false;
  std::size_t questions = 0;
  std::string asked;  // last
  NameService names{loop, targets, {{}, nullptr, asker()}};
  Fetcher fetcher{loop, targets, names};
  std::vector<std::string> resolved;

  AskForName asker() {
    return [this](const std::string& name, AddressFamilies families, TellAddresses tell) {
      ++questions;
      asked = name;
      if (is_silent) return;
      boost::asio::post(loop, [this, families, tell] { tell(known[families]); });
    };
  }

  void know(AddressFamilies families, const std::vector<const char*>& addresses) {
    auto& answer = known[families];
    answer = {NameAnswer::Outcome::found, {}, std::chrono::hours(1), {}, {}};
    for (const char* address : addresses) answer.addresses.push_back(make_address(address));
  }

  Request request(std::uint16_t port, AddressFamilies families = AddressFamilies::ipv4) const {
    auto made = http_request(port);
    made.url.host = "prov.example.net";
    made.naming.families = families;
    return made;
  }

  std::vector<Result<Response>> fetch(const std::vector<Request>& requests) {
    std::vector<std::optional<Result<Response>>> results(requests.size());
    std::size_t left = requests.size();
    for (std::size_t i = 0; i < requests.size(); ++i) {
      fetcher.start(
          requests[i], [this](const std::string& address) { resolved.push_back(address); },
          [&results, &left, i](Result<Response> result) {
            results[i] = std::move(result);
            --left;
          });
    }
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(100);
    while (left > 0 && std::chrono::steady_clock::now() < deadline) {
      loop.restart();
      loop.run_one_until(deadline);
    }
    REQUIRE(left == 0);
    std::vector<Result<Response>> all;
    for (auto& result : results) all.push_back(*std::move(result));
    return all;
  }
};

TEST_CASE_METHOD(NamedWorld, "the addresses of a name are tried until one accepts a connection",
                 "[R-HTTP-03][R-HTTP-18][R-NAME-10]") {
  WebServer server(loop, always(ok("x")));
  know(AddressFamilies::ipv4, {"127.0.0.9", "127.0.0.8", "127.0.0.1"});
  const auto response = fetch({request(server.port())}).front();
  REQUIRE(answered(response));
  CHECK(response->server_address == "127.0.0.1");
  // Told of the first that is tried, before anything is sent.
  CHECK(resolved == std::vector<std::string>{"127.0.0.9"});
  REQUIRE(server.seen().size() == 1);
  const auto host = "\r\nHost: prov.example.net:" + std::to_string(server.port()) + "\r\n";
  CHECK(server.seen().front().request.find(host) != std::string::npos);
}

TEST_CASE_METHOD(NamedWorld, "an answer ends the search, whatever its status", "[R-NAME-10]") {
  WebServer server(loop, always({"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"}));
  know(AddressFamilies::ipv4, {"127.0.0.1", "127.0.0.1"});
  const auto response = fetch({request(server.port())}).front();
  REQUIRE(answered(response));
  CHECK(response->status == 503);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(NamedWorld, "addresses that are no targets are passed over",
                 "[R-HTTP-15][R-NAME-10]") {
  WebServer server(loop, always(ok("x")));
  know(AddressFamilies::ipv4, {"192.0.2.1", "127.0.0.1"});
  REQUIRE(answered(fetch({request(server.port())}).front()));
  know(AddressFamilies::ipv4_then_ipv6, {"192.0.2.1", "2001:db8::1"});
  const auto refused = fetch({request(server.port(), AddressFamilies::ipv4_then_ipv6)}).front();
  CHECK(code_of(refused) == Errc::target_refused);
}

TEST_CASE_METHOD(NamedWorld, "what one phone knows of a name is not another's",
                 "[R-HTTP-02][R-NAME-10]") {
  WebServer server(loop, always(ok("x")));
  know(AddressFamilies::ipv4, {"127.0.0.1"});
  know(AddressFamilies::ipv4_then_ipv6, {"127.0.0.9"});  // nobody listens there
  const auto own = request(server.port());
  const auto other = request(server.port(), AddressFamilies::ipv4_then_ipv6);
  // With the other one's in between; then once more, in transfers that have been used.
  for (int round = 0; round < 2; ++round) {
    const auto results = fetch({own, other, own, other});
    CHECK(answered(results[0]));
    CHECK(code_of(results[1]) == Errc::connection_refused);
    CHECK(answered(results[2]));
    CHECK(code_of(results[3]) == Errc::connection_refused);
  }
  CHECK(questions == 2);
}

TEST_CASE_METHOD(NamedWorld, "a proxy's name is looked up, and its server's is the proxy's matter",
                 "[R-HTTP-27][R-NAME-10]") {
  WebServer proxy(loop, always(ok("x")));
  know(AddressFamilies::ipv4, {"127.0.0.9", "127.0.0.1"});  // nobody listens at the first
  auto wanted = request(proxy.port());
  wanted.proxy = ProxyServer{std::exchange(wanted.url.host, "far.example.org"), proxy.port(), {}};
  wanted.url.port = 80;
  REQUIRE(answered(fetch({wanted}).front()));
  CHECK(proxy.seen().front().request.starts_with("GET http://far.example.org"));
  CHECK(questions == 1);
  CHECK(asked == "prov.example.net");
}

// Answers one request on ::1.
struct SixServer {
  explicit SixServer(boost::asio::io_context& loop)
      : acceptor(loop, tcp::endpoint(boost::asio::ip::address_v6::loopback(), 0)) {
    acceptor.async_accept([this](const boost::system::error_code& failed, tcp::socket peer) {
      if (failed) return;
      socket.emplace(std::move(peer));
      boost::asio::async_read_until(
          *socket, buffer, "\r\n\r\n", [this](const boost::system::error_code&, std::size_t) {
            boost::asio::write(
                *socket,
                boost::asio::buffer(std::string("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")));
          });
    });
  }
  std::uint16_t port() const { return acceptor.local_endpoint().port(); }

  tcp::acceptor acceptor;
  std::optional<tcp::socket> socket;
  boost::asio::streambuf buffer;
};

TEST_CASE_METHOD(NamedWorld, "a phone reaches a server over IPv6", "[R-NAME-03]") {
  SixServer server(loop);
  SECTION("in IPv6 mode") {
    know(AddressFamilies::ipv6, {"::1"});
    const auto response = fetch({request(server.port(), AddressFamilies::ipv6)}).front();
    REQUIRE(answered(response));
    CHECK(response->server_address == "::1");
  }
  SECTION("in dual mode where IPv4 does not answer") {
    know(AddressFamilies::ipv4_then_ipv6, {"127.0.0.9", "::1"});
    const auto response = fetch({request(server.port(), AddressFamilies::ipv4_then_ipv6)}).front();
    REQUIRE(answered(response));
    CHECK(response->server_address == "::1");
    CHECK(resolved == std::vector<std::string>{"127.0.0.9"});
  }
  SECTION("by its address") {
    auto literal = request(server.port(), AddressFamilies::ipv6);
    literal.url.host = "::1";
    CHECK(answered(fetch({literal}).front()));
    CHECK(questions == 0);
  }
}

TEST_CASE_METHOD(NamedWorld, "an address of a family that the phone does not use is unreachable",
                 "[R-NAME-04]") {
  auto literal = http_request(9);
  literal.naming.families = AddressFamilies::ipv6;
  const auto result = fetch({literal}).front();
  REQUIRE(code_of(result) == Errc::host_unreachable);
  CHECK(result.error().detail == "127.0.0.1 is an IPv4 address, and the phone uses IPv6 alone");
  CHECK(resolved.empty());
}

TEST_CASE_METHOD(NamedWorld, "a look-up takes its part of the time to connect", "[R-HTTP-11]") {
  is_silent = true;
  auto impatient = request(9);
  impatient.timeouts.connect = std::chrono::milliseconds(20);
  const auto result = fetch({impatient}).front();
  REQUIRE(code_of(result) == Errc::name_not_resolved);
  CHECK(result.error().detail == "no answer about \"prov.example.net\" in time");
}

TEST_CASE_METHOD(NamedWorld, "an exchange may be cancelled while its name is looked up",
                 "[R-NAME-10]") {
  WebServer server(loop, always(ok("x")));
  know(AddressFamilies::ipv4, {"127.0.0.1"});
  const auto id = fetcher.start(request(server.port()), nullptr,
                                [](const Result<Response>&) { FAIL("it was cancelled"); });
  while (questions == 0) loop.run_one();
  fetcher.cancel(id);
  REQUIRE(answered(fetch({request(server.port())}).front()));
  CHECK(server.connections() == 1);
}

}  // namespace
}  // namespace provphone::client::transport::test::name_exchange_test
