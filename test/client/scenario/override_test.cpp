#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>

namespace override_test {

using namespace provphone;
using namespace provphone::client::scenario;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view yaml =
    "phones: [{group: site-a, count: 3}, {group: site-b, set: {GPP_A: x}}]\n"
    "server: {latency: {p50: 1ms, p99: 2ms}}\n";

Scenario with(const std::vector<std::string>& overrides) {
  auto scenario = read_scenario(yaml, "a.yaml", overrides);
  if (!scenario) FAIL(scenario.error().detail);
  return *std::move(scenario);
}

std::string refused(const std::string& override_text) {
  const std::vector<std::string> overrides{override_text};
  const auto scenario = read_scenario(yaml, "a.yaml", overrides);
  return scenario ? "it is accepted" : scenario.error().detail;
}

std::string value(const PhoneGroup& group, std::size_t setting) {
  return expand(group.set.at(setting).value, {0, group.mac, group.name, group.variables});
}

}  // namespace

TEST_CASE("an override reaches any value of a scenario") {
  CHECK(with({"seed=9"}).seed == 9);
  CHECK(with({"server.latency=50ms"}).server.latency.p50 == 50ms);
  CHECK(with({"server.latency.p50=2ms"}).server.latency.p50 == 2ms);
  CHECK(with({"server.capacity.requests_per_second=5"}).server.capacity->requests_per_second == 5);
  CHECK(with({"phones.0.count=10"}).phones[0].count == 10);
  CHECK(with({"phones.site-b.count=7"}).phones[1].count == 7);
  CHECK(with({"phones=[{count: 4}]"}).phones.size() == 1);
  CHECK(with({"events=[]"}).events.empty());
  CHECK(with({"trouble.tftp_loss=1%"}).trouble.tftp_loss.ppm == 10'000);
  CHECK(with({"phones.0.set={}"}).phones[0].set.empty());
  CHECK(with({"seed=1", "seed=2"}).seed == 2);
}

TEST_CASE("an override of a parameter keeps the text as it stands") {
  CHECK(value(with({"phones.site-b.set.Resync_Periodic=60"}).phones[1], 1).size() +
            value(with({"phones.site-b.set.GPP_A="}).phones[1], 0).size() ==
        2);
  CHECK(value(with({"phones.site-b.set.GPP_A=(a)? [--key x] http://h:80/$MA: b | y=z"}).phones[1],
              0) == "(a)? [--key x] http://h:80/$MA: b | y=z");
  CHECK(value(with({"phones.site-b.set.GPP_A=[--key x] /a"}).phones[1], 0) == "[--key x] /a");
  CHECK(value(with({"phones.site-b.set.GPP_A=a: b # c"}).phones[1], 0) == "a: b # c");
  CHECK(value(with({"phones.site-b.set.GPP_A=\"[a]\""}).phones[1], 0) == "[a]");
  CHECK(value(with({"phones.site-a.set.GPP_A={group}"}).phones[0], 0) == "site-a");
  CHECK(value(with({"phones.site-a.set.GPP_A={index:03}"}).phones[0], 0) == "000");
}

TEST_CASE("an override that leads nowhere is refused with its own text") {
  CHECK(refused("seed") == "--with 'seed': expected block.key=value");
  CHECK(refused("=5") == "--with '=5': expected block.key=value");
  CHECK(refused("server.=5") == "--with 'server.=5': expected block.key=value");
  CHECK(refused("server.latncy=5s") ==
        "--with 'server.latncy=5s': unknown key 'latncy'; did you mean 'latency'?");
  CHECK(refused("seed=x") == "--with 'seed=x': expected a whole number from 0, found 'x'");
  CHECK(refused("phones.2.count=1") ==
        "--with 'phones.2.count=1': '2' is neither the name of a group there nor a number below 2");
  CHECK(refused("phones.0.group.name=1") ==
        "--with 'phones.0.group.name=1': 'name' leads into 'site-a', which is no block");
  CHECK(
      refused("phones.0.set.GPP_ZZ=1").starts_with("--with 'phones.0.set.GPP_ZZ=1': there is no"));
  CHECK(refused("a" + std::string(100'000, '.') + "=1").ends_with(": more than 16 steps"));
  CHECK(refused("seed=") == "--with 'seed=': expected a whole number from 0, found ''");
}

}  // namespace override_test
