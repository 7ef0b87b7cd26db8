#pragma once

#include "client/drive/effects.hpp"
#include "client/drive/facts.hpp"
#include "client/drive/real.hpp"
#include "client/drive/timer_wheel.hpp"
#include "client/transport/fetcher.hpp"
#include "client/transport/resolver.hpp"
#include "client/transport/syslog.hpp"
#include "resync/answer.hpp"
#include "resync/messages.hpp"
#include "resync/report_plan.hpp"
#include "resync/upgrade.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>

namespace provphone::client::drive {
namespace detail {

using macro::RuleKind;
using report::EventKind;
using report::TraceEvent;
using SteadyClock = std::chrono::steady_clock;

// What a phone fetches or sends, over as many hops as the server asks for.
struct Errand {
  RuleKind kind = RuleKind::profile;
  std::string_view rule;  // the parameter that asks for it, for the trace
  int alternative = 0;
  transport::Method method = transport::Method::get;
  resync::Retrieval what;  // as the rule has it, or where a redirect or a challenge led from there
  std::uint8_t slot = 0;   // of a profile
  resync::Plan plan;       // of a profile: where else to look
  resync::UpgradeTarget target;               // of an upgrade
  std::string load;                           // of an upgrade
  resync::ReportKind report{};                // of a report
  std::optional<profile::ParameterSet> told;  // by the report
  std::string content_encoding;               // of its body
  SteadyClock::time_point due{};              // when it should have started
  SteadyClock::time_point started{};
  int hops = 0;
  bool announced = false;  // this hop's request is in the trace
  bool logged = false;     // R-LOG-10: one message, whatever hops and challenges follow
  transport::Fetcher::Id exchange = 0;
  std::uint64_t ticket = 0;   // while it waits for its turn to start
  std::uint64_t look_up = 0;  // of SRV records
};

std::vector<std::string> names_of(const std::vector<profile::ParameterId>& ids);

// A phone does what its machine waits for, and sends reports beside it.
enum class Lane : std::uint8_t { work, reports };
inline constexpr std::size_t lane_count = 2;

// A phone that something is under way with.
struct Slot {
  std::optional<Errand>& errand(Lane lane) { return errands[static_cast<std::size_t>(lane)]; }
  bool is_busy() const { return errands[0] || errands[1]; }

  DrivenPhone phone;
  SteadyClock::time_point due{};  // when what it does now should have been done
  std::array<std::optional<Errand>, lane_count> errands;
  std::deque<resync::ReportPlan> reports;  // that wait for the one that is being sent
  bool needs_restart = false;              // by what the rule under evaluation has changed so far
  RuleFailure failure;                     // of the rule that failed last, for the trace
};

// An errand that waits for its turn to start.
struct Waiting {
  std::uint32_t index;
  Lane lane;
  std::uint64_t ticket;  // of the errand; another one there now is none of its business
  SteadyClock::time_point not_before;  // by the pace
};

}  // namespace detail

// real.cpp steps the machines, the rest does what they ask for: detail/errands.cpp moves octets,
// detail/rules.cpp, upgrades.cpp and reports.cpp know what they are.
class RealDriver::Impl {
 public:
  Impl(boost::asio::io_context& loop, RealRun run);

  void happen(const Planned& planned);
  void power_on(std::size_t index) {
    happen({now(), static_cast<std::uint32_t>(index), resync::PoweredOn{}, {}});
  }
  void request_resync_of_running(std::size_t index);
  bool is_at_rest() const;
  DrivenPhone phone(std::size_t index) const;
  std::size_t phone_count() const { return awake_.size(); }
  std::size_t in_flight() const { return in_flight_; }
  void set_pace(const Pace& pace);

 private:
  using Answer = std::optional<resync::Event>;  // to the machine; nothing: later
  using Errand = detail::Errand;
  using Lane = detail::Lane;

