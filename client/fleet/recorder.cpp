#include "client/fleet/recorder.hpp"

#include "client/scenario/phones.hpp"
#include "resync/random.hpp"

#include <algorithm>

namespace provphone::client::fleet {
namespace {

using figures::Ending;
using figures::Span;
using trace::EventKind;
using trace::TraceEvent;

// One decision, wherever in the run it stands.
std::uint64_t print_of(const TraceEvent& event) {
  const auto part = [](auto value) { return value ? static_cast<std::uint64_t>(*value) + 1 : 0; };
  // No time in it: in real time the same decisions come at other moments.
  return resync::mix((std::uint64_t{event.number} << 32U) ^
                     (static_cast<std::uint64_t>(event.event) << 24U) ^
                     (part(event.reason) << 16U) ^ (part(event.error) << 8U) ^ part(event.timer));
}

std::uint32_t phones_in(const scenario::PhoneGroup& group, Slice slice) {
  // How many of the slice have a number below `end`: the difference of two is what a group has.
  const auto before = [&](std::uint32_t end) {
    return Slice{std::min(end, slice.phones), slice.first, slice.step}.count();
  };
  return before(group.first + group.count) - before(group.first);
}

}  // namespace

Recorder::Recorder(const scenario::Scenario& scenario, Slice slice)
    : scenario_(scenario), slice_(slice), starts_(slice.count(), Start{Start::never, 0}) {
  for (const auto& group : scenario.phones) {
    // The parts of a group are one in figures.
    if (group.part == 0) figures_.groups.emplace_back().name = group.name;
    figures_.groups.back().phones += phones_in(group, slice);
    figures_of_.push_back(static_cast<std::uint32_t>(figures_.groups.size() - 1));
  }
}

figures::GroupFigures& Recorder::group_of(std::uint32_t number) {
  return figures_.groups[figures_of_[scenario::group_of(scenario_, number)]];
}

void Recorder::add(const TraceEvent& event, std::size_t in_flight) {
  count(event);
  figures_.decisions += print_of(event);
  switch (event.event) {
    case EventKind::powered_on:
      return phone_powered_on(event);
    case EventKind::request: {
      auto& now = figures_.series.at(event.at);
      ++now.started;
      now.in_flight = std::max(now.in_flight, static_cast<std::uint32_t>(in_flight));
      return;
    }
    case EventKind::response:
      return add_response(event);
    case EventKind::applied:
      if (event.times.decode)
        figures_.span(Ending::succeeded, Span::decode).add(*event.times.decode);
      return;
    case EventKind::pass_succeeded:
      return pass_succeeded(event);
    case EventKind::pass_failed:
      ++figures_.pass_errors[*event.error];
      ++figures_.series.at(event.at).pass_errors[*event.error];
      ++group_of(event.number).passes_failed;
      return;
    default:
      return;
  }
}

void Recorder::count(const TraceEvent& event) {
  switch (event.event) {
    case EventKind::pass_started:
      ++figures_.passes_started;
      if (event.kind == resync::PassKind::error_retry) ++figures_.passes_retried;
      break;
    case EventKind::pass_succeeded:
      ++figures_.passes_succeeded;
      break;
    case EventKind::pass_failed:
      ++figures_.passes_failed;
      break;
    case EventKind::pass_gated:
      ++figures_.passes_gated;
      break;
    case EventKind::pass_deferred:
      ++figures_.passes_deferred;
      break;
    case EventKind::rebooted:
      ++figures_.restarts;
      break;
    case EventKind::request:
      ++figures_.requests;
      break;
    case EventKind::applied:
      ++(event.unchanged_body ? figures_.files_unchanged : figures_.files_applied);
      break;
    default:
      break;
  }
}

void Recorder::add_spans(Ending ending, const trace::StageTimes& times) {
  const auto add = [&](Span span, const std::optional<std::int64_t>& us) {
    if (us) figures_.span(ending, span).add(*us);
  };
  add(Span::resolve, times.resolve);
  add(Span::connect, times.connect);
  add(Span::tls, times.tls);
  add(Span::first_byte, times.first_byte);
  add(Span::body, times.body);
  add(Span::response, times.response);
}

// A retrieval counts by what it was for the phone: with an answer that it takes for a failure it
// has failed as surely as without one.
void Recorder::add_response(const TraceEvent& event) {
  const bool has_failed = event.error || event.refused;
  add_spans(has_failed ? Ending::failed : Ending::succeeded, event.times);
  auto& now = figures_.series.at(event.at);
  const auto lag = event.times.lag.value_or(0);
  figures_.lag_us.add(lag);
  now.lag_us = std::max(now.lag_us, lag);
  if (event.error) {
    ++figures_.requests_failed;
    ++figures_.request_errors[*event.error];
  } else {
    ++figures_.answers;
    figures_.octets += event.bytes.value_or(0);
  }
  if (event.refused) {
    ++figures_.requests_refused;
    ++figures_.request_refusals[*event.refused];
  }
  if (has_failed) {
    ++now.failed;
    return;
  }
  ++now.succeeded;
  const auto response = event.times.response.value_or(0);
  now.response.add(response);
  group_of(event.number).response_us.add(response);
}

void Recorder::phone_powered_on(const TraceEvent& event) {
  auto& start = starts_[*slice_.index(event.number)];
  // The first power-on counts: how long a phone takes that comes back in the course of a run is
  // another question.
  if (start.ms != Start::never) return;
  start.ms = static_cast<std::uint32_t>(
                 std::min<std::int64_t>(event.at.time_since_epoch().count(), Start::never - 1)) &
             Start::never;
  ++powered_on_;
  ++group_of(event.number).powered_on;
  ++figures_.series.at(event.at).powered_on;
}

void Recorder::pass_succeeded(const TraceEvent& event) {
  auto& group = group_of(event.number);
  ++group.passes_succeeded;
  auto& start = starts_[*slice_.index(event.number)];
  if (!event.has_file || start.ms == Start::never || start.has_converged != 0) return;
  start.has_converged = 1;
  ++converged_;
  ++group.converged;
  ++figures_.series.at(event.at).converged;
  const auto took = event.at.time_since_epoch() - resync::Duration(start.ms);
  group.convergence_us.add(std::chrono::microseconds(took).count());
}

void Recorder::add_incident(figures::Incident incident) {
  ++figures_.incident_count;
  if (figures_.incidents.size() < figures::most_incidents)
    figures_.incidents.push_back(std::move(incident));
}

}  // namespace provphone::client::fleet
