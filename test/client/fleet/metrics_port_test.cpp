#include "client/fleet/metrics_port.hpp"

#include "client/report/prometheus.hpp"
#include "test/not_run.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <memory>
#include <thread>

namespace metrics_port_test {

using namespace provphone::client;
using boost::asio::ip::tcp;

namespace {

// A port whose loop runs beside the test.
class RunningPort {
 public:
  explicit RunningPort(fleet::MetricsPort::Metrics metrics) {
    auto port = fleet::MetricsPort::open(loop_, "127.0.0.1", 0, std::move(metrics));
    REQUIRE(port);
    port_.emplace(*std::move(port));
    number_ = port_->port();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningPort() {
    boost::asio::post(loop_, [this] { port_.reset(); });
    thread_.join();
  }
  RunningPort(const RunningPort&) = delete;
  RunningPort& operator=(const RunningPort&) = delete;

  std::uint16_t number() const { return number_; }

 private:
  boost::asio::io_context loop_;
  std::optional<fleet::MetricsPort> port_;
  std::uint16_t number_ = 0;
  std::thread thread_;
};

std::string answer_to(std::uint16_t port, std::string_view request) {
  boost::asio::io_context loop;
  tcp::socket socket(loop);
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  // Who sends nonsense may find the connection closed while still sending.
  boost::system::error_code end;
  boost::asio::write(socket, boost::asio::buffer(request), end);
  std::string answer;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), end);
  return answer;
}

// What a command prints; empty where there is no such command.
std::string output_of(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string output;
  std::array<char, 4096> piece{};
  while (const auto octets = fread(piece.data(), 1, piece.size(), pipe.get()))
    output.append(piece.data(), octets);
  return output;
}

std::string metrics_text() {
  report::LiveView view;
  view.title = "morning.yaml";
  return report::format_prometheus(view);
}

}  // namespace

TEST_CASE("the metrics port answers with the figures of that moment") {
  int asked = 0;
  const RunningPort port([&] { return "provphone_asked " + std::to_string(++asked) + "\n"; });
  const auto ask = [&] {
    return answer_to(port.number(), "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
  };
  const auto first = ask();
  CHECK_THAT(first, Catch::StartsWith("HTTP/1.1 200 OK\r\n"));
  CHECK_THAT(first, Catch::Contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  CHECK_THAT(first, Catch::EndsWith("\r\n\r\nprovphone_asked 1\n"));
  CHECK_THAT(ask(), Catch::EndsWith("provphone_asked 2\n"));
}

TEST_CASE("the metrics port has one page and takes nothing in") {
  const RunningPort port([] { return std::string("a 1\n"); });
  struct Row {
    const char* request;
    const char* answer;
  };
  const Row rows[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 404"},
      {"HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200"},
      {"DELETE /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 405"},
  };
  for (const auto& row : rows) {
    INFO(row.request);
    CHECK_THAT(answer_to(port.number(), row.request), Catch::StartsWith(row.answer));
  }
  CHECK(answer_to(port.number(), "nonsense\r\n\r\n").empty());
  CHECK(answer_to(port.number(), std::string(100'000, 'x')).empty());
}

TEST_CASE("curl gets the metrics") {
  if (output_of("command -v curl").empty()) provphone::test::not_run("curl is not installed");
  const RunningPort port(metrics_text);
  const auto url = "http://127.0.0.1:" + std::to_string(port.number()) + "/metrics";
  CHECK(output_of("curl --silent --fail --noproxy '*' " + url) == metrics_text());
}

TEST_CASE("promtool finds no fault with the metrics") {
  if (output_of("command -v curl >/dev/null && command -v promtool").empty())
    provphone::test::not_run("curl or promtool is not installed");
  const RunningPort port(metrics_text);
  const auto url = "http://127.0.0.1:" + std::to_string(port.number()) + "/metrics";
  CHECK(output_of("curl -s --noproxy '*' " + url + " | promtool check metrics 2>&1").empty());
}

TEST_CASE("a metrics port that goes sends away who has not asked yet") {
  auto port = std::make_unique<RunningPort>([] { return std::string("a 1\n"); });
  boost::asio::io_context loop;
  tcp::socket silent(loop);
  silent.connect({boost::asio::ip::address_v4::loopback(), port->number()});
  CHECK_FALSE(answer_to(port->number(), "GET /metrics HTTP/1.0\r\n\r\n").empty());
  const auto going = std::chrono::steady_clock::now();
  port.reset();
  CHECK(std::chrono::steady_clock::now() - going < std::chrono::seconds(5));
}

TEST_CASE("a port that is taken is an error") {
  const RunningPort port([] { return std::string(); });
  boost::asio::io_context loop;
  const auto second = fleet::MetricsPort::open(loop, "127.0.0.1", port.number(), metrics_text);
  REQUIRE(!second);
  CHECK(second.error().code == provphone::Errc::bad_argument);
}

}  // namespace metrics_port_test
