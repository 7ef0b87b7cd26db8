#include "client/run/session.hpp"

#include "client/expect/outcome.hpp"
#include "client/run/real_run.hpp"
#include "client/run/signals.hpp"
#include "client/scenario/phones.hpp"
#include "macro/try.hpp"
#include "resync/random.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <csignal>
#include <utility>

namespace provphone::client::run {
namespace {

namespace asio = boost::asio;

// So long a session that is over waits for the name of a log server.
constexpr std::chrono::seconds patience_with_messages{5};

// A session while it is held. It stays where it is: driver and judge refer to its parts.
class HeldSession {
 public:
  HeldSession(Session& session, const trace::TraceSink& watch)
      : session_(session),
        watch_(watch),
        roll_(session.scenario ? &*session.scenario : nullptr,
              {0, static_cast<std::uint32_t>(session.facts.phones)}),
        last_messages_(loop_) {
    auto run = std::move(session_.run);
    result_.wall = run.wall;
    run.trace = [this](const trace::TraceEvent& event) { add(event); };
    run.on_pass_over = [this](std::size_t) { pass_over(); };
    judge_by_scenario(run);
    if (session_.doors.sip) network_ = run.network;
    witness_ = run.witness;
    run_ = std::move(run);
  }

  // In this order, and before the others: the run's time begins when phones have their leases.
  Result<void> get_leases();
  void begin_run();
  Result<void> open_doors();
  void drive_to_end();
  SessionResult conclude();

 private:
  void granted(std::size_t phone, const transport::dhcp::Terms& terms);
  void hand_over_lease(std::size_t phone);
  void add(const trace::TraceEvent& event);
  void pass_over();
  void judge_by_scenario(drive::RealRun& run);
  void begin();
  void stop_after(asio::steady_timer& timer, asio::steady_timer::duration patience);
  void end_by(figures::RunEnd end);

  Session& session_;
  const trace::TraceSink& watch_;
  SessionResult result_;
  std::optional<expect::Judge> judge_;  // where something is expected
  bool aborts_ = false;                 // when an expectation is lost
  expect::RollCall roll_;
  std::chrono::steady_clock::time_point started_{};
  figures::RunEnd end_ = figures::RunEnd::by_itself;
  asio::io_context loop_;
  asio::steady_timer last_messages_;
  drive::RealRun run_;  // until the driver has it
  std::shared_ptr<drive::Witness> witness_;
  transport::Network network_;          // where registrars are found, until `doors_` has it
  std::vector<resync::Lease> granted_;  // by phone; of a run with leases
  std::unique_ptr<Leases> leases_;
  // Last, since it calls back into all the rest, and it is the first to go.
  std::optional<drive::RealDriver> driver_;
  // They go before the driver that they hand visitors' wishes to.
  std::optional<listen::Doors> doors_;
};

void HeldSession::add(const trace::TraceEvent& event) {
  result_.tally.add(event);
  if (judge_) judge_->observe(event.number, event);
  roll_.observe(event.number, event, judge_ ? &*judge_ : nullptr);
  if (doors_) doors_->observe(event.number, event);
  watch_(event);
  if (aborts_ && judge_->knows_of_a_loss()) end_by(figures::RunEnd::lost);
}

// What a server grants a phone that has something else.
void HeldSession::granted(std::size_t phone, const transport::dhcp::Terms& terms) {
  auto lease = lease_of(terms);
  if (granted_[phone] == lease) return;
  granted_[phone] = std::move(lease);
  if (driver_) hand_over_lease(phone);
}

void HeldSession::hand_over_lease(std::size_t phone) {
  driver_->happens(phone, resync::LeaseChanged{},
                   std::make_shared<resync::Brought>(resync::Brought{{}, {}, granted_[phone]}));
}

Result<void> HeldSession::get_leases() {
  if (!session_.dhcp) return {};
  // Nothing has begun: who wants to end it may do so there and then.
  release_signals();
  std::vector<Leases::Holder> holders;
  std::vector<MacAddress> macs;
  for (std::size_t i = 0; i < run_.phones->count(); ++i) {
    const auto identity = run_.phones->copy(i).device.identity;
    macs.push_back(identity.mac);
    holders.push_back({asker_of(identity), {}});
    holders.back().life.seed = resync::mix(run_.seed ^ identity.mac.bits);
  }
  granted_.resize(holders.size());
  Leases::Events events;
  events.granted = [this](std::size_t phone, const transport::dhcp::Terms& terms) {
    granted(phone, terms);
  };
  events.failed = [this, macs](std::size_t phone, const Error& why) {
    if (!driver_ && session_.on_no_lease) session_.on_no_lease(macs[phone], why);
  };
  events.all_settled = [this] { loop_.stop(); };
  TRY(leases_, Leases::open(loop_, *session_.dhcp, std::move(holders), std::move(events)));
  leases_->begin();
  loop_.run();
  loop_.restart();
  return {};
}

void HeldSession::begin_run() {
  driver_.emplace(loop_, std::move(run_));
  for (std::size_t i = 0; i < granted_.size(); ++i) {
    if (granted_[i] != resync::Lease{}) hand_over_lease(i);
  }
}

Result<void> HeldSession::open_doors() {
  if (!session_.doors.any()) return {};
  TRY(listen::make_room_for(sockets_for(session_.doors, *driver_)));
  TRY(doors_, listen::Doors::open(loop_, session_.doors, *driver_, result_.wall,
                                  std::move(network_), [this](const trace::TraceEvent& event) {
                                    if (witness_) witness_->told(event);
                                    add(event);
                                  }));
  if (session_.on_open) session_.on_open(*doors_);
  return {};
}

// The log messages of the only pass may still be on their way.
void HeldSession::pass_over() {
  const auto& tally = result_.tally;
  // A gate that held the pass ends such a session, too: nothing else would.
  const bool had_a_pass = tally.passes_started + tally.passes_gated > 0;
  if (session_.until == Until::first_pass && had_a_pass) {
    if (driver_->messages_waiting() == 0) loop_.stop();
    stop_after(last_messages_, patience_with_messages);
  }
  if (session_.until == Until::all_at_rest && driver_->is_at_rest()) loop_.stop();
}

void HeldSession::judge_by_scenario(drive::RealRun& run) {
  if (!session_.scenario || session_.scenario->expect.empty()) return;
  auto& judge = judge_.emplace(*session_.scenario, expect::Capabilities::real);
  aborts_ = session_.scenario->limits.abort_when == scenario::AbortWhen::lost;
  run.traces_headers = judge.wants_headers();
  if (!judge.wants_documents()) return;
  run.on_document = [&judge](std::size_t phone, std::string_view document, const macro::Url&) {
    judge.document(static_cast<std::uint32_t>(phone), document);
  };
}

void HeldSession::stop_after(asio::steady_timer& timer, asio::steady_timer::duration patience) {
  timer.expires_after(patience);
  timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) loop_.stop();
  });
}

