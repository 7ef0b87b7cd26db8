#include "client/transport/socket_exchange.hpp"

#include "client/identity/renewal.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <mutex>
#include <utility>

namespace provphone::client::transport {
namespace {

using std::chrono::milliseconds;

// R-TLS-03: a phone that does not know the time cannot judge dates.
std::shared_ptr<const identity::TlsIdentity> tls_of(Exchange::Order& order) {
  auto tls = std::move(order.tls);
  if (!tls || order.fetch.knows_time || tls->clock == identity::Clock::unset) return tls;
  auto timeless = std::make_shared<identity::TlsIdentity>(*tls);
  timeless->clock = identity::Clock::unset;
  return timeless;
}

transport::Method method_of(resync::Request::Method method) {
  switch (method) {
    case resync::Request::Method::post:
      return transport::Method::post;
    case resync::Request::Method::put:
      return transport::Method::put;
    case resync::Request::Method::head:
      return transport::Method::head;
    case resync::Request::Method::get:
      break;
  }
  return transport::Method::get;
}

}  // namespace

std::string address_literal(const std::string& host) {
  boost::system::error_code is_name;
  boost::asio::ip::make_address(host, is_name);
  return is_name ? std::string() : host;
}

transport::Request request_of(Exchange::Order order) {
  auto& fetch = order.fetch;
  transport::Request request;
  request.tls = tls_of(order);
  if (fetch.tls) request.terms = *std::move(fetch.tls);
  request.method = method_of(fetch.request.method);
  request.url = std::move(fetch.request.url);
  request.body = std::move(fetch.request.body);
  request.content_type = std::move(fetch.request.content_type);
  request.content_encoding = std::move(fetch.request.content_encoding);
  request.authorization = std::move(fetch.request.authorization);
  if (auto& proxy = fetch.proxy)
    request.proxy = {std::move(proxy->host), proxy->port, std::move(fetch.proxy_authorization)};
  request.user_agent = std::move(fetch.user_agent);
  if (fetch.request.host_header == resync::HostOfUpgrade::none)
    request.host_header = transport::HostHeader::none;
  request.naming = std::move(fetch.naming);
  request.source_address = std::move(order.source_address);
  request.timeouts = {fetch.patience.connect, fetch.patience.idle, fetch.patience.total};
  request.tftp = fetch.tftp;
  request.max_body_bytes = fetch.max_bytes;
  request.certificate_name = std::move(fetch.request.certificate_name);
  request.connection = std::move(order.connection);
  const bool keeps = fetch.keep == resync::Fetch::Keep::body;
  request.keep = keeps ? transport::Keep::body : transport::Keep::size;
  return request;
}

resync::Answered answered(transport::Response response) {
  resync::Answered answer;
  answer.status = response.status;
  answer.location = std::move(response.location);
  answer.content_encoding = std::move(response.content_encoding);
  constexpr int from_server = 401, from_proxy = 407;
  if (answer.status == from_server) answer.challenges = std::move(response.authenticate);
  if (answer.status == from_proxy) answer.challenges = std::move(response.proxy_authenticate);
  answer.body = std::move(response.body);
  answer.body_bytes = response.body_bytes;
  answer.server_address = std::move(response.server_address);
  answer.note = std::move(response.tls_note);
  return answer;
}

struct SocketExchange::Mailbox {
  std::mutex mutex;                 // of changes, and of those who are on another thread
  SocketExchange* owner = nullptr;  // null: it is gone
};

SocketExchange::SocketExchange(boost::asio::io_context& loop, Network network)
    : loop_(loop),
      network_(std::move(network)),
      names_(loop, network_.targets, network_.names),
      fetcher_(loop, network_.targets, names_),
      syslog_(network_.targets, names_),
      mailbox_(std::make_shared<Mailbox>()) {
  mailbox_->owner = this;
}

SocketExchange::~SocketExchange() {
  const std::lock_guard lock(mailbox_->mutex);
  mailbox_->owner = nullptr;
}

Exchange::Id SocketExchange::start(Order order, OnResolved on_resolved, OnDone on_done) {
  auto request = request_of(std::move(order));
  request.http = network_.http;
  // R-CERT-08
  if (request.tls && request.terms.renewed_certificate)
    request.tls = identity::with_renewed(request.tls, *request.terms.renewed_certificate);
  // R-TLS-19
  if (request.tls && request.terms.extra_roots)
    request.tls = trust_.with(request.tls, request.terms.extra_roots);
  return fetcher_.start(std::move(request), std::move(on_resolved),
                        [this, done = std::move(on_done)](Result<transport::Response> response) {
                          // A failed exchange has stamps too, and the next one that ends replaces
                          // them.
                          Ended ended{fetcher_.stamps(), nullptr};
                          if (!response)
                            return done(tl::unexpected(std::move(response.error())), ended);
                          ended.connection = std::move(response->connection);
                          done(answered(*std::move(response)), ended);
                        });
}

void SocketExchange::cancel(Id id) {
  fetcher_.cancel(id);
}

void SocketExchange::look_up(const resync::LookUp& wanted, OnRecords on_records) {
  names_.look_up(wanted.name, wanted.naming, std::move(on_records));
}

void SocketExchange::ask_pac(const resync::AskPac& wanted, OnPacSaid on_said) {
  const auto id = ++pac_ids_;
  using Work = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  pac_questions_.emplace(
      id, PacQuestion{std::move(on_said), std::make_shared<Work>(loop_.get_executor())});
  // What the other thread holds may outlive the loop.
  transport::ask_pac(wanted.script, wanted.url,
                     [box = mailbox_, id](const Result<std::string>& said) {
                       const std::lock_guard lock(box->mutex);
                       if (box->owner == nullptr) return;
                       boost::asio::post(box->owner->loop_, [box, id, said] {
                         // Of the loop's thread, as the end of the owner is.
                         if (box->owner != nullptr) box->owner->pac_said(id, said);
                       });
                     });
}

void SocketExchange::pac_said(std::uint64_t id, const Result<std::string>& said) {
  const auto question = pac_questions_.extract(id);
  // The work goes with it, behind what the answer leads to.
  question.mapped().on_said(said);
}

void SocketExchange::send(const resync::Log& log, OnSent on_sent) {
  syslog_.send({log.server, log.identifier, log.text, std::chrono::system_clock::now(), log.naming,
                log.form},
               std::move(on_sent));
}

}  // namespace provphone::client::transport
