#include "client/transport/syslog.hpp"

#include "name_world.hpp"
#include "test/not_run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <optional>

namespace provphone::client::transport::syslog_test {
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

// What send() tells from within.
Result<void> send(boost::asio::io_context& loop, const Targets& targets,
                  const Syslog::Message& message) {
  NameService names(loop, targets);
  Syslog syslog(targets, names);
  Result<void> told = fail(Errc::count_, "has to wait");
  syslog.send(message, [&](const Result<void>& sent) { told = sent; });
  return told;
}

constexpr auto moment = sys_days(std::chrono::year(2026) / 3 / 1) + std::chrono::hours(6) +
                        std::chrono::minutes(7) + std::chrono::seconds(8);

TEST_CASE("a log datagram holds priority, time, identifier and text", "[R-LOG-01][R-LOG-02]") {
  Listener listener("127.0.0.1");
  const Targets targets;
  const std::string server = GENERATE("127.0.0.1:", "localhost:") + listener.port();
  REQUIRE(send(listener.loop, targets, {server, "000e08012345", "hello there", moment}));
  CHECK(listener.next() == "<134>Mar  1 06:07:08 000e08012345 hello there");
  REQUIRE(send(listener.loop, targets, {server, "", "hello", moment}));
  CHECK(listener.next() == "<134>Mar  1 06:07:08 hello");
  CHECK(listener.next() == "(nothing)");
}

TEST_CASE("a log datagram may have the version and the time of RFC 5424", "[R-LOG-19]") {
  Listener listener("127.0.0.1");
  const Targets targets;
  const auto server = "127.0.0.1:" + listener.port();
  Syslog::Message message{server, "000e08012345 X - - -", "hello", moment};
  message.form = resync::SyslogForm::rfc5424;
  REQUIRE(send(listener.loop, targets, message));
  CHECK(listener.next() == "<134>1 2026-03-01T06:07:08Z 000e08012345 X - - - hello");
}

TEST_CASE("days and months of a log datagram are those of UTC", "[R-LOG-02]") {
  Listener listener("127.0.0.1");
  const Targets targets;
  const auto late = sys_days(std::chrono::year(2027) / 1 / 1) - std::chrono::milliseconds(1);
  REQUIRE(send(listener.loop, targets, {"127.0.0.1:" + listener.port(), "", "x", late}));
  CHECK(listener.next() == "<134>Dec 31 23:59:59 x");
}

TEST_CASE("a log server may have an IPv6 address", "[R-LOG-03]") {
  asio::io_context probe;
  boost::system::error_code no_ipv6;
  udp::socket(probe, udp::v6()).bind({asio::ip::address_v6::loopback(), 0}, no_ipv6);
  if (no_ipv6) provphone::test::not_run("this machine has no ::1");
  Listener listener("::1");
  const Targets targets;
  REQUIRE(send(listener.loop, targets, {"[::1]:" + listener.port(), "", "x", moment}));
  CHECK(listener.next() == "<134>Mar  1 06:07:08 x");
}

TEST_CASE("a log server that nobody listens at is no error", "[R-LOG-03]") {
  asio::io_context loop;
  const Targets targets;
  CHECK(send(loop, targets, {"127.0.0.1:9", "", "x", moment}));
  CHECK(send(loop, targets, {"127.0.0.1:9", "", "x", moment}));
  const std::string too_long(70'000, 'x');
  const auto sent = send(loop, targets, {"127.0.0.1", "", too_long, moment});
  REQUIRE_FALSE(sent);  // no datagram holds it
  CHECK(sent.error().code == Errc::host_unreachable);
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
  }));
  asio::io_context loop;
  const Targets targets;
  INFO(row.server);
  const auto sent = send(loop, targets, {row.server, "", "x", moment});
  REQUIRE_FALSE(sent);
  CHECK(sent.error().code == row.code);
}

