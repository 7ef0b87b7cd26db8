#include "test/client/serve/world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>

namespace provphone::client::serve::http_test {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

Options over_http(const std::vector<std::string>& faults = {}) {
  Options options;
  options.http_port = 0;
  options.faults = faults_of(faults);
  return options;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a file is served with its length and kind", "[serve]") {
  World world(over_http());
  world.folder().write("deep/a.xml", "<flat-profile/>");
  world.folder().write("b.cfg", "x");
  const auto xml = fetch(world.url("http", "/deep/a.xml?mac=1"), {.user_agent = "phone 1"});
  CHECK(xml.status == 200);
  CHECK(xml.body == "<flat-profile/>");
  CHECK(has(xml.head, "Content-Length: 15\r\n"));
  CHECK(has(xml.head, "Content-Type: application/xml\r\n"));
  const auto other = fetch(world.url("http", "/b.cfg"));
  CHECK(other.body == "x");
  CHECK(has(other.head, "Content-Type: application/octet-stream\r\n"));

  const auto served = world.served(2);
  CHECK(served[0].protocol == "http");
  CHECK(served[0].method == "GET");
  CHECK(served[0].path == "/deep/a.xml?mac=1");
  CHECK(served[0].status == 200);
  CHECK(served[0].bytes == 15);
  CHECK(served[0].client_address == "127.0.0.1");
  CHECK(served[0].client_subject.empty());
  CHECK(served[0].user_agent == "phone 1");
}

TEST_CASE("a file comes whole whatever its size", "[serve]") {
  World world(over_http());
  const auto size = GENERATE(as<std::size_t>{}, 0, 1, 65535, 65536, 65537, 3'000'000);
  const auto content = some_content(size);
  world.folder().write("a.bin", content);
  const auto got = fetch(world.url("http", "/a.bin"));
  CHECK(got.curl_code == 0);
  CHECK((got.body == content));
  CHECK(world.served(1)[0].bytes == size);
}

TEST_CASE("an edited file is served as it is now", "[serve]") {
  World world(over_http());
  world.folder().write("a.xml", "old");
  CHECK(fetch(world.url("http", "/a.xml")).body == "old");
  world.folder().write("a.xml", "newer");
  CHECK(fetch(world.url("http", "/a.xml")).body == "newer");
}

TEST_CASE("what is not in the directory is not found", "[serve]") {
  const Folder outside;
  outside.write("secret", "secret");
  World world(over_http());
  world.folder().write("a.xml", "a");
  fs::create_symlink(outside.path("secret"), world.folder().path("link"));
  const auto climb = "/../" + fs::path(outside.path()).filename().string() + "/secret";
  const std::vector<std::string> paths{
      "/b.xml",           "/",         "/link", climb, "/%2e%2e" + climb.substr(3),
      "/x/..%2f" + climb, "/a.xml%00", "/%zz"};
  for (const auto& path : paths) {
    INFO(path);
    const auto got = fetch(world.url("http", path));
    CHECK(got.status == 404);
    CHECK(got.body == "404 Not Found\n");
  }
  CHECK(world.served(paths.size()).back().status == 404);
}

TEST_CASE("HEAD gets the head alone", "[serve]") {
  World world(over_http());
  world.folder().write("a.xml", "12345");
  const auto got = fetch(world.url("http", "/a.xml"), {.method = "HEAD"});
  CHECK(got.status == 200);
  CHECK(got.body.empty());
  CHECK(has(got.head, "Content-Length: 5\r\n"));
  CHECK(fetch(world.url("http", "/b.xml"), {.method = "HEAD"}).status == 404);
  const auto served = world.served(2);
  CHECK(served[0].method == "HEAD");
  CHECK(served[0].bytes == 0);
}

TEST_CASE("POST to a file gets the file", "[serve]") {
  World world(over_http());
  world.folder().write("a.xml", "12345");
  CHECK(fetch(world.url("http", "/a.xml"), {.method = "POST", .body = "mac=1"}).body == "12345");
  CHECK(fetch(world.url("http", "/b.xml"), {.method = "POST", .body = "mac=1"}).status == 404);
  CHECK(world.served(2)[0].method == "POST");
}

TEST_CASE("PUT is taken where there is a folder for it", "[serve]") {
  World world(over_http());
  const Ask put{.method = "PUT", .body = "<report/>"};
  const auto refused = fetch(world.url("http", "/report/1.xml"), put);
  CHECK(refused.status == 405);
  CHECK(has(refused.head, "Allow: GET, HEAD, POST\r\n"));
  fs::create_directory(world.folder().path("uploads"));
  CHECK(fetch(world.url("http", "/report/1.xml"), put).status == 201);
  CHECK(fetch(world.url("http", "/report/1.xml"), put).status == 200);
  CHECK(fetch(world.url("http", "/../1.xml"), put).status == 404);
  CHECK(world.folder().read("uploads/report/1.xml") == "<report/>");
  CHECK(fetch(world.url("http", "/uploads/report/1.xml")).body == "<report/>");
  const auto other = fetch(world.url("http", "/report/1.xml"), {.method = "DELETE"});
  CHECK(other.status == 405);
  CHECK(has(other.head, "Allow: GET, HEAD, POST, PUT\r\n"));
}

TEST_CASE("faults are answered in their turn", "[serve]") {
  World world(over_http({"/a.xml=503*2", "/a.xml=404@4-4", "/b.xml=200*1"}));
  world.folder().write("a.xml", "a");
  world.folder().write("b.xml", "b");
  std::vector<long> statuses;
  for (int i = 0; i < 5; ++i) statuses.push_back(fetch(world.url("http", "/a.xml?x")).status);
  CHECK(statuses == std::vector<long>{503, 503, 200, 404, 200});
  const auto empty = fetch(world.url("http", "/b.xml"));
  CHECK(empty.status == 200);
  CHECK(empty.body.empty());
  CHECK(fetch(world.url("http", "/b.xml")).body == "b");
}

TEST_CASE("a fault that allows no body has none", "[serve]") {
  World world(over_http({"/a=204*1", "/a=304@2-2", "/a=401@3-3"}));
  for (const long status : {204L, 304L}) {
    const auto got = fetch(world.url("http", "/a"));
    CHECK(got.curl_code == 0);
    CHECK(got.status == status);
    CHECK_FALSE(has(got.head, "Content-Length"));
  }
  CHECK(has(fetch(world.url("http", "/a")).head, "WWW-Authenticate: Basic"));
}

TEST_CASE("a connection is kept for the next request unless the client says otherwise", "[serve]") {
  World world(over_http());
  world.folder().write("a", "first");
  world.folder().write("b", "second");
  const auto said = talk(world.port("http"),
                         "GET /a HTTP/1.1\r\nHost: h\r\n\r\n"
                         "GET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                         "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
  CHECK(has(said, "first"));
  CHECK(has(said, "second"));
  CHECK(said.find("first") == said.rfind("first"));
  const auto old = talk(world.port("http"), "GET /a HTTP/1.0\r\n\r\n");
  CHECK(has(old, "first"));
}

TEST_CASE("a client that asks before it sends is told to go on", "[serve]") {
  World world(over_http());
  fs::create_directory(world.folder().path("uploads"));
  const auto said = talk(world.port("http"),
                         "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
                         "Expect: 100-continue\r\n\r\n",
                         "\r\n\r\n");
  CHECK(said == "HTTP/1.1 100 Continue\r\n\r\n");
}

TEST_CASE("a request beyond the limits is refused and the connection closed", "[serve]") {
  World world(over_http());
  const auto status_line = [&](const std::string& request) {
    const auto said = talk(world.port("http"), request);
    CHECK(has(said, "Connection: close\r\n"));
    return said.substr(0, said.find('\r'));
  };
  CHECK(status_line("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n") ==
        "HTTP/1.1 431 Request Header Fields Too Large");
  CHECK(status_line("POST / HTTP/1.1\r\nContent-Length: 8388609\r\n\r\n") ==
        "HTTP/1.1 413 Payload Too Large");
  CHECK(status_line("nonsense\r\n\r\n") == "HTTP/1.1 400 Bad Request");
  CHECK(status_line("GET /a HTTP/1.1\r\nContent-Length: x\r\n\r\n") == "HTTP/1.1 400 Bad Request");
  CHECK(status_line(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)) ==
        "HTTP/1.1 400 Bad Request");
  const auto served = world.served(5);
  CHECK(served[1].method == "POST");
  CHECK(served[1].status == 413);
  CHECK(served[2].method.empty());
}

TEST_CASE("a body of eight megabytes is still taken", "[serve]") {
  World world(over_http());
  fs::create_directory(world.folder().path("uploads"));
  const auto body = some_content(std::size_t{8} << 20U);
  CHECK(fetch(world.url("http", "/a"), {.method = "PUT", .body = body}).status == 201);
  CHECK((world.folder().read("uploads/a") == body));
}

TEST_CASE("a client that leaves in the middle of a file is served no further", "[serve]") {
  World world(over_http());
  world.folder().write("a.bin", some_content(std::size_t{64} << 20U));
  CHECK(has(talk(world.port("http"), "GET /a.bin HTTP/1.1\r\nHost: h\r\n\r\n", "\r\n\r\n"), "200"));
  const auto served = world.served(1);
  CHECK(served[0].status == 200);
  CHECK(served[0].bytes < (std::uint64_t{64} << 20U));
}

TEST_CASE("a server stops at once, whoever is connected", "[serve]") {
  World world(over_http());
  world.folder().write("a.bin", some_content(std::size_t{64} << 20U));
  asio::io_context loop;
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address("127.0.0.1"), world.port("http"));
  asio::ip::tcp::socket idle(loop);
  asio::ip::tcp::socket half(loop);
  asio::ip::tcp::socket greedy(loop);
  for (auto* socket : {&idle, &half, &greedy}) socket->connect(endpoint);
  asio::write(half, asio::buffer("GET / HT", 8));
  constexpr std::string_view request = "GET /a.bin HTTP/1.1\r\nHost: h\r\n\r\n";
  asio::write(greedy, asio::buffer(request.data(), request.size()));
  std::array<char, 1> first{};
  greedy.receive(asio::buffer(first));
  world.stop();
  boost::system::error_code error;
  asio::ip::tcp::socket late(loop);
  late.connect(endpoint, error);
  CHECK(error == asio::error::connection_refused);
  CHECK(idle.read_some(asio::buffer(first), error) == 0);
  CHECK(error);
}

