#include "client/run/leases.hpp"

#include "macro/try.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::client::run {
namespace {

namespace dhcp = transport::dhcp;
using resync::Time;
using SteadyClock = std::chrono::steady_clock;

// So many ask at a time in the beginning: a server answers one after the other.
constexpr std::size_t most_asking = 16;

}  // namespace

dhcp::Asker asker_of(const resync::Identity& identity) {
  return {identity.mac, "Cisco Systems, Inc. IP Phone " + identity.model,
          "SEP" + format_upper(identity.mac)};
}

resync::Lease lease_of(const dhcp::Terms& terms) {
  return {terms.options, terms.address};
}

struct Leases::Impl {
  Impl(boost::asio::io_context& loop, const LeasePlace& where, std::vector<Holder> who, Events told)
      : place(where), holders(std::move(who)), events(std::move(told)), timer(loop) {}

  Time now() const {
    return Time{std::chrono::floor<resync::Duration>(SteadyClock::now() - started)};
  }
  void begin_next();
  void take(const Result<dhcp::Answer>& answer);
  void tell(std::size_t holder, const dhcp::LeaseInput& input);
  void act(std::size_t holder, const dhcp::LeaseOutput& output);
  void fail_with(std::size_t holder, const Error& error);
  void settle(std::size_t holder);
  void finish();
  void arm();
  void ring();

  LeasePlace place;
  std::vector<Holder> holders;
  Events events;
  std::vector<bool> is_settled = std::vector<bool>(holders.size(), false);
  std::size_t begun = 0, settled = 0;
  std::string unreadable;
  SteadyClock::time_point started = SteadyClock::now();
  boost::asio::steady_timer timer;
  std::unique_ptr<transport::DhcpPort> port;  // goes first: it calls back
};

void Leases::Impl::begin_next() {
  while (begun < holders.size() && begun - settled < most_asking) tell(begun++, dhcp::Begin{});
}

// Transactions may be equal by chance, addresses are not. A server of DHCPv6 that repeats another
// identifier than the phone's answers nobody here.
void Leases::Impl::take(const Result<dhcp::Answer>& answer) {
  if (!answer) {
    unreadable = answer.error().detail;
    return;
  }
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (holders[i].asker.mac == answer->mac) tell(i, *answer);
  }
}

void Leases::Impl::tell(std::size_t holder, const dhcp::LeaseInput& input) {
  for (const auto& output : dhcp::advance(holders[holder].life, input, now())) act(holder, output);
  arm();
}

void Leases::Impl::act(std::size_t holder, const dhcp::LeaseOutput& output) {
  if (const auto* ask = std::get_if<dhcp::Ask>(&output)) {
    // What could not be sent is asked again when its time has come.
    if (const auto sent = port->send(holders[holder].asker, ask->question); !sent)
      fail_with(holder, sent.error());
  } else if (const auto* granted = std::get_if<dhcp::Granted>(&output)) {
    events.granted(holder, granted->terms);
    settle(holder);
  } else if (std::holds_alternative<dhcp::Refused>(output)) {
    fail_with(holder, {Errc::protocol_error,
                       fmt::format("DHCP at {}: the server refuses the request", place.interface)});
  } else if (std::holds_alternative<dhcp::GaveUp>(output)) {
    fail_with(holder, {Errc::connect_timeout,
                       fmt::format("DHCP at {}: no server answers", place.interface)});
  }
}

void Leases::Impl::fail_with(std::size_t holder, const Error& error) {
  events.failed(holder, error);
  settle(holder);
}

void Leases::Impl::settle(std::size_t holder) {
  if (is_settled[holder]) return;
  is_settled[holder] = true;
  ++settled;
  boost::asio::post(timer.get_executor(), [this] {
    begin_next();
    if (settled == holders.size()) finish();
  });
}

// Several posts may come after the last one has settled.
void Leases::Impl::finish() {
  const auto tell = std::exchange(events.all_settled, nullptr);
  if (tell) tell();
}

void Leases::Impl::arm() {
  auto next = Time::max();
  for (const auto& holder : holders) next = std::min(next, holder.life.due);
  if (next == Time::max()) {
    timer.cancel();
    return;
  }
  timer.expires_at(started + next.time_since_epoch());
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) ring();
  });
}

void Leases::Impl::ring() {
  for (std::size_t i = 0; i < holders.size(); ++i) {
    if (holders[i].life.due <= now()) tell(i, dhcp::TimeCame{});
  }
  arm();
}

Leases::Leases(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Leases::~Leases() = default;

Result<std::unique_ptr<Leases>> Leases::open(boost::asio::io_context& loop, const LeasePlace& place,
                                             std::vector<Holder> holders, Events events) {
  auto impl = std::make_unique<Impl>(loop, place, std::move(holders), std::move(events));
  auto* const whole = impl.get();
  TRY(impl->port, transport::DhcpPort::open(
                      loop, place.interface, place.version,
                      [whole](const Result<dhcp::Answer>& answer) { whole->take(answer); }));
  return std::unique_ptr<Leases>(new Leases(std::move(impl)));
}

void Leases::begin() {
  impl_->begin_next();
}

const std::string& Leases::unreadable() const {
  return impl_->unreadable;
}

void Leases::release(std::size_t holder) {
  auto& [asker, life] = impl_->holders[holder];
  if (life.terms.address.empty()) return;
  dhcp::Question question;
  question.what = dhcp::Asking::release;
  question.transaction = life.transaction + 1;
  question.about = life.terms;
  (void)impl_->port->send(asker, question);
  dhcp::advance(life, dhcp::LinkIsDown{}, impl_->now());
  impl_->arm();
}

}  // namespace provphone::client::run