void HeldSession::end_by(figures::RunEnd end) {
  end_ = end;
  loop_.stop();
}

void HeldSession::begin() {
  switch (session_.beginning) {
    case Beginning::as_planned:
      break;
    case Beginning::power_on:
      driver_->power_on(0);
      break;
    case Beginning::resync:
      // It has been up for a while before anybody looks.
      roll_.powered_on(0);
      driver_->request_resync_of_running(0);
      break;
  }
}

void HeldSession::drive_to_end() {
  started_ = std::chrono::steady_clock::now();
  begin();
  // No phone would ever come to rest, and so nobody would stop the loop.
  if (session_.until == Until::all_at_rest && driver_->is_at_rest()) return;
  // For as long as the loop runs: afterwards a second signal has its usual effect.
  asio::signal_set signals(loop_);
  for (const int signal : ending_signals()) signals.add(signal);
  signals.async_wait([this](const boost::system::error_code& error, int signal) {
    if (!error) end_by(figures::end_by_signal(signal));
  });
  release_signals();
  asio::steady_timer end(loop_);
  if (session_.length) {
    end.expires_after(*session_.length);
    end.async_wait([this](const boost::system::error_code& error) {
      if (!error) end_by(figures::RunEnd::time);
    });
  }
  loop_.run();
}

SessionResult HeldSession::conclude() {
  const auto count = driver_->phone_count();
  for (std::size_t i = 0; judge_ && i < count; ++i)
    judge_->final(static_cast<std::uint32_t>(i), driver_->phone(i).device.parameters);
  const auto lasted = std::chrono::steady_clock::now() - started_;
  result_.outcome = outcome_of(roll_, judge_ ? &*judge_ : nullptr,
                               {end_,
                                std::chrono::duration_cast<resync::Duration>(lasted),
                                {session_.length, false, judge_.has_value()}});
  result_.verdicts = judge(session_.facts, result_.outcome);
  for (std::size_t i = 0; i < std::min(count, figures::max_final_phones); ++i)
    result_.phones.push_back(driver_->phone(i));
  result_.messages_unsent = driver_->messages_waiting();
  return std::move(result_);
}

}  // namespace

Result<Session> session_of(scenario::Scenario scenario, std::optional<resync::Duration> length,
                           std::chrono::system_clock::time_point now,
                           const identity::Keeping& keeping) {
  Session session;
  session.length = length ? length : scenario.limits.duration;
  TRY(session.run, real_run_of(scenario, session.length, now, keeping));
  session.until = Until::all_at_rest;
  session.facts.phones = scenario::phone_count(scenario);
  session.facts.seed = scenario.seed;
  session.facts.scenario_hash = scenario.fingerprint;
  session.scenario = std::move(scenario);
  return session;
}

Result<SessionResult> hold(Session session, const trace::TraceSink& watch) {
  HeldSession held(session, watch);
  TRY(held.get_leases());
  held.begin_run();
  TRY(held.open_doors());
  held.drive_to_end();
  return held.conclude();
}

figures::RunResult run_result_of(const SessionResult& result, const figures::RunFacts& facts) {
  figures::RunResult kept;
  kept.verdicts = &result.verdicts;
  kept.outcome = &result.outcome;
  kept.phones = facts.phones;
  kept.tally = result.tally;
  kept.seed = facts.seed;
  kept.scenario_hash = facts.scenario_hash;
  for (const auto& phone : result.phones) {
    const auto& renewed = phone.device.renewal.certificate;
    kept.final_phones.push_back(
        {phone.device.identity.mac, &phone.device.parameters,
         custom_ca_status(phone.device, phone.machine, result.wall),
         custom_ca_info(phone.device.custom_ca),
         certificate_renewal_status(phone.device, phone.machine, result.wall),
         renewed ? renewed->serial_number : std::string(),
         phone.device.services ? std::string(name(customization_of(phone.device)))
                               : std::string()});
  }
  return kept;
}

}  // namespace provphone::client::run
