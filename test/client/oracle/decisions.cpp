#include "test/client/oracle/decisions.hpp"

#include "client/drive/real.hpp"
#include "client/run/real_run.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/wall_clock.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace provphone::test {

using namespace provphone::client;

namespace {

constexpr std::size_t lines_before = 4;
constexpr std::size_t most_lines = 2'000'000;

drive::RealRun run_of(const scenario::Scenario& scenario, resync::Duration length) {
  drive::RealRun run;
  run.seed = scenario.seed;
  run.salt = {scenario.seed, 0};
  run.start = StillTime::Instant{};
  const auto wall = scenario::wall_clock_of(scenario);
  REQUIRE(wall);
  run.wall = *wall;
  std::vector<drive::DrivenPhone> phones;
  for (std::size_t group = 0; group < scenario.phones.size(); ++group) {
    const auto setup = scenario::group_setup(scenario, group);
    REQUIRE(setup);
    const auto& described = scenario.phones[group];
    for (auto phone = described.first; phone < described.first + described.count; ++phone)
      phones.push_back({scenario::device_of(scenario, *setup, phone),
                        {},
                        {},
                        scenario::source_of(scenario, phone)});
  }
  run.phones = drive::kept_phones(std::move(phones));
  run.plan =
      run::plan_of(scenario, length, [](std::uint32_t number) { return std::optional(number); });
  return run;
}

std::string told(MacAddress phone, const std::vector<std::string>& real,
                 const std::vector<std::string>& modelled, std::size_t at) {
  std::string text = fmt::format("phone {}, decision {}:\n", format_lower(phone), at + 1);
  for (auto i = at - std::min(at, lines_before); i < at; ++i)
    text += "  both     " + real[i] + "\n";
  const auto line = [&](const auto& lines) {
    return at < lines.size() ? lines[at] : std::string("nothing more");
  };
  return text + "  real     " + line(real) + "\n  virtual  " + line(modelled) + "\n";
}

}  // namespace

Decisions decisions_of(const Trace& trace) {
  Decisions decisions;
  for (auto event : trace) {
    if (is_of_server(event.event)) continue;  // only a modelled one says so
    event.times = {};
    event.bytes.reset();
    event.detail.clear();
    event.said.clear();
    decisions[event.phone].push_back(format_json(event));
  }
  return decisions;
}

Trace trace_in_real_time(const scenario::Scenario& scenario, resync::Duration length,
                         const MakeAnswering& answering,
                         std::shared_ptr<client::drive::Witness> witness) {
  StillTime time;
  Trace trace;
  auto run = run_of(scenario, length);
  run.witness = std::move(witness);
  run.trace = [&](const trace::TraceEvent& event) {
    trace.push_back(event);
    if (trace.size() > most_lines) FAIL("more lines than any scenario here has");
  };
  auto [exchange, settle] = answering(time, scenario);
  drive::RealDriver driver(std::make_unique<StillClock>(time), std::move(exchange), std::move(run));
  time.run_until(time.start() + length, settle);
  return trace;
}

std::optional<std::string> difference(const Trace& in_real_time, const Trace& in_virtual_time) {
  const auto real = decisions_of(in_real_time);
  const auto modelled = decisions_of(in_virtual_time);
  for (const auto& [phone, lines] : real) {
    const auto found = modelled.find(phone);
    const auto& others = found != modelled.end() ? found->second : std::vector<std::string>{};
    if (lines == others) continue;
    const auto [mine, theirs] =
        std::mismatch(lines.begin(), lines.end(), others.begin(), others.end());
    return told(phone, lines, others, static_cast<std::size_t>(mine - lines.begin()));
  }
  if (real.size() == modelled.size()) return std::nullopt;
  return fmt::format("{} phones in real time, {} in virtual time", real.size(), modelled.size());
}

}  // namespace provphone::test
