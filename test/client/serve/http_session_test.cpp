#include "client/serve/http_session.hpp"

#include "client/transport/listener.hpp"
#include "test/client/serve/world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <poll.h>

#include <chrono>
#include <future>
#include <thread>

// The conversation itself, whatever it is about.
namespace provphone::client::serve::http_session_test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Says `content` to whoever asks, after a while, and once more how it went.
struct Words {
  std::string content = "hello";
  milliseconds delay{};
  std::function<void(const Outcome&)> on_over{};
};

class Speaker final : public Respondent {
 public:
  explicit Speaker(const Words& words) : words_(words) {}

  milliseconds delay(const Request&) override { return words_.delay; }
  Reply answer(const Request& request) override {
    Answer answer;
    answer.set("Content-Length", std::to_string(words_.content.size()));
    answer.set("Target", std::string(request.target));
    answer.set("Content-Length", std::to_string(words_.content.size()));
    answer.body.content = Content(words_.content);
    if (request.target == "/last") answer.persistence = Persistence::last;
    return {std::move(answer), Ending::honest};
  }
  std::optional<Answer> refusal(int) override { return std::nullopt; }
  void over(const Request&, const Outcome& outcome) override {
    if (words_.on_over) words_.on_over(outcome);
  }

 private:
  const Words& words_;
};

// Sessions on a loop beside the test. At its end, the loop must have nothing left to do.
class Speakers {
 public:
  Speakers(Words words, milliseconds patience) : words_(std::move(words)) {
    const auto on_accepted = [this, patience](tcp::socket socket) {
      start_session({std::move(socket), nullptr}, {.patience = patience}, connections_,
                    std::make_unique<Speaker>(words_));
    };
    listener_ =
        client::transport::Listener::open(loop_, {asio::ip::address_v4::loopback(), 0}, on_accepted)
            .value();
    port_ = listener_->port();
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Speakers() {
    asio::post(loop_, [this] {
      listener_->close();
      connections_->close();
    });
    thread_.join();
  }
  Speakers(const Speakers&) = delete;
  Speakers& operator=(const Speakers&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  Words words_;
  asio::io_context loop_;
  std::shared_ptr<Connections> connections_ = std::make_shared<Connections>();
  std::shared_ptr<client::transport::Listener> listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

class Caller {
 public:
  explicit Caller(const Speakers& speakers) : socket_(loop_) {
    socket_.connect({asio::ip::address_v4::loopback(), speakers.port()});
  }

  void say(std::string_view text) { asio::write(socket_, asio::buffer(text)); }
  // Whether there is something to be read, or the end, before so long.
  bool hears_something_in(milliseconds time) {
    pollfd ready{socket_.native_handle(), POLLIN, 0};
    return ::poll(&ready, 1, static_cast<int>(time.count())) == 1;
  }
  // What is there; empty at the end.
  std::string hear() {
    REQUIRE(hears_something_in(std::chrono::seconds{20}));
    std::string text(4096, '\0');
    boost::system::error_code error;
    text.resize(socket_.read_some(asio::buffer(text), error));
    return text;
  }

 private:
  asio::io_context loop_;
  tcp::socket socket_;
};

constexpr milliseconds long_patience = std::chrono::seconds{20};

}  // namespace

TEST_CASE("a session says what becomes of the connection in the words of the client's version",
          "[serve]") {
  struct Row {
    const char* request;
    const char* head;
  };
  const auto [request, head] = GENERATE(values<Row>({
      {"GET /a HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nTarget: /a\r\nContent-Length: 5\r\n\r\n"},
      {"GET /a HTTP/1.1\r\nConnection: close\r\n\r\n",
       "HTTP/1.1 200 OK\r\nTarget: /a\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"},
      {"GET /last HTTP/1.1\r\n\r\n",
       "HTTP/1.1 200 OK\r\nTarget: /last\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"},
      {"GET /a HTTP/1.0\r\n\r\n", "HTTP/1.0 200 OK\r\nTarget: /a\r\nContent-Length: 5\r\n\r\n"},
      {"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
       "HTTP/1.0 200 OK\r\nTarget: /a\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\n"},
  }));
  const Speakers speakers({}, long_patience);
  Caller caller(speakers);
  caller.say(request);
  CHECK(caller.hear() == head + std::string("hello"));
}

TEST_CASE("a client that does not say all of its request in time is sent away", "[serve]") {
  const std::string said =
      GENERATE("", "GET / HT", "PUT /a HTTP/1.1\r\nContent-Length: 5\r\n\r\n1");
  const Speakers speakers({}, milliseconds{300});
  Caller caller(speakers);
  caller.say(said);
  CHECK_FALSE(caller.hears_something_in(milliseconds{100}));
  CHECK(caller.hear().empty());
}

TEST_CASE("each request of a connection has the whole patience", "[serve]") {
  const Speakers speakers({}, milliseconds{600});
  Caller caller(speakers);
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(caller.hears_something_in(milliseconds{300}));
    caller.say("GET /a HTTP/1.1\r\n\r\n");
    CHECK_FALSE(caller.hear().empty());
  }
  CHECK(caller.hear().empty());
}

TEST_CASE("an answer may be longer in the making than a client may be silent", "[serve]") {
  const Speakers speakers({.delay = milliseconds{300}}, milliseconds{100});
  Caller caller(speakers);
  caller.say("GET /a HTTP/1.1\r\n\r\n");
  CHECK_THAT(caller.hear(), Catch::EndsWith("hello"));
}

TEST_CASE("a client that does not take its answer is sent away", "[serve]") {
  constexpr std::size_t more_than_sockets_hold = std::size_t{64} << 20U;
  std::promise<Outcome> outcome;
  auto is_over = outcome.get_future();
  {
    const Speakers speakers({.content = std::string(more_than_sockets_hold, 'x'),
                             .on_over = [&](const Outcome& seen) { outcome.set_value(seen); }},
                            milliseconds{2});
    Caller caller(speakers);
    caller.say("GET /a HTTP/1.1\r\n\r\n");
    REQUIRE(is_over.wait_for(std::chrono::seconds{20}) == std::future_status::ready);
  }
  const auto seen = is_over.get();
  CHECK(seen.status == 200);
  CHECK(seen.bytes < more_than_sockets_hold);
}

}  // namespace provphone::client::serve::http_session_test
