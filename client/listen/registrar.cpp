#include "client/listen/registrar.hpp"

#include "client/face/line.hpp"
#include "client/trace/sentence.hpp"
#include "client/transport/datagrams.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace provphone::client::listen {

namespace asio = boost::asio;
using face::Registration;
using Turn = face::RegistrationStep::Turn;

namespace {

constexpr std::uint16_t sip_port_number = 5060;

// Of no run before: a registrar may remember the Call-ID of a phone that had the same number.
std::uint64_t fresh_seed() {
  std::random_device random;
  return std::uint64_t{random()} << 32U | random();
}

// The address that packets to `to` leave from; empty where there is no way.
std::string address_towards(asio::io_context& loop, const asio::ip::address& to) {
  boost::system::error_code error;
  asio::ip::udp::socket probe(loop);
  const asio::ip::udp::endpoint there(to, sip_port_number);
  probe.connect(there, error);  // sends nothing
  const auto here = probe.local_endpoint(error);
  return error ? std::string() : here.address().to_string();
}

bool is_any(const std::string& address) {
  boost::system::error_code error;
  return asio::ip::make_address(address, error).is_unspecified();
}

bool is_v4(const std::string& address) {
  boost::system::error_code error;
  return asio::ip::make_address(address, error).is_v4();
}

// What says nothing of whether a phone is up, or how it is set.
bool is_beside(trace::EventKind kind) {
  using enum trace::EventKind;
  return trace::is_of_server(kind) || kind == request || kind == response || kind == syslog ||
         kind == timer_armed || kind == registered || kind == registration_failed;
}

// A change of the line's parameters counts from the restart that it takes.
bool goes_by_new_parameters(const resync::Phone& machine) {
  return machine.state == resync::State::idle && !machine.needs_restart && !machine.wants_restart;
}

}  // namespace

Registrar::Registrar(asio::io_context& loop, drive::RealDriver& driver, transport::Network network,
                     trace::TraceSink tell, SipCarrier& carrier)
    : loop_(loop),
      driver_(driver),
      network_(std::move(network)),
      names_(loop, network_.targets, network_.names),
      tell_(std::move(tell)),
      carrier_(carrier),
      timer_(loop),
      phones_(driver.phone_count()),
      deadlines_(driver.phone_count() * face::most_lines) {}

void Registrar::begin(std::vector<std::string> addresses, std::uint16_t port) {
  port_ = port;
  for (std::size_t i = 0; i < phones_.size(); ++i) {
    phones_[i].address = std::move(addresses[i]);
    mark(i);
  }
}

// --- which lines are there

// A phone may be looked at only once what happens to it has been taken.
void Registrar::mark(std::size_t phone) {
  if (std::exchange(phones_[phone].is_marked, true)) return;
  asio::post(loop_, [this, alive = std::weak_ptr(alive_), phone] {
    if (!alive.expired()) look(phone);
  });
}

void Registrar::observe(std::size_t index, const trace::TraceEvent& event) {
  using enum trace::EventKind;
  if (is_beside(event.event)) return;
  auto& phone = phones_[index];
  const auto leaves = [&](Left how) {
    if (!phone.left) phone.left = how;
    // R-SIP-10: whoever comes up begins anew, and $REGTMR1 with it.
    if (how != Left::by_link) phone.lost = {};
  };
  if (event.event == rebooted || event.event == migrated) leaves(Left::by_restart);
  if (event.event == powered_off) leaves(Left::by_power_cut);
  if (event.event == link_lost) leaves(Left::by_link);
  mark(index);
}

void Registrar::look(std::size_t index) {
  auto& phone = phones_[index];
  phone.is_marked = false;
  const auto seen = driver_.phone(index);
  if (const auto how = std::exchange(phone.left, std::nullopt)) {
    for (int line = 1; line <= face::most_lines; ++line) depart({index, line}, *how);
    phone.has_looked = false;
  }
  if (!resync::is_reachable(seen.machine)) return;
  if (std::exchange(phone.has_looked, true) && !goes_by_new_parameters(seen.machine)) return;
  for (int line = 1; line <= face::most_lines; ++line) look_at_line({index, line}, seen);
}

