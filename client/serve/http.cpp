#include "client/serve/http.hpp"

#include "client/serve/answer.hpp"
#include "client/serve/tls.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <chrono>
#include <optional>
#include <type_traits>
#include <utility>

namespace provphone::client::serve {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

// A client gets this long for a handshake, for a whole request, and between two requests.
constexpr std::chrono::seconds patience{30};
// An answer gets as much again for each of these pieces, so that a slow client can have a firmware
// image.
constexpr std::uint64_t octets_per_patience = std::uint64_t{1} << 20;
// How long a client is left waiting by a fault that stalls.
constexpr std::chrono::minutes longest_stall{10};
// How long a client may take to notice that the conversation is over.
constexpr std::chrono::seconds farewell{2};

constexpr std::uint32_t header_limit = 16 * 1024;
constexpr std::uint64_t body_limit = std::uint64_t{8} << 20;

using RequestHead = http::request_header<>;

// The answer to a request that could not be read to its end; nothing where there is nobody to
// answer.
std::optional<int> status_of_refusal(const beast::error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  const bool is_nobody =
      error == http::error::end_of_stream || error == http::error::partial_message;
  const bool is_malformed = error.category() == make_error_code(http::error::bad_target).category();
  return is_malformed && !is_nobody ? std::optional<int>(400) : std::nullopt;
}

std::string address_of(const beast::tcp_stream& stream) {
  beast::error_code ignored;
  return stream.socket().remote_endpoint(ignored).address().to_string();
}

using TlsStream = beast::ssl_stream<beast::tcp_stream>;

template <class Stream>
constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

constexpr std::size_t swallowed_octets = std::size_t{64} << 10;

// One connection. Each step starts one asynchronous operation that keeps the session alive, under a
// deadline of the stream's own; a step that starts none lets it end.
template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  // `context` is kept for as long as the stream uses it; null for plain connections.
  Session(std::shared_ptr<State> state, std::shared_ptr<boost::asio::ssl::context> context,
          Stream stream)
      : Connection(std::move(state)),
        context_(std::move(context)),
        stream_(std::move(stream)),
        timer_(stream_.get_executor()),
        client_address_(address_of(tcp())) {}

  void start() {
    beast::error_code ignored;
    tcp().socket().set_option(tcp::no_delay(true), ignored);
    if constexpr (is_tls<Stream>) {
      tcp().expires_after(patience);
      stream_.async_handshake(boost::asio::ssl::stream_base::server,
                              beast::bind_front_handler(&Session::secured, self()));
    } else {
      read_head();
    }
  }

  void close() override {
    timer_.cancel();
    tcp().close();
  }

 private:
  static constexpr auto protocol = is_tls<Stream> ? Protocol::https : Protocol::http;

  std::shared_ptr<Session> self() { return this->shared_from_this(); }
  beast::tcp_stream& tcp() { return beast::get_lowest_layer(stream_); }

  void secured(beast::error_code error) {
    if (error) return;
    if constexpr (is_tls<Stream>) client_subject_ = verified_subject(stream_.native_handle());
    read_head();
  }

  void read_head() {
    parser_.emplace();
    parser_->header_limit(header_limit);
    parser_->body_limit(body_limit);
    tcp().expires_after(patience);
    http::async_read_header(stream_, buffer_, *parser_,
                            beast::bind_front_handler(&Session::head_read, self()));
  }

  void head_read(beast::error_code error, std::size_t) {
    arrived_ = state().age();
    if (error) return refuse(error);
    // Clients with much to say ask first, and wait a second for the answer.
    if (!parser_->is_done() &&
        beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      return boost::asio::async_write(stream_, boost::asio::buffer(go_on),
                                      beast::bind_front_handler(&Session::read_body, self()));
    }
    read_body({}, 0);
  }

  void read_body(beast::error_code error, std::size_t) {
    if (error) return;
    http::async_read(stream_, buffer_, *parser_,
                     beast::bind_front_handler(&Session::body_read, self()));
  }

  void body_read(beast::error_code error, std::size_t) {
    if (error) return refuse(error);
    path_ = path_of_target(text_of(parser_->get().target()));
    if (path_) met_ = state().faults.next(protocol, *path_);
    if (!met_ || met_->fault->delay.count() == 0) return answer();
    timer_.expires_after(met_->fault->delay);
    timer_.async_wait([self = self()](beast::error_code cancelled) {
      if (!cancelled) self->answer();
    });
  }

