#include "client/fleet/slice.hpp"

#include <catch2/catch.hpp>

#include <vector>

namespace slice_test {

using namespace provphone::client::fleet;

TEST_CASE("the slices of all shards and workers are all phones, each once") {
  for (const std::uint32_t phones : {0U, 1U, 2U, 7U, 100U}) {
    for (const unsigned shards : {1U, 3U}) {
      for (const unsigned workers : {1U, 2U, 5U}) {
        std::vector<int> times(phones, 0);
        for (unsigned shard = 1; shard <= shards; ++shard) {
          for (unsigned worker = 0; worker < workers; ++worker) {
            const auto slice = slice_of(phones, {shard, shards}, worker, workers);
            for (std::uint32_t index = 0; index < slice.count(); ++index) {
              const auto number = slice.number(index);
              REQUIRE(number < phones);
              ++times[number];
              CHECK(slice.index(number) == index);
            }
          }
        }
        CHECK(times == std::vector<int>(phones, 1));
      }
    }
  }
}

TEST_CASE("a phone of another slice has no index") {
  const Slice slice{10, 1, 3};
  CHECK(slice.count() == 3);
  CHECK_FALSE(slice.index(0));
  CHECK_FALSE(slice.index(2));
  CHECK(slice.index(7) == 2U);
}

}  // namespace slice_test