TEST_CASE("a server can be destroyed by what it reports to, and its loop with clients in it",
          "[serve]") {
  const Folder folder;
  folder.write("a", "a");
  auto loop = std::make_unique<asio::io_context>();
  Options options;
  options.directory = folder.path();
  options.http_port = 0;
  std::unique_ptr<Server> server;
  server = Server::start(*loop, options, [&](const Served&) { server.reset(); }).value();
  asio::io_context client_loop;
  asio::ip::tcp::socket client(client_loop);
  client.connect({asio::ip::make_address("127.0.0.1"), server->http_port()});
  constexpr std::string_view request = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
  asio::write(client, asio::buffer(request.data(), request.size()));
  while (server) loop->run_one();
  loop.reset();
  CHECK_FALSE(server);
}

TEST_CASE("a server that cannot start says why", "[serve]") {
  World world(over_http());
  asio::io_context loop;
  const auto refused = [&](Options options) {
    auto server = Server::start(loop, std::move(options), {});
    REQUIRE_FALSE(server);
    return server.error();
  };
  Options options = over_http();
  options.directory = world.folder().path("nothing");
  CHECK(refused(options).code == Errc::unreadable_file);
  options.directory = world.folder().path();
  options.address = "localhost";
  CHECK(refused(options) == Error{Errc::bad_argument, "'localhost' is not an address"});
  options.address = "127.0.0.1";
  options.http_port = world.port("http");
  const auto taken = refused(options);
  CHECK(taken.code == Errc::bad_argument);
  CHECK(has(taken.detail, std::to_string(world.port("http"))));
  options.http_port.reset();
  options.https_port = 0;
  CHECK(refused(options).code == Errc::bad_argument);
  options.pki_directory = world.folder().path();
  const auto no_pki = refused(options);
  CHECK(no_pki.code == Errc::unreadable_file);
  CHECK(has(no_pki.detail, "server.pem"));
}

TEST_CASE("a server without ports serves nothing", "[serve]") {
  const Folder folder;
  asio::io_context loop;
  Options options;
  options.directory = folder.path();
  const auto server = Server::start(loop, options, {}).value();
  CHECK(server->http_port() == 0);
  CHECK(server->https_port() == 0);
  CHECK(server->tftp_port() == 0);
}

}  // namespace provphone::client::serve::http_test
