#include "tftp_server.hpp"
#include "world.hpp"

#include <boost/asio/ip/udp.hpp>

#include <array>
#include <thread>

namespace provphone::client::transport::test::tftp_test {
namespace {

using namespace std::chrono_literals;

Request tftp_request(std::uint16_t port, std::string path = "/spa.cfg") {
  return request_for(macro::Scheme::tftp, port, std::move(path));
}

std::string patterned(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i / 512 % 26);
  return text;
}

TEST_CASE("a phone asks for a file in octet mode, with its slash and without options",
          "[R-TFTP-01][R-TFTP-02]") {
  World world;
  TftpServer server(world.loop, {.content = "x"});
  struct Case {
    std::string path;
    std::string file;
  };
  const auto row = GENERATE(values<Case>({
      {"/Cisco/CP-7832-3PCC/00562b043615.cfg", "/Cisco/CP-7832-3PCC/00562b043615.cfg"},
      {"/a b%20c", "/a b%20c"},
      {"/a?b#c", "/a?b#c"},
      {"/../x;mode=netascii", "/../x;mode=netascii"},
      {"/caf\xC3\xA9", "/caf\xC3\xA9"},
      {"//x", "//x"},
  }));
  REQUIRE(answered(world.fetch(tftp_request(server.port(), row.path))));
  using namespace std::string_literals;
  CHECK(server.requests() == std::vector{"\0\1"s + row.file + "\0octet\0"s});
}

TEST_CASE("a file ends with the first block that is not full", "[R-TFTP-03]") {
  World world;
  const auto size = GENERATE(values<std::size_t>({0, 1, 511, 512, 513, 1024, 5000, 40'000}));
  TftpServer server(world.loop, {.content = patterned(size)});
  const auto response = world.fetch(tftp_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->status == 200);
  CHECK(response->body == patterned(size));
  CHECK(response->server_address == "127.0.0.1");
  CHECK(response->stamps.connected_us == 0);
  CHECK(response->stamps.done_us > 0);
  CHECK(world.resolved == std::vector<std::string>{"127.0.0.1"});
}

TEST_CASE("each TFTP error has its code", "[R-TFTP-08]") {
  World world;
  struct Case {
    std::uint16_t error;
    Errc code;
  };
  const auto row = GENERATE(values<Case>({{0, Errc::tftp_error},
                                          {1, Errc::file_not_found},
                                          {2, Errc::tftp_access_violation},
                                          {3, Errc::tftp_disk_full},
                                          {4, Errc::tftp_illegal_operation},
                                          {5, Errc::tftp_error},
                                          {6, Errc::tftp_error},
                                          {7, Errc::tftp_error},
                                          {8, Errc::tftp_error}}));
  INFO("error " << row.error);
  TftpServer server(world.loop, {.error = row.error});
  const auto result = world.fetch(tftp_request(server.port()));
  REQUIRE(code_of(result) == row.code);
  CHECK(result.error().detail == "127.0.0.1:" + std::to_string(server.port()) + ": TFTP error " +
                                     std::to_string(row.error) + ": text");
}

TEST_CASE("a server cannot answer faster than the phone looks", "[R-TFTP-07][R-TFTP-08]") {
  using boost::asio::ip::udp;
  constexpr int rounds = 2000;
  boost::asio::io_context loop;
  udp::socket socket(loop, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  // A thread of its own, which spins so as to be quick. A request without a mode ends it.
  socket.non_blocking(true);
  const std::jthread server([&] {
    std::array<char, 600> request{};
    for (std::size_t size = 0; size != 1;) {
      udp::endpoint client;
      boost::system::error_code none_yet;
      size = socket.receive_from(boost::asio::buffer(request), client, 0, none_yet);
      constexpr std::array<char, 7> answer = {0, 5, 0, 0, 'w', 'h', 'y'};
      if (!none_yet) socket.send_to(boost::asio::buffer(answer), client, 0, none_yet);
    }
  });
  const auto port = socket.local_endpoint().port();
  World world;
  int seen = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto result = world.fetch(tftp_request(port));
    if (!result && result.error().detail.ends_with(": TFTP error 0: why")) ++seen;
  }
  udp::socket(loop, udp::v4()).send_to(boost::asio::buffer("", 1), socket.local_endpoint());
  CHECK(seen == rounds);
}

TEST_CASE("a file name that no request can hold is not asked for", "[R-TFTP-02]") {
  World world;
  TftpServer server(world.loop, {.content = "x"});
  const auto path = "/" + std::string(600, 'a');
  CHECK(code_of(world.fetch(tftp_request(server.port(), path))) == Errc::url_syntax);
  CHECK(server.requests().empty());
}

TEST_CASE("a request that got lost is sent again", "[R-TFTP-06]") {
  World world;
  TftpServer server(world.loop, {.content = "x", .requests_lost = 1});
  Request request = tftp_request(server.port());
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->body == "x");
  CHECK(server.requests().size() >= 2);
}

TEST_CASE("a server that never answers is not there", "[R-TFTP-09]") {
  World world;
  TftpServer server(world.loop, {.requests_lost = 1000});
  Request request = tftp_request(server.port());
  request.timeouts.total = 1s;
  CHECK(code_of(world.fetch(request)) == Errc::connect_timeout);
}

TEST_CASE("a server that falls silent makes the transfer stall", "[R-TFTP-09]") {
  World world;
  TftpServer server(world.loop, {.content = patterned(5000), .silent_after_block = 2});
  Request request = tftp_request(server.port());
  request.timeouts.idle = 200ms;
  CHECK(code_of(world.fetch(request)) == Errc::transfer_stalled);
}

TEST_CASE("a block from somebody else is answered with error 5 and not taken", "[R-TFTP-07]") {
  World world;
  TftpServer server(world.loop, {.content = patterned(2000), .stray_block = true});
  const auto response = world.fetch(tftp_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->body == patterned(2000));
  world.run_until([&] { return !server.stray_replies().empty(); });
  CHECK(server.stray_replies().front().substr(0, 4) == std::string("\0\5\0\5", 4));
}

TEST_CASE("of two transfers for one request the first is kept", "[R-TFTP-07]") {
  World world;
  TftpServer server(world.loop, {.content = patterned(2000), .twice = true});
  const auto response = world.fetch(tftp_request(server.port()));
  REQUIRE(answered(response));
  CHECK(response->body == patterned(2000));
  world.run_until([&] { return !server.stray_replies().empty(); });
}

TEST_CASE("a file larger than the limit is given up", "[R-HTTP-12][R-TFTP-03]") {
  World world;
  TftpServer server(world.loop, {.content = patterned(5000)});
  Request request = tftp_request(server.port());
  request.max_body_bytes = 4999;
  CHECK(code_of(world.fetch(request)) == Errc::body_too_large);
}

TEST_CASE("a report over TFTP is a write request", "[R-TFTP-04]") {
  World world;
  TftpServer server(world.loop, {});
  Request request = tftp_request(server.port(), "/report.xml");
  request.method = GENERATE(Method::put, Method::post);
  request.body = patterned(GENERATE(std::size_t{0}, std::size_t{100}, std::size_t{1024}));
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(server.written() == request.body);
  using namespace std::string_literals;
  CHECK(server.requests() == std::vector{"\0\2/report.xml\0octet\0"s});
}

TEST_CASE("a phone asks over TFTP from its own address", "[R-HTTP-17]") {
  World world;
  TftpServer server(world.loop, {.content = "x"});
  Request request = tftp_request(server.port());
  request.source_address = "127.1.2.3";
  const auto response = world.fetch(request);
  REQUIRE(answered(response));
  CHECK(response->body == "x");
}

}  // namespace
}  // namespace provphone::client::transport::test::tftp_test
