#include "client/fleet/resources.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

namespace resources_test {

using namespace provphone;
using namespace provphone::client;

namespace {

scenario::Scenario scenario_of(const std::string& yaml) {
  return *scenario::read_scenario(yaml, "test.yaml");
}

fleet::MachineLimits usual() {
  return {65'536, 32'768, 60'999, true, 2};
}

figures::FleetFigures with_lag(std::int64_t us, std::uint32_t in_flight) {
  figures::FleetFigures figures;
  for (int i = 0; i < 1'000; ++i) figures.lag_us.add(i < 5 ? us : 100);
  figures.series.at(resync::Time{}).in_flight = in_flight;
  return figures;
}

}  // namespace

TEST_CASE("what is likely to run out is named before the start, with what mends it") {
  const auto many = scenario_of("phones: [{count: 100000}]");
  CHECK(fleet::shortages(many, usual()).empty());

  auto few_files = usual();
  few_files.open_files = 256;
  const auto files = fleet::shortages(many, few_files);
  REQUIRE(files.size() == 1);
  CHECK(files[0].find("at most 192 of 100000 phones") != std::string::npos);
  CHECK(files[0].find("ulimit -n 65536") != std::string::npos);
  CHECK(fleet::shortages(scenario_of("phones: [{count: 100}]"), few_files).empty());

  auto held_ports = usual();
  held_ports.reuses_ports_at_once = false;
  const auto ports = fleet::shortages(many, held_ports);
  REQUIRE(ports.size() == 1);
  CHECK(ports[0].find("28232 ports") != std::string::npos);
  CHECK(ports[0].find("ip_local_port_range") != std::string::npos);
  const auto own = scenario_of("phones: [{count: 60000, source: 127.1.0.0/16}]");
  CHECK(fleet::shortages(own, held_ports).empty());
}

TEST_CASE("as many retrievals may be on their way as files leave room for") {
  auto limits = usual();
  CHECK(fleet::most_in_flight(limits) == 65'472);
  limits.open_files = 64;
  CHECK(fleet::most_in_flight(limits) == 32);
}

TEST_CASE("a run is void for the generator's faults only, and says which resource ran out") {
  fleet::ValidityInputs honesty;
  honesty.most_in_flight = 192;
  honesty.resources.processors = 2;
  honesty.resources.open_files_limit = 256;

  SECTION("in time") {
    CHECK(fleet::void_reasons(with_lag(20'000, 50), honesty).empty());
  }
  SECTION("a slow or failing server") {
    auto figures = with_lag(100, 50);
    figures.request_errors[Errc::connect_timeout] = 900;
    figures.request_errors[Errc::transfer_interrupted] = 900;
    CHECK(fleet::void_reasons(figures, honesty).empty());
  }
  SECTION("late, with as many connections as there are files for") {
    const auto reasons = fleet::void_reasons(with_lag(90'000, 192), honesty);
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0].resource == "open files");
    CHECK(reasons[0].remedy == "ulimit -n 65536");
  }
  SECTION("late, with all processors busy") {
    honesty.resources.processors_used = 1.9;
    const auto reasons = fleet::void_reasons(with_lag(90'000, 50), honesty);
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0].resource == "processor");
  }
  SECTION("late, with somebody else on the machine") {
    honesty.resources.processors_used = 0.4;
    const auto reasons = fleet::void_reasons(with_lag(90'000, 50), honesty);
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0].resource == "processor time");
  }
  SECTION("no free port") {
    auto figures = with_lag(100, 50);
    figures.request_errors[Errc::no_local_port] = 3;
    const auto reasons = fleet::void_reasons(figures, honesty);
    REQUIRE(reasons.size() == 1);
    CHECK(reasons[0].resource == "local ports");
    CHECK(reasons[0].evidence.find("3 retrievals") != std::string::npos);
  }
  SECTION("no socket") {
    auto figures = with_lag(100, 50);
    figures.request_errors[Errc::no_socket] = 1;
    REQUIRE(fleet::void_reasons(figures, honesty).size() == 1);
  }
}

}  // namespace resources_test