  resync::Time now() const;
  detail::SteadyClock::time_point instant(resync::Time time) const;
  resync::Shared shared(const DrivenPhone& phone, const macro::Lookup& facts) const;
  report::TraceEvent event(std::size_t index, report::EventKind kind);
  report::TraceEvent rule_event(std::size_t index, report::EventKind kind, std::string_view rule);
  void tell(std::size_t index, report::TraceEvent line);
  // Adds what a profile rule looks like, for whoever explains the run.
  void add_rule(report::TraceEvent& line, std::size_t index, std::size_t slot);
  bool explains() const { return run_.depth == TraceDepth::everything; }

  // --- who is awake
  detail::Slot& awake(std::size_t index);  // wakes the phone where it rests
  void let_rest(std::size_t index);

  // --- when
  void wait();
  void time_has_come();
  void drop_work(std::size_t index);
  // Steps the machine with `happened` and with all that follows from it at once.
  void feed(std::size_t index, const resync::Event& happened);
  void trace_effects(std::size_t index, const resync::Effects& effects, resync::Time at);
  void deadline_reached(std::size_t index);
  void tell_if_free(std::size_t index);
  Answer answer(std::size_t index, const Demand& demand);
  void log(std::size_t index, resync::LogKind kind);

  // --- any errand (errands.cpp)
  void start(std::size_t index, Lane lane);
  void start_waiting();
  void take_turn(detail::Waiting& waiting, detail::SteadyClock::time_point now);
  bool still_waits(const detail::Waiting& waiting) const;
  void go(std::size_t index, Lane lane);
  void left();
  void announce(std::size_t index, Lane lane, const std::string& server_address);
  void exchange_done(std::size_t index, Lane lane, Result<transport::Response> response);
  Answer judge(std::size_t index, Lane lane, const transport::Response& response);
  Answer attempt_failed(std::size_t index, Lane lane, const Error& error);
  void conclude(std::size_t index, Lane lane, const Answer& outcome);
  // Sets what a rule assigns, before it fetches or sends anything. Returns what changed.
  std::vector<profile::ParameterId> assign(std::size_t index, std::string_view rule,
                                           int alternative,
                                           const std::vector<macro::Assignment>& assignments);

  // --- profile rules (rules.cpp)
  Answer evaluate(std::size_t index, std::uint8_t slot);
  Answer follow_plan(std::size_t index, std::uint8_t slot, resync::Plan plan);
  void find_servers(std::size_t index);
  void servers_found(std::size_t index, Result<std::vector<resync::SrvRecord>> records);
  Answer take_in(std::size_t index, const transport::Response& response);
  Answer profile_failed(std::size_t index, const Error& error);
  resync::Event rule_done(std::size_t index);
  resync::Event rule_failed(std::size_t index, const Error& error);

  // --- Upgrade_Rule (upgrades.cpp)
  Answer upgrade(std::size_t index, bool is_retry);
  resync::Event upgrade_done(std::size_t index);
  resync::Event upgrade_failed(std::size_t index, const Error& error);

  // --- Report_Rule (reports.cpp)
  void send_reports(std::size_t index);
  void send_next_report(std::size_t index);
  void trace_report(std::size_t index, const std::optional<Error>& error);
  void report_done(std::size_t index, const std::optional<Error>& error);

  boost::asio::io_context& loop_;
  RealRun run_;
  transport::Fetcher fetcher_;
  transport::Syslog syslog_;
  std::optional<transport::Resolver> resolver_;  // once somebody needs it
  std::uint64_t look_ups_ = 0;
  std::size_t planned_ = 0;  // so much of the plan has come to pass
  detail::SteadyClock::time_point started_;

  static constexpr std::uint32_t nobody = UINT32_MAX;
  std::vector<std::uint32_t> awake_;                  // by phone: its place in slots_
  std::vector<std::unique_ptr<detail::Slot>> slots_;  // pooled
  std::vector<std::uint32_t> free_slots_;
  TimerWheel deadlines_;
  boost::asio::steady_timer timer_;  // for the next deadline, plan entry or start
  detail::SteadyClock::time_point armed_for_ = detail::SteadyClock::time_point::max();

  std::deque<detail::Waiting> waiting_;
  std::uint64_t tickets_ = 0;
  std::size_t in_flight_ = 0;
  detail::SteadyClock::time_point next_start_{};  // by the pace
};

}  // namespace provphone::client::drive
