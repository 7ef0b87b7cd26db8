#include "client/serve/http_session.hpp"

#include "client/serve/tls.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/read_size.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace provphone::client::serve {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;
using Failure = beast::error_code;

// An answer gets the client's patience for each of these pieces, so that a slow client can have a
// firmware image.
constexpr std::uint64_t octets_per_patience = std::uint64_t{1} << 20;
// How long a client is left waiting by a fault that stalls.
constexpr std::chrono::minutes longest_stall{10};
// How long a client may take to notice that the conversation is over.
constexpr std::chrono::seconds farewell{2};

constexpr std::size_t piece_octets = std::size_t{64} << 10;  // read or written at once
constexpr unsigned http_1_1 = 11;                            // as Beast has it

std::string_view view(beast::string_view text) {
  return {text.data(), text.size()};
}

int status_of_refusal(const Failure& error) {
  if (error == http::error::header_limit) return 431;
  return error == http::error::body_limit ? 413 : 400;
}

std::string address_of(const tcp::socket& socket) {
  Failure ignored;
  return socket.remote_endpoint(ignored).address().to_string();
}

class Session;

// What comes after an operation. Every operation has this one for its handler, so that Asio's
// templates are there once for TCP and once for TLS. It keeps the session alive.
struct Step {
  std::shared_ptr<Session> session;
  void (Session::*next)(Failure, std::size_t);

  void operator()(Failure error, std::size_t octets = 0) const;
};

class Stream {
 public:
  explicit Stream(Client client)
      : context_(std::move(client.tls)), socket_(std::move(client.socket)) {
    if (context_) tls_.emplace(socket_, *context_);
  }

  tcp::socket& socket() { return socket_; }
  std::optional<asio::ssl::stream<tcp::socket&>>& tls() { return tls_; }

  void read_some(asio::mutable_buffer to, Step step) {
    if (tls_) return tls_->async_read_some(to, std::move(step));
    socket_.async_read_some(to, std::move(step));
  }
  void write(asio::const_buffer from, Step step) {
    if (tls_) return asio::async_write(*tls_, from, std::move(step));
    asio::async_write(socket_, from, std::move(step));
  }

 private:
  std::shared_ptr<asio::ssl::context> context_;
  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
};

// Each step starts one asynchronous operation that keeps the session alive, under a deadline; a
// step that starts none lets it end.
class Session final : public Connection, public std::enable_shared_from_this<Session> {
 public:
  Session(Client client, const Limits& limits, std::shared_ptr<Connections> among,
          std::unique_ptr<Respondent> respondent)
      : Connection(std::move(among)),
        limits_(limits),
        respondent_(std::move(respondent)),
        stream_(std::move(client)),
        timer_(socket().get_executor()),
        client_address_(address_of(socket())) {}

  void start() {
    Failure ignored;
    socket().set_option(tcp::no_delay(true), ignored);
    if (!stream_.tls()) return read_request();
    set_deadline(limits_.patience);
    stream_.tls()->async_handshake(asio::ssl::stream_base::server, step(&Session::secured));
  }

  void close() override {
    Failure ignored;
    timer_.cancel();
    socket().close(ignored);
  }

 private:
  using Parser = http::request_parser<http::string_body>;
  using IsThere = bool (http::basic_parser<true>::*)() const;

  Step step(void (Session::*next)(Failure, std::size_t)) { return {shared_from_this(), next}; }
  tcp::socket& socket() { return stream_.socket(); }

  // The connection is closed then, unless another deadline or a delay takes its place.
  void set_deadline(std::chrono::milliseconds from_now) {
    timer_.expires_after(from_now);
    timer_.async_wait([weak = weak_from_this()](Failure cancelled) {
      const auto self = weak.lock();
      if (cancelled || !self) return;
      // It may have been replaced when it was on its way already.
      if (self->timer_.expiry() <= std::chrono::steady_clock::now()) self->close();
    });
  }

  void secured(Failure error, std::size_t) {
    if (error) return;
    client_subject_ = verified_subject(stream_.tls()->native_handle());
    read_request();
  }

  void read_request() {
    parser_.emplace();
    parser_->header_limit(limits_.header_octets);
    parser_->body_limit(limits_.body_octets);
    set_deadline(limits_.patience);
    read_head();
  }

  // Takes what has come until that part is complete. A buffer that runs dry is no error.
  Failure parse(IsThere is_there) {
    Failure error;
    while (!error && !((*parser_).*is_there)() && buffer_.size() > 0)
      buffer_.consume(parser_->put(buffer_.data(), error));
    return error == http::error::need_more ? Failure{} : error;
  }

