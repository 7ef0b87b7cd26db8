#include "client/capsule/file.hpp"
#include "client/replay/reduced.hpp"
#include "client/replay/trial.hpp"

#include <catch2/catch.hpp>

#include <iostream>

using namespace provphone;
using namespace provphone::client;

TEST_CASE("scratch") {
  const auto reader = capsule::CapsuleReader::open("/tmp/t/c.capsule");
  REQUIRE(reader);
  const auto all = replay::recollect(reader->capsule());
  REQUIRE(all);
  for (auto& [p, e] : all->last_failures) std::cout << p << ' ' << name(e) << '\n';
  const auto r = replay::reduced_to(*all, reader->capsule(), {7}, "{converged: 100%, within: 5s}");
  const auto y = replay::yaml_of(r);
  std::cout << y;
  const auto t = replay::tried(y);
  if (!t) std::cout << t.error().detail << '\n';
  REQUIRE(t);
  std::cout << t->holds << '\n';
  for (auto& [p, e] : t->failures) std::cout << p << ' ' << name(e) << '\n';
}
