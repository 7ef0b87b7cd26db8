#include "test/client/forecast/invariants.hpp"

#include "resync/custom_ca.hpp"
#include "resync/upgrade.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace provphone::test {
namespace {

using client::trace::EventKind;
using client::trace::TraceEvent;
using resync::Time;

// What a trace has shown of one phone so far.
class Watched {
 public:
  std::optional<std::string> see(const TraceEvent& event) {
    if (event.at < last_) return "time goes back";
    last_ = event.at;
    switch (event.event) {
      case EventKind::powered_on:
        return powered_on();
      case EventKind::timer_armed:
        return timer_armed(event);
      case EventKind::pass_due:
        timers_.erase(timer_behind(event));
        return event.reason ? std::nullopt
                            : std::optional<std::string>("a pass is due for no reason");
      case EventKind::pass_gated:
      case EventKind::pass_deferred:
        if (!event.reason) return "a held pass has no reason";
        if (event.event == EventKind::pass_gated && in_pass_) return "a running pass is gated";
        return std::nullopt;
      case EventKind::pass_started:
        return pass_started(event);
      case EventKind::request:
        return request(event);
      case EventKind::response:
        return response(event);
      case EventKind::applied:
        return applied(event);
      case EventKind::upgrade_started:
        return upgrade_started();
      case EventKind::upgrade_done:
        return upgrade_done(event);
      case EventKind::reported:
        return reported(event);
      case EventKind::pass_succeeded:
      case EventKind::pass_failed:
        return pass_ended(event);
      case EventKind::onboarding_requested:
        // R-BOOT-01: nothing comes due any more.
        timers_.clear();
        return in_pass_ ? std::nullopt
                        : std::optional<std::string>("a code is asked for outside a pass");
      case EventKind::migrated:
        if (in_upgrade_) return "a phone migrates within its upgrade";
        timers_.clear();
        is_up_ = false;
        return std::nullopt;
      case EventKind::powered_off:
        if (event.missed) return std::nullopt;
        *this = Watched{last_};
        return std::nullopt;
      case EventKind::rebooted:
        if (in_pass_) return "a restart breaks a pass off";
        if (in_upgrade_) return "a restart breaks an upgrade off";
        // R-RESYNC-59: a factory reset ends a report that is under way.
        if (event.reason == resync::Reason::factory_reset) report_waits_ = false;
        timers_.clear();
        is_up_ = false;
        return std::nullopt;
      default:
        return std::nullopt;
    }
  }

  // A timer that ran out before the end must have been heard.
  std::optional<std::string> see_end(Time end) const {
    if (!is_up_ || in_pass_) return std::nullopt;
    for (const auto& [timer, due] : timers_) {
      if (due < end) {
        return fmt::format("timer {} was due at {} ms and is lost", name(timer),
                           due.time_since_epoch().count());
      }
    }
    return std::nullopt;
  }

 private:
  static resync::Timer timer_behind(const TraceEvent& event) {
    switch (*event.reason) {
      case resync::Reason::periodic_interval:
        return resync::Timer::periodic;
      case resync::Reason::error_retry_delay:
        return resync::Timer::error_retry;
      case resync::Reason::resync_at:
        return resync::Timer::resync_at;
      case resync::Reason::power_on:
        return resync::Timer::boot_delay;
      default:
        return resync::Timer::none;
    }
  }

  std::optional<std::string> powered_on() {
    // A restart leaves a report on its way, a power cut does not.
    const bool was_restarting = !is_up_ && report_waits_;
    *this = Watched{last_};
    is_up_ = true;
    report_waits_ = was_restarting;
    return std::nullopt;
  }

  std::optional<std::string> timer_armed(const TraceEvent& event) {
    if (!event.timer || !event.due || !event.reason) return "a timer is armed without a reason";
    if (*event.due < event.at) return "a deadline lies in the past";
    // These two may go without a word, when the rule that they wait for does.
    if (*event.timer == resync::Timer::upgrade_retry || *event.timer == resync::Timer::report)
      return std::nullopt;
    timers_.erase(*event.timer);
    if (*event.due != Time::max()) timers_[*event.timer] = *event.due;
    if (*event.timer == resync::Timer::periodic) timers_.erase(resync::Timer::error_retry);
    return std::nullopt;
  }

