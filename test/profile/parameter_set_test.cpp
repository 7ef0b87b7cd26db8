#include "profile/parameter_set.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace parameter_set_test {

using namespace provphone::profile;

namespace {

ParameterId id(std::string_view name) {
  return find_parameter(name).value();
}

}  // namespace

TEST_CASE("a new phone has the factory values of its family and no differences", "[R-XML-24]") {
  const ParameterSet phone(factory_values(Generation::spa));
  CHECK(phone.get(id("Profile_Rule")) == "/spa$PSN.cfg");
  CHECK(phone.get(id("GPP_A")).empty());
  CHECK(phone.differences().empty());
  CHECK_FALSE(phone.access(id("GPP_A")));
}

TEST_CASE("all phones of a family share one set of factory values", "[R-XML-24]") {
  CHECK(factory_values(Generation::mpp12) == factory_values(Generation::mpp12));
  CHECK(factory_values(Generation::mpp12) != factory_values(Generation::mpp11));
}

TEST_CASE("a phone keeps only what differs from the base, in catalogue order", "[R-XML-08]") {
  ParameterSet phone(factory_values(Generation::mpp12));
  CHECK(phone.set(id("Profile_Rule"), "/x.xml"));
  CHECK(phone.set(id("GPP_A"), "a"));
  CHECK(phone.set(id("GPP_B"), "b"));
  REQUIRE(phone.differences().size() == 3);
  CHECK(phone.differences()[0] == Difference{id("GPP_A"), "a"});
  CHECK(phone.differences()[1] == Difference{id("GPP_B"), "b"});
  CHECK(phone.differences()[2] == Difference{id("Profile_Rule"), "/x.xml"});

  CHECK(phone.set(id("Profile_Rule"), "/$PSN.xml"));
  CHECK(phone.differences().size() == 2);
  CHECK(phone.get(id("Profile_Rule")) == "/$PSN.xml");
}

TEST_CASE("the revision counts changes of value and nothing else", "[R-XML-08]") {
  ParameterSet phone(factory_values(Generation::mpp12));
  CHECK(phone.revision() == 0);
  CHECK(phone.set(id("GPP_A"), "a"));
  CHECK(phone.revision() == 1);
  CHECK_FALSE(phone.set(id("GPP_A"), "a"));
  CHECK_FALSE(phone.set(id("GPP_B"), ""));
  phone.set_access(id("GPP_A"), Access::read_only);
  CHECK(phone.revision() == 1);
  CHECK(phone.set(id("GPP_A"), ""));
  CHECK(phone.revision() == 2);
  CHECK(phone.differences().empty());
}

TEST_CASE("many values set at once end as they would one by one", "[R-XML-08]") {
  ParameterSet together(factory_values(Generation::mpp12));
  ParameterSet one_by_one(factory_values(Generation::mpp12));
  for (auto* phone : {&together, &one_by_one}) {
    phone->set(id("GPP_C"), "old");
    phone->set(id("Resync_Periodic"), "60");
  }
  const std::vector<Assignment> assignments{
      {id("Resync_Periodic"), "3600"},            // back to the base's value
      {id("GPP_B"), "b", Access::read_write},     // new
      {id("GPP_C"), "old"},                       // unchanged
      {id("GPP_D"), std::nullopt, Access::none},  // the right alone
      {id("GPP_A"), "a"},                         // new, and earlier in the catalogue
      {id("Profile_Rule"), "/$PSN.xml"}};         // the base's own value
  const std::vector<ParameterId> changed{id("Resync_Periodic"), id("GPP_B"), id("GPP_A")};
  CHECK(together.set_all(assignments) == changed);
  for (const auto& [parameter, value, access, by] : assignments) {
    if (value) one_by_one.set(parameter, *value);
    if (access) one_by_one.set_access(parameter, *access);
  }
  CHECK(std::equal(together.differences().begin(), together.differences().end(),
                   one_by_one.differences().begin(), one_by_one.differences().end()));
  CHECK(together.revision() == one_by_one.revision());
  CHECK(together.access(id("GPP_B")) == Access::read_write);
  CHECK(together.access(id("GPP_D")) == Access::none);
  CHECK_FALSE(together.access(id("GPP_A")));
}

TEST_CASE("a parameter's right changes without its value", "[R-XML-19]") {
  ParameterSet phone(factory_values(Generation::mpp12));
  phone.set_access(id("GPP_B"), Access::read_write);
  phone.set_access(id("GPP_A"), Access::none);
  phone.set_access(id("GPP_B"), Access::read_only);
  CHECK(phone.access(id("GPP_A")) == Access::none);
  CHECK(phone.access(id("GPP_B")) == Access::read_only);
  CHECK(name(Access::none) == "na");
  CHECK(name(Access::read_only) == "ro");
  CHECK(name(Access::read_write) == "rw");
}

