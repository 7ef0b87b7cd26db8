#include "resync/phone_classes.hpp"

#include <catch2/catch.hpp>

namespace phone_classes_test {

using namespace provphone;
using resync::Device;
using resync::PhoneClasses;

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

TEST_CASE("phones with equal parameters and files are of one class, and others are not") {
  PhoneClasses classes(2);
  auto a = phone_with({{"GPP_A", "1"}});
  auto b = phone_with({{"GPP_A", "1"}});
  const auto other = phone_with({{"GPP_A", "2"}});
  const auto number = classes.hold(0, a);
  CHECK(classes.hold(0, b) == number);
  CHECK(classes.hold(0, other) != number);
  CHECK(classes.hold(1, a) != number);
  b.applied[0] = resync::AppliedFile{77, b.parameters.revision()};
  CHECK(classes.hold(0, b) != number);
  b.applied[0] = resync::AppliedFile{77, b.parameters.revision() + 1};  // outdated
  CHECK(classes.hold(0, b) == number);
}

TEST_CASE("a class that nobody holds any more gives its place to the next") {
  PhoneClasses classes(1);
  const auto first = classes.hold(0, phone_with({{"GPP_A", "1"}}));
  classes.hold(first);
  classes.release(first);
  CHECK(classes.size() == 1);
  classes.release(first);
  CHECK(classes.size() == 0);
  CHECK(classes.hold(0, phone_with({{"GPP_A", "2"}})) == first);
  CHECK(classes[first].parameters.get(*profile::find_parameter("GPP_A")) == "2");
}

TEST_CASE("what most phones of a group have in common is kept once") {
  PhoneClasses classes(1);
  for (int i = 0; i < 50; ++i) {
    const auto own = "own " + std::to_string(i);
    const auto phone = phone_with_own(own);
    const auto number = classes.hold(0, phone);
    CHECK(classes[number].parameters.differences().size() <= 1);
    auto back = phone_with({});
    classes.adopt(back, number);
    for (std::size_t id = 0; id < profile::parameter_count(); ++id)
      REQUIRE(back.parameters.get(profile::ParameterId(id)) ==
              phone.parameters.get(profile::ParameterId(id)));
  }
  CHECK(classes.size() == 50);
}

TEST_CASE("a phone that adopts its class has its settings and knows its files") {
  PhoneClasses classes(1);
  auto phone = phone_with({{"Resync_Periodic", "1234"}});
  phone.applied[2] = resync::AppliedFile{5, phone.parameters.revision()};
  const auto number = classes.hold(0, phone);
  auto other = phone_with({{"GPP_B", "x"}});
  classes.adopt(other, number);
  CHECK(other.settings->periodic == phone.settings->periodic);
  REQUIRE(other.applied[2]);
  CHECK(other.applied[2]->fingerprint == 5);
  CHECK(other.applied[2]->revision == other.parameters.revision());
  CHECK(other.phone_class->number == number);
}

}  // namespace phone_classes_test
