#include "client/serve/server.hpp"

#include "client/identity/pki.hpp"
#include "client/serve/http.hpp"
#include "client/serve/state.hpp"
#include "client/serve/tftp.hpp"
#include "client/serve/tls.hpp"
#include "client/transport/listener.hpp"
#include "macro/try.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

#include <utility>

namespace provphone::client::serve {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Faults that need a listener which is not there would never show.
Result<void> check_faults(const Options& options) {
  for (const auto& fault : options.faults) {
    const auto* redirect = std::get_if<RedirectFault>(&fault.failing);
    if (redirect != nullptr && *redirect == RedirectFault::to_http && !options.http_port)
      return fail(Errc::bad_argument, "the fault redirect=http needs HTTP to be served, too");
    if (std::holds_alternative<CertificateFault>(fault.failing) && !options.https_port)
      return fail(Errc::bad_argument, "a fault of the certificate needs HTTPS to be served");
  }
  return {};
}

}  // namespace

struct Server::Impl {
  asio::io_context& loop;
  asio::ip::address address;
  std::shared_ptr<State> state;
  std::shared_ptr<transport::Listener> http;
  std::shared_ptr<transport::Listener> https;
  std::shared_ptr<TftpListener> tftp;

  Result<void> listen(const Options& options);
  Result<void> listen_http(std::uint16_t port);
  Result<void> listen_https(const Options& options);
  Result<void> listen_tftp(std::uint16_t port);
  void close();
};

Result<void> Server::Impl::listen(const Options& options) {
  Result<void> done;
  if (options.http_port) done = listen_http(*options.http_port);
  if (done && options.https_port) done = listen_https(options);
  if (done && options.tftp_port) done = listen_tftp(*options.tftp_port);
  return done;
}

Result<void> Server::Impl::listen_http(std::uint16_t port) {
  auto listener =
      transport::Listener::open(loop, {address, port}, [shared = state](tcp::socket socket) {
        serve_http(shared, {std::move(socket), nullptr});
      });
  if (!listener) return tl::unexpected(listener.error());
  http = std::move(*listener);
  // Before HTTPS is there: its redirects lead here.
  state->http_port = http->port();
  return {};
}

Result<void> Server::Impl::listen_https(const Options& options) {
  TRY(const auto tls, make_tls_context(options.pki_directory, options.client_certificates,
                                       state->faults.certificate()));
  auto listener = transport::Listener::open(loop, {address, *options.https_port},
                                            [shared = state, context = tls](tcp::socket socket) {
                                              serve_http(shared, {std::move(socket), context});
                                            });
  if (!listener) return tl::unexpected(listener.error());
  https = std::move(*listener);
  return {};
}

Result<void> Server::Impl::listen_tftp(std::uint16_t port) {
  TRY(tftp, TftpListener::open(loop, {address, port}, state));
  return {};
}

// Connections end themselves on the loop's next turn. The call-back stays where it is, because it
// may be what is running.
void Server::Impl::close() {
  state->stopped = true;
  if (http) http->close();
  if (https) https->close();
  if (tftp) tftp->close();
  state->connections.close();
}

Result<std::unique_ptr<Server>> Server::start(asio::io_context& loop, Options options,
                                              OnServed on_served) {
  TRY(auto directory, Directory::open(options.directory));
  boost::system::error_code error;
  const auto address = asio::ip::make_address(options.address, error);
  if (error) {
    return fail(Errc::bad_argument, fmt::format("'{}' is not an address", options.address));
  }
  TRY(auto uploads, Uploads::open(options.uploads, options.upload_folder));
  TRY(check_faults(options));
  auto state = std::make_shared<State>(
      State{std::move(directory), options.loads, std::move(uploads),
            FaultTable(options.faults, options.seed), std::move(on_served)});
  state->onboarding = std::move(options.onboarding);
  state->redirect_folder = std::move(options.redirect_folder);
  if (options.renewal_path) {
    TRY(auto root, identity::load_device_root(options.pki_directory));
    state->certificates = CertificateService{*options.renewal_path, std::move(root)};
  }
  std::unique_ptr<Impl> impl(new Impl{loop, address, std::move(state), nullptr, nullptr, nullptr});
  // A server that fails to listen on one port closes the others as it goes.
  std::unique_ptr<Server> server(new Server(std::move(impl)));
  TRY(server->impl_->listen(options));
  return server;
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Server::~Server() {
  impl_->close();
}

std::uint16_t Server::http_port() const {
  return impl_->http ? impl_->http->port() : 0;
}

std::uint16_t Server::https_port() const {
  return impl_->https ? impl_->https->port() : 0;
}

std::uint16_t Server::tftp_port() const {
  return impl_->tftp ? impl_->tftp->port() : 0;
}

}  // namespace provphone::client::serve
