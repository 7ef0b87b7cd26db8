#include "client/fleet/kinds.hpp"

#include <catch2/catch.hpp>

using namespace provphone;
using resync::Device;
using namespace provphone::client;
using fleet::Kinds;

namespace {

Device phone_with(std::initializer_list<std::pair<const char*, std::string>> values) {
  Device device;
  for (const auto& [name, value] : values)
    device.parameters.set(*profile::find_parameter(name), value);
  device.settings_changed();
  return device;
}

// Many parameters, all but `own` of them alike.
Device phone_with_own(const std::string& own) {
  Device device;
  for (std::size_t i = 0; i < 400; ++i)
    device.parameters.set(profile::ParameterId(i), "common " + std::to_string(i));
  device.parameters.set(*profile::find_parameter("GPP_A"), own);
  device.settings_changed();
  return device;
}

}  // namespace

TEST_CASE("phones with equal parameters and files are of one kind, and others are not") {
  Kinds kinds(2);
  auto a = phone_with({{"GPP_A", "1"}});
  auto b = phone_with({{"GPP_A", "1"}});
  const auto other = phone_with({{"GPP_A", "2"}});
  const auto kind = kinds.hold(0, a);
  CHECK(kinds.hold(0, b) == kind);
  CHECK(kinds.hold(0, other) != kind);
  CHECK(kinds.hold(1, a) != kind);
  b.applied[0] = resync::AppliedFile{77, b.parameters.revision()};
  CHECK(kinds.hold(0, b) != kind);
  b.applied[0] = resync::AppliedFile{77, b.parameters.revision() + 1};  // outdated
  CHECK(kinds.hold(0, b) == kind);
}

TEST_CASE("a kind that nobody holds any more gives its place to the next") {
  Kinds kinds(1);
  const auto first = kinds.hold(0, phone_with({{"GPP_A", "1"}}));
  kinds.hold(first);
  kinds.release(first);
  CHECK(kinds.size() == 1);
  kinds.release(first);
  CHECK(kinds.size() == 0);
  CHECK(kinds.hold(0, phone_with({{"GPP_A", "2"}})) == first);
  CHECK(kinds[first].parameters.get(*profile::find_parameter("GPP_A")) == "2");
}

TEST_CASE("what most phones of a group have in common is kept once") {
  Kinds kinds(1);
  for (int i = 0; i < 50; ++i) {
    const auto own = "own " + std::to_string(i);
    const auto phone = phone_with_own(own);
    const auto kind = kinds.hold(0, phone);
    CHECK(kinds[kind].parameters.differences().size() <= 1);
    auto back = phone_with({});
    kinds.assume(back, kind);
    for (std::size_t id = 0; id < profile::parameter_count(); ++id)
      REQUIRE(back.parameters.get(profile::ParameterId(id)) ==
              phone.parameters.get(profile::ParameterId(id)));
  }
  CHECK(kinds.size() == 50);
}

TEST_CASE("a phone that assumes its kind has its settings and knows its files") {
  Kinds kinds(1);
  auto phone = phone_with({{"Resync_Periodic", "1234"}});
  phone.applied[2] = resync::AppliedFile{5, phone.parameters.revision()};
  const auto kind = kinds.hold(0, phone);
  auto other = phone_with({{"GPP_B", "x"}});
  kinds.assume(other, kind);
  CHECK(other.settings->periodic == phone.settings->periodic);
  REQUIRE(other.applied[2]);
  CHECK(other.applied[2]->fingerprint == 5);
  CHECK(other.applied[2]->revision == other.parameters.revision());
  CHECK(other.kind->kind == kind);
}
