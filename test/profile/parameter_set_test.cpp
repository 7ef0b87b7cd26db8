#include "profile/parameter_set.hpp"

#include <catch2/catch.hpp>

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
  for (const auto& [parameter, value, access] : assignments) {
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
