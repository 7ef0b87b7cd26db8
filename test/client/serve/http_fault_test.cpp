#include "profile/aes.hpp"
#include "profile/gzip.hpp"
#include "test/client/serve/world.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <curl/curl.h>
#include <poll.h>

#include <chrono>

// What each fault looks like to a client over HTTP.
namespace provphone::client::serve::http_fault_test {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

Options with_fault(const std::string& fault) {
  Options options;
  options.http_port = 0;
  options.faults = faults_of({fault});
  return options;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A client that reads by hand, so that it sees how the connection ends.
class Reader {
 public:
  explicit Reader(const World& world) : socket_(loop_) {
    socket_.connect({asio::ip::make_address("127.0.0.1"), world.port("http")});
    constexpr std::string_view request = "GET /a.xml HTTP/1.1\r\nHost: h\r\n\r\n";
    asio::write(socket_, asio::buffer(request.data(), request.size()));
  }

  // Reads until the text has come; whether it has.
  bool hears(const std::string& text) {
    while (!has(said_, text)) {
      if (!read(std::chrono::seconds{100})) return false;
    }
    return true;
  }
  bool hears_nothing_more() { return !read(std::chrono::milliseconds{100}) && !error_; }
  // Reads to the end; how it ended.
  boost::system::error_code end() {
    while (read(std::chrono::seconds{100})) {
    }
    return error_;
  }
  const std::string& said() const { return said_; }

 private:
  bool read(std::chrono::milliseconds patience) {
    pollfd ready{socket_.native_handle(), POLLIN, 0};
    if (::poll(&ready, 1, static_cast<int>(patience.count())) != 1) return false;
    char buffer[4096];
    said_.append(buffer, socket_.read_some(asio::buffer(buffer), error_));
    return !error_;
  }

  asio::io_context loop_;
  asio::ip::tcp::socket socket_;
  boost::system::error_code error_;
  std::string said_;
};

}  // namespace

TEST_CASE("an answer that is delayed comes late and whole", "[serve]") {
  World world(with_fault("delay=300ms requests=1"));
  world.folder().write("a.xml", "a");
  const auto asked = Clock::now();
  CHECK(fetch(world.url("http", "/a.xml")).body == "a");
  CHECK(Clock::now() - asked >= std::chrono::milliseconds{300});
  CHECK(world.served(1)[0].fault == "delay=300ms");
  CHECK(fetch(world.url("http", "/a.xml")).body == "a");
  CHECK(world.served(2)[1].fault.empty());
}

TEST_CASE("a delayed answer does not keep a server that stops", "[serve]") {
  World world(with_fault("delay=10m"));
  world.folder().write("a.xml", "a");
  Reader reader(world);
  CHECK(reader.hears_nothing_more());
  world.stop();
  CHECK(reader.end() == asio::error::eof);
}

TEST_CASE("a stall says nothing, or half of a body, and then nothing", "[serve]") {
  {
    World world(with_fault("stall=head"));
    world.folder().write("a.xml", "abcdefgh");
    Reader reader(world);
    CHECK(world.served(1)[0].status == 0);
    CHECK(reader.hears_nothing_more());
    CHECK(reader.said().empty());
  }
  World world(with_fault("stall=body"));
  world.folder().write("a.xml", "abcdefgh");
  Reader reader(world);
  CHECK(reader.hears("abcd"));
  CHECK(reader.hears_nothing_more());
  CHECK(has(reader.said(), "Content-Length: 8\r\n"));
  CHECK_FALSE(has(reader.said(), "efgh"));
  CHECK(world.served(1)[0].bytes == 4);
  world.stop();
  CHECK(reader.end() == asio::error::eof);
}

TEST_CASE("a reset ends the connection with RST, before the answer or in its body", "[serve]") {
  const std::string fault = GENERATE("reset=head", "reset=body");
  World world(with_fault(fault));
  world.folder().write("a.xml", "abcdefgh");
  Reader reader(world);
  CHECK(reader.end() == asio::error::connection_reset);
  CHECK_FALSE(has(reader.said(), "efgh"));
  CHECK(world.served(1)[0].fault == fault);
}

TEST_CASE("a truncated body is closed half-way, as if all was well", "[serve]") {
  World world(with_fault("truncated=body"));
  world.folder().write("a.xml", "abcdefgh");
  Reader reader(world);
  CHECK(reader.end() == asio::error::eof);
  CHECK(has(reader.said(), "Content-Length: 8\r\n"));
  CHECK(reader.said().substr(reader.said().size() - 8) == "\r\n\r\nabcd");
}

TEST_CASE("a wrong length promises more than comes, or less", "[serve]") {
  struct Case {
    std::string fault, header;
    int curl_code;
    std::string body;
  };
  const auto [fault, header, curl_code, body] = GENERATE(values<Case>({
      {"length=longer", "Content-Length: 1008\r\n", CURLE_PARTIAL_FILE, "abcdefgh"},
      {"length=shorter", "Content-Length: 4\r\n", CURLE_OK, "abcd"},
  }));
  World world(with_fault(fault));
  world.folder().write("a.xml", "abcdefgh");
  const auto got = fetch(world.url("http", "/a.xml"));
  CHECK(got.curl_code == curl_code);
  CHECK(has(got.head, header));
  CHECK(got.body == body);
}

TEST_CASE("a file that is spoilt arrives complete, and is not what it was", "[serve]") {
  const auto fetched = [](const std::string& fault, const std::string& content) {
    World world(with_fault(fault));
    world.folder().write("a.xml", content);
    world.folder().write("b.xml", "somebody else's");
    const auto got = fetch(world.url("http", "/a.xml"));
    CHECK(got.curl_code == CURLE_OK);
    CHECK(got.status == 200);
    return got.body;
  };
  CHECK(fetched("truncated=file", "abcdefgh") == "abcd");
  CHECK(fetched("file=/b.xml", "mine") == "somebody else's");
  CHECK(has(fetched("page=html", "mine"), "<html>"));
  for (const auto& content : {std::string("plain"), profile::gzip("gzipped before")}) {
    const auto body = fetched("gzip=corrupt", content);
    CHECK(profile::looks_gzipped(body));
    const auto unpacked = profile::gunzip(body, 1000);
    REQUIRE_FALSE(unpacked);
    CHECK(unpacked.error().code == Errc::gzip_corrupt);
  }
  const auto encrypted = fetched("key=wrong", "<flat-profile/>");
  CHECK(profile::looks_encrypted(encrypted));
  CHECK_FALSE(profile::decrypt(encrypted, "mine", profile::KeyDigests::sha256_then_md5));
}

TEST_CASE("a redirect leads where it says, or back to itself", "[serve]") {
  struct Case {
    std::string fault;
    long status;
    std::string location;
  };
  const auto [fault, status, location] = GENERATE(values<Case>({
      {"status=307 location=/b.xml", 307, "Location: /b.xml\r\n"},
      {"status=303", 303, ""},
      {"redirect=loop", 302, "Location: /a.xml?x=1\r\n"},
  }));
  World world(with_fault(fault));
  const auto got = fetch(world.url("http", "/a.xml?x=1"));
  CHECK(got.status == status);
  CHECK(has(got.head, "Location") == !location.empty());
  CHECK(has(got.head, location));
}

TEST_CASE("faults that no listener can show are an error at the start", "[serve]") {
  const Folder folder;
  asio::io_context loop;
  for (const std::string fault : {"redirect=http", "certificate=expired"}) {
    Options options;
    options.directory = folder.path();
    options.tftp_port = 0;
    options.faults = faults_of({fault});
    const auto server = Server::start(loop, options, {});
    REQUIRE_FALSE(server);
    CHECK(server.error().code == Errc::bad_argument);
  }
}

TEST_CASE("a record says when a request came and what it brought", "[serve]") {
  World world(with_fault("status=503 path=/b*"));
  world.folder().write("a.xml", "a");
  CHECK(fetch(world.url("http", "/a.xml"), {.method = "POST", .body = "mac=1"}).status == 200);
  CHECK(fetch(world.url("http", "/b.xml")).status == 503);
  const auto served = world.served(2);
  CHECK(served[0].received == 5);
  CHECK(served[0].fault.empty());
  CHECK(served[1].received == 0);
  CHECK(served[1].fault == "status=503");
  CHECK(served[1].at >= served[0].at);
}

TEST_CASE("uploads are kept where somebody asked for them", "[serve]") {
  const Folder uploads;
  Options options;
  options.http_port = 0;
  options.uploads = UploadsTo::folder;
  options.upload_folder = uploads.path("new/reports");
  World world(options);
  world.folder().write("a.xml", "a");
  const auto send = [&](const std::string& method, const std::string& path) {
    return fetch(world.url("http", path), {.method = method, .body = method + path});
  };
  CHECK(send("PUT", "/deep/1.xml").status == 201);
  CHECK(send("PUT", "/deep/1.xml").status == 200);
  CHECK(send("POST", "/2.xml").status == 201);
  CHECK(send("POST", "/a.xml").body == "a");
  CHECK(send("PUT", "/deep").status == 403);
  CHECK(send("PUT", "/../3.xml").status == 404);
  CHECK(uploads.read("new/reports/deep/1.xml") == "PUT/deep/1.xml");
  CHECK(uploads.read("new/reports/2.xml") == "POST/2.xml");
  CHECK_FALSE(std::filesystem::exists(uploads.path("new/reports/a.xml")));
}

TEST_CASE("uploads that are only counted are kept nowhere", "[serve]") {
  Options options;
  options.http_port = 0;
  options.uploads = UploadsTo::nowhere;
  World world(options);
  for (const std::string method : {"PUT", "POST"}) {
    CHECK(fetch(world.url("http", "/1.xml"), {.method = method, .body = "12345"}).status == 201);
  }
  CHECK(world.served(2)[1].received == 5);
  CHECK(std::filesystem::is_empty(world.folder().path()));
}

}  // namespace provphone::client::serve::http_fault_test