void Registrar::look_at_line(PhoneLine of, const drive::DrivenPhone& seen) {
  const auto terms = face::registration_terms(of.second, seen.device);
  const auto known = lines_.find(of);
  const bool is_known = known != lines_.end();
  if (!terms) {
    if (is_known && known->second.cannot == terms.error()) return;
    depart(of, Left::by_restart);
    auto& line = arrive(of, seen);
    line.cannot = terms.error();
    line.registration.terms.registrar = face::line_value("Proxy", of.second, seen.device);
    return refuse(of, terms.error());
  }
  if (is_known && *terms && !known->second.cannot && known->second.registration.terms == **terms)
    return;
  depart(of, Left::by_restart);
  if (!*terms) return;
  auto& line = arrive(of, seen);
  line.registration.terms = **terms;
  follow(of, face::begin(line.registration, driver_.now()));
}

Registrar::Line& Registrar::arrive(PhoneLine of, const drive::DrivenPhone& seen) {
  auto& line = lines_[of];
  line.naming = resync::naming_of(seen.device);
  line.registration.seed = fresh_seed();
  line.registration.is_lost = phones_[of.first].lost[static_cast<std::size_t>(of.second - 1)];
  by_call_id_[face::call_id_of(line.registration)] = of;
  return line;
}

// R-SIP-10: only who goes by itself says so.
void Registrar::depart(PhoneLine of, Left how) {
  const auto known = lines_.find(of);
  if (known == lines_.end()) return;
  auto& line = known->second;
  if (how == Left::by_restart && line.peer && face::take_back(line.registration))
    static_cast<void>(carry(of, line));
  carrier_.hang_up(of);
  deadlines_.clear(timer_of(of));
  by_call_id_.erase(face::call_id_of(line.registration));
  lines_.erase(known);
}

// --- what becomes of a registration

void Registrar::follow(PhoneLine of, const face::RegistrationStep& step) {
  const auto& registration = lines_.at(of).registration;
  const bool is_over = registration.due == resync::Time::max();
  deadlines_.set(timer_of(of),
                 is_over ? drive::TimerWheel::never : registration.due.time_since_epoch().count());
  arm();
  if (step.said && !step.said->is_registered) carrier_.hang_up(of);
  if (step.said) tell(of, *step.said);
  const auto line = static_cast<std::uint8_t>(of.second - 1);
  if (step.turn != Turn::none) phones_[of.first].lost[line] = step.turn == Turn::lost;
  if (step.turn == Turn::lost) driver_.happens(of.first, resync::RegistrationLost{line}, nullptr);
  if (step.turn == Turn::restored)
    driver_.happens(of.first, resync::RegistrationRestored{line}, nullptr);
  if (step.sends) ask(of);
}

void Registrar::tell(PhoneLine of, const face::RegistrationSaid& said) {
  const auto& line = lines_.at(of);
  trace::TraceEvent event{.at = driver_.now(),
                          .phone = driver_.phone(of.first).device.identity.mac,
                          .event = said.is_registered ? trace::EventKind::registered
                                                      : trace::EventKind::registration_failed};
  event.number = driver_.number(of.first);
  event.line = of.second;
  event.url = "sip:" + line.registration.terms.registrar;
  if (line.peer) event.server_address = line.peer->to_string();
  event.status = said.status;
  event.error = said.error;
  event.detail = said.is_registered ? "for " + trace::format_duration(said.lifetime) : said.detail;
  tell_(event);
}

void Registrar::refuse(PhoneLine of, const Error& why) {
  follow(of, face::not_asked(lines_.at(of).registration, why, driver_.now()));
}

