#include "client/transport/syslog.hpp"

#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

#include <array>

namespace provphone::client::transport {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using std::chrono::sys_days;

struct Listener {
  explicit Listener(const char* address)
      : socket(loop, udp::endpoint(asio::ip::make_address(address), 0)) {}

  std::string port() const { return std::to_string(socket.local_endpoint().port()); }

  // The loopback delivers before sending returns, so nothing is waited for.
  std::string next() {
    std::array<char, 65536> buffer{};
    boost::system::error_code failed;
    socket.non_blocking(true);
    const std::size_t size = socket.receive(asio::buffer(buffer), 0, failed);
    return failed ? "(nothing)" : std::string(buffer.data(), size);
  }

  asio::io_context loop;
  udp::socket socket;
};

constexpr auto moment = sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(6) +
                        std::chrono::minutes(7) + std::chrono::seconds(8);

TEST_CASE("a log datagram holds priority, time, identifier and text", "[R-LOG-01][R-LOG-02]") {
  Listener listener("127.0.0.1");
  const Targets targets;
  const std::string server = GENERATE("127.0.0.1:", "localhost:") + listener.port();
  REQUIRE(send_syslog(listener.loop, targets, server, "000e08012345", "hello there", moment));
  CHECK(listener.next() == "<134>Mar  1 06:07:08 000e08012345 hello there");
  REQUIRE(send_syslog(listener.loop, targets, server, "", "hello", moment));
  CHECK(listener.next() == "<134>Mar  1 06:07:08 hello");
  CHECK(listener.next() == "(nothing)");
}

TEST_CASE("days and months of a log datagram are those of UTC", "[R-LOG-02]") {
  Listener listener("127.0.0.1");
  const Targets targets;
  const auto late = sys_days(std::chrono::year(2027) / 1 / 1) - std::chrono::milliseconds(1);
  REQUIRE(send_syslog(listener.loop, targets, "127.0.0.1:" + listener.port(), "", "x", late));
  CHECK(listener.next() == "<134>Dec 31 23:59:59 x");
}

TEST_CASE("a log server may have an IPv6 address", "[R-LOG-03]") {
  asio::io_context probe;
  boost::system::error_code no_ipv6;
  udp::socket(probe, udp::v6()).bind({asio::ip::address_v6::loopback(), 0}, no_ipv6);
  if (no_ipv6) {
    WARN("this machine has no ::1");
    return;
  }
  Listener listener("::1");
  const Targets targets;
  REQUIRE(send_syslog(listener.loop, targets, "[::1]:" + listener.port(), "", "x", moment));
  CHECK(listener.next() == "<134>Mar  1 06:07:08 x");
}

TEST_CASE("a log server that nobody listens at is no error", "[R-LOG-03]") {
  asio::io_context loop;
  const Targets targets;
  CHECK(send_syslog(loop, targets, "127.0.0.1:9", "", "x", moment));
  CHECK(send_syslog(loop, targets, "127.0.0.1:9", "", "x", moment));
  CHECK(send_syslog(loop, targets, "127.0.0.1", "", std::string(70'000, 'x'), moment));
}

TEST_CASE("a log server that cannot be used is refused", "[R-LOG-03][R-HTTP-15]") {
  struct Case {
    const char* server;
    Errc code;
  };
  const auto row = GENERATE(values<Case>({
      {"", Errc::bad_argument},
      {":514", Errc::bad_argument},
      {"127.0.0.1:", Errc::bad_argument},
      {"127.0.0.1:0", Errc::bad_argument},
      {"127.0.0.1:65536", Errc::bad_argument},
      {"127.0.0.1:x", Errc::bad_argument},
      {"[::1", Errc::bad_argument},
      {"[::1]514", Errc::bad_argument},
      {"192.0.2.1", Errc::target_refused},
      {"2001:db8::1", Errc::target_refused},
      {"log.example.net", Errc::target_refused},
  }));
  asio::io_context loop;
  const Targets targets;
  INFO(row.server);
  const auto sent = send_syslog(loop, targets, row.server, "", "x", moment);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == row.code);
}

TEST_CASE("an allowed log server without an address is not resolved", "[R-LOG-03]") {
  asio::io_context loop;
  Targets targets;
  const std::string name = std::string(64, 'a') + ".invalid";  // too long a label for any question
  REQUIRE(targets.add(name));
  const auto sent = send_syslog(loop, targets, name, "", "x", moment);
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == Errc::name_not_resolved);
}

}  // namespace
}  // namespace provphone::client::transport
