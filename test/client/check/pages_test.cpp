#include "client/check/checks.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

// docs/checks/ and the catalogue say the same.
namespace provphone::pages_test {
namespace {

using Row = std::pair<std::string, std::string>;  // id, severity

std::set<Row> documented() {
  std::set<Row> rows;
  const std::regex row(R"(\| (CHK-[A-Z0-9-]+) \| ([a-z]+) \| .*)");
  for (const auto& page :
       std::filesystem::directory_iterator(std::string(PROVPHONE_ROOT) + "/docs/checks")) {
    std::ifstream file(page.path());
    for (std::string line; std::getline(file, line);) {
      std::smatch found;
      if (!std::regex_match(line, found, row)) continue;
      INFO(found[1] << " stands twice");
      CHECK(rows.insert({found[1], found[2]}).second);
    }
  }
  return rows;
}

TEST_CASE("every check has its row in docs/checks, with its severity, and every row its check") {
  std::set<Row> built;
  for (const auto* check : client::check::all_checks())
    built.insert({std::string(check->id), std::string(name(check->severity))});
  CHECK(documented() == built);
}

}  // namespace
}  // namespace provphone::pages_test
