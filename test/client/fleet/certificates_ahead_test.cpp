#include "client/fleet/certificates_ahead.hpp"

#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

namespace certificates_ahead_test {

using namespace provphone;
using namespace provphone::client;
using fleet::CertificatesAhead;

namespace {

resync::Time at(int seconds) {
  return resync::Time{std::chrono::seconds(seconds)};
}

// Every second phone is the slice's.
struct World {
  explicit World(std::uint32_t count = 100)
      : scenario(*scenario::read_scenario(
            fmt::format("phones: [{{group: a, count: {}, mac: 000e08000000, certificate: minted}}, "
                        "{{group: b, count: 10, mac: 000e08100000}}]\npki: somewhere\n",
                        count),
            "test.yaml")),
        slice{count + 10, 1, 2} {
    const auto root =
        identity::make_root("root", identity::make_key(identity::KeyType::p256).value(), now);
    const auto key = identity::device_key(identity::make_key(identity::KeyType::p256).value());
    credentials.resize(2);
    credentials[0].mint = identity::DeviceMint::make(*root, {*key}, {});
  }

  CertificatesAhead ahead() const { return {scenario, credentials, slice}; }
  std::size_t signatures() const { return credentials[0].mint->signatures_made(); }

  // What a phone has is signed then at the latest.
  bool was_signed(std::uint32_t index) const {
    const auto before = signatures();
    REQUIRE(run::tls_identity_of(scenario, credentials[0], slice.number(index), now));
    return signatures() == before;
  }

  identity::WallTime now = std::chrono::system_clock::now();
  scenario::Scenario scenario;
  fleet::Slice slice;
  std::vector<run::GroupCredentials> credentials;
};

}  // namespace

TEST_CASE("who is switched on first has a certificate first") {
  const World world;
  auto ahead = world.ahead();
  ahead.will_happen(std::vector<drive::Planned>{{at(1), 7, resync::PoweredOn{}},
                                                {at(2), 3, resync::PoweredOn{}},
                                                {at(3), 4, resync::PoweredOff{}},
                                                {at(4), 5, resync::PoweredOn{}}});
  CHECK(ahead.go_on(world.now));
  CHECK(ahead.go_on(world.now));
  CHECK(world.signatures() == 2);
  CHECK(world.was_signed(7));
  CHECK(world.was_signed(3));
  CHECK_FALSE(world.was_signed(4));
  CHECK_FALSE(world.was_signed(5));
  // Looked at, and found signed.
  CHECK(ahead.go_on(world.now));
  CHECK_FALSE(ahead.go_on(world.now));
}

TEST_CASE("who rests for a short while comes before who is switched on later") {
  const World world;
  auto ahead = world.ahead();
  ahead.will_happen(std::vector<drive::Planned>{{at(10), 1, resync::PoweredOn{}}});
  ahead.rests_until(2, at(20));
  ahead.rests_until(3, at(5));
  ahead.rests_until(4, resync::Time::max());
  CHECK(ahead.go_on(world.now));
  CHECK(world.was_signed(3));
  CHECK(ahead.go_on(world.now));
  CHECK(world.was_signed(1));
  CHECK_FALSE(world.was_signed(2));
}

TEST_CASE("phones that have no certificate of their own are passed over") {
  const World world;
  auto ahead = world.ahead();
  ahead.will_happen(std::vector<drive::Planned>{{at(1), 52, resync::PoweredOn{}}});
  ahead.rests_until(53, at(1));
  CHECK_FALSE(ahead.go_on(world.now));
}

TEST_CASE("so many are signed ahead and no more until some are asked for") {
  const World world(10'000);
  auto ahead = world.ahead();
  std::vector<drive::Planned> plan;
  for (std::uint32_t index = 0; index < 4'200; ++index)
    plan.push_back({at(0), index, resync::PoweredOn{}});
  ahead.will_happen(plan);
  while (ahead.go_on(world.now)) {
  }
  CHECK(world.signatures() == 4'096);
  std::uint32_t asked = 0;
  while (!world.was_signed(asked)) ++asked;
  CHECK(ahead.go_on(world.now));
  CHECK_FALSE(ahead.go_on(world.now));
}

}  // namespace certificates_ahead_test
