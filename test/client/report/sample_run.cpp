#include "test/client/report/sample_run.hpp"

#include "resync/random.hpp"

#include <fmt/format.h>

namespace provphone::test {
namespace {

using namespace client::figures;
using namespace std::chrono_literals;

std::int64_t draw(std::uint32_t phone, std::uint64_t purpose, std::int64_t below) {
  return static_cast<std::int64_t>(resync::mix(phone * 31ULL + purpose) %
                                   static_cast<std::uint64_t>(below));
}

void add_spans(FleetFigures& figures, Ending ending, std::uint32_t phone, std::int64_t response) {
  figures.span(ending, Span::resolve).add(120 + draw(phone, 1, 40));
  figures.span(ending, Span::connect).add(300 + draw(phone, 2, 200));
  figures.span(ending, Span::tls).add(2'000 + draw(phone, 3, 900));
  figures.span(ending, Span::first_byte).add(response * 3 / 5);
  figures.span(ending, Span::body).add(response / 10);
  if (ending == Ending::succeeded) figures.span(ending, Span::decode).add(900 + draw(phone, 4, 99));
  figures.span(ending, Span::response).add(response);
}

Errc code_of(std::uint32_t phone) {
  constexpr std::array codes{Errc::service_unavailable, Errc::service_unavailable,
                             Errc::connect_timeout, Errc::file_not_found};
  return codes[static_cast<std::size_t>(draw(phone, 5, codes.size()))];
}

void fail_pass(FleetFigures& figures, std::uint32_t phone, Interval& end) {
  const auto code = code_of(phone);
  ++figures.pass_errors[code];
  ++end.pass_errors[code];
  ++figures.passes_failed;
  ++figures.passes_retried;
  ++figures.groups[phone % 2].passes_failed;
  if (code == Errc::connect_timeout) {
    ++figures.requests_failed;
    ++figures.request_errors[code];
  } else {
    ++figures.requests_refused;
    ++figures.request_refusals[code];
  }
  ++end.failed;
}

void succeed(FleetFigures& figures, std::uint32_t phone, std::int64_t response, Interval& end) {
  auto& group = figures.groups[phone % 2];
  ++figures.passes_succeeded;
  ++figures.files_applied;
  ++group.passes_succeeded;
  ++group.converged;
  group.response_us.add(response);
  group.convergence_us.add(30'000'000 + response);
  ++end.succeeded;
  ++end.converged;
  end.response.add(response);
}

void add_phone(FleetFigures& figures, std::uint32_t phone) {
  // Most come back in the first minutes, as after a power cut.
  const auto at =
      resync::Time(std::chrono::milliseconds(draw(phone, 6, 600) * draw(phone, 7, 1000)));
  const auto rush = std::max<std::int64_t>(0, 120'000 - at.time_since_epoch().count());
  const auto response = 8'000 + draw(phone, 8, 9'000) + rush * draw(phone, 9, 20) / 10;
  const bool fails = phone % 7 == 3;
  auto& group = figures.groups[phone % 2];
  ++group.phones;
  ++group.powered_on;
  ++figures.passes_started;
  ++figures.requests;
  ++figures.answers;
  figures.octets += 40'000;
  figures.decisions += resync::mix(phone);
  const auto lag = 200 + draw(phone, 10, 5'000);
  figures.lag_us.add(lag);
  auto& start = figures.series.at(at);
  ++start.started;
  ++start.powered_on;
  start.in_flight += 1;
  start.lag_us = std::max(start.lag_us, lag);
  auto& end = figures.series.at(at + std::chrono::milliseconds(response / 1000));
  fails ? fail_pass(figures, phone, end) : succeed(figures, phone, response, end);
  add_spans(figures, fails ? Ending::failed : Ending::succeeded, phone, response);
}

// What the judge of such a run has seen.
client::figures::Outcome outcome_of(const FleetFigures& figures, std::uint32_t first,
                                    std::uint32_t count) {
  client::figures::Outcome outcome;
  outcome.length = 10min;
  outcome.extent.phones = count;
  for (const auto& group : figures.groups) {
    outcome.extent.powered += group.powered_on;
    outcome.extent.provisioned += group.converged;
  }
  outcome.done[Work::pass] = figures.passes_succeeded;
  for (std::uint32_t phone = first; phone < first + count; ++phone) {
    if (phone % 7 != 3) continue;
    const Cause cause{Work::pass, code_of(phone), "http://127.0.0.1:80",
                      phone % 2 == 0 ? "site-a" : "site-b"};
    merge(outcome.failures[cause],
          {1, 0, 1, phone, MacAddress{0x000e08000000ULL + phone}, "", "", ""});
  }
  return outcome;
}

}  // namespace

FleetFigures sample_figures(std::uint32_t first, std::uint32_t count) {
  FleetFigures figures;
  figures.groups.resize(2);
  figures.groups[0].name = "site-a";
  figures.groups[1].name = "site-b";
  for (std::uint32_t i = 0; i < count; ++i) add_phone(figures, first + i);
  return figures;
}

FleetResult sample_run(std::uint32_t count, std::uint32_t first) {
  FleetResult result;
  result.title = "morning.yaml";
  result.scenario_hash = "00c0ffee00c0ffee";
  result.seed = 7;
  result.started = "2026-03-01T06:00:00Z";
  result.length = 10min;
  result.shards = {{1, 1}};
  result.workers = 2;
  result.phones = count;
  result.figures = sample_figures(first, count);
  result.outcome = outcome_of(result.figures, first, count);
  result.starts = {{1, 1'772'344'800'000, 0}};
  result.resources = {1.4, 2, 300'000'000, 812, 1024, 32768, 60999, 2'500};
  result.version = "0.1.0";
  return result;
}

}  // namespace provphone::test
