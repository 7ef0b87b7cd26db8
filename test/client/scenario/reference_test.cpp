#include "client/scenario/read.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

// What is written of scenarios is what is read.
namespace reference_test {
namespace {

using namespace provphone;
using namespace provphone::client::scenario;
namespace fs = std::filesystem;

const fs::path root = PROVPHONE_ROOT;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("the scenarios that the reference page shows are read") {
  std::istringstream page(text_of(root / "docs/reference/scenario.md"));
  std::vector<std::string> shown;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line == "```yaml") shown.emplace_back();
    inside = line.starts_with("```") ? line == "```yaml" : inside;
    if (inside && !line.starts_with("```")) shown.back().append(line).push_back('\n');
  }
  std::size_t scenarios = 0;
  for (const auto& yaml : shown) {
    if (yaml.find("phones:") == std::string::npos) continue;
    INFO(yaml);
    const auto read = read_scenario(yaml, "a.yaml");
    CHECK((read ? "it is accepted" : read.error().detail) == "it is accepted");
    ++scenarios;
  }
  CHECK(scenarios > 0);
}

TEST_CASE("reader, schema and reference page know the same keys of every block") {
  const auto schema = nlohmann::json::parse(text_of(root / "docs/schema/scenario.schema.json"));
  std::istringstream page(text_of(root / "docs/reference/scenario.md"));
  std::map<std::string, std::set<std::string>> documented;
  std::string block;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("## `"))
      block = line.substr(4, line.find('`', 4) - 4);
    else if (line.starts_with("## "))
      block.clear();
    if (!block.empty() && line.starts_with("| `"))
      documented[block].insert(line.substr(3, line.find('`', 3) - 3));
  }
  for (const auto& [name, keys] : known_blocks()) {
    INFO(name);
    std::set<std::string> known, required, in_schema, required_in_schema;
    for (const auto& key : keys) {
      known.emplace(key.name);
      if (key.required) required.emplace(key.name);
    }
    const auto& described = name == "scenario" ? schema : schema["$defs"][std::string(name)];
    REQUIRE(described.contains("properties"));
    CHECK(described["additionalProperties"] == false);
    for (const auto& [key, value] : described["properties"].items()) in_schema.insert(key);
    // A scenario that includes others may have from them what it must have.
    const auto& demanding = described.contains("else") ? described["else"] : described;
    if (demanding.contains("required"))
      required_in_schema = demanding["required"].get<std::set<std::string>>();
    CHECK(in_schema == known);
    CHECK(required_in_schema == required);
    CHECK(documented[std::string(name)] == known);
  }
}

}  // namespace reference_test