TEST_CASE("a value set from the set's own text survives", "[R-XML-08]") {
  ParameterSet phone(factory_values(Generation::mpp12));
  phone.set(id("GPP_A"), "a text too long for the small string optimisation");
  phone.set(id("GPP_A"), phone.get(id("GPP_A")).substr(2));
  CHECK(phone.get(id("GPP_A")) == "text too long for the small string optimisation");
}

TEST_CASE("what the user changes is remembered until a profile sets it", "[R-XML-35]") {
  ParameterSet phone(factory_values(Generation::mpp12));
  const auto give = [&](std::string_view value, Setter by) {
    const Assignment assignment{id("GPP_A"), value, std::nullopt, by};
    return !phone.set_all({&assignment, 1}).empty();
  };
  CHECK(give("default", Setter::preference));
  CHECK_FALSE(phone.is_changed_by_user(id("GPP_A")));
  // Setting what is set is no change.
  CHECK_FALSE(give("default", Setter::user));
  CHECK_FALSE(phone.is_changed_by_user(id("GPP_A")));
  CHECK(give("mine", Setter::user));
  CHECK(phone.is_changed_by_user(id("GPP_A")));
  CHECK_FALSE(give("default", Setter::preference));
  CHECK(phone.get(id("GPP_A")) == "mine");
  // A right changes nothing of it, and the factory's value set by the user is the user's, too.
  phone.set_access(id("GPP_A"), Access::read_write);
  phone.set_access(id("GPP_A"), Access::factory);
  CHECK(phone.is_changed_by_user(id("GPP_A")));
  CHECK_FALSE(phone.access(id("GPP_A")));
  CHECK(give("", Setter::user));
  CHECK(phone.differences().empty());
  CHECK_FALSE(phone == ParameterSet(factory_values(Generation::mpp12)));
  CHECK(phone.fingerprint() != ParameterSet(factory_values(Generation::mpp12)).fingerprint());
  CHECK(phone.rebased(phone.as_base()).is_changed_by_user(id("GPP_A")));
  CHECK_FALSE(give("", Setter::profile));
  CHECK(phone == ParameterSet(factory_values(Generation::mpp12)));
}

namespace {

ParameterSet random_set(std::mt19937& random) {
  ParameterSet phone(factory_values(Generation::mpp12));
  for (auto left = random() % 60; left > 0; --left) {
    // Of a few parameters, so that two sets have some in common.
    const auto some = ParameterId(random() % 40);
    const Assignment assignment{
        some, random() % 4 == 0 ? phone.get(some) : std::string_view("value").substr(random() % 5),
        random() % 2 == 0 ? std::optional(Access(random() % 4)) : std::nullopt,
        Setter(random() % 3)};
    phone.set_all({&assignment, 1});
  }
  return phone;
}

}  // namespace

TEST_CASE("a set is the same from any base, with the rights that the base has", "[R-XML-08]") {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    auto phone = random_set(random);
    const auto base = random_set(random).as_base();
    auto stranger = std::make_shared<BaseValues>(*base);
    stranger->origin = nullptr;
    auto moved = phone.rebased(base);
    auto moved_far = phone.rebased(stranger);
    // What happens to it later happens to it on every base.
    for (const auto value : {"later", ""}) {
      for (std::size_t i = 0; i < 45; ++i) {
        const ParameterId id{static_cast<std::uint16_t>(i)};
        for (auto* other : {&moved, &moved_far}) {
          REQUIRE(other->get(id) == phone.get(id));
          REQUIRE(other->access(id) == phone.access(id));
          REQUIRE(other->is_changed_by_user(id) == phone.is_changed_by_user(id));
        }
      }
      REQUIRE(moved.own_count() == moved_far.own_count());
      REQUIRE(moved.revision() == phone.revision());
      REQUIRE(moved.rebased(phone.base()) == phone);
      const Assignment assignment{ParameterId(random() % 40), value, Access(random() % 4)};
      for (auto* each : {&phone, &moved, &moved_far}) each->set_all({&assignment, 1});
    }
    CHECK(ParameterSet(base).rebased(base).own_count() == 0);
    CHECK(random_set(random).as_base()->origin == factory_values(Generation::mpp12));
  }
}

TEST_CASE("a copy keeps what it has when the other is changed", "[R-XML-08]") {
  ParameterSet phone(factory_values(Generation::mpp12));
  phone.set(id("GPP_A"), "a");
  const auto copy = phone;
  phone.set(id("GPP_A"), "b");
  phone.set(id("GPP_B"), "c");
  CHECK(copy.get(id("GPP_A")) == "a");
  CHECK(copy.differences().size() == 1);
  CHECK(copy.revision() == 1);
}

}  // namespace parameter_set_test
