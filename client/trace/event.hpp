#pragma once

#include "client/trace/fingerprint.hpp"
#include "macro/error.hpp"
#include "macro/mac_address.hpp"
#include "resync/explain_facts.hpp"
#include "resync/reason.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What happened in a run, event by event, in decision order. Timelines, results and trace files are
// made from nothing else.
namespace provphone::client::trace {

// What happened to a phone, or what it decided. Traces hold a kind's name(): whoever renames one
// makes it unknown to readers of older traces.
enum class EventKind : std::uint8_t {
  powered_on,
  timer_armed,
  pass_due,
  pass_gated,
  pass_deferred,
  pass_started,
  rule_skipped,
  request,
  response,
  applied,
  pass_succeeded,
  pass_failed,
  rebooted,
  upgrade_started,
  upgrade_done,
  reported,
  syslog,
  powered_off,
  resync_requested,
  restart_requested,
  call_started,
  call_ended,
  clock_set,
  parameters_set,
  report_requested,
  registration_lost,
  registration_restored,
  outage_began,  // of a modelled server
  outage_ended,
  custom_ca,  // roots that a phone has fetched for itself, or could not
  notified,   // a SIP NOTIFY that asks the phone for nothing that it does
  upgrade_requested,
  upgrade_deferred,  // one that was asked for waits
  factory_reset,     // somebody asked for it
  custom_ca_requested,
  link_lost,
  link_restored,
  lease_changed,         // a DHCP server granted something else
  certificate_renewal,   // what came of it
  onboarding_requested,  // the phone asks for an activation code
  code_entered,          // a person has entered one, which is in no line
  code_judged,           // the onboarding service has taken it, or has not
  migrated,              // the phone runs enterprise firmware from now on
  registered,            // at a registrar that has said so
  registration_failed,
  last = registration_failed,
};

std::string_view name(EventKind kind);
// It happens to the server and to no phone: its line has none, and `phone` says nothing.
bool is_of_server(EventKind kind);
std::optional<EventKind> event_named(std::string_view name);

// Microseconds that the stages of one retrieval took; nothing where a stage was not reached or does
// not exist. `response` and `lag` are not in a trace's line.
struct StageTimes {
  std::optional<std::int64_t> resolve{}, connect{}, tls{}, first_byte{}, body{};
  std::optional<std::int64_t> decode{};    // applying included
  std::optional<std::int64_t> response{};  // from when it was due to its end
  std::optional<std::int64_t> lag{};       // from when it was due to its start: the generator's own

  friend bool operator==(const StageTimes&, const StageTimes&) = default;
};

// What stood behind a decision, for `explain`. Nothing secret is in it.
struct Facts {
  std::string clock{};      // what the phone's clock shows, 2026-03-01T06:00:00; empty: not known
  std::string due_clock{};  // and what it will at `due`
  std::vector<resync::SettingFact> settings{};
  std::vector<resync::ConditionFact> conditions{};
  std::optional<resync::Time> holds_from{};   // a trigger does then; Time::max(): never
  std::optional<resync::Time> trigger_due{};  // a trigger makes a pass due then
  resync::RuleFacts rule{};
  std::vector<std::string_view> not_evaluated{};  // rules behind the one that failed
  std::vector<std::string> restart_for{};         // changed parameters that take a restart

  friend bool operator==(const Facts&, const Facts&) = default;
};

// What a person has set at a phone; values as they may be shown (shown_value.hpp).
struct SetParameter {
  std::string_view name{};
  std::string from{}, to{};

  friend bool operator==(const SetParameter&, const SetParameter&) = default;
};

// Members that an event does not have stay empty and are left out of its line. Views are of names
// that last as long as the program, so that events can be kept.
struct TraceEvent {
  resync::Time at;
  MacAddress phone;
  EventKind event;
  std::uint32_t number = 0;  // of the phone in its run; its line has the MAC address only
  std::optional<resync::PassKind> kind{};
  std::optional<resync::Reason> reason{};
  std::optional<resync::Timer> timer{};
  // When the pass or the timer comes. Time::max(): the timer stays off.
  std::optional<resync::Time> due{};
  std::string_view rule{};  // Profile_Rule, Profile_Rule_B, ...
  // Of the rule, the one that was taken, from 1; 0: none.
  int alternative = 0;
  std::optional<Errc> error{};
  std::string detail{};
  std::string_view method{};
  std::string url{};  // of a request; of what failed: what was asked last, empty where nothing was
  std::string server_address{};
  std::optional<int> status{};
  // Of an answer: the failure that the phone takes it for. Not in its line, which has the status.
  std::optional<Errc> refused{};
  std::optional<std::uint64_t> bytes{};
  // By a server that refuses, of an answer and of the pass that failed by it (macro/said.hpp).
  std::string said{};
  std::vector<std::string> layers{};
  std::vector<std::string> changed{};  // names of parameters
  std::vector<std::string> ignored{};  // names of elements
  bool has_file = false;        // a pass that succeeded brought one, be it the one applied before
  bool unchanged_body = false;  // the body was the one applied last, and was not decoded again
  StageTimes times{};
  // Of a syslog message; a load's name; of custom roots, the first's; of a renewed
  // certificate, its serial number; of what is asked for, the
  // rule that comes with it, or the event of the NOTIFY, whose answer has the `status`.
  std::string text{};
  std::optional<std::uint64_t> certificates{};  // so many were installed
  std::string web_status{};                     // ... of them then, or of its renewal
  std::string_view origin{};                    // of a request: who asked
  // The phone took no notice of what happened to it.
  std::optional<resync::Missed> missed{};
  std::optional<int> line{};        // whose registration it is, from 1; `url` is the registrar's
  std::vector<SetParameter> set{};  // in the order of setting
  // Of a request, where somebody looks at them; not in its line.
  std::string user_agent{}, content_type{};
  std::string certificate{};  // subject of what the phone can show
  Facts facts{};

  friend bool operator==(const TraceEvent&, const TraceEvent&) = default;
};

// Called once an event, in decision order.
using TraceSink = std::function<void(const TraceEvent&)>;

// One JSON object without a line end; `t` and `due` in seconds with milliseconds, a timer that
// stays off as null. Members that are empty are left out, but for what an applied file changed.
// Octets that are not UTF-8 are replaced.
std::string format_json(const TraceEvent& event);

// A running fingerprint of the decisions of a run: same decisions at the same times, same value.
// Time, phone, kinds, reasons, timers, error codes and changed parameters count; URLs, texts and
// what was measured do not.
class TraceHash {
 public:
  void add(const TraceEvent& event);
  std::string hex() const { return fingerprint_.hex(); }

 private:
  Fingerprint fingerprint_;
};

}  // namespace provphone::client::trace
