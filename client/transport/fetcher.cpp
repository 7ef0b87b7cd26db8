#include "client/transport/fetcher.hpp"

#include "client/transport/detail/engine.hpp"

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
  }
  return "";
}

// The engine is shared with the handlers that wait in the event loop, which may run after the
// fetcher is gone.
struct Fetcher::Impl {
  std::shared_ptr<detail::Engine> engine;
};

Fetcher::Fetcher(boost::asio::io_context& loop, const Targets& targets, NameOptions names)
    : impl_(new Impl{std::make_shared<detail::Engine>(loop, targets, std::move(names))}) {}

Fetcher::~Fetcher() {
  impl_->engine->close();
}

Fetcher::Id Fetcher::start(Request request, OnResolved on_resolved, OnDone on_done) {
  return impl_->engine->start(std::move(request), std::move(on_resolved), std::move(on_done));
}

void Fetcher::cancel(Id id) {
  impl_->engine->cancel(id);
}

const Stamps& Fetcher::stamps() const {
  return impl_->engine->stamps();
}

}  // namespace provphone::client::transport
