#include "web_server.hpp"
#include "world.hpp"

#include <set>

namespace provphone::client::transport::test::exchange_test {
namespace {

using namespace std::chrono_literals;

TEST_CASE("two exchanges never share a connection", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, [](const std::string&) {
    Reply reply = ok("x");
    reply.after = After::hang;  // the server would gladly go on
    return reply;
  });
  for (int i = 0; i < 3; ++i) REQUIRE(answered(world.fetch(http_request(server.port()))));
  CHECK(server.connections() == 3);
  CHECK(server.seen().size() == 3);
}

TEST_CASE("start reports nothing by itself", "[R-HTTP-02]") {
  World world;
  bool called = false;
  Request nowhere = http_request(80);
  nowhere.url.host.clear();
  world.fetcher.start(nowhere, nullptr, [&](const auto&) { called = true; });
  CHECK_FALSE(called);
  world.run_until([&] { return called; });
}

TEST_CASE("two hundred exchanges at once all finish with their own answers", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, [](const std::string& request) {
    return ok(request.substr(0, request.find(" HTTP")));
  });
  int finished = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string path = "/" + std::to_string(i);
    world.fetcher.start(http_request(server.port(), path), nullptr,
                        [&, path](const Result<Response>& result) {
                          REQUIRE(result);
                          CHECK(result->body == "GET " + path);
                          ++finished;
                        });
  }
  world.run_until([&] { return finished == 200; });
  CHECK(server.connections() == 200);
}

TEST_CASE("a finished exchange may start the next", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  int finished = 0;
  std::set<Fetcher::Id> ids;
  std::function<void(Result<Response>)> again = [&](const Result<Response>& result) {
    REQUIRE(result);
    if (++finished == 20) return;
    ids.insert(world.fetcher.start(http_request(server.port()), nullptr, again));
  };
  ids.insert(world.fetcher.start(http_request(server.port()), nullptr, again));
  world.run_until([&] { return finished == 20; });
  CHECK(ids.size() == 20);
}

TEST_CASE("a cancelled exchange is not heard of again", "[R-HTTP-02]") {
  World world;
  WebServer server(world.loop, always({"", After::hang}));
  bool called = false;
  const auto note = [&](const Result<Response>&) { called = true; };
  const auto at_once = world.fetcher.start(http_request(server.port()), nullptr, note);
  world.fetcher.cancel(at_once);
  const auto later = world.fetcher.start(http_request(server.port()), nullptr, note);
  world.run_until([&] { return server.seen().size() == 1; });
  world.fetcher.cancel(later);
  world.fetcher.cancel(later);
  world.fetcher.cancel(12345);
  Request request = http_request(server.port());
  request.timeouts.idle = 50ms;
  CHECK(code_of(world.fetch(request)) == Errc::transfer_stalled);
  CHECK_FALSE(called);
}

TEST_CASE("an exchange may be cancelled and others started while its name is told", "[R-HTTP-18]") {
  World world;
  WebServer server(world.loop, always(ok("x")));
  bool first = false;
  bool second = false;
  Fetcher::Id id = 0;
  id = world.fetcher.start(
      http_request(server.port(), "/first"),
      [&](const std::string&) {
        world.fetcher.cancel(id);
        world.fetcher.start(http_request(server.port(), "/second"), nullptr,
                            [&](const Result<Response>& result) { second = result.has_value(); });
      },
      [&](const Result<Response>&) { first = true; });
  world.run_until([&] { return second; });
  CHECK_FALSE(first);
  REQUIRE(server.seen().size() == 1);
  CHECK(server.seen()[0].request.starts_with("GET /second "));
}

TEST_CASE("a fetcher may go while exchanges are in flight", "[R-HTTP-02]") {
  boost::asio::io_context loop;
  const Targets targets;
  WebServer server(loop, always({"", After::hang}));
  bool called = false;
  {
    Fetcher fetcher(loop, targets);
    for (int i = 0; i < 10; ++i) {
      fetcher.start(http_request(server.port()), nullptr, [&](const auto&) { called = true; });
      fetcher.start(request_for(macro::Scheme::tftp, server.port(), "/x"), nullptr,
                    [&](const auto&) { called = true; });
    }
    while (server.seen().size() < 10) loop.run_one_for(5s);
    fetcher.start(http_request(server.port()), nullptr, [&](const auto&) { called = true; });
    called = false;  // by those that nobody listens to, where they got so far
  }
  loop.poll();
  CHECK_FALSE(called);
}

TEST_CASE("a fetcher may go from within a finished exchange", "[R-HTTP-02]") {
  boost::asio::io_context loop;
  const Targets targets;
  WebServer server(loop, always(ok("x")));
  auto fetcher = std::make_unique<Fetcher>(loop, targets);
  int finished = 0;
  for (int i = 0; i < 5; ++i) {
    fetcher->start(http_request(server.port()), nullptr, [&](const auto&) {
      ++finished;
      fetcher.reset();
    });
  }
  while (finished == 0) loop.run_one_for(5s);
  loop.poll();
  CHECK(finished == 1);
}

TEST_CASE("proxies of the environment are not asked", "[R-HTTP-16]") {
  REQUIRE(setenv("http_proxy", "http://127.0.0.1:1", 1) == 0);
  REQUIRE(setenv("all_proxy", "http://127.0.0.1:1", 1) == 0);
  World world;
  WebServer server(world.loop, always(ok("x")));
  const auto response = world.fetch(http_request(server.port()));
  unsetenv("http_proxy");
  unsetenv("all_proxy");
  REQUIRE(answered(response));
  CHECK(response->status == 200);
}

}  // namespace
}  // namespace provphone::client::transport::test::exchange_test
