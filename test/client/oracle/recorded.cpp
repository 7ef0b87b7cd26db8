#include "test/client/oracle/recorded.hpp"

#include "client/capsule/course_hash.hpp"
#include "client/capsule/recorder.hpp"
#include "client/forecast/forecast.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/wall_clock.hpp"
#include "test/client/forecast/world.hpp"
#include "test/client/oracle/model_exchange.hpp"

#include <catch2/catch.hpp>

namespace provphone::test {

using namespace provphone::client;

RecordedRun recorded(const std::string& yaml) {
  const auto scenario = scenario_of(yaml);
  const auto length = forecast::length_of(scenario);
  auto recorder = std::make_shared<capsule::Recorder>("salt");
  RecordedRun run;
  run.trace = trace_in_real_time(
      scenario, length,
      [](StillTime& time, const scenario::Scenario& it) -> Answering {
        return {std::make_unique<ModelExchange>(time, it)};
      },
      recorder);
  trace::TraceHash hash;
  capsule::CourseHash courses;
  for (const auto& event : run.trace) {
    hash.add(event);
    courses.add(event);
  }
  auto& manifest = run.capsule.manifest;
  manifest.phones = scenario::phone_count(scenario);
  manifest.seed = scenario.seed;
  manifest.end = resync::Time{length};
  manifest.trace_hash = hash.hex();
  manifest.course_hash = courses.hex();
  run.capsule.source.yaml = yaml;
  run.capsule.source.name = "recorded.yaml";
  const auto wall = scenario::wall_clock_of(scenario);
  REQUIRE(wall);
  run.capsule.wall = *wall;
  run.capsule.tape = recorder->tape();
  run.recorder = recorder;
  return run;
}

}  // namespace provphone::test
