#include "client/forecast/model_server.hpp"

#include "test/client/forecast/world.hpp"

#include <catch2/catch.hpp>

namespace model_server_test {
namespace {

using namespace provphone;
using namespace provphone::test;
using namespace std::chrono_literals;
using client::forecast::ModelAnswer;
using client::forecast::ModelServer;
using resync::Time;

const auto mpp12 = resync::personality_of(profile::Generation::mpp12);

client::scenario::Scenario with_server(const std::string& server) {
  return scenario_of("phones: [{count: 1}]\n" + server);
}

ModelAnswer ask(ModelServer& server, resync::Duration at, std::uint32_t number = 1,
                macro::Scheme scheme = macro::Scheme::http) {
  return server.ask({Time{at}, 0, number, scheme}, mpp12);
}

std::optional<Errc> error_of(const ModelAnswer& answer) {
  return client::forecast::failure_of(answer.act, mpp12);
}

}  // namespace

TEST_CASE("a modelled server without limits answers after its latency") {
  const auto scenario = with_server("server: {latency: 20ms}");
  ModelServer server(scenario);
  CHECK_FALSE(server.is_shared());
  for (int i = 0; i < 100; ++i) CHECK(ask(server, 5s).at == Time{5020ms});
}

TEST_CASE("a modelled server with a capacity serves one request after the other") {
  const auto scenario = with_server(
      "server: {latency: 10ms, capacity: {requests_per_second: 10, queue: 3}, "
      "overload: 503}");
  ModelServer server(scenario);
  CHECK(server.is_shared());
  CHECK(ask(server, 0s).at == Time{110ms});
  CHECK(ask(server, 0s).at == Time{210ms});
  CHECK(ask(server, 50ms).at == Time{310ms});
  const auto last = ask(server, 50ms);
  CHECK(last.at == Time{410ms});
  CHECK(last.queued_us == 250'000);
  CHECK(server.queue().backlog(Time{50ms}) == 4);  // one is being served, three wait
  const auto refused = ask(server, 50ms);
  CHECK(error_of(refused) == Errc::service_unavailable);
  CHECK(refused.at == Time{60ms});
  CHECK(ask(server, 10s).at == Time{10'110ms});  // rested
}

TEST_CASE("an overloaded server that is silent costs the phone its patience") {
  const auto scenario =
      with_server("server: {capacity: {requests_per_second: 1, queue: 0}, overload: timeout}");
  ModelServer server(scenario);
  CHECK_FALSE(error_of(ask(server, 0s)));
  const auto late = ask(server, 100ms);
  CHECK(error_of(late) == Errc::connect_timeout);
  CHECK(late.at == Time{10'100ms});
}

TEST_CASE("a phone does not wait longer for an answer than its idle timeout") {
  const auto scenario = with_server("server: {capacity: {requests_per_second: 1, queue: 1000}}");
  ModelServer server(scenario);
  for (int i = 0; i < 30; ++i) CHECK_FALSE(error_of(ask(server, 0s)));
  const auto stalled = ask(server, 0s);
  CHECK(error_of(stalled) == Errc::transfer_stalled);
  CHECK(stalled.at == Time{30s});
}

TEST_CASE("during an outage a modelled server fails as planned") {
  struct Case {
    const char* as;
    Errc error;
    resync::Duration after;
  };
  for (const auto& [as, error, after] : {Case{"refused", Errc::connection_refused, 20ms},
                                         {"timeout", Errc::connect_timeout, 10s},
                                         {"503", Errc::service_unavailable, 20ms},
                                         {"404", Errc::file_not_found, 20ms},
                                         {"corrupt", Errc::xml_malformed, 20ms}}) {
    INFO(as);
    const auto scenario = with_server(
        std::string("server: {latency: 20ms, outages: [{from: 10s, to: 20s, as: ") + as + "}]}");
    ModelServer server(scenario);
    CHECK_FALSE(error_of(ask(server, 9'999ms)));
    const auto failed = ask(server, 10s);
    CHECK(error_of(failed) == error);
    CHECK(failed.at == Time{10s + after});
    CHECK(error_of(ask(server, 19'999ms)) == error);
    CHECK_FALSE(error_of(ask(server, 20s)));
  }
}

TEST_CASE("latencies spread as the median and the 99th percentile say") {
  const auto scenario = with_server("server: {latency: {p50: 20ms, p99: 200ms}}");
  ModelServer server(scenario);
  int above_p50 = 0;
  int above_p99 = 0;
  constexpr int requests = 20'000;
  for (std::uint32_t i = 0; i < requests; ++i) {
    const auto took = ask(server, 0s, i).at - Time{};
    above_p50 += took > 20ms ? 1 : 0;
    above_p99 += took > 200ms ? 1 : 0;
  }
  CHECK(above_p50 > requests * 45 / 100);
  CHECK(above_p50 < requests * 55 / 100);
  CHECK(above_p99 > requests * 8 / 1000);
  CHECK(above_p99 < requests * 12 / 1000);
  CHECK(ask(server, 0s, 7).at == ask(server, 0s, 7).at);  // a request's luck is its own
}

TEST_CASE("an answer breaks off as often as the scenario says") {
  const auto scenario = with_server("trouble: {disconnect_mid_body: 10%}");
  ModelServer server(scenario);
  int broken = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i)
    broken += error_of(ask(server, 0s, i)) == Errc::transfer_interrupted ? 1 : 0;
  CHECK(broken > 900);
  CHECK(broken < 1'100);
}

namespace {

// Of a phone over TFTP whose knobs are as given.
ModelAnswer ask_over_tftp(ModelServer& server, const resync::Personality& personality,
                          std::uint32_t number = 1, resync::Duration at = 0s) {
  return server.ask({Time{at}, 0, number, macro::Scheme::tftp}, personality);
}

resync::Personality with_knobs(const std::vector<std::string>& knobs) {
  auto personality = mpp12;
  for (const auto& knob : knobs) REQUIRE(resync::set_knob(personality, knob));
  return personality;
}

}  // namespace

TEST_CASE("a TFTP server that never answers was not connected to, one that falls silent stalls",
          "[R-TFTP-09]") {
  const auto dead = with_server("trouble: {tftp_loss: 100%}");
  ModelServer never(dead);
  const auto unanswered = ask_over_tftp(never, mpp12);
  CHECK(error_of(unanswered) == Errc::connect_timeout);
  CHECK(unanswered.at == Time{25s});

  const auto poor = with_server("server: {bytes: 100KB}\ntrouble: {tftp_loss: 50%}");
  ModelServer server(poor);
  int stalled = 0;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto error = error_of(ask_over_tftp(server, with_knobs({"total_timeout=86400s"}), i));
    CHECK(error != Errc::transfer_timeout);
    stalled += error == Errc::transfer_stalled ? 1 : 0;
    const auto brief = ask_over_tftp(server, with_knobs({"total_timeout=30s"}), i);
    CHECK(brief.at <= Time{30s});
  }
  CHECK(stalled > 100);
}

TEST_CASE("a modelled server that is silent, late or off costs TFTP what the knobs say",
          "[R-TFTP-06][R-TFTP-09][R-TFTP-11]") {
  const auto silent =
      with_server("server: {latency: 1ms, outages: [{from: 0s, to: 9s, as: timeout}]}");
  const auto late = with_server("server: {latency: 40s}");
  const auto off =
      with_server("server: {latency: 1ms, outages: [{from: 0s, to: 9s, as: refused}]}");
  struct Case {
    const client::scenario::Scenario& scenario;
    std::vector<std::string> knobs;
    Errc error;
    resync::Duration after;
  };
  for (const auto& row :
       {Case{silent, {}, Errc::connect_timeout, 25s},
        Case{silent, {"tftp_timeout=2s", "tftp_tries=3"}, Errc::connect_timeout, 6s},
        Case{silent, {"tftp_timeout=0", "tftp_tries=0"}, Errc::connect_timeout, 1ms},
        Case{silent, {"total_timeout=10s"}, Errc::connect_timeout, 10s},
        Case{late, {}, Errc::connect_timeout, 25s}, Case{off, {}, Errc::connection_refused, 1ms},
        Case{off, {"tftp_port_unreachable=ignored"}, Errc::connect_timeout, 25s}}) {
    ModelServer server(row.scenario);
    const auto answer = ask_over_tftp(server, with_knobs(row.knobs));
    CHECK(error_of(answer) == row.error);
    CHECK(answer.at == Time{row.after});
  }
}

TEST_CASE("a lost datagram costs a TFTP transfer five seconds, and an HTTP one nothing") {
  const auto scenario = with_server("trouble: {tftp_loss: 2%}");
  ModelServer server(scenario);
  bool some_late = false;
  for (std::uint32_t i = 0; i < 200; ++i) {
    const auto took = ask(server, 0s, i, macro::Scheme::tftp).at - Time{};
    CHECK(took % 5s == 0s);
    some_late |= took > 0s;
    CHECK(ask(server, 0s, i).at == Time{});
  }
  CHECK(some_late);
}

TEST_CASE("the served file changes when the scenario says, for whom it says") {
  const auto scenario = scenario_of(R"(
phones: [{group: a, count: 1}, {group: b, count: 1}]
server:
  profiles:
    - {from: 1h, set: {GPP_A: one}}
    - {from: 2h, phones: b, set: {GPP_A: two}}
)");
  const auto at = [&](std::size_t group, resync::Duration t) {
    return client::forecast::served_profile(scenario.server, group, Time{t}, nullptr);
  };
  CHECK_FALSE(at(0, 59min));
  CHECK(at(0, 1h) == 0U);
  CHECK(at(1, 1h) == 0U);
  CHECK(at(0, 2h) == 0U);
  CHECK(at(1, 2h) == 1U);
}

}  // namespace model_server_test