  std::optional<std::string> pass_started(const TraceEvent& event) {
    if (!is_up_) return "a phone that is down starts a pass";
    if (in_pass_) return "two passes run at once";
    if (!event.reason) return "a pass starts for no reason";
    in_pass_ = true;
    // A pass of the configured rules arms its timers anew.
    if (*event.reason != resync::Reason::one_time_request) {
      std::erase_if(timers_,
                    [](const auto& entry) { return entry.first != resync::Timer::resync_at; });
    }
    return std::nullopt;
  }

  // Reports, roots that a URL names (R-TLS-22), and a renewal (R-CERT-07).
  static bool goes_beside(const TraceEvent& event) {
    return event.rule == "Report_Rule" || event.rule == resync::one_time_custom_ca_name ||
           event.rule == resync::certificate_renewal_rule_name;
  }
  static bool is_upgrade(const TraceEvent& event) {
    return event.rule == "Upgrade_Rule" || event.rule == resync::one_time_upgrade_name ||
           event.rule == "Trans_Auth_Rule";
  }

  // These go beside everything else, one at a time.
  bool& waiting(const TraceEvent& event) {
    return goes_beside(event) ? report_waits_ : is_waiting_;
  }

  std::optional<std::string> request(const TraceEvent& event) {
    if (is_upgrade(event) && !in_upgrade_) return "a load is asked for outside an upgrade";
    if (!goes_beside(event) && !is_upgrade(event) && !in_pass_)
      return "a request is made outside a pass";
    if (waiting(event)) return "two retrievals are in flight";
    waiting(event) = true;
    has_answer_ = false;
    return std::nullopt;
  }

  std::optional<std::string> response(const TraceEvent& event) {
    if (!waiting(event)) return "an answer comes to no request";
    waiting(event) = false;
    if (!goes_beside(event)) has_answer_ = !event.error;
    return std::nullopt;
  }

  std::optional<std::string> applied(const TraceEvent& event) {
    if (goes_beside(event)) return std::nullopt;
    if (!in_pass_ && !in_upgrade_ && !is_upgrade(event)) return "a file is applied outside a pass";
    const bool is_of_file = !event.layers.empty() || event.unchanged_body;
    if (is_of_file && !std::exchange(has_answer_, false))
      return "a file is applied without a fetch";
    return std::nullopt;
  }

  std::optional<std::string> upgrade_started() {
    if (in_pass_) return "an upgrade begins within a pass";
    if (in_upgrade_) return "two upgrades run at once";
    in_upgrade_ = true;
    return std::nullopt;
  }

  // One that ends without having started is of a rule that could not be evaluated.
  std::optional<std::string> upgrade_done(const TraceEvent& event) {
    if (is_waiting_) return "an upgrade ends with a retrieval in flight";
    if (!in_upgrade_ && !event.error) return "an upgrade ends that did not start";
    in_upgrade_ = false;
    return std::nullopt;
  }

  std::optional<std::string> reported(const TraceEvent&) {
    if (report_waits_) return "a report ends with its request in flight";
    return std::nullopt;
  }

  std::optional<std::string> pass_ended(const TraceEvent& event) {
    if (!in_pass_) return "a pass ends that did not start";
    if (is_waiting_) return "a pass ends with a retrieval in flight";
    if (event.event == EventKind::pass_failed && (!event.error || !event.reason))
      return "a failure has no reason";
    in_pass_ = false;
    return std::nullopt;
  }

  explicit Watched(Time last) : last_(last) {}

 public:
  Watched() = default;

 private:
  Time last_{};
  bool is_up_ = false;
  bool in_pass_ = false;
  bool in_upgrade_ = false;
  bool is_waiting_ = false;
  bool has_answer_ = false;  // that nothing was made of yet
  bool report_waits_ = false;
  std::map<resync::Timer, Time> timers_;
};

std::string at_fault(const TraceEvent& event, const std::string& what) {
  return fmt::format("{} ms, phone {}: {}", event.at.time_since_epoch().count(),
                     format_lower(event.phone), what);
}

}  // namespace

std::optional<std::string> broken_invariant(const std::vector<TraceEvent>& trace,
                                            resync::Duration length) {
  std::map<std::uint64_t, Watched> phones;
  for (const auto& event : trace) {
    if (const auto broken = phones[event.phone.bits].see(event)) return at_fault(event, *broken);
  }
  for (const auto& [mac, phone] : phones) {
    if (const auto broken = phone.see_end(Time{length}))
      return fmt::format("phone {:012x}: {}", mac, *broken);
  }
  return std::nullopt;
}

}  // namespace provphone::test
