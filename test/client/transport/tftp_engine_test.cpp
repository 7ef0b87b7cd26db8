#include "client/transport/detail/tftp_engine.hpp"

#include "test/not_run.hpp"
#include "tftp_server.hpp"
#include "world.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <unistd.h>

#include <array>

namespace provphone::client::transport::test::tftp_engine_test {
namespace {

using namespace std::chrono_literals;
namespace ip = boost::asio::ip;
using ip::udp;

Request tftp_request(std::uint16_t port) {
  return request_for(macro::Scheme::tftp, port, "/spa.cfg");
}

// A UDP port whose datagrams are answered one for one, until nothing is left to say.
class Script {
 public:
  Script(World& world, const ip::address& address, std::vector<std::string> answers)
      : socket_(world.loop, udp::endpoint(address, 0)), answers_(std::move(answers)) {
    receive();
  }
  std::uint16_t port() const { return socket_.local_endpoint().port(); }
  const udp::endpoint& client() const { return client_; }
  const std::vector<std::string>& heard() const { return heard_; }
  void close() { socket_.close(); }

 private:
  void receive() {
    socket_.async_receive_from(boost::asio::buffer(buffer_), client_,
                               [this](const boost::system::error_code& failed, std::size_t size) {
                                 if (failed) return;
                                 heard_.emplace_back(buffer_.data(), size);
                                 answer();
                                 receive();
                               });
  }
  void answer() {
    if (heard_.size() > answers_.size()) return;
    socket_.send_to(boost::asio::buffer(answers_[heard_.size() - 1]), client_);
  }

