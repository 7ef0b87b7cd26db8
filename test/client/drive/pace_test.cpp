#include "client/drive/real.hpp"
#include "client/serve/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

// How retrievals of many phones take their turns.
namespace {

namespace fs = std::filesystem;
using namespace provphone;
using namespace std::chrono_literals;
using client::trace::EventKind;
using client::trace::TraceEvent;

constexpr std::uint32_t phones = 12;

// Phones that are all switched on at once, in front of the embedded server.
struct Crowd {
  boost::asio::io_context loop;
  std::string directory = (fs::temp_directory_path() / "provphone-pace-XXXXXX").string();
  std::unique_ptr<client::serve::Server> server;
  std::unique_ptr<client::drive::RealDriver> driver;
  std::vector<TraceEvent> answers;
  std::size_t most_in_flight = 0;

  Crowd() {
    REQUIRE(mkdtemp(directory.data()) != nullptr);
    std::ofstream(fs::path(directory) / "all.xml") << "<flat-profile/>";
    client::serve::Options options;
    options.directory = directory;
    options.http_port = std::uint16_t{0};
    auto started = client::serve::Server::start(loop, options, [](const auto&) {});
    REQUIRE(started);
    server = *std::move(started);
  }
  ~Crowd() {
    driver.reset();
    server.reset();
    fs::remove_all(directory);
  }

  void start(const client::drive::Pace& pace) {
    std::vector<client::drive::DrivenPhone> setups(phones);
    const auto rule = "http://127.0.0.1:" + std::to_string(server->http_port()) + "/all.xml";
    client::drive::RealRun run;
    for (std::uint32_t i = 0; i < phones; ++i) {
      setups[i].device.identity.mac.bits += i;
      setups[i].device.parameters.set(*profile::find_parameter("Profile_Rule"), rule);
      setups[i].device.parameters.set(*profile::find_parameter("Resync_Random_Delay"), "0");
      run.plan.push_back({resync::Time{}, i, resync::PoweredOn{}, {}});
    }
    run.phones = client::drive::kept_phones(std::move(setups));
    run.pace = pace;
    run.depth = resync::Depth::figures;
    run.trace = [this](const TraceEvent& event) {
      if (driver) most_in_flight = std::max(most_in_flight, driver->in_flight());
      if (event.event == EventKind::response) answers.push_back(event);
      if (answers.size() == phones) loop.stop();
    };
    driver = std::make_unique<client::drive::RealDriver>(loop, std::move(run));
  }

  void wait(std::chrono::milliseconds longest = 20s) {
    boost::asio::steady_timer limit(loop, longest);
    limit.async_wait([this](const boost::system::error_code&) { loop.stop(); });
    loop.restart();
    loop.run();
  }
};

}  // namespace

TEST_CASE("no more retrievals are on their way at once than are allowed, and all get their turn") {
  Crowd crowd;
  crowd.start({.most_in_flight = 2});
  crowd.wait();
  CHECK(crowd.answers.size() == phones);
  CHECK(crowd.most_in_flight == 2);
  CHECK(crowd.driver->in_flight() <= 1);
}

TEST_CASE("waiting for the pace that was asked for is no lag") {
  Crowd crowd;
  crowd.start({.starts_per_second = 40});
  crowd.wait();
  REQUIRE(crowd.answers.size() == phones);
  // Eleven distances of 25 ms between the first and the last.
  CHECK(crowd.answers.back().at - crowd.answers.front().at > 200ms);
  for (const auto& answer : crowd.answers) CHECK(*answer.times.lag < 200'000);
}

TEST_CASE("nothing starts while the run is paused, and everything once it goes on") {
  Crowd crowd;
  crowd.start({.is_paused = true});
  crowd.wait(200ms);
  CHECK(crowd.answers.empty());
  crowd.driver->set_pace({});
  crowd.wait();
  CHECK(crowd.answers.size() == phones);
  for (const auto& answer : crowd.answers) CHECK(*answer.times.lag < 150'000);
}
