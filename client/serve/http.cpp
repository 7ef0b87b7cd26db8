#include "client/serve/http.hpp"

#include "client/serve/tls.hpp"

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

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
// How long a client may take to notice that the conversation is over.
constexpr std::chrono::seconds farewell{2};

constexpr std::uint32_t header_limit = 16 * 1024;
constexpr std::uint64_t body_limit = std::uint64_t{8} << 20;
constexpr std::size_t chunk_octets = std::size_t{64} << 10;

// A body of an answer: a text, or a file that is read piece by piece while it is sent.
struct Content {
  std::string text;
  std::optional<OpenFile> file;
  std::uint64_t sent = 0;  // handed to the socket so far
};

// The body type that Beast's serializer works on.
struct ContentBody {
  using value_type = Content;

  static std::uint64_t size(const Content& content) {
    return content.file ? content.file->size() : content.text.size();
  }

  class writer {  // NOLINT(readability-identifier-naming): Beast looks for this name
   public:
    using const_buffers_type = boost::asio::const_buffer;

    template <bool is_request, class Fields>
    writer(const http::header<is_request, Fields>&, Content& content) : content_(content) {}

    void init(beast::error_code& error) { error = {}; }

    // The next piece, and whether there is another one behind it.
    boost::optional<std::pair<const_buffers_type, bool>> get(beast::error_code& error) {
      error = {};
      const auto left = size(content_) - content_.sent;
      if (left == 0) return boost::none;
      if (!content_.file) {
        content_.sent = content_.text.size();
        return {{boost::asio::buffer(content_.text), false}};
      }
      chunk_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, chunk_octets)));
      if (!content_.file->read(content_.sent, chunk_.data(), chunk_.size())) {
        error = http::error::partial_message;  // somebody has cut the file short meanwhile
        return boost::none;
      }
      content_.sent += chunk_.size();
      return {{boost::asio::buffer(chunk_), chunk_.size() < left}};
    }

   private:
    Content& content_;
    std::vector<char> chunk_;
  };
};

using Request = http::request<http::string_body>;
using RequestHead = http::request_header<>;
using Answer = http::response<ContentBody>;

std::string text_of(beast::string_view view) {
  return {view.data(), view.size()};
}

bool may_have_body(int status) {
  return status >= 200 && status != 204 && status != 304;
}

std::string http_date() {
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(std::time(nullptr)));
}

Answer bare_answer(int status) {
  Answer answer;
  answer.result(static_cast<unsigned>(status));
  answer.set(http::field::server, "provphone");
  answer.set(http::field::date, http_date());
  return answer;
}

// Errors get a line for whoever looks with a browser; a fault with a status of success has no body
// at all.
Answer status_answer(int status) {
  Answer answer = bare_answer(status);
  if (status >= 400) {
    answer.body().text = fmt::format("{} {}\n", status, text_of(answer.reason()));
    answer.set(http::field::content_type, "text/plain");
  }
  if (status == 401) answer.set(http::field::www_authenticate, "Basic realm=\"provphone\"");
  if (may_have_body(status)) answer.content_length(ContentBody::size(answer.body()));
  return answer;
}

Answer method_not_allowed(const Directory& directory) {
  Answer answer = status_answer(405);
  answer.set(http::field::allow,
             directory.takes_uploads() ? "GET, HEAD, POST, PUT" : "GET, HEAD, POST");
  return answer;
}

Answer file_answer(OpenFile file, const std::string& path) {
  Answer answer = bare_answer(200);
  const bool is_xml = path.size() >= 4 && beast::iequals(path.substr(path.size() - 4), ".xml");
  answer.set(http::field::content_type, is_xml ? "application/xml" : "application/octet-stream");
  answer.content_length(file.size());
  answer.body().file = std::move(file);
  return answer;
}

Answer upload_answer(const Directory& directory, const std::string& path, const Request& request) {
  if (!directory.takes_uploads()) return method_not_allowed(directory);
  switch (directory.store_upload(path, request.body())) {
    case Stored::created:
      return status_answer(201);
    case Stored::replaced:
      return status_answer(200);
    case Stored::refused:
      break;
  }
  return status_answer(403);
}

Answer honest_answer(const Directory& directory, const std::string& path, const Request& request) {
  switch (request.method()) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::post: {
      auto file = directory.find(path);
      return file ? file_answer(std::move(*file), path) : status_answer(404);
    }
    case http::verb::put:
      return upload_answer(directory, path, request);
    default:
      return method_not_allowed(directory);
  }
}

Answer answer_to(State& state, const Request& request) {
  const auto path = path_of_target(text_of(request.target()));
  if (!path) return status_answer(404);
  const auto fault = state.faults.next(*path);
  auto answer = fault ? status_answer(*fault) : honest_answer(state.directory, *path, request);
  // The length stays, as it would be for GET; only the octets are held back.
  if (request.method() == http::verb::head) answer.body() = Content{};
  return answer;
}

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

  void close() override { tcp().close(); }

 private:
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
    answer_ = answer_to(state(), parser_->get());
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
    const bool goes_on = !error && answer_->keep_alive();
    const auto served = what_was_served();
    answer_.reset();
    state().report(served);
    if (goes_on && tcp().socket().is_open()) return read_head();
    if (!error) finish();
  }

  Served what_was_served() {
    const RequestHead& head = parser_->get();
    Served served;
    served.protocol = is_tls<Stream> ? "https" : "http";
    served.method = head.method() == http::verb::unknown && head.method_string().empty()
                        ? std::string{}
                        : text_of(head.method_string());
    served.path = text_of(head.target());
    served.status = static_cast<int>(answer_->result_int());
    served.bytes = answer_->body().sent;
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
    tcp().async_read_some(buffer_.prepare(chunk_octets),
                          [self = self()](beast::error_code error, std::size_t) {
                            if (!error) self->swallow();
                          });
  }

  std::shared_ptr<boost::asio::ssl::context> context_;
  Stream stream_;
  std::string client_address_;
  std::string client_subject_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<Answer> answer_;
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
