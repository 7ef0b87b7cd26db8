#include "macro/version.hpp"

#include <catch2/catch.hpp>

namespace version_test {

using namespace provphone;
using namespace provphone::macro;

namespace {

struct Row {
  std::string_view left;
  int order;  // -1, 0, 1
  std::string_view right;
};

int sign(std::strong_ordering order) {
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Both ways round: an order that is not antisymmetric is none.
void check_all(std::initializer_list<Row> rows, VersionOrder family) {
  for (const auto& row : rows) {
    CAPTURE(row.left, row.right);
    const auto forth = compare_versions(row.left, row.right, family);
    const auto back = compare_versions(row.right, row.left, family);
    REQUIRE(forth);
    REQUIRE(back);
    CHECK(sign(*forth) == row.order);
    CHECK(sign(*back) == -row.order);
  }
}

}  // namespace

TEST_CASE("load names are ordered by numbers, then letters, then build", "[R-COND-13]") {
  check_all({{"sipyyyy.11-3-1MPP-110", 1, "sipyyyy.11-2-3MPP-256"},
             {"sipyyyy.11-3-2MPP0002-256", 1, "sipyyyy.11-3-2MPP0001-609"},
             {"sip88xx.11-0-0MPP-7", 1, "sip88xx.9-3-1-7MPP-1"},
             {"sip68xx.11-0-0MPP-7", -1, "sip68xx.11-0-0MN-1MPP-7"},
             {"sip88xx.11-0-1MPP-376", 1, "sip88xx.11-0-1MPP-375"},
             {"sip88xx.11-0-1MPP-9", -1, "sip88xx.11-0-1MPP-10"},
             {"sip88xx.11-0-1MPQ-1", 1, "sip88xx.11-0-1MPP-9"},
             {"sip88xx.11-0-1MPP-7dev", 1, "sip88xx.11-0-1MPP-7"},
             {"11-1-0MPP-19", 1, "11-1-0"},
             {"11-0-9MPP-19", -1, "11-1-0"},
             {"PHONEOS.3-2-1-0104-37", 1, "PHONEOS.3-2-1-0103-37"},
             {"sip88xx.11-3-99999999999999999999999-1", 1, "sip88xx.11-3-9999999999999999999-1"},
             {"sip88xx.011-3-2-01", 0, "sip88xx.11-3-2-1"}},
            VersionOrder::mpp);
}

TEST_CASE("model and file suffix do not count in a load name", "[R-COND-12]") {
  check_all({{"sip88xx.11-1-1MSR-1", 0, "sip8845_65.11-1-1MSR-1"},
             {"sip88xx.11-1-1MSR-1dev.loads", 0, "sip8845_65.11-1-1MSR-1dev.loads"},
             {"sip88xx.11-1-1MSR-1.loads", 0, "11-1-1MSR-1"}},
            VersionOrder::mpp);
}

TEST_CASE("load names mean the same with dots and with dashes", "[R-COND-16]") {
  check_all({{"sip68xx.11-3-7MPP0001.272", 0, "sip68xx.11-3-7MPP0001-272"},
             {"sip88xx.12.0.1MPP0001.245", 0, "sip88xx.12-0-1MPP0001-245"},
             {"sip88xx.12.0.2MPP0001.116", 1, "sip88xx.12-0-1MPP0001-245"},
             {"12.0.1MPP0001.245", 0, "12-0-1MPP0001-245"}},
            VersionOrder::mpp);
}

TEST_CASE("legacy versions are ordered by their numbers, then by their suffix", "[R-COND-17]") {
  check_all({{"2.0.6(b)", 1, "2.0.6"},
             {"2.0.10", 1, "2.0.6(b)"},
             {"2.0.3(0412s)", -1, "2.0.3(G)"},
             {"1.1", 1, "1.0.33"},
             {"1.1", 0, "1.1.0"},
             {"0.99.5", -1, "1.0"},
             {"7.5.2b", 1, "7.5.2"},
             {"7.5.2b", 0, "7.5.2(b)"},
             {"7.5.5", 1, "7.5.2b"},
             {"7.6.2SR5", 1, "7.6.2SR1"},
             {"2.0.06", 0, "2.0.6"}},
            VersionOrder::legacy);
}

TEST_CASE("a text that is no version of its family is a format error that names the side",
          "[R-COND-10][R-COND-11][R-COND-15]") {
  const std::string_view load = "sip88xx.11-3-2MPP0001-609";
  for (const std::string_view text :
       {"11.0.0", "2.0.6(b)", "", "sip88xx", "sip88xx.", "sip88xx.11-3", "sip88xx.11.0.0",
        "sip88xx.11-3-2MPP-BN", "sip88xx.11--2MPP-1", "11.0.0.1", "sip88xx.1-2-3-4-5-6",
        "sip-88xx.11-3-2MPP-1", "sip88xx.11-3-2MPP-1 ", "sip88xx.11-3-2MPP_1-1", ".loads"}) {
    CAPTURE(text);
    CHECK_FALSE(is_version(text, VersionOrder::mpp));
    const auto left = compare_versions(text, load, VersionOrder::mpp);
    const auto right = compare_versions(load, text, VersionOrder::mpp);
    REQUIRE_FALSE(left);
    REQUIRE_FALSE(right);
    CHECK(left.error().code == Errc::version_format);
    CHECK(left.error().detail.starts_with("left side: expected"));
    CHECK(right.error().detail.starts_with("right side: expected"));
  }
  for (const std::string_view text :
       {"sip88xx.11-3-2MPP0001-609", "", "2", "2.", "2.0.6.1", "2.0.6 (b)", "2.0.6()", "2.0.6(b",
        "2.0.6(b)x", "2.0.6(b-c)", "a.b.c", "-1.0", "2..6", "11-1-0"}) {
    CAPTURE(text);
    CHECK_FALSE(is_version(text, VersionOrder::legacy));
    const auto order = compare_versions(text, "2.0.6", VersionOrder::legacy);
    REQUIRE_FALSE(order);
    CHECK(order.error().code == Errc::version_format);
  }
}

TEST_CASE("no text is a version of both families", "[R-COND-11]") {
  for (const std::string_view text :
       {"1.1", "2.0.6", "2.0.6(b)", "7.5.2b", "11-1-0", "12.0.1MPP0001.245",
        "sip88xx.12.0.1MPP0001.245", "11-1-0MPP-19", "4", "1.2.3.4"}) {
    CAPTURE(text);
    CHECK_FALSE((is_version(text, VersionOrder::legacy) && is_version(text, VersionOrder::mpp)));
  }
}

}  // namespace version_test
