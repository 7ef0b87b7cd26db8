#include "test/not_run.hpp"

#include <catch2/catch.hpp>

// Tests that end in every way there is; outcomes.sh says how each is to be counted.
using provphone::test::not_run;

TEST_CASE("passes") {
  CHECK(true);
}

TEST_CASE("passes, whatever [its name] is") {
  CHECK(true);
}

TEST_CASE("is not run") {
  not_run("it lacks something");
}

TEST_CASE("is not run in part") {
  SECTION("one") {
    CHECK(true);
  }
  SECTION("other") {
    not_run("it lacks something");
  }
}

TEST_CASE("is not run, whatever is drawn") {
  const auto number = GENERATE(1, 2, 3);
  if (number > 1) not_run("it lacks something");
  CHECK(number == 1);
}

TEST_CASE("fails") {
  CHECK(false);
}

// As many as the status of a program that was not run.
TEST_CASE("fails four times") {
  for (int i = 0; i < 4; ++i) CHECK(false);
}

TEST_CASE("fails before it is not run") {
  CHECK(false);
  not_run("it lacks something");
}

TEST_CASE("fails, since it looks at nothing") {}
