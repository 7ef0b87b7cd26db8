#include "web_server.hpp"
#include "world.hpp"

#include <string>
#include <vector>

// Servers that misbehave on a raw socket: each gives the code that docs/errors.md has for it, and
// gives it soon.
namespace provphone::client::transport::test::conformance_test {
namespace {

// What a phone makes of an answer, as a code; count_ stands for success.
Errc code_for(const Reply& reply, const std::string& body = {}) {
  World world;
  WebServer server(world.loop, always(reply));
  Request request = http_request(server.port());
  request.timeouts.total = std::chrono::seconds(60);
  const auto response = world.fetch(request);
  if (response && !body.empty()) CHECK(response->body == body);
  return code_of(response);
}

const std::string file = "<flat-profile/>";
const std::string header = "HTTP/1.1 200 OK\r\n";
const std::string whole = header + "Content-Length: 15\r\n\r\n" + file;
const std::string chunked = header + "Transfer-Encoding: chunked\r\n\r\n";

TEST_CASE("an answer that ends before its last octet is interrupted, wherever that is",
          "[R-HTTP-13]") {
  const std::vector<std::string> answers{whole,
                                         chunked + "5\r\n<flat\r\na\r\n-profile/>\r\n0\r\n\r\n"};
  for (const auto& answer : answers) {
    for (std::size_t size = 0; size < answer.size(); ++size) {
      INFO(size << " octets: " << answer.substr(0, size));
      // Behind the last chunk all of the file is there, whatever of the line that ends it is
      // missing.
      const bool has_all = answer.substr(0, size).find("\r\n0\r\n") != std::string::npos;
      const auto code = code_for({answer.substr(0, size), After::close});
      CHECK((code == Errc::transfer_interrupted || (has_all && code == Errc::count_)));
      CHECK(code_for({answer.substr(0, size), After::reset}) == Errc::transfer_interrupted);
    }
    CHECK(code_for({answer, After::close}, file) == Errc::count_);
  }
}

TEST_CASE("what follows the last octet, or stands before the answer, does no harm", "[R-HTTP-08]") {
  const std::vector<std::string> answers{
      whole,
      whole + "and more of it",
      whole + whole,
      "HTTP/1.1 100 Continue\r\n\r\n" + whole,
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + whole,
      "HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\nLocation: /x\r\n\r\n" + whole,
      header + "Content-Length: 15\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/1.0 200 OK\r\n\r\n" + file,
      "HTTP/1.1 200\r\ncontent-length:15\r\n\r\n" + file,
      header + "X-Odd: \x01\x02\xFF\r\nContent-Length: 15\r\n\r\n" + file,
      chunked + "f;extension=1\r\n" + file + "\r\n0\r\nTrailer: x\r\n\r\n",
  };
  for (const auto& answer : answers) {
    INFO(answer);
    CHECK(code_for({answer, After::close}, file) == Errc::count_);
  }
}

TEST_CASE("what breaks the grammar is no HTTP", "[R-HTTP-14]") {
  const std::vector<std::string> answers{
      "garbage\r\n\r\n",
      std::string("\0\0\0\0\r\n", 6),
      "<flat-profile/>",
      "HTTP/9.9 200 OK\r\n\r\n" + file,
      "HTTP/1.1 abc OK\r\n\r\n" + file,
      header + "Content-Length: -5\r\n\r\n" + file,
      header + "Content-Length: many\r\n\r\n" + file,
      header + "Content-Length: 15\r\nContent-Length: 16\r\n\r\n" + file,
      header + std::string("X-Odd: a\0b\r\n", 12) + "Content-Length: 15\r\n\r\n" + file,
      chunked + "zz\r\n" + file,
      chunked + "fffffffffffffffffffffff\r\n" + file,
  };
  for (const auto& answer : answers) {
    INFO(answer);
    CHECK(code_for({answer, After::close}) == Errc::protocol_error);
  }
}

TEST_CASE("interim answers alone are no answer", "[R-HTTP-13]") {
  CHECK(code_for({"HTTP/1.1 100 Continue\r\n\r\n", After::close}) == Errc::transfer_interrupted);
  CHECK(code_for({"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
                  After::close}) == Errc::transfer_interrupted);
}

TEST_CASE("a length beyond all files is too large, not a wrong number", "[R-HTTP-12]") {
  CHECK(code_for({header + "Content-Length: 99999999999999999999\r\n\r\n" + file, After::close}) ==
        Errc::body_too_large);
}

}  // namespace
}  // namespace provphone::client::transport::test::conformance_test
