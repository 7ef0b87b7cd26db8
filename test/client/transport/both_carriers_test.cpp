#include "client/transport/detail/http_answer.hpp"
#include "resync/random.hpp"
#include "web_server.hpp"
#include "world.hpp"

#include <fmt/format.h>

#include <functional>
#include <string>
#include <vector>

// The client of its own that carries plain HTTP, held against libcurl: what a server sees and what
// a phone gets is the same.
namespace provphone::client::transport::test::both_carriers_test {
namespace {

using namespace std::chrono_literals;

// All that a driver learns, as text.
std::string told(const Result<Response>& result) {
  if (!result) return std::string(name(result.error().code));
  const auto& r = *result;
  auto text = fmt::format("{} {} {} [{}] [{}] [{}] [{}] [{}] [{}]", r.status, r.body, r.body_bytes,
                          r.location, r.content_encoding, r.content_type, r.content_length,
                          r.transfer_encoding, r.cache_control);
  for (const auto& challenge : r.authenticate) text += " / " + challenge;
  return text + " from " + r.server_address;
}

std::string visible(const std::string& octets) {
  std::string text;
  for (const char c : octets) {
    const bool is_plain = c == '\n' || (c >= ' ' && c <= '~');
    text += is_plain ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
  return text;
}

struct Outcome {
  std::string told;
  std::string detail;  // of a failure
  std::vector<std::string> seen;
};

Outcome outcome_by(HttpCarrier carrier, const Reply& reply, Request request) {
  World world;
  WebServer server(world.loop, always(reply));
  request.http = carrier;
  request.url.port = server.port();
  const auto result = world.fetch(request);
  Outcome outcome{told(result), result ? "" : format(result.error()), {}};
  for (const auto& each : server.seen()) outcome.seen.push_back(each.request);
  return outcome;
}

void check_both(const Reply& reply, const Request& request) {
  const auto own = outcome_by(HttpCarrier::own, reply, request);
  const auto libcurl = outcome_by(HttpCarrier::libcurl, reply, request);
  INFO(visible(reply.text) << "\nown: " << own.detail << "\nlibcurl: " << libcurl.detail);
  CHECK(own.told == libcurl.told);
  CHECK(own.seen.size() == libcurl.seen.size());
}

const std::string file = "<flat-profile/>";
const std::string header = "HTTP/1.1 200 OK\r\n";
const std::string whole = header + "Content-Length: 15\r\n\r\n" + file;
const std::string chunked = header + "Transfer-Encoding: chunked\r\n\r\n";

std::vector<std::string> answers() {
  return {
      "",
      "\r\n",
      "\n" + whole,
      "H",
      "HTTP",
      "HTTP/",
      "HTTQ/1.1 200 OK\r\n\r\n",
      "http/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 200f OK\r\nContent-Length: 15\r\n\r\n" + file,
      header + "X\r: y\r\nContent-Length: 15\r\n\r\n" + file,
      header + "Content-Length: 15\r\n\r" + file,
      header + "Content-Length: 99999999\r\nno colon\r\n\r\n" + file,
      chunked + "f\r\n" + file + "\r\n0\r\nno colon\r\n\r\n",
      chunked + "f\r\n" + file + "\r\n0\r\nX: y\rz\r\n\r\n",
      "HTTP/1.1\r\n\r\n",
      "HTTP/1.1 \r\n\r\n",
      "HTTP/1.1 20\r\n\r\n",
      "HTTP/1.1 2000 OK\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/1.1  200 OK\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/1.1\t200 OK\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/1.2 200 OK\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/0.9 200 OK\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/1.1 200\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/1.1 200 OK\nContent-Length: 15\n\n" + file,
      "HTTP/1.0 200 OK\n\n" + file,
      header + "\r\n",
      header + "Content-Length: 0\r\n\r\n",
      header + "Content-Length:15\r\n\r\n" + file,
      header + "CONTENT-LENGTH:    15   \r\n\r\n" + file,
      header + "Content-Length: 15 15\r\n\r\n" + file,
      header + "Content-Length: 15, 15\r\n\r\n" + file,
      header + "Content-Length: 15x\r\n\r\n" + file,
      header + "Content-Length: 0x0f\r\n\r\n" + file,
      header + "Content-Length: +15\r\n\r\n" + file,
      header + "Content-Length:\r\n\r\n" + file,
      header + "Content-Length : 15\r\n\r\n" + file,
      header + " Content-Length: 15\r\n\r\n" + file,
      header + "X: a\r\n Content-Length: 3\r\nContent-Length: 15\r\n\r\n" + file,
      header + "Content-Length: 15\r\ncontent-length: 15\r\n\r\n" + file,
      header + "Content-Length: 16\r\n\r\n" + file,
      header + "Content-Length: 14\r\n\r\n" + file,
      header + "Content-Length: 9223372036854775807\r\n\r\n" + file,
      header + "Content-Length: 9223372036854775808\r\n\r\n" + file,
      header + "no colon\r\n\r\n" + file,
      header + ": no name\r\nContent-Length: 15\r\n\r\n" + file,
      header + "X\r\nContent-Length: 15\r\n\r\n" + file,
      header + "Location: /a\r\nLocation: /b\r\nContent-Length: 15\r\n\r\n" + file,
      header + "Content-Type:\r\nCache-Control:  no-store \r\nContent-Encoding: gzip\r\n\r\n" +
          file,
      "HTTP/1.1 204 No Content\r\n\r\n" + file,
      "HTTP/1.1 204 No Content\r\nContent-Length: 15\r\n\r\n" + file,
      "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n" + file,
      "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope",
      "HTTP/1.1 500 No\r\n\r\nnope",
      "HTTP/1.1 999 No\r\n\r\nnope",
      "HTTP/1.1 099 No\r\n\r\n" + whole,
      "HTTP/1.1 302 Found\r\nLocation: http://example.net/x\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\nWWW-Authenticate: "
      "Basic realm=\"c\"\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 100 Continue\r\n\r\n" + whole,
      "HTTP/1.1 101 Switching\r\n\r\n" + file,
      "HTTP/1.1 101 Switching\r\nTransfer-Encoding: chunked\r\n\r\n" + file,
      "HTTP/1.1 101 Switching\r\nContent-Length: 3\r\n\r\n" + file,
      "HTTP/1.1 103 Early\r\nTransfer-Encoding: chunked\r\n\r\n" + whole,
      chunked + "f\r\n" + file + "\r\n0\r\n\r\n",
      chunked + "F;a=b\r\n" + file + "\r\n0;x\r\n\r\nmore",
      chunked + "f\n" + file + "\n0\n\n",
      chunked + "000000000000000f\r\n" + file + "\r\n0\r\n\r\n",
      chunked + "0000000000000000f\r\n" + file + "\r\n0\r\n\r\n",
      chunked + "7fffffffffffffff\r\n" + file,
      chunked + "ffffffffffffffff\r\n" + file,
      chunked + " f\r\n" + file + "\r\n0\r\n\r\n",
      chunked + "f \r\n" + file + "\r\n0\r\n\r\n",
      chunked + "\r\n",
      chunked + "e\r\n" + file + "\r\n0\r\n\r\n",
      chunked + "f\r\n" + file + "0\r\n\r\n",
      chunked + "f\r\n" + file + "\r\n0\r\nTrailer: x\r\nX: y\r\n\r\n",
      chunked + "f\r\n" + file + "\r\n0\r\nTrailer",
      chunked + "f\r\n" + file + "\r\n",
      header + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nf\r\n" + file +
          "\r\n0\r\n\r\n",
      header + "Transfer-Encoding: identity\r\n\r\n" + file,
      header + "Transfer-Encoding: identity, chunked\r\n\r\nf\r\n" + file + "\r\n0\r\n\r\n",
      header + "Transfer-Encoding: unheard-of\r\n\r\n" + file,
      header + "Transfer-Encoding: gzip\r\n\r\n" + file,
      header + "Transfer-Encoding: gzip, chunked\r\n\r\nf\r\n" + file + "\r\n0\r\n\r\n",
      header + "Connection: close\r\nContent-Length: 15\r\n\r\n" + file,
  };
}

TEST_CASE("what a server answers is the same to both carriers", "[R-HTTP-08][R-HTTP-14]") {
  for (const auto& answer : answers()) check_both({answer, After::close}, http_request(0));
}

TEST_CASE("an answer that breaks off is the same to both carriers", "[R-HTTP-13]") {
  for (const auto& answer : answers()) {
    check_both({answer.substr(0, answer.size() / 2), After::close}, http_request(0));
    check_both({answer.substr(0, answer.size() / 2), After::reset}, http_request(0));
  }
}

// Which of two faults is told first may differ.
std::string taken(const Outcome& outcome) {
  return outcome.detail.empty() ? outcome.told : "refused";
}

// Grammar in wrong places behind the status line, which no list has.
TEST_CASE("answers with faults at random are the same to both carriers", "[R-HTTP-14]") {
  const std::vector<std::string> parts{"\r\n",
                                       "\n",
                                       ":",
                                       " ",
                                       "\t",
                                       "0",
                                       "9",
                                       "f",
                                       "-",
                                       ",",
                                       "\x80",
                                       "Content-Length: 4\r\n",
                                       "Transfer-Encoding: chunked\r\n"};
  const auto all = answers();
  std::uint64_t drawn = 0;
  const auto below = [&](std::size_t limit) { return resync::mix(++drawn) % limit; };
  for (int i = 0; i < 600; ++i) {
    auto answer = all[below(all.size())];
    if (answer.find("HTTP/", 1) != std::string::npos) continue;  // status lines are whole
    const auto& part = parts[below(parts.size())];
    const auto line = std::min(answer.find('\n'), answer.size());
    const auto at = line + below(answer.size() + 1 - line);
    if (below(2) == 0) {
      answer.insert(at, part);
    } else {
      answer.replace(at, part.size(), part);
    }
    const Reply reply{answer, After::close};
    const auto own = outcome_by(HttpCarrier::own, reply, http_request(0));
    const auto libcurl = outcome_by(HttpCarrier::libcurl, reply, http_request(0));
    INFO(visible(answer) << "\nown: " << own.detail << "\nlibcurl: " << libcurl.detail);
    CHECK(taken(own) == taken(libcurl));
  }
}

TEST_CASE("a server sees the same request from both carriers", "[R-HTTP-04][R-HTTP-06]") {
  std::vector<Request> requests(12, http_request(0));
  requests[1].user_agent.clear();
  requests[2].authorization = "Basic dTpw";
  requests[3].forwarded_for = "192.0.2.7";
  requests[3].authorization = "Digest username=\"a\"";
  requests[4].host_header = HostHeader::none;
  requests[5].url.path = "/a b?c=d#e\xC3\xA9%41";
  requests[6].url.path = "";
  requests[7].url.host = "localhost";
  requests[8].url.host = "LocalHost";
  requests[9].url.host = "localhost.";
  requests[10].url.host = "0x7f000001";
  requests[11].url.path = "?a=b";
  for (const auto& request : requests) {
    const auto own = outcome_by(HttpCarrier::own, ok(file), request);
    const auto libcurl = outcome_by(HttpCarrier::libcurl, ok(file), request);
    REQUIRE(own.seen.size() == 1);
    REQUIRE(libcurl.seen.size() == 1);
    const auto without_port = [](std::string text) {
      const auto at = text.find("\r\nHost: ");
      if (at != std::string::npos) {
        const auto end = text.find("\r\n", at + 2);
        text.erase(text.rfind(':', end), end - text.rfind(':', end));
      }
      return text;
    };
    CHECK(without_port(own.seen[0]) == without_port(libcurl.seen[0]));
    CHECK(own.told == libcurl.told);
  }
}

TEST_CASE("an answer is the same in whatever portions it comes") {
  const auto request = http_request(1);
  for (const auto& text : answers()) {
    const auto read_in = [&](std::size_t portion) {
      detail::HttpAnswer answer;
      answer.begin(request);
      auto state = detail::HttpAnswer::State::going_on;
      for (std::size_t at = 0; at < text.size() && state == detail::HttpAnswer::State::going_on;
           at += portion)
        state = answer.read(std::string_view(text).substr(at, portion));
      state = answer.end();
      if (state != detail::HttpAnswer::State::whole) return format(answer.failure("server"));
      return told(answer.take());
    };
    INFO(text);
    const auto at_once = read_in(text.size() + 1);
    CHECK(read_in(1) == at_once);
    CHECK(read_in(7) == at_once);
  }
}

}  // namespace
}  // namespace provphone::client::transport::test::both_carriers_test
