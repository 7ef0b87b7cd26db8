#include "client/drive/real.hpp"
#include "test/client/oracle/still_time.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace pace_test {

// How retrievals of many phones take their turns.
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using client::trace::EventKind;
using client::trace::TraceEvent;

constexpr std::uint32_t phones = 12;
constexpr resync::Duration apart = 50ms;

// A server that takes a tenth of a second for whatever it is asked.
class SlowServer final : public client::transport::Exchange {
 public:
  // `most` is of requests at once.
  SlowServer(test::StillTime& time, std::size_t& most) : time_(time), most_(most) {}

  Id start(Order /*order*/, OnResolved /*on_resolved*/, OnDone on_done) override {
    most_ = std::max(most_, ++under_way_);
    time_.plan(time_.now() + 100ms, [this, on_done = std::move(on_done)] {
      --under_way_;
      resync::Answered answer;
      answer.body = "<flat-profile/>";
      answer.body_bytes = answer.body.size();
      on_done(std::move(answer), {});
    });
    return ++ids_;
  }
  void cancel(Id /*id*/) override {}
  void look_up(const resync::LookUp& /*wanted*/, OnRecords /*on_records*/) override {}
  void ask_pac(const resync::AskPac& /*wanted*/,
               client::transport::OnPacSaid /*on_said*/) override {}
  void send(const resync::Log& /*log*/, OnSent on_sent) override { on_sent({}); }

 private:
  test::StillTime& time_;
  std::size_t& most_;
  std::size_t under_way_ = 0;
  Id ids_ = 0;
};

// Phones that are all switched on at once.
struct Crowd {
  test::StillTime time;
  std::vector<TraceEvent> answers;
  std::vector<resync::Duration> asked;  // when requests were made, by the clock on the wall
  std::size_t most_in_flight = 0;
  std::unique_ptr<client::drive::RealDriver> driver;

  // One is switched on `between` after the other.
  explicit Crowd(const client::drive::Pace& pace, resync::Duration between = {}) {
    std::vector<client::drive::DrivenPhone> setups(phones);
    client::drive::RealRun run;
    for (std::uint32_t i = 0; i < phones; ++i) {
      setups[i].device.identity.mac.bits += i;
      auto& parameters = setups[i].device.parameters;
      parameters.set(*profile::find_parameter("Profile_Rule"), "http://127.0.0.1/all.xml");
      parameters.set(*profile::find_parameter("Resync_Random_Delay"), "0");
      run.plan.push_back({resync::Time{i * between}, i, resync::PoweredOn{}, {}});
    }
    run.start = time.start();
    run.phones = client::drive::kept_phones(std::move(setups));
    run.pace = pace;
    run.depth = resync::Depth::figures;
    run.trace = [this](const TraceEvent& event) {
      if (event.event == EventKind::response) answers.push_back(event);
      if (event.event == EventKind::request)
        asked.push_back(std::chrono::duration_cast<resync::Duration>(time.now() - time.start()));
    };
    driver = std::make_unique<client::drive::RealDriver>(
        std::make_unique<test::StillClock>(time),
        std::make_unique<SlowServer>(time, most_in_flight), std::move(run));
  }

  // Both by the clock on the wall.
  void pause(resync::Duration from, resync::Duration until) {
    time.plan(time.start() + from, [this] { driver->pause(time.now()); });
    time.plan(time.start() + until, [this] { driver->go_on(time.now()); });
  }
  void run_until(resync::Duration end) {
    time.run_until(time.start() + end, [] {});
  }
};

}  // namespace