TEST_CASE("the error of a log server names it", "[R-LOG-03]") {
  asio::io_context loop;
  const Targets targets;
  const auto refused = send(loop, targets, {"192.0.2.1:515", "", "x", moment});
  CHECK(format(refused.error()) ==
        "target_refused: syslog server \"192.0.2.1\" is not among the allowed targets");
  const auto bad = send(loop, targets, {"host:", "", "x", moment});
  CHECK(format(bad.error()) == "bad_argument: syslog server \"host:\": expected host or host:port");
}

// A listener that phones know by a name which is not looked up before the test says so.
struct NamedServer : test::NameWorld {
  NamedServer() { syslog.emplace(targets, names); }

  void send(const std::string& text, const std::string& name = "log.example.net") {
    syslog->send({name + ":" + listener.port(), "", text, moment},
                 [this, text](const Result<void>& sent) {
                   told.push_back(text + (sent ? "" : ": " + format(sent.error())));
                 });
  }

  Listener listener{"127.0.0.1"};
  Targets targets;
  NameService names{listener.loop, targets, {{}, nullptr, options().ask}};
  std::optional<Syslog> syslog;
  std::vector<std::string> told;
};

using Lines = std::vector<std::string>;

TEST_CASE_METHOD(NamedServer, "messages wait for their server's address and keep their order",
                 "[R-LOG-04]") {
  send("one");
  send("two", "LOG.example.net");
  send("not named", "127.0.0.1");
  CHECK(told == Lines{"not named"});
  CHECK(listener.next() == "<134>Mar  1 06:07:08 not named");
  CHECK(listener.next() == "(nothing)");

  REQUIRE(questions.size() == 1);
  answer({"127.0.0.1", "127.0.0.2"});
  send("three");
  CHECK(told == Lines{"not named", "one", "two", "three"});
  for (const char* text : {"one", "two", "three"})
    CHECK(listener.next() == "<134>Mar  1 06:07:08 " + std::string(text));
  CHECK(listener.next() == "(nothing)");
  CHECK(questions.empty());
}

TEST_CASE_METHOD(NamedServer, "every message to a log server without an address is told so",
                 "[R-LOG-03][R-LOG-04]") {
  send("one");
  send("two");
  answer({});
  send("three");
  const std::string error = ": name_not_resolved: no address for \"log.example.net\"";
  CHECK(told == Lines{"one" + error, "two" + error, "three" + error});
  CHECK(listener.next() == "(nothing)");
}

TEST_CASE_METHOD(NamedServer, "messages that wait are dropped with the sender", "[R-LOG-04]") {
  SECTION("before the answer") {
    send("one");
    syslog.reset();
    answer({"127.0.0.1"});
    CHECK(told.empty());
    CHECK(listener.next() == "(nothing)");
  }
  SECTION("by whoever is told of another one") {
    syslog->send({"log.example.net:" + listener.port(), "", "last", moment},
                 [this](const Result<void>&) { syslog.reset(); });
    send("one");
    answer({"127.0.0.1"});
    CHECK(told.empty());
    CHECK(listener.next() == "<134>Mar  1 06:07:08 last");
    CHECK(listener.next() == "(nothing)");
  }
}

TEST_CASE_METHOD(NamedServer, "one message too many that waits is told so", "[R-LOG-04]") {
  for (std::size_t i = 0; i < Names::most_waiting; ++i)
    syslog->send({"log.example.net", "", "x", moment}, [](const Result<void>&) {});
  send("one too many");
  CHECK(told ==
        Lines{"one too many: name_not_resolved: no address for \"log.example.net\" yet, and "
              "10000 wait for one already"});
}

TEST_CASE_METHOD(NamedServer, "a log server's name may lead to a target, and nowhere else",
                 "[R-LOG-04][R-HTTP-15]") {
  send("one");
  answer({"192.0.2.9", "127.0.0.1"});
  send("two", "other.example.net");
  answer({"192.0.2.9"});
  CHECK(told == Lines{"one",
                      "two: target_refused: syslog server \"other.example.net\" leads to "
                      "192.0.2.9, which is not among the allowed targets"});
  CHECK(listener.next() == "<134>Mar  1 06:07:08 one");
  CHECK(listener.next() == "(nothing)");
}

}  // namespace
}  // namespace provphone::client::transport::syslog_test
