#include "client/drive/plan.hpp"

#include <catch2/catch.hpp>

#include <variant>

namespace plan_test {

using namespace provphone;
using client::drive::Plan;
using resync::Time;
using namespace std::chrono_literals;

TEST_CASE("a plan is in the order of time, then of phones, then as it was told") {
  Plan plan;
  const auto on = plan.describe(resync::PoweredOn{}, nullptr);
  plan.add(Time{2s}, 1, on);
  plan.add(Time{1s}, 9, on);
  plan.push_back({Time{1s}, 4, resync::CallStarted{}, {}});
  plan.push_back({Time{1s}, 4, resync::CallEnded{}, {}});
  plan.sort();
  REQUIRE(plan.size() == 4);
  CHECK(plan[0].phone == 4);
  CHECK(std::holds_alternative<resync::CallStarted>(plan[0].event));
  CHECK(std::holds_alternative<resync::CallEnded>(plan[1].event));
  CHECK(plan[2].phone == 9);
  CHECK(std::holds_alternative<resync::PoweredOn>(plan[2].event));
  CHECK(plan.at(3) == Time{2s});
}

TEST_CASE("what a phone is brought stays with its part of the plan") {
  const auto brought = std::make_shared<resync::Brought>();
  brought->rule = "http://h/x.xml";
  const Plan plan({{Time{1s}, 0, resync::PoweredOn{}, {}},
                   {Time{1s}, 1, resync::ParametersChanged{}, brought}});
  REQUIRE(plan.size() == 2);
  CHECK(plan[0].brought == nullptr);
  CHECK(plan[1].brought->rule == "http://h/x.xml");
}

}  // namespace plan_test