  void read_head() {
    const auto error = parse(&Parser::is_header_done);
    if (!error && !parser_->is_header_done()) return read_more(&Session::read_head);
    arrived_ = std::chrono::steady_clock::now();
    if (error) return refuse(error);
    // Clients with much to say ask first, and wait a second for the answer.
    if (!parser_->is_done() &&
        beast::iequals(parser_->get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
      return stream_.write(asio::buffer(go_on), step(&Session::told_to_go_on));
    }
    read_body();
  }

  void read_body() {
    const auto error = parse(&Parser::is_done);
    if (error) return refuse(error);
    if (!parser_->is_done()) return read_more(&Session::read_body);
    const auto delay = respondent_->delay(request());
    if (delay.count() == 0) return answer();
    // Takes the deadline's place: a client that waits for a fault is not slow.
    timer_.expires_after(delay);
    timer_.async_wait(step(&Session::delayed));
  }

  void read_more(void (Session::*go_on)()) {
    go_on_ = go_on;
    stream_.read_some(buffer_.prepare(beast::read_size(buffer_, piece_octets)),
                      step(&Session::received));
  }

  void received(Failure error, std::size_t octets) {
    if (error) return finish();
    buffer_.commit(octets);
    (this->*go_on_)();
  }

  void told_to_go_on(Failure error, std::size_t) {
    if (!error) read_body();
  }

  void delayed(Failure error, std::size_t) {
    if (!error) answer();
  }

  void answer() {
    auto reply = respondent_->answer(request());
    ending_ = reply.ending;
    if (!reply.answer) {
      respondent_->over(request(), {});
      return end();
    }
    answer_ = std::move(reply.answer);
    const auto& head = parser_->get();
    persists_ = head.keep_alive() && answer_->persistence == Persistence::as_asked;
    send(head.version());
  }

  // What could not be read stands between this request and the next: no other can follow.
  void refuse(Failure error) {
    unread_ = true;
    answer_ = respondent_->refusal(status_of_refusal(error));
    if (!answer_) return finish();
    persists_ = false;
    send(http_1_1);
  }

  void send(unsigned version) {
    const auto pieces = answer_->body.size() / octets_per_patience;
    set_deadline(limits_.patience * static_cast<std::int64_t>(pieces + 1));
    piece_ = fmt::format("HTTP/1.{} {} {}\r\n", version % 10, answer_->status,
                         reason_of(answer_->status));
    for (const auto& [name, value] : answer_->fields)
      piece_.append(name).append(": ").append(value).append("\r\n");
    // Connections persist by default in HTTP/1.1 and end in HTTP/1.0; only the other way has to be
    // said.
    if (persists_ != (version == http_1_1))
      piece_ += persists_ ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
    piece_ += "\r\n";
    send_piece(piece_.size());
  }

  // Sends so much of what is in `piece_`, and the next octets of the body behind it.
  void send_piece(std::size_t kept) {
    auto& body = answer_->body;
    const auto octets =
        static_cast<std::size_t>(std::min<std::uint64_t>(body.size() - body.sent, piece_octets));
    piece_.resize(kept + octets);
    // Somebody may have cut the file short meanwhile.
    if (octets > 0 && !body.content.read(body.sent, piece_.data() + kept, octets))
      return sent(http::error::partial_message);
    body.sent += octets;
    stream_.write(asio::buffer(piece_), step(&Session::piece_sent));
  }

  void piece_sent(Failure error, std::size_t) {
    if (error || answer_->body.sent == answer_->body.size()) return sent(error);
    send_piece(0);
  }

  void sent(Failure error) {
    const Outcome outcome{answer_->status, answer_->body.sent};
    answer_.reset();
    piece_ = {};
    respondent_->over(request(), outcome);
    if (!error && ending_ == Ending::honest && persists_ && socket().is_open())
      return read_request();
    if (!error) end();
  }

  void end() {
    if (!socket().is_open()) return;
    switch (ending_) {
      case Ending::honest:
      case Ending::closed:
        return finish();
      case Ending::reset: {
        Failure ignored;
        // A linger time of 0 is what makes close() send a reset.
        socket().set_option(asio::socket_base::linger(true, 0), ignored);
        return close();
      }
      case Ending::stalled:
        set_deadline(longest_stall);
        return swallow();
    }
  }

  Request request() const {
    const auto& message = parser_->get();
    Request request;
    request.method = view(message.method_string());
    request.target = view(message.target());
    request.host = view(message[http::field::host]);
    request.authorization = view(message[http::field::authorization]);
    request.user_agent = view(message[http::field::user_agent]);
    request.body = message.body();
    request.arrived = arrived_;
    request.client_address = client_address_;
    request.client_subject = client_subject_;
    return request;
  }

  void finish() {
    set_deadline(farewell);
    if (stream_.tls()) return stream_.tls()->async_shutdown(step(&Session::said_farewell));
    Failure ignored;
    socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (unread_) swallow();
  }

  void said_farewell(Failure, std::size_t) {}

  // Closing with octets unread resets the connection, and the client may lose the answer that tells
  // it why.
  void swallow() {
    buffer_.clear();
    socket().async_read_some(buffer_.prepare(piece_octets), step(&Session::swallowed));
  }

  void swallowed(Failure error, std::size_t) {
    if (!error) swallow();
  }

  Limits limits_;
  std::unique_ptr<Respondent> respondent_;
  Stream stream_;
  asio::steady_timer timer_;
  std::string client_address_;
  std::string client_subject_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  void (Session::*go_on_)() = nullptr;  // with what has come
  std::chrono::steady_clock::time_point arrived_;
  std::optional<Answer> answer_;
  std::string piece_;  // on its way: the head, or some of the body
  Ending ending_ = Ending::honest;
  bool persists_ = false;  // the connection does, as far as HTTP is concerned
  bool unread_ = false;    // the client had more to say than was read
};

void Step::operator()(Failure error, std::size_t octets) const {
  (session.get()->*next)(error, octets);
}

}  // namespace

void start_session(Client client, const Limits& limits, std::shared_ptr<Connections> among,
                   std::unique_ptr<Respondent> respondent) {
  std::make_shared<Session>(std::move(client), limits, std::move(among), std::move(respondent))
      ->start();
}

std::string_view reason_of(int status) {
  return view(http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status))));
}

}  // namespace provphone::client::serve
