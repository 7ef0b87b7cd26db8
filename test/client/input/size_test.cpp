#include "client/input/size.hpp"

#include <catch2/catch.hpp>

namespace size_test {
namespace {

using provphone::client::input::parse_size;

constexpr std::uint64_t any = UINT64_MAX;

}  // namespace

TEST_CASE("a size is a number of octets, decimal or binary") {
  CHECK(parse_size("0", any) == 0);
  CHECK(parse_size("512", any) == 512);
  CHECK(parse_size("512B", any) == 512);
  CHECK(parse_size("40KB", any) == 40'000);
  CHECK(parse_size("81MB", any) == 81'000'000);
  CHECK(parse_size("4KiB", any) == 4'096);
  CHECK(parse_size("2MiB", any) == 2'097'152);
}

TEST_CASE("what is no size, or too large, is none") {
  for (const auto* text : {"", "B", "-1", "+1", " 1", "1 KB", "1kb", "1.5MB", "1GB", "0x10",
                           "18446744073709551616", "18446744073709551615KB"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text, any));
  }
  CHECK(parse_size("8MiB", 8 << 20) == 8 << 20);
  CHECK_FALSE(parse_size("8193KiB", 8 << 20));
  CHECK_FALSE(parse_size("1", 0));
}

}  // namespace size_test
