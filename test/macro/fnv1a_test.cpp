#include "macro/fnv1a.hpp"

#include <catch2/catch.hpp>

namespace fnv1a_test {

using provphone::macro::Fnv1a;

namespace {

template <class Word>
Word hash_of(std::string_view text) {
  Fnv1a<Word> hash;
  hash.take(text);
  return hash.value();
}

}  // namespace

TEST_CASE("a text has the FNV-1a hash that its authors publish") {
  CHECK(hash_of<std::uint32_t>("") == 0x811c9dc5U);
  CHECK(hash_of<std::uint32_t>("foobar") == 0xbf9cf968U);
  CHECK(hash_of<std::uint64_t>("") == 0xcbf29ce484222325U);
  CHECK(hash_of<std::uint64_t>("foobar") == 0x85944171f73967e8U);
}

TEST_CASE("a hash takes octets above 127 as numbers from 0 to 255, one after the other") {
  Fnv1a<std::uint64_t> piecewise;
  piecewise.take(0xe9U);
  piecewise.take("a");
  CHECK(piecewise.value() == hash_of<std::uint64_t>("\xe9"
                                                    "a"));
}

}  // namespace fnv1a_test
