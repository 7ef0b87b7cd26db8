#include "client/fleet/metrics_port.hpp"

#include "client/serve/http_session.hpp"
#include "client/transport/listener.hpp"

#include <fmt/format.h>

#include <utility>

namespace provphone::client::fleet {
namespace {

using boost::asio::ip::tcp;

// What a scraper gets for its request, and for taking the answer.
constexpr serve::Limits limits{std::chrono::seconds{10}, 8 * 1024, 0};

serve::Answer text_answer(int status, std::string_view media_type, std::string text) {
  serve::Answer answer;
  answer.status = status;
  answer.set("Content-Type", std::string(media_type));
  answer.set("Content-Length", std::to_string(text.size()));
  answer.body.content = serve::Content(std::move(text));
  // Scrapers come every few seconds at most; no connection is kept for that.
  answer.persistence = serve::Persistence::last;
  return answer;
}

serve::Answer answer_to(const serve::Request& request, const MetricsPort::Metrics& metrics) {
  constexpr std::string_view plain = "text/plain; charset=utf-8";
  if (request.method != "GET" && request.method != "HEAD") {
    auto answer = text_answer(405, plain, "only GET is answered\n");
    answer.set("Allow", "GET, HEAD");
    return answer;
  }
  auto answer = request.target == "/metrics"
                    ? text_answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics())
                    : text_answer(404, plain, "there is only /metrics\n");
  if (request.method == "HEAD") answer.body = {};
  return answer;
}

class Scrape final : public serve::Respondent {
 public:
  explicit Scrape(std::weak_ptr<const MetricsPort::Metrics> metrics)
      : metrics_(std::move(metrics)) {}

  serve::Reply answer(const serve::Request& request) override {
    // A client may live longer than the port: until the loop has ended its operations.
    const auto metrics = metrics_.lock();
    if (!metrics) return {std::nullopt, serve::Ending::closed};
    return {answer_to(request, *metrics), serve::Ending::honest};
  }

  std::optional<serve::Answer> refusal(int) override { return std::nullopt; }

 private:
  std::weak_ptr<const MetricsPort::Metrics> metrics_;
};

}  // namespace

Result<MetricsPort> MetricsPort::open(boost::asio::io_context& loop, const std::string& address,
                                      std::uint16_t port, Metrics metrics) {
  boost::system::error_code failed;
  const auto host = boost::asio::ip::make_address(address, failed);
  if (failed) return fail(Errc::bad_argument, fmt::format("'{}' is no address", address));
  auto shared = std::make_shared<const Metrics>(std::move(metrics));
  auto scrapers = std::make_shared<serve::Connections>();
  auto listener = transport::Listener::open(
      loop, {host, port}, [metrics = std::weak_ptr(shared), scrapers](tcp::socket socket) {
        serve::start_session({std::move(socket), nullptr}, limits, scrapers,
                             std::make_unique<Scrape>(metrics));
      });
  if (!listener) return tl::unexpected(listener.error());
  return MetricsPort(*std::move(listener), std::move(scrapers), std::move(shared));
}

MetricsPort::MetricsPort(std::shared_ptr<transport::Listener> listener,
                         std::shared_ptr<serve::Connections> scrapers,
                         std::shared_ptr<const Metrics> metrics)
    : listener_(std::move(listener)),
      scrapers_(std::move(scrapers)),
      metrics_(std::move(metrics)) {}

MetricsPort::~MetricsPort() {
  if (!listener_) return;
  listener_->close();
  scrapers_->close();
}

std::uint16_t MetricsPort::port() const {
  return listener_->port();
}

}  // namespace provphone::client::fleet
