#include "client/trace/notes.hpp"

#include "client/trace/facts.hpp"
#include "resync/first_boot.hpp"

#include <fmt/chrono.h>

#include <utility>

namespace provphone::client::trace {
namespace {

using resync::Time;

TraceEvent line(EventKind kind, MacAddress phone, Time now, std::string_view rule = {}) {
  TraceEvent made{.at = now, .phone = phone, .event = kind};
  made.rule = rule;
  return made;
}

void add_error(TraceEvent& line, std::optional<Error>& error) {
  if (!error) return;
  line.error = error->code;
  line.detail = std::move(error->detail);
}

}  // namespace

TraceEvent line_of(resync::RulePassedOver& note, MacAddress phone, Time now) {
  auto made = line(EventKind::rule_skipped, phone, now, note.rule);
  made.alternative = note.alternative;
  made.reason = note.why;
  made.facts.rule = std::move(note.facts);
  return made;
}

TraceEvent line_of(resync::RequestMade& note, MacAddress phone, Time now) {
  auto made = line(EventKind::request, phone, now, note.rule);
  made.alternative = note.alternative;
  made.method = name(note.method);
  made.url = std::move(note.url);
  made.server_address = std::move(note.server_address);
  made.user_agent = std::move(note.user_agent);
  made.content_type = std::move(note.content_type);
  made.facts.rule = std::move(note.facts);
  return made;
}

TraceEvent line_of(resync::AnswerSeen& note, MacAddress phone, Time now) {
  auto made = line(EventKind::response, phone, now, note.rule);
  made.status = note.status;
  // A challenge that is answered fails nothing, as a redirect that is followed.
  if (!note.asks_again) made.refused = note.refused;
  // Nothing of an answer that broke off is used (R-HTTP-13), so it has no size either.
  if (!note.error) made.bytes = note.bytes;
  made.said = std::move(note.said);
  made.detail = std::move(note.note);
  add_error(made, note.error);
  return made;
}

// Names cost a text each, and whoever only counts needs none: add_changes() is for those who show
// them.
TraceEvent line_of(resync::Applied& note, MacAddress phone, Time now) {
  auto made = line(EventKind::applied, phone, now, note.rule);
  made.alternative = note.alternative;
  made.unchanged_body = note.unchanged_body;
  for (const auto layer : note.layers) made.layers.emplace_back(name(layer));
  return made;
}

TraceEvent line_of(resync::UpgradeStarted& note, MacAddress phone, Time now) {
  auto made = line(EventKind::upgrade_started, phone, now, note.rule);
  made.alternative = note.alternative;
  made.text = std::move(note.load);
  return made;
}

TraceEvent line_of(resync::UpgradeEnded& note, MacAddress phone, Time now) {
  auto made = line(EventKind::upgrade_done, phone, now, note.rule);
  made.text = std::move(note.load);
  made.url = std::move(note.url);
  add_error(made, note.error);
  return made;
}

TraceEvent line_of(resync::CustomCaEnded& note, MacAddress phone, Time now) {
  auto made = line(EventKind::custom_ca, phone, now, note.rule);
  made.text = std::move(note.first_name);
  if (!note.error && note.count > 0) made.certificates = note.count;
  made.url = std::move(note.url);
  add_error(made, note.error);
  return made;
}

TraceEvent line_of(resync::CodeJudged& note, MacAddress phone, Time now) {
  auto made = line(EventKind::code_judged, phone, now, resync::activation_code_name);
  made.url = std::move(note.url);
  add_error(made, note.error);
  return made;
}

TraceEvent line_of(resync::CertificateRenewalEnded& note, MacAddress phone, Time now) {
  auto made = line(EventKind::certificate_renewal, phone, now, note.rule);
  made.text = std::move(note.serial_number);
  if (note.not_after != resync::sys_seconds{})
    made.detail = fmt::format("valid until {:%F}", note.not_after);
  made.url = std::move(note.url);
  add_error(made, note.error);
  return made;
}

TraceEvent line_of(resync::ReportEnded& note, MacAddress phone, Time now) {
  auto made = line(EventKind::reported, phone, now, note.rule);
  made.alternative = note.alternative;
  if (note.kind) made.text = name(*note.kind);
  made.url = std::move(note.url);
  made.status = note.status;
  add_error(made, note.error);
  return made;
}

TraceEvent line_of(resync::Log& log, MacAddress phone, Time now) {
  auto made = line(EventKind::syslog, phone, now);
  // Copied: the driver still has to send the message.
  made.text = log.text;
  return made;
}

void add_changes(TraceEvent& line, const resync::Applied& note,
                 const resync::Personality& personality) {
  for (const auto id : note.changed) line.changed.push_back(profile::parameter(id).name);
  for (const auto& ignored : note.ignored) line.ignored.push_back(ignored.name);
  add_restart_facts(line, personality);
}

}  // namespace provphone::client::trace
