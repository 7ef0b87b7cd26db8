#include "resync/detail/step.hpp"

#include <algorithm>

namespace provphone::resync::detail {
namespace {

bool has_reports(const Step& s) {
  return is_up(s.phone) && s.settings().has_report_rule;
}

void send(Step& s, Reason reason) {
  if (has_reports(s)) s.effects.add(SendReports{reason});
}

void arm_report(Step& s, Duration wait, Reason reason) {
  s.phone.report_due = s.now + wait;
  s.effects.add(TimerArmed{Timer::report, s.phone.report_due, reason});
}

Reason reason_of_timer(const Step& s) {
  return s.settings().report_to_server == ReportToServer::periodically ? Reason::report_period
                                                                       : Reason::local_change;
}

}  // namespace

// R-REPORT-04: whatever Report_To_Server says, who asks gets a report.
void report_requested(Step& s) {
  send(s, Reason::report_requested);
}

void report_after_start(Step& s) {
  if (s.settings().report_to_server == ReportToServer::on_request)
    send(s, Reason::report_after_start);
}

// Reports run beside passes (R-REPORT-07), but this deadline is not looked at while one runs, so it
// is met at its end (R-REPORT-05).
void report_is_due(Step& s) {
  s.phone.report_due = Time::max();
  send(s, reason_of_timer(s));
}

// R-REPORT-05: the delay counts from the first change and is not begun anew, so changes that follow
// within it are in the same report.
void report_local_change(Step& s) {
  const auto& settings = s.settings();
  if (settings.report_to_server != ReportToServer::on_local_change || !has_reports(s)) return;
  if (s.phone.report_due == Time::max())
    arm_report(s, std::chrono::seconds(settings.report_delay), Reason::local_change);
}

void keep_report_timer(Step& s) {
  const auto& settings = s.settings();
  const bool has_timer = settings.report_to_server != ReportToServer::on_request;
  if (!has_timer || !has_reports(s)) {
    s.phone.report_due = Time::max();
    return;
  }
  const bool repeats = settings.report_to_server == ReportToServer::periodically;
  // A report that was due has put its deadline down, so the period begins anew here; one that runs
  // is left alone, also where the period has changed.
  if (!repeats || s.phone.report_due != Time::max()) return;
  const Duration period = std::chrono::seconds(settings.report_period);
  arm_report(s, std::max(period, shortest_repeat), Reason::report_period);
}

}  // namespace provphone::resync::detail
