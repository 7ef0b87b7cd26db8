#include "client/trace/effects.hpp"
#include "client/trace/facts.hpp"
#include "client/trace/read.hpp"
#include "macro/enum_array.hpp"
#include "resync/plan.hpp"

#include <catch2/catch.hpp>

namespace names_test {

// The reader of traces has lists of its own of the names that drivers write.
namespace {

using namespace provphone;
using client::trace::EventKind;
using client::trace::TraceEvent;

constexpr MacAddress mac{0x000e08012345};

std::optional<TraceEvent> again(const TraceEvent& event) {
  const auto line = client::trace::parse_trace_line(format_json(event));
  REQUIRE(line);
  return line->event;
}

}  // namespace

TEST_CASE("every kind of event has a name of its own in a trace") {
  for (const auto kind : every<EventKind>) {
    INFO(name(kind));
    CHECK_FALSE(name(kind).empty());
    CHECK(client::trace::event_named(name(kind)) == kind);
  }
}

TEST_CASE("every way to ask for a resync is read back from a trace") {
  using resync::Origin;
  for (const auto origin : {Origin::operator_, Origin::sip_notify, Origin::web, Origin::phone_menu,
                            Origin::xml_execute}) {
    const auto asked = client::trace::trace_of(resync::ResyncRequested{origin}, mac, {});
    REQUIRE(asked);
    CHECK_FALSE(asked->origin.empty());
    CHECK(again(*asked) == asked);
  }
}

TEST_CASE("every method that a phone uses is read back from a trace") {
  using Method = resync::Request::Method;
  for (const auto method : {Method::get, Method::post, Method::put, Method::head}) {
    TraceEvent request{.at = {}, .phone = mac, .event = EventKind::request};
    request.method = name(method);
    CHECK_FALSE(request.method.empty());
    CHECK(again(request) == request);
  }
}

}  // namespace names_test