  udp::socket socket_;
  std::vector<std::string> answers_;
  std::vector<std::string> heard_;
  std::array<char, 2048> buffer_{};
  udp::endpoint client_;
};

const auto loopback = ip::address(ip::address_v4::loopback());

// Nobody listens there any more.
std::uint16_t closed_port(World& world) {
  return udp::socket(world.loop, udp::endpoint(loopback, 0)).local_endpoint().port();
}

// Of no other test that runs at the same time: the ports of the range are taken on it.
std::string own_address() {
  const auto id = static_cast<unsigned>(::getpid());
  return "127.53." + std::to_string(id / 250 % 250 + 1) + "." + std::to_string(id % 250 + 1);
}

TEST_CASE("a port where nobody listens is noticed at once", "[R-TFTP-11]") {
  World world;
  const auto request = tftp_request(closed_port(world));
  const auto result = world.fetch(request);
  REQUIRE(code_of(result) == Errc::connection_refused);
  CHECK(result.error().detail ==
        "127.0.0.1:" + std::to_string(request.url.port) + ": connection refused");
}

TEST_CASE("a phone may go on asking where nobody listens", "[R-TFTP-11][R-TFTP-09]") {
  World world;
  auto request = tftp_request(closed_port(world));
  request.tftp.port_unreachable = resync::TftpPortUnreachable::ignored;
  request.tftp.timeout = 20ms;
  request.tftp.tries = 3;
  CHECK(code_of(world.fetch(request)) == Errc::connect_timeout);
}

TEST_CASE("a server that goes in the middle of a transfer interrupts it", "[R-TFTP-11]") {
  World world;
  Script server(world, loopback, {tftp::format_data(1, std::string(512, 'x'))});
  std::optional<Result<Response>> result;
  auto request = tftp_request(server.port());
  request.tftp.timeout = 50ms;  // what follows block 1 is asked for again until nobody listens
  request.tftp.tries = 1000;
  world.fetcher.start(request, nullptr, [&](Result<Response> r) { result.emplace(std::move(r)); });
  world.run_until([&] { return server.heard().size() == 2; });
  server.close();
  world.run_until([&] { return result.has_value(); });
  CHECK(code_of(*result) == Errc::transfer_interrupted);
}

TEST_CASE("error 5 to somebody who has gone does not end the transfer", "[R-TFTP-07][R-TFTP-11]") {
  World world;
  const std::string full(512, 'x');
  Script server(world, loopback, {tftp::format_data(1, full), "", tftp::format_data(2, "end")});
  std::optional<Result<Response>> result;
  auto request = tftp_request(server.port());
  request.tftp.timeout = 50ms;  // until the acknowledgement of block 1 comes again
  request.tftp.tries = 1000;
  world.fetcher.start(request, nullptr, [&](Result<Response> r) { result.emplace(std::move(r)); });
  world.run_until([&] { return server.heard().size() == 2; });
  for (int i = 0; i < 3; ++i) {
    udp::socket stranger(world.loop, udp::endpoint(loopback, 0));
    stranger.send_to(boost::asio::buffer(tftp::format_data(2, "forged")), server.client());
  }
  world.run_until([&] { return result.has_value(); });
  REQUIRE(answered(*result));
  CHECK((*result)->body == full + "end");
}

TEST_CASE("phones ask from the ports that their firewall has open, where a knob says so",
          "[R-TFTP-12]") {
  World world;
  const auto source = own_address();
  auto request_from_range = [&](std::uint16_t port) {
    auto request = tftp_request(port);
    request.source_address = source;
    request.tftp.client_port = resync::TftpClientPort::range;
    return request;
  };
  Script first(world, loopback, {tftp::format_data(1, "a"), ""});
  REQUIRE(answered(world.fetch(request_from_range(first.port()))));
  CHECK(first.client() == udp::endpoint(ip::make_address(source), 53240));

  std::vector<udp::socket> taken;
  for (std::uint16_t port = 53240; port < 53245; ++port)
    taken.emplace_back(world.loop, udp::endpoint(ip::make_address(source), port));
  Script last(world, loopback, {tftp::format_data(1, "a"), ""});
  REQUIRE(answered(world.fetch(request_from_range(last.port()))));
  CHECK(last.client().port() == 53245);

  taken.emplace_back(world.loop, udp::endpoint(ip::make_address(source), 53245));
  const auto result = world.fetch(request_from_range(last.port()));
  REQUIRE(code_of(result) == Errc::no_local_port);
  CHECK(result.error().detail == "no local port from 53240 to 53245 is free");
}

TEST_CASE("a source that is not this machine's is an error of the run", "[R-HTTP-17]") {
  World world;
  auto request = tftp_request(9);
  request.source_address = GENERATE("192.0.2.7", "nowhere", "::1");
  CHECK(code_of(world.fetch(request)) == Errc::bad_argument);
}

TEST_CASE("a file comes over IPv6 where the URL has such an address", "[R-HTTP-03]") {
  World world;
  std::optional<Script> server;
  try {
    server.emplace(world, ip::address(ip::address_v6::loopback()),
                   std::vector<std::string>{tftp::format_data(1, "six")});
  } catch (const boost::system::system_error&) {
    provphone::test::not_run("this machine has no ::1");
  }
  auto request = tftp_request(server->port());
  request.url.host = "::1";
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->body == "six");
  CHECK(response->server_address == "::1");
  server->close();
  const auto refused = world.fetch(request);
  CHECK(code_of(refused) == Errc::connection_refused);
}

TEST_CASE("a server that acknowledges options unasked is told so", "[R-TFTP-10]") {
  World world;
  Script server(world, loopback, {tftp::format_options({{"blksize", "1024"}})});
  CHECK(code_of(world.fetch(tftp_request(server.port()))) == Errc::protocol_error);
  world.run_until([&] { return server.heard().size() == 2; });
  CHECK(server.heard()[1].substr(0, 4) == std::string("\0\5\0\10", 4));
}

TEST_CASE("a file comes in larger blocks where a knob asks for them", "[R-TFTP-10]") {
  World world;
  const std::string full(1428, 'x');
  Script server(world, loopback,
                {tftp::format_options({{"blksize", "1428"}, {"tsize", "1430"}}),
                 tftp::format_data(1, full), tftp::format_data(2, "yz")});
  auto request = tftp_request(server.port());
  request.tftp.options = resync::TftpOptions::blksize_tsize;
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->body == full + "yz");
}

// --- the addresses of a name, with a name server that the test is

// Known for an hour.
NameAnswer found(const Addresses& addresses) {
  NameAnswer answer;
  answer.outcome = NameAnswer::Outcome::found;
  answer.addresses = addresses;
  answer.time_to_live = std::chrono::hours(1);
  return answer;
}

struct NamedWorld : World {
  NamedWorld() { REQUIRE(targets.add("prov.example.net")); }
  ~NamedWorld() { engine->close(); }

  Result<Response> fetch_named(Request request) {
    request.url.host = "prov.example.net";
    std::optional<Result<Response>> result;
    engine->start(
        std::move(request), [this](const std::string& address) { resolved.push_back(address); },
        [&](Result<Response> r) { result.emplace(std::move(r)); });
    run_until([&] { return result.has_value(); });
    return *std::move(result);
  }

  Addresses addresses;
  int questions = 0;
  bool answers = true;
  NameSources sources{
      {}, nullptr, [this](const std::string&, AddressFamilies, const TellAddresses& tell) {
        ++questions;
        if (answers) boost::asio::post(loop, [this, tell] { tell(found(addresses)); });
      }};
  NameService names{loop, targets, sources};
  Stamps stamps;
  std::shared_ptr<detail::TftpEngine> engine =
      std::make_shared<detail::TftpEngine>(loop, targets, names, stamps);
};

