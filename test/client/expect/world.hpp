#pragma once

#include "client/expect/outcome.hpp"
#include "client/figures/verdict_text.hpp"
#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <string_view>

// Runs of a few phones that a test tells a judge of, event by event.
namespace provphone::test {

using namespace provphone::client;

inline scenario::Scenario scenario_of(const std::string& yaml) {
  auto scenario = scenario::read_scenario(yaml, "test.yaml");
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

// What happens to a phone, in words of the trace.
class Told {
 public:
  explicit Told(std::string yaml, expect::Capabilities capabilities = expect::Capabilities::real)
      : scenario_(scenario_of(yaml)),
        judge_(scenario_, capabilities),
        roll_(&scenario_, {0, scenario::phone_count(scenario_)}) {}

  trace::TraceEvent event(std::uint32_t phone, double at_seconds, trace::EventKind kind) const {
    const auto ms = static_cast<std::int64_t>(at_seconds * 1000);
    return {.at = resync::Time(resync::Duration(ms)),
            .phone = scenario::mac_of(scenario_, phone),
            .event = kind};
  }
  Told& powered(std::uint32_t phone, double at) {
    return tell(phone, event(phone, at, trace::EventKind::powered_on));
  }
  Told& succeeds(std::uint32_t phone, double at) {
    auto line = event(phone, at, trace::EventKind::pass_succeeded);
    line.kind = resync::PassKind::boot;
    line.reason = resync::Reason::all_rules_done;
    line.has_file = true;
    return tell(phone, line);
  }
  Told& fails(std::uint32_t phone, double at, Errc code) {
    auto line = event(phone, at, trace::EventKind::pass_failed);
    line.kind = resync::PassKind::boot;
    line.reason = resync::Reason::rule_failed;
    line.rule = "Profile_Rule";
    line.error = code;
    return tell(phone, line);
  }
  Told& asks(std::uint32_t phone, double at, const std::string& path,
             std::string_view method = "GET") {
    auto line = event(phone, at, trace::EventKind::request);
    line.method = method;
    line.url = "http://127.0.0.1:80" + path;
    return tell(phone, line);
  }
  Told& logs(std::uint32_t phone, double at, const std::string& text) {
    auto line = event(phone, at, trace::EventKind::syslog);
    line.text = text;
    return tell(phone, line);
  }
  Told& is_sent(std::uint32_t phone, std::string_view document) {
    judge_.document(phone, document);
    return *this;
  }
  Told& ends_with(std::uint32_t phone, std::string_view parameter, std::string_view value) {
    profile::ParameterSet parameters{profile::factory_values(profile::Generation::mpp12)};
    parameters.set(*profile::find_parameter(parameter), value);
    judge_.final(phone, parameters);
    return *this;
  }
  Told& tell(std::uint32_t phone, const trace::TraceEvent& line) {
    judge_.observe(phone, line);
    roll_.observe(phone, line, &judge_);
    return *this;
  }
  // The run is over by then; without it nothing more can come.
  Told& ends_at(double seconds) {
    finish_ = {
        figures::RunEnd::time, resync::Duration(static_cast<std::int64_t>(seconds * 1000)), {}};
    return *this;
  }
  Told& is_interrupted_at(double seconds) {
    ends_at(seconds);
    finish_.end = figures::RunEnd::sigterm;
    finish_.aim = {std::chrono::hours(1), false, true};
    return *this;
  }

  Told& is_lost_at(double seconds) {
    is_interrupted_at(seconds);
    finish_.end = figures::RunEnd::lost;
    return *this;
  }

  figures::Outcome outcome() const { return outcome_of(roll_, &judge_, finish_); }
  figures::Verdicts verdicts() const { return judge(figures::RunFacts{}, outcome()); }
  figures::ExpectationResult result(std::size_t number = 0) const {
    return verdicts().expectations.at(number);
  }
  // passed, failed, not_judged or undecided of each expectation.
  std::string statuses() const {
    std::string all;
    for (const auto& one : verdicts().expectations)
      all.append(all.empty() ? "" : " ").append(name(one.status));
    return all;
  }
  std::string unexpected() const {
    std::string all;
    for (const auto& [cause, failures] : verdicts().failures)
      all.append(all.empty() ? "" : " ")
          .append(name(cause.code))
          .append(":" + std::to_string(failures.times));
    return all;
  }
  const scenario::Scenario& scenario() const { return scenario_; }
  expect::Judge& judge_of() { return judge_; }

 private:
  scenario::Scenario scenario_;
  expect::Judge judge_;
  expect::RollCall roll_;
  expect::Finish finish_;
};

// So many phones, and what is expected of them.
inline std::string phones_that(int count, const std::string& expectations) {
  return "phones:\n  - {group: lab, count: " + std::to_string(count) +
         ", mac: 000e08001000, variables: {site: x}}\nexpect:\n" + expectations + "events: []\n";
}

}  // namespace provphone::test
