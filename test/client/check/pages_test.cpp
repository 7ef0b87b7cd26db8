#include "client/check/checks.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
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

// What a page says under each of its headings; what stands above the first one is under "".
std::map<std::string, std::string> sections_of(const std::filesystem::path& page) {
  std::map<std::string, std::string> sections;
  std::string heading;
  std::ifstream file(page);
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) heading = line.substr(3);
    sections[heading].append(line).push_back('\n');
  }
  return sections;
}

std::set<std::string> ids_in(const std::string& text) {
  static const std::regex id("CHK-[A-Z0-9-]*[A-Z0-9]");
  return {std::sregex_token_iterator(text.begin(), text.end(), id), {}};
}

TEST_CASE("each page says of its checks what an attacker gains, how to repeat and how to mend") {
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(PROVPHONE_ROOT) + "/docs/checks")) {
    if (entry.path().filename() == "README.md") continue;
    auto sections = sections_of(entry.path());
    INFO(entry.path().filename());
    const auto repeat = sections["What an attacker gains, and how to repeat it"];
    const auto mend = sections["To mend"];
    std::set<std::string> rows;
    for (const auto& [heading, text] : sections) {
      if (heading != "To mend" && !heading.starts_with("What an attacker"))
        rows.merge(ids_in(text));
    }
    REQUIRE_FALSE(rows.empty());
    CHECK(ids_in(repeat) == rows);
    CHECK(ids_in(mend) == rows);
    // Who has another server finds it named.
    for (const std::string server : {"nginx", "Apache", "PHP"})
      CHECK(mend.find(server) != std::string::npos);
  }
}

}  // namespace
}  // namespace provphone::pages_test