TEST_CASE("every address of a name is tried in turn", "[R-HTTP-03][R-HTTP-18]") {
  NamedWorld world;
  TftpServer server(world.loop, {.content = "x"});
  world.addresses = {ip::make_address("127.0.0.2"), loopback};
  const auto response = world.fetch_named(tftp_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->body == "x");
  CHECK(response->server_address == "127.0.0.1");
  CHECK(world.resolved == std::vector<std::string>{"127.0.0.2"});
  CHECK(response->stamps.resolved_us > 0);
  REQUIRE(answered(world.fetch_named(tftp_request(server.port()))));
  CHECK(world.questions == 1);
}

TEST_CASE("an address that never answers is followed by the next", "[R-HTTP-03][R-TFTP-06]") {
  NamedWorld world;
  TftpServer server(world.loop, {.content = "x"});
  const udp::socket silent(world.loop, udp::endpoint(ip::make_address("127.0.0.2"), server.port()));
  world.addresses = {ip::make_address("127.0.0.2"), loopback};
  auto request = tftp_request(server.port());
  request.tftp.timeout = 20ms;
  request.tftp.tries = 2;
  const auto response = world.fetch_named(request);
  REQUIRE(answered(response));
  CHECK(response->server_address == "127.0.0.1");
}

TEST_CASE("a server that has answered is not followed by another", "[R-HTTP-03]") {
  NamedWorld world;
  TftpServer server(world.loop, {.error = 1});
  world.addresses = {loopback, ip::make_address("127.0.0.2")};
  CHECK(code_of(world.fetch_named(tftp_request(server.port()))) == Errc::file_not_found);
}

TEST_CASE("a name without an answer costs the time to connect", "[R-HTTP-11]") {
  NamedWorld world;
  world.answers = false;
  auto request = tftp_request(69);
  request.timeouts.connect = 20ms;
  const auto result = world.fetch_named(request);
  REQUIRE(code_of(result) == Errc::name_not_resolved);
  CHECK(result.error().detail == "no answer about \"prov.example.net\" in time");
}

TEST_CASE("addresses of a name that are no targets are not asked", "[R-HTTP-15]") {
  World world;
  Stamps stamps;
  Addresses addresses{ip::make_address("192.0.2.1")};
  NameService names(
      world.loop, world.targets,
      {{}, nullptr, [&](const std::string&, AddressFamilies, const TellAddresses& tell) {
         boost::asio::post(world.loop, [&addresses, tell] { tell(found(addresses)); });
       }});
  const auto engine =
      std::make_shared<detail::TftpEngine>(world.loop, world.targets, names, stamps);
  TftpServer server(world.loop, {.content = "x"});
  const auto fetch = [&](const char* host) {
    auto request = tftp_request(server.port());
    request.url.host = host;
    std::optional<Result<Response>> result;
    engine->start(request, nullptr, [&](Result<Response> r) { result.emplace(std::move(r)); });
    world.run_until([&] { return result.has_value(); });
    return *std::move(result);
  };
  const auto refused = fetch("elsewhere.example.net");
  REQUIRE(code_of(refused) == Errc::target_refused);
  CHECK(refused.error().detail.ends_with(
      "leads to 192.0.2.1, which is not among the allowed targets"));
  addresses.push_back(loopback);
  const auto response = fetch("both.example.net");
  REQUIRE(answered(response));
  CHECK(response->server_address == "127.0.0.1");
  engine->close();
}

TEST_CASE("a fetcher may go while a file comes, and from within its end", "[R-TFTP-01]") {
  boost::asio::io_context loop;
  Targets targets;
  TftpServer server(loop, {.content = "x"});
  auto fetcher = std::make_unique<Fetcher>(loop, targets);
  int ended = 0;
  const auto cancelled = fetcher->start(tftp_request(server.port()), nullptr,
                                        [&](const Result<Response>&) { ++ended; });
  fetcher->cancel(cancelled);
  fetcher->cancel(cancelled);
  for (int i = 0; i < 3; ++i) {
    fetcher->start(tftp_request(server.port()), nullptr, [&](const Result<Response>& response) {
      CHECK(response.has_value());
      ++ended;
      fetcher.reset();
    });
  }
  for (int i = 0; i < 100'000 && fetcher; ++i) loop.run_one();
  loop.poll();
  CHECK(ended == 1);
}

}  // namespace
}  // namespace provphone::client::transport::test::tftp_engine_test
