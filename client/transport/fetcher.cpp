#include "client/transport/fetcher.hpp"

#include "client/transport/detail/engine.hpp"
#include "client/transport/detail/http_engine.hpp"
#include "client/transport/detail/tftp_engine.hpp"

#include <utility>

namespace provphone::client::transport {

std::string_view name(Method method) {
  switch (method) {
    case Method::get:
      return "GET";
    case Method::post:
      return "POST";
    case Method::put:
      return "PUT";
    case Method::head:
      return "HEAD";
  }
  return "";
}

namespace {

// Of engines with numbers of their own: these bits are TFTP's and plain HTTP's.
constexpr Fetcher::Id tftp_bit = Fetcher::Id{1} << 63U;
constexpr Fetcher::Id http_bit = Fetcher::Id{1} << 62U;

// What nearly all phones of a fleet do; libcurl carries the rest.
bool is_usual(const Request& request) {
  return request.http == HttpCarrier::own && request.url.scheme == macro::Scheme::http &&
         request.method == Method::get && !request.proxy;
}

}  // namespace

// The engines are shared with the handlers that wait in the event loop, which may run after the
// fetcher is gone.
struct Fetcher::Impl {
  Impl(boost::asio::io_context& loop, const Targets& targets, std::unique_ptr<NameService> own,
       NameService& names)
      : own_names(std::move(own)),
        curl(std::make_shared<detail::Engine>(loop, targets, names, stamps)),
        http(std::make_shared<detail::HttpEngine>(loop, targets, names, stamps)),
        tftp(std::make_shared<detail::TftpEngine>(loop, targets, names, stamps)) {}

  std::unique_ptr<NameService> own_names;  // null: they are somebody else's
  Stamps stamps;                           // of the exchange that ended last
  std::shared_ptr<detail::Engine> curl;
  std::shared_ptr<detail::HttpEngine> http;
  std::shared_ptr<detail::TftpEngine> tftp;
};

Fetcher::Fetcher(boost::asio::io_context& loop, const Targets& targets, NameService& names)
    : impl_(std::make_unique<Impl>(loop, targets, nullptr, names)) {}

Fetcher::Fetcher(boost::asio::io_context& loop, const Targets& targets)
    : impl_([&] {
        auto own = std::make_unique<NameService>(loop, targets);
        auto& names = *own;
        return std::make_unique<Impl>(loop, targets, std::move(own), names);
      }()) {}

Fetcher::~Fetcher() {
  impl_->curl->close();
  impl_->http->close();
  impl_->tftp->close();
}

Fetcher::Id Fetcher::start(Request request, OnResolved on_resolved, OnDone on_done) {
  if (request.url.scheme == macro::Scheme::tftp) {
    return tftp_bit |
           impl_->tftp->start(std::move(request), std::move(on_resolved), std::move(on_done));
  }
  if (is_usual(request)) {
    return http_bit |
           impl_->http->start(std::move(request), std::move(on_resolved), std::move(on_done));
  }
  return impl_->curl->start(std::move(request), std::move(on_resolved), std::move(on_done));
}

void Fetcher::cancel(Id id) {
  if ((id & tftp_bit) != 0) return impl_->tftp->cancel(id & ~tftp_bit);
  if ((id & http_bit) != 0) return impl_->http->cancel(id & ~http_bit);
  impl_->curl->cancel(id);
}

const Stamps& Fetcher::stamps() const {
  return impl_->stamps;
}

}  // namespace provphone::client::transport
