#include "client/capsule/file.hpp"
#include "client/replay/difference.hpp"
#include "client/replay/shrink.hpp"
#include "profile/catalogue.hpp"
#include "test/client/oracle/recorded.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>

// Figures, and no test: docs/performance.md says how to have them.
namespace {

using namespace provphone;
using namespace provphone::client;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

// A profile of 800 parameters and some 40 KB, as that of a real desk.
std::string large_profile() {
  std::string set;
  std::size_t count = 0;
  for (std::size_t i = 0; i < profile::parameter_count() && count < 800; ++i) {
    const auto& parameter = profile::parameter(static_cast<profile::ParameterId>(i));
    if (parameter.role != profile::Role::stored || parameter.secret || !parameter.allowed.empty())
      continue;
    set += fmt::format("{}{}: value-{}", set.empty() ? "" : ", ", parameter.name, i);
    ++count;
  }
  return set;
}

std::string day_of(int phones) {
  return fmt::format(
      "phones: [{{count: {}, set: {{Profile_Rule: 'http://10.0.0.1/$MA.xml', "
      "Resync_Periodic: '3600+600'}}}}]\nevents: [{{at: 0s, power_on: all}}]\n"
      "server: {{latency: 20ms, profiles: [{{set: {{{}}}}}]}}\nlimits: {{duration: 24h}}\n",
      phones, large_profile());
}

// The third rule fails, of every tenth phone.
std::string failing(int phones) {
  return fmt::format(
      "phones:\n  - {{group: a, count: {}, set: {{Profile_Rule: 'http://10.0.0.1/a.xml', "
      "Profile_Rule_B: 'http://10.0.0.1/b.xml', Profile_Rule_C: 'http://10.0.0.1/c/$B.xml', "
      "GPP_B: x}}}}\n  - {{group: b, count: {}, set: {{Profile_Rule: 'http://10.0.0.1/a.xml', "
      "Profile_Rule_B: 'http://10.0.0.1/b.xml', Profile_Rule_C: 'http://10.0.0.1/c/$B.xml'}}}}\n"
      "events: [{{at: 0s, power_on: all}}]\nserver:\n  answers:\n    - {{path: /c/.xml, redirect: "
      "/d.xml}}\n    - {{path: /d.xml, as: 500}}\n  profiles: [{{set: {{{}}}}}]\n"
      "limits: {{duration: 1h}}\n",
      phones * 9 / 10, phones / 10, large_profile());
}

// In a file, as somebody has it.
std::string kept(const test::RecordedRun& run) {
  const auto name =
      (std::filesystem::temp_directory_path() / fmt::format("replay-bench-{}", getpid())).string();
  auto file = capsule::CapsuleFile::open(name);
  REQUIRE(file);
  for (const auto& event : run.trace) file->add_trace_line(format_json(event));
  const auto& recorded = run.capsule;
  auto manifest = recorded.manifest;
  manifest.secrets = capsule::SecretsAre::kept;
  REQUIRE(file->finish(manifest, recorded.source, recorded.wall, *run.recorder));
  return name;
}

void bench_day(int phones) {
  const auto name = kept(test::recorded(day_of(phones)));
  const auto began = Clock::now();
  const auto reader = capsule::CapsuleReader::open(name);
  REQUIRE(reader);
  const auto read = seconds_since(began);
  const auto replayed = replay::replay(reader->capsule(), {}, {});
  REQUIRE(replayed);
  REQUIRE(replayed->is_as(reader->capsule().manifest));
  fmt::print("  replay {:>5} phones, 24 h: {:.2f} s, of which {:.2f} s to read {} kB; {} events\n",
             phones, seconds_since(began), read, std::filesystem::file_size(name) / 1000,
             replayed->lines);
  std::filesystem::remove(name);
}

void bench_shrinking(int phones) {
  const auto run = test::recorded(failing(phones));
  const auto began = Clock::now();
  const auto shrunk = replay::shrink(run.capsule, {"converged: 100%, within: 30m", {}, {}});
  REQUIRE(shrunk);
  fmt::print("  shrink {:>5} phones: {:.2f} s, {} trials; {} phone and {} rules are left\n", phones,
             seconds_since(began), shrunk->trials, shrunk->phones, shrunk->rules);
}

}  // namespace

// Wall time, because the budget is a person's patience.
TEST_CASE("capsules in figures", "[.bench]") {
  for (const int phones : {100, 1'000}) bench_day(phones);
  for (const int phones : {10, 100}) bench_shrinking(phones);
}
