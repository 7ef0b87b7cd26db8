#include "client/transport/servers_up.hpp"

#include "test/client/transport/tftp_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

#include <optional>

// Waiting for servers, over loopback.
namespace provphone::client::transport::servers_up_test {
namespace {

using asio_tcp = boost::asio::ip::tcp;
using resync::AskedServer;

const auto local = boost::asio::ip::make_address("127.0.0.1");

AskedServer server_at(macro::Scheme scheme, std::uint16_t port, std::string path = "") {
  return {scheme, "127.0.0.1", port, std::move(path), {}};
}

// A port that is kept, with nobody who listens.
struct ClosedPort {
  boost::asio::io_context& loop;
  asio_tcp::acceptor acceptor{loop, asio_tcp::v4()};

  explicit ClosedPort(boost::asio::io_context& on) : loop(on) { acceptor.bind({local, 0}); }
  std::uint16_t port() const { return acceptor.local_endpoint().port(); }
  void open() { acceptor.listen(); }
};

// Turns the loop until `done`, however busy the machine is.
template <class Done>
void turn_until(boost::asio::io_context& loop, Done done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(100);
  while (!done() && std::chrono::steady_clock::now() < deadline) {
    loop.restart();
    loop.run_one_until(deadline);
  }
  REQUIRE(done());
}

TEST_CASE("a server that takes a connection is up, and one that refuses it is asked again") {
  boost::asio::io_context loop;
  ClosedPort first(loop), second(loop);
  first.open();
  bool all = false;
  ServersUp servers(loop, {},
                    {server_at(macro::Scheme::http, first.port()),
                     server_at(macro::Scheme::https, second.port())},
                    [&] { all = true; });
  turn_until(loop, [&] {
    const auto those = servers.unanswered();
    return those.size() == 1 && those[0].why.code == Errc::connection_refused;
  });
  CHECK_FALSE(all);
  CHECK(servers.unanswered()[0].server.port == second.port());
  second.open();
  turn_until(loop, [&] { return all; });
  CHECK(servers.unanswered().empty());
}

TEST_CASE("no server to wait for is all of them") {
  boost::asio::io_context loop;
  bool all = false;
  ServersUp servers(loop, {}, {}, [&] { all = true; });
  turn_until(loop, [&] { return all; });
}

TEST_CASE("a TFTP server is up with any answer, an error too") {
  boost::asio::io_context loop;
  test::TftpScript missing;
  missing.error = 1;
  test::TftpServer has_none(loop, missing);
  test::TftpScript long_file;
  long_file.content = std::string(5'000, 'x');
  // Whoever answers the first request is fast; here it is the second.
  long_file.requests_lost = 1;
  test::TftpServer has_it(loop, long_file);
  bool all = false;
  ServersUp servers(loop, {},
                    {server_at(macro::Scheme::tftp, has_none.port(), "/a.cfg"),
                     server_at(macro::Scheme::tftp, has_it.port(), "/b.cfg")},
                    [&] { all = true; });
  turn_until(loop, [&] { return all; });
  REQUIRE(has_none.requests().size() == 1);
  CHECK(has_none.requests()[0].find("/a.cfg") != std::string::npos);
  CHECK(has_it.requests().size() == 2);
}

TEST_CASE("what is no target is not asked, and ends the wait") {
  boost::asio::io_context loop;
  ClosedPort silent(loop);
  bool all = false;
  ServersUp servers(loop, {},
                    {{macro::Scheme::http, "192.0.2.1", 80, {}, {}},
                     server_at(macro::Scheme::http, silent.port())},
                    [&] { all = true; });
  turn_until(loop, [&] { return all; });
  const auto those = servers.unanswered();
  REQUIRE(those.size() == 2);
  CHECK(those[0].why.code == Errc::target_refused);
}

TEST_CASE("whoever no longer waits is not called, and leaves the loop nothing to do") {
  boost::asio::io_context loop;
  ClosedPort port(loop);
  {
    ServersUp servers(loop, {}, {server_at(macro::Scheme::http, port.port())},
                      [] { FAIL("nobody waits"); });
    turn_until(loop, [&] { return servers.unanswered()[0].why.code == Errc::connection_refused; });
  }
  port.open();
  loop.restart();
  loop.run();
  SUCCEED();
}

}  // namespace
}  // namespace provphone::client::transport::servers_up_test