TEST_CASE("no more retrievals are on their way at once than are allowed, and all get their turn") {
  Crowd crowd({.most_in_flight = 2});
  crowd.run_until(1min);
  REQUIRE(crowd.answers.size() == phones);
  CHECK(crowd.most_in_flight == 2);
  CHECK(crowd.driver->in_flight() == 0);
  CHECK(crowd.answers.back().at == resync::Time{phones / 2 * 100ms});
  CHECK(crowd.answers.back().times.lag == 500'000);
}

TEST_CASE("waiting for the pace that was asked for is no lag") {
  Crowd crowd({.starts_per_second = 40});
  crowd.run_until(1min);
  REQUIRE(crowd.answers.size() == phones);
  for (std::size_t i = 0; i < phones; ++i) {
    INFO(i);
    CHECK(crowd.answers[i].at == resync::Time{i * 25ms + 100ms});
    CHECK(crowd.answers[i].times.lag == 0);
  }
}

TEST_CASE("a pace that becomes faster calls nobody early, and one that ends neither") {
  const std::vector<client::drive::Pace> faster{{.starts_per_second = 40}, {}};
  for (const auto& pace : faster) {
    INFO(pace.starts_per_second.value_or(0));
    Crowd crowd({.starts_per_second = 1});
    crowd.time.plan(crowd.time.start() + 500ms, [&] { crowd.driver->set_pace(pace); });
    crowd.run_until(1min);
    REQUIRE(crowd.answers.size() == phones);
    for (const auto& answer : crowd.answers) {
      CHECK(answer.times.lag == 0);
      CHECK(answer.times.response == 100'000);
    }
  }
}

TEST_CASE("a run that is paused from its start on begins when it goes on") {
  Crowd crowd({});
  crowd.driver->pause(crowd.time.now());
  crowd.time.plan(crowd.time.start() + 10min, [&] {
    CHECK(crowd.asked.empty());
    crowd.driver->go_on(crowd.time.now());
  });
  crowd.run_until(11min);
  REQUIRE(crowd.answers.size() == phones);
  for (const auto& answer : crowd.answers) {
    CHECK(answer.at == resync::Time{100ms});
    CHECK(answer.times.lag == 0);
  }
  for (const auto asked : crowd.asked) CHECK(asked == 10min);
}

TEST_CASE("behind a pause everything goes on at the rate of before, and nothing is late for it") {
  Crowd crowd({}, apart);
  crowd.pause(220ms, 10min);
  crowd.run_until(11min);
  REQUIRE(crowd.asked.size() == phones);
  REQUIRE(crowd.answers.size() == phones);
  for (std::size_t i = 0; i < phones; ++i) {
    INFO(i);
    const auto due = static_cast<int>(i) * apart;
    CHECK(crowd.asked[i] == (due <= 220ms ? due : due + 10min - 220ms));
    CHECK(crowd.answers[i].times.lag == 0);
    // Those of phones 3 and 4 came in the pause, in which time stands still; what was measured is
    // what it took.
    const resync::Duration done = i == 3 || i == 4 ? 220ms : due + 100ms;
    CHECK(crowd.answers[i].at == resync::Time{done});
    CHECK(crowd.answers[i].times.response == 100'000);
  }
}

TEST_CASE("a pause leaves the pace as it is, and gives nobody a place before his turn") {
  Crowd crowd({.starts_per_second = 20});
  crowd.pause(220ms, 10min);
  crowd.run_until(11min);
  REQUIRE(crowd.asked.size() == phones);
  for (std::size_t i = 0; i < phones; ++i) {
    INFO(i);
    const auto due = static_cast<int>(i) * apart;
    CHECK(crowd.asked[i] == (i < 5 ? due : due + 10min - 220ms));
    CHECK(crowd.answers[i].times.lag == 0);
  }
}

TEST_CASE("one that hears late of a pause and of its end agrees with the others all the same") {
  Crowd crowd({}, apart);
  const auto start = crowd.time.start();
  // Asked for at 200 ms and heard of at 320 ms, by when the phones due at 250 and 300 ms have been
  // switched on. It was over at 10 s.
  crowd.time.plan(start + 320ms, [&] { crowd.driver->pause(start + 200ms); });
  crowd.time.plan(start + 10'050ms, [&] { crowd.driver->go_on(start + 10s); });
  crowd.run_until(1min);
  REQUIRE(crowd.asked.size() == phones);
  for (std::size_t i = 0; i < phones; ++i) {
    INFO(i);
    const auto due = static_cast<int>(i) * apart;
    CHECK(crowd.asked[i] == (i <= 6 ? due : due + 10s - 200ms));
    CHECK(crowd.answers[i].times.lag == 0);
  }
}

TEST_CASE("pausing twice is pausing once, and going on without a pause changes nothing") {
  Crowd crowd({}, apart);
  crowd.pause(220ms, 10min);
  crowd.pause(5min, 11min);
  crowd.run_until(12min);
  REQUIRE(crowd.asked.size() == phones);
  CHECK(crowd.asked.back() == 11 * apart + 10min - 220ms);
}

}  // namespace pace_test
