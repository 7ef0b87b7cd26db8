#include "client/lint/finding.hpp"
#include "macro/enum_array.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <regex>
#include <set>

// docs/lint.md and the table of kinds say the same.
namespace provphone::pages_test {
namespace {

using Row = std::pair<std::string, std::string>;  // id, severity

TEST_CASE("every kind of finding has its row in docs/lint.md, and every row its kind") {
  std::set<Row> built;
  for (const auto kind : every<client::lint::Kind>) {
    const auto& row = client::lint::row_of(kind);
    INFO(row.id << " stands twice");
    CHECK(built.insert({std::string(row.id), std::string(name(row.severity))}).second);
  }
  std::set<Row> documented;
  const std::regex pattern(R"(\| (LINT-[A-Z0-9-]+) \| ([a-z]+) \| .*)");
  std::ifstream page(std::string(PROVPHONE_ROOT) + "/docs/lint.md");
  for (std::string line; std::getline(page, line);) {
    std::smatch found;
    if (std::regex_match(line, found, pattern)) documented.insert({found[1], found[2]});
  }
  CHECK(documented == built);
}

}  // namespace
}  // namespace provphone::pages_test
