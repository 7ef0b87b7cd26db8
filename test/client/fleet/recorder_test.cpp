#include "client/fleet/recorder.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

namespace recorder_test {

using namespace provphone;
using namespace provphone::client;
using namespace std::chrono_literals;
using trace::EventKind;
using trace::TraceEvent;

namespace {

struct World {
  scenario::Scenario scenario = *scenario::read_scenario(
      "phones: [{group: a, count: 5, mac: 000e08000000}, {group: b, count: 5, mac: 00a0c9000000}]",
      "test.yaml");
  fleet::Slice slice{10, 1, 2};  // 1, 3, 5, 7, 9
  fleet::Recorder recorder{scenario, slice};

  TraceEvent& next(EventKind kind, std::uint32_t number, resync::Duration at) {
    event = TraceEvent{.at = resync::Time{at}, .phone = {}, .event = kind};
    event.number = number;
    event.has_file = kind == EventKind::pass_succeeded;
    return event;
  }
  void tell(std::size_t in_flight = 0) { recorder.add(event, in_flight); }

  TraceEvent event{};
};

}  // namespace

TEST_CASE("groups have the phones of the slice") {
  const World world;
  const auto& groups = world.recorder.figures().groups;
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].phones == 2);
  CHECK(groups[1].phones == 3);
}

TEST_CASE("a phone converges once, with the first pass that succeeds after it was powered on") {
  World world;
  world.next(EventKind::powered_on, 3, 1s);
  world.tell();
  world.next(EventKind::pass_succeeded, 3, 5s);
  world.tell();
  world.next(EventKind::powered_on, 3, 7s);  // a restart
  world.tell();
  world.next(EventKind::pass_succeeded, 3, 9s);
  world.tell();
  const auto& figures = world.recorder.figures();
  CHECK(world.recorder.powered_on() == 1);
  CHECK(world.recorder.converged() == 1);
  CHECK(figures.groups[0].converged == 1);
  CHECK(figures.groups[0].convergence_us.largest() == 4'000'000);
  CHECK(figures.passes_succeeded == 2);
  CHECK(figures.series.intervals()[5].converged == 1);
}

TEST_CASE("a failed pass counts with its code in the interval that it failed in") {
  World world;
  world.next(EventKind::pass_failed, 1, 3s).error = Errc::file_not_found;
  world.tell();
  world.tell();
  world.next(EventKind::pass_failed, 9, 5s).error = Errc::connect_timeout;
  world.tell();
  const auto& figures = world.recorder.figures();
  const auto& intervals = figures.series.intervals();
  REQUIRE(intervals.size() == 6);
  CHECK(intervals[3].pass_errors[Errc::file_not_found] == 2);
  CHECK(intervals[3].pass_errors[Errc::connect_timeout] == 0);
  CHECK(intervals[5].pass_errors[Errc::connect_timeout] == 1);
  CHECK(figures.pass_errors[Errc::file_not_found] == 2);
}

TEST_CASE("a retrieval counts by how it ended, and its lag apart from its response") {
  World world;
  world.next(EventKind::request, 1, 0s);
  world.tell(17);
  auto& answer = world.next(EventKind::response, 1, 100ms);
  answer.times.response = 1'000;
  answer.times.lag = 30;
  answer.bytes = 500;
  world.tell();
  auto& failure = world.next(EventKind::response, 9, 200ms);
  failure.error = Errc::connect_timeout;
  failure.times.response = 9'000;
  failure.times.lag = 40;
  world.tell();
  const auto& figures = world.recorder.figures();
  CHECK(figures.requests == 1);
  CHECK(figures.answers == 1);
  CHECK(figures.requests_failed == 1);
  CHECK(figures.octets == 500);
  CHECK(figures.request_errors[Errc::connect_timeout] == 1);
  CHECK(figures.span(figures::Ending::succeeded, figures::Span::response).count() == 1);
  CHECK(figures.span(figures::Ending::failed, figures::Span::response).largest() == 9'000);
  CHECK(figures.lag_us.largest() == 40);
  CHECK(figures.series.intervals()[0].in_flight == 17);
  CHECK(figures.groups[0].response_us.count() == 1);
}

TEST_CASE("an answer that the phone takes for a failure is a failed retrieval, and an answer") {
  World world;
  auto& answer = world.next(EventKind::response, 1, 100ms);
  answer.status = 400;
  answer.refused = Errc::bad_request;
  answer.bytes = 20;
  answer.times.response = 1'000;
  answer.times.first_byte = 900;
  world.tell();
  const auto& figures = world.recorder.figures();
  CHECK(figures.answers == 1);
  CHECK(figures.octets == 20);
  CHECK(figures.requests_failed == 0);
  CHECK(figures.request_errors[Errc::bad_request] == 0);
  CHECK(figures.requests_refused == 1);
  CHECK(figures.request_refusals[Errc::bad_request] == 1);
  const auto& now = figures.series.intervals()[0];
  CHECK(now.succeeded == 0);
  CHECK(now.failed == 1);
  CHECK(now.response.count() == 0);
  CHECK(figures.span(figures::Ending::succeeded, figures::Span::response).count() == 0);
  CHECK(figures.span(figures::Ending::failed, figures::Span::response).count() == 1);
  CHECK(figures.span(figures::Ending::failed, figures::Span::first_byte).count() == 1);
  CHECK(figures.groups[0].response_us.count() == 0);
}

TEST_CASE("the hash of what phones decide does not depend on their order") {
  World one, other;
  for (const std::uint32_t number : {1U, 3U, 5U}) {
    one.next(EventKind::pass_started, number, 1s);
    one.tell();
  }
  for (const std::uint32_t number : {5U, 1U, 3U}) {
    other.next(EventKind::pass_started, number, 1s);
    other.tell();
  }
  CHECK(one.recorder.figures().decisions == other.recorder.figures().decisions);
  other.next(EventKind::pass_started, 7, 1s);
  other.tell();
  CHECK(one.recorder.figures().decisions != other.recorder.figures().decisions);
}

TEST_CASE("every incident counts, and as many as a person reads are kept") {
  World world;
  for (int i = 0; i < 150; ++i)
    world.recorder.add_incident({MacAddress{1}, MacAddress{2}, "MAC address", "http://h/x"});
  CHECK(world.recorder.figures().incident_count == 150);
  CHECK(world.recorder.figures().incidents.size() == figures::most_incidents);
}

}  // namespace recorder_test