void Registrar::take(const face::SipResponse& response) {
  const auto found = by_call_id_.find(response.call_id);
  if (found == by_call_id_.end()) return;
  const auto of = found->second;
  auto& line = lines_.at(of);
  follow(of, face::take(line.registration, response, line.at, driver_.now()));
}

void Registrar::broke(PhoneLine of, const Error& why) {
  const auto known = lines_.find(of);
  const bool is_waited_for =
      known != lines_.end() && known->second.registration.state == Registration::State::asking;
  if (is_waited_for) refuse(of, why);
}

// --- how it asks

void Registrar::ask(PhoneLine of) {
  auto& line = lines_.at(of);
  const auto server = transport::parse_host_port(line.registration.terms.next_hop, sip_port_number);
  if (!server) return refuse(of, {Errc::url_syntax, line.registration.terms.next_hop});
  names_.find(server->host, line.naming,
              [this, alive = std::weak_ptr(alive_), of, server = *server,
               call_id = face::call_id_of(line.registration),
               sequence = line.registration.sequence](const Result<transport::Addresses>& found) {
                if (alive.expired()) return;
                const auto known = lines_.find(of);
                // Meanwhile it has gone, or asks something else.
                if (known == lines_.end()) return;
                const auto& asking = known->second.registration;
                if (asking.state != Registration::State::asking || asking.sequence != sequence ||
                    face::call_id_of(asking) != call_id)
                  return;
                known->second.port = server.port;
                this->found(of, server.host, found);
              });
}

// R-HTTP-15 is for registrars too.
void Registrar::found(PhoneLine of, const std::string& host,
                      const Result<transport::Addresses>& addresses) {
  if (!addresses) return refuse(of, addresses.error());
  const auto allowed = transport::allowed_of(host, *addresses, network_.targets);
  if (!allowed) return refuse(of, allowed.error());
  const auto& own = phones_[of.first].address;
  const auto to = std::find_if(allowed->begin(), allowed->end(),
                               [&](const auto& each) { return each.is_v4() == is_v4(own); });
  if (to == allowed->end())
    return refuse(of, {Errc::host_unreachable, fmt::format("no way to {} from {}", host, own)});
  auto& line = lines_.at(of);
  line.peer = *to;
  line.at = {is_any(own) ? address_towards(loop_, *to) : own, port_};
  if (const auto sent = carry(of, line); !sent) refuse(of, sent.error());
}

Result<void> Registrar::carry(PhoneLine of, const Line& line) {
  return carrier_.send({of, line.registration.terms.transport, phones_[of.first].address,
                        *line.peer, line.port, face::register_octets(line.registration, line.at)});
}

bool Registrar::is_registrar_of(std::size_t phone, const std::string& address) const {
  const auto begin = lines_.lower_bound({phone, 0});
  const auto end = lines_.lower_bound({phone + 1, 0});
  return std::any_of(begin, end, [&](const auto& each) {
    return each.second.peer && each.second.peer->to_string() == address;
  });
}

// --- when

std::uint32_t Registrar::timer_of(PhoneLine of) {
  return static_cast<std::uint32_t>(of.first * face::most_lines) +
         static_cast<std::uint32_t>(of.second - 1);
}

void Registrar::arm() {
  const auto next = deadlines_.next();
  if (next == drive::TimerWheel::never) return;
  const auto now = driver_.now().time_since_epoch();
  timer_.expires_after(std::max(resync::Duration(next) - now, resync::Duration::zero()));
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) ring();
  });
}

void Registrar::ring() {
  const auto now = driver_.now();
  std::vector<PhoneLine> due;
  deadlines_.advance(now.time_since_epoch().count(), [&](std::uint32_t timer) {
    due.emplace_back(timer / face::most_lines, static_cast<int>(timer % face::most_lines) + 1);
  });
  for (const auto& of : due) follow(of, face::deadline_reached(lines_.at(of).registration, now));
  arm();
}

}  // namespace provphone::client::listen
