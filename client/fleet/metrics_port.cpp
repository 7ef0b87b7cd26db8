#include "client/fleet/metrics_port.hpp"

#include "client/transport/listener.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <utility>

namespace provphone::client::fleet {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

// What a scraper gets for its request, and for taking the answer.
constexpr std::chrono::seconds patience{10};
constexpr std::uint32_t header_limit = 8 * 1024;

using Request = http::request<http::empty_body>;
using Answer = http::response<http::string_body>;

Answer answer_to(const Request& request, const MetricsPort::Metrics& metrics) {
  Answer answer;
  answer.set(http::field::content_type, "text/plain; charset=utf-8");
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    answer.result(http::status::method_not_allowed);
    answer.set(http::field::allow, "GET, HEAD");
    answer.body() = "only GET is answered\n";
  } else if (request.target() != "/metrics") {
    answer.result(http::status::not_found);
    answer.body() = "there is only /metrics\n";
  } else {
    answer.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    answer.body() = metrics();
  }
  answer.keep_alive(false);
  answer.prepare_payload();
  if (request.method() == http::verb::head) answer.body().clear();
  return answer;
}

// One connection, which is one request. Each step keeps it alive under the stream's deadline.
class Scrape : public std::enable_shared_from_this<Scrape> {
 public:
  Scrape(tcp::socket socket, std::weak_ptr<const MetricsPort::Metrics> metrics)
      : stream_(std::move(socket)), metrics_(std::move(metrics)) {
    parser_.header_limit(header_limit);
    parser_.body_limit(0);
  }

  void start() {
    stream_.expires_after(patience);
    http::async_read(stream_, buffer_, parser_,
                     beast::bind_front_handler(&Scrape::answer, shared_from_this()));
  }

 private:
  void answer(beast::error_code error, std::size_t) {
    const auto metrics = metrics_.lock();
    if (error || !metrics) return;
    answer_ = answer_to(parser_.get(), *metrics);
    stream_.expires_after(patience);
    http::async_write(stream_, answer_,
                      beast::bind_front_handler(&Scrape::sent, shared_from_this()));
  }

  void sent(beast::error_code, std::size_t) {
    beast::error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  }

  beast::tcp_stream stream_;
  std::weak_ptr<const MetricsPort::Metrics> metrics_;
  beast::flat_buffer buffer_;
  http::request_parser<http::empty_body> parser_;
  Answer answer_;
};

}  // namespace

Result<MetricsPort> MetricsPort::open(boost::asio::io_context& loop, const tcp::endpoint& endpoint,
                                      Metrics metrics) {
  auto shared = std::make_shared<const Metrics>(std::move(metrics));
  auto listener = transport::Listener::open(
      loop, endpoint, [metrics = std::weak_ptr(shared)](tcp::socket socket) {
        std::make_shared<Scrape>(std::move(socket), metrics)->start();
      });
  if (!listener) return tl::unexpected(listener.error());
  return MetricsPort(*std::move(listener), std::move(shared));
}

MetricsPort::MetricsPort(std::shared_ptr<transport::Listener> listener,
                         std::shared_ptr<const Metrics> metrics)
    : listener_(std::move(listener)), metrics_(std::move(metrics)) {}

MetricsPort::~MetricsPort() {
  if (listener_) listener_->close();
}

std::uint16_t MetricsPort::port() const {
  return listener_->port();
}

}  // namespace provphone::client::fleet