  void answer() {
    auto reply = reply_to(state(), {protocol, parser_->get(), path_, met_});
    ending_ = reply.ending;
    if (!reply.answer) {
      state().report(what_was_served());
      return end();
    }
    answer_ = std::move(reply.answer);
    answer_->version(parser_->get().version());
    answer_->keep_alive(parser_->get().keep_alive());
    send();
  }

  void refuse(beast::error_code error) {
    const auto status = status_of_refusal(error);
    if (!status) return finish();
    answer_ = status_answer(*status);
    answer_->keep_alive(false);
    unread_ = true;
    send();
  }

  void send() {
    const auto pieces = ContentBody::size(answer_->body()) / octets_per_patience;
    tcp().expires_after(patience * (pieces + 1));
    http::async_write(stream_, *answer_, beast::bind_front_handler(&Session::sent, self()));
  }

  void sent(beast::error_code error, std::size_t) {
    const bool goes_on = !error && ending_ == Ending::honest && answer_->keep_alive();
    const auto served = what_was_served();
    answer_.reset();
    met_.reset();
    state().report(served);
    if (goes_on && tcp().socket().is_open()) return read_head();
    if (!error) end();
  }

  void end() {
    if (!tcp().socket().is_open()) return;
    switch (ending_) {
      case Ending::honest:
      case Ending::closed:
        return finish();
      case Ending::reset: {
        beast::error_code ignored;
        tcp().socket().set_option(boost::asio::socket_base::linger(true, 0), ignored);
        return tcp().close();
      }
      case Ending::stalled:
        tcp().expires_after(longest_stall);
        return swallow();
    }
  }

  Served what_was_served() {
    const RequestHead& head = parser_->get();
    Served served;
    served.at = arrived_;
    served.protocol = name(protocol);
    served.method = head.method() == http::verb::unknown && head.method_string().empty()
                        ? std::string{}
                        : text_of(head.method_string());
    served.path = text_of(head.target());
    if (answer_) served.status = static_cast<int>(answer_->result_int());
    if (answer_) served.bytes = answer_->body().sent;
    served.received = parser_->get().body().size();
    if (met_) served.fault = met_->fault->label;
    served.client_address = client_address_;
    served.client_subject = client_subject_;
    served.user_agent = text_of(head[http::field::user_agent]);
    return served;
  }

  void finish() {
    tcp().expires_after(farewell);
    if constexpr (is_tls<Stream>) {
      stream_.async_shutdown([self = self()](beast::error_code) {});
    } else {
      beast::error_code ignored;
      tcp().socket().shutdown(tcp::socket::shutdown_send, ignored);
      if (unread_) swallow();
    }
  }

  // Closing with octets unread resets the connection, and the client may lose the answer that tells
  // it why.
  void swallow() {
    buffer_.clear();
    tcp().async_read_some(buffer_.prepare(swallowed_octets),
                          [self = self()](beast::error_code error, std::size_t) {
                            if (!error) self->swallow();
                          });
  }

  std::shared_ptr<boost::asio::ssl::context> context_;
  Stream stream_;
  boost::asio::steady_timer timer_;
  std::string client_address_;
  std::string client_subject_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::chrono::milliseconds arrived_{};
  std::optional<std::string> path_;
  std::optional<Met> met_;
  std::optional<Answer> answer_;
  Ending ending_ = Ending::honest;
  bool unread_ = false;  // the client had more to say than was read
};

}  // namespace

void serve_http(std::shared_ptr<State> state, tcp::socket socket) {
  std::make_shared<Session<beast::tcp_stream>>(std::move(state), nullptr,
                                               beast::tcp_stream(std::move(socket)))
      ->start();
}

void serve_https(std::shared_ptr<State> state, tcp::socket socket,
                 std::shared_ptr<boost::asio::ssl::context> context) {
  TlsStream stream(std::move(socket), *context);
  std::make_shared<Session<TlsStream>>(std::move(state), std::move(context), std::move(stream))
      ->start();
}

}  // namespace provphone::client::serve
