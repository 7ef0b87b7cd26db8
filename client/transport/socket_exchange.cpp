#include "client/transport/socket_exchange.hpp"

#include "client/transport/pac.hpp"

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
    case resync::Request::Method::get:
      break;
  }
  return transport::Method::get;
}

// No number of the fetcher's has it without the bit above it, which is TFTP's: generations do not
// come that far.
constexpr Exchange::Id routed_id = Exchange::Id{1} << 62U;

// What lets the next route be tried.
bool is_unreached(Errc code) {
  return stage_of(code) == Stage::resolve || stage_of(code) == Stage::connect;
}

// R-HTTP-30.
std::string way_taken(const std::optional<resync::Proxy>& route, const std::string& why_direct) {
  if (!why_direct.empty()) return "asked directly: the PAC file cannot be used: " + why_direct;
  if (!route) return "asked directly, as the PAC file says";
  return fmt::format("through the proxy {}:{}, as the PAC file says", route->host, route->port);
}

void add_note(resync::Answered& answer, const std::string& note) {
  if (!answer.note.empty()) answer.note += " · ";
  answer.note += note;
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
  request.naming = std::move(fetch.naming);
  request.source_address = std::move(order.source_address);
  request.timeouts = {fetch.patience.connect, fetch.patience.idle, fetch.patience.total};
  request.tftp = fetch.tftp;
  request.max_body_bytes = fetch.max_bytes;
  request.certificate_name = std::move(fetch.request.certificate_name);
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
  if (order.fetch.pac)
    return start_routed(std::move(order), std::move(on_resolved), std::move(on_done));
  return fetch(std::move(order), std::move(on_resolved), std::move(on_done));
}

void SocketExchange::cancel(Id id) {
  const auto routed = routed_.find(id);
  fetcher_.cancel(routed == routed_.end() ? id : routed->second.under_way);
  if (routed != routed_.end()) routed_.erase(routed);
}

Exchange::Id SocketExchange::fetch(Order order, OnResolved on_resolved, OnDone on_done) {
  auto request = request_of(std::move(order));
  // R-TLS-19
  if (request.tls && request.terms.extra_roots)
    request.tls = trust_.with(request.tls, request.terms.extra_roots);
  return fetcher_.start(std::move(request), std::move(on_resolved),
                        [this, done = std::move(on_done)](Result<transport::Response> response) {
                          // A failed exchange has stamps too, and the next one that ends replaces
                          // them.
                          const auto stamps = fetcher_.stamps();
                          if (response)
                            done(answered(*std::move(response)), stamps);
                          else
                            done(tl::unexpected(std::move(response.error())), stamps);
                        });
}

Exchange::Id SocketExchange::start_routed(Order order, OnResolved on_resolved, OnDone on_done) {
  const auto id = routed_id | ++routed_ids_;
  auto script = std::exchange(order.fetch.pac, nullptr);
  const auto url = order.fetch.request.url;
  using Work = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;
  auto work = std::make_shared<Work>(loop_.get_executor());
  routed_.emplace(
      id,
      Routed{
          std::move(order), {}, 0, std::move(on_resolved), std::move(on_done), 0, std::move(work)});
  ask_pac(std::move(script), url, [box = mailbox_, id](const Result<std::string>& said) {
    const std::lock_guard lock(box->mutex);
    if (box->owner == nullptr) return;
    boost::asio::post(box->owner->loop_, [box, id, said] {
      // Of the loop's thread, as the end of the owner is.
      if (box->owner != nullptr) box->owner->route(id, said);
    });
  });
  return id;
}

void SocketExchange::route(Id id, const Result<std::string>& said) {
  const auto found = routed_.find(id);
  if (found == routed_.end()) return;
  auto& routed = found->second;
  if (!said && routed.order.fetch.bad_pac == resync::BadPac::fails)
    return route_ended(id, tl::unexpected(said.error()), {});
  routed.routes = resync::routes_in(said.value_or(""));
  if (!said) routed.why_direct = said.error().detail;
  try_next(id);
}

void SocketExchange::try_next(Id id) {
  auto& routed = routed_.at(id);
  auto order = routed.order;
  order.fetch.proxy = routed.routes[routed.next++];
  routed.under_way = fetch(
      std::move(order),
      [this, id](const std::string& address) {
        const auto on_resolved = std::exchange(routed_.at(id).on_resolved, nullptr);
        if (on_resolved) on_resolved(address);
      },
      [this, id](Result<resync::Answered> answer, const transport::Stamps& stamps) {
        const auto& it = routed_.at(id);
        const bool has_more = it.next < it.routes.size();
        if (!answer && has_more && is_unreached(answer.error().code)) return try_next(id);
        if (answer) add_note(*answer, way_taken(it.routes[it.next - 1], it.why_direct));
        route_ended(id, std::move(answer), stamps);
      });
}

void SocketExchange::route_ended(Id id, Result<resync::Answered> answer,
                                 const transport::Stamps& stamps) {
  const auto done = std::move(routed_.at(id).on_done);
  routed_.erase(id);
  done(std::move(answer), stamps);
}

void SocketExchange::look_up(const resync::LookUp& wanted, OnRecords on_records) {
  names_.look_up(wanted.name, wanted.naming, std::move(on_records));
}

void SocketExchange::send(const resync::Log& log, OnSent on_sent) {
  syslog_.send({log.server, log.identifier, log.text, std::chrono::system_clock::now(), log.naming,
                log.form},
               std::move(on_sent));
}

}  // namespace provphone::client::transport
