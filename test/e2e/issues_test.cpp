#include "test/e2e/field_problem.hpp"
#include "test/e2e/transcript.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <regex>
#include <set>

// Problems that were seen in the field: what fixtures/issues shows of each, and the table of them
// all. fixtures/issues/README.md says what is in a folder.
namespace provphone::e2e::issues_test {
namespace {

namespace fs = std::filesystem;

std::string name_of(const fs::path& folder) {
  return folder.filename().string();
}

std::vector<fs::path> folders_with(const std::string& file) {
  auto folders = field_problem_folders();
  std::erase_if(folders, [&](const fs::path& folder) { return !fs::exists(folder / file); });
  return folders;
}

void require_passed(const CommandResult& command) {
  INFO("it said\n" << command.out << command.err);
  CHECK(command.exit_code == 0);
}

// Without its knobs the phone has no defect, and what is expected of the defect does not hold.
const Flags no_quirk{"--with", "phones.0.knobs={}"};

TEST_CASE("what a field problem is about can be forecast") {
  Workspace workspace;
  for (const auto& folder : folders_with("scenario.yaml")) {
    DYNAMIC_SECTION(name_of(folder)) {
      require_passed(
          provphone(workspace, {"forecast", (folder / "scenario.yaml").string(), "--strict"}));
      if (!fs::exists(folder / "quirk.yaml")) continue;
      const Flags quirk{"forecast", (folder / "quirk.yaml").string(), "--strict"};
      require_passed(provphone(workspace, quirk));
      CHECK(provphone(workspace, with(quirk, no_quirk)).exit_code == 1);
    }
  }
}

TEST_CASE("what a field problem is about can be seen in real time") {
  for (const auto& folder : folders_with("live.yaml")) {
    DYNAMIC_SECTION(name_of(folder)) {
      // One that has no end waits for as long as a test may take before it is red.
      CHECK(contains(read_file(folder / "live.yaml"), "\nlimits: {duration: "));
      require_passed(run_live(folder, "live.yaml"));
      if (!fs::exists(folder / "quirk.yaml")) continue;
      require_passed(run_live(folder, "quirk.yaml"));
    }
  }
}

TEST_CASE("what a field problem is about can be read as recorded") {
  for (const auto& folder : folders_with("case.txt")) {
    DYNAMIC_SECTION(name_of(folder)) {
      CHECK(repeat_transcript(folder / "case.txt") > 0);
    }
  }
}

TEST_CASE("every field problem that is shown says in a few lines what it is about") {
  for (const auto& folder : field_problem_folders()) {
    INFO(name_of(folder));
    const auto lines = lines_of(read_file(folder / "README.md"));
    REQUIRE_FALSE(lines.empty());
    CHECK(lines.front().starts_with("# " + name_of(folder) + ": "));
    CHECK(lines.size() <= 12);
    CHECK(std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
      return line.starts_with("**For a server:** ");
    }));
    static const std::regex tag("\\b(documented|field|inferred)\\b");
    CHECK(std::any_of(lines.begin(), lines.end(),
                      [](const std::string& line) { return std::regex_search(line, tag); }));
    const auto ways = fs::exists(folder / "scenario.yaml") + fs::exists(folder / "live.yaml") +
                      fs::exists(folder / "case.txt");
    CHECK(ways == 1);
  }
}

bool names_its_knob(const fs::path& folder, const std::string& shown) {
  static const std::regex knob("`([a-z_0-9]+)`");
  std::smatch found;
  if (!std::regex_search(shown, found, knob)) return false;
  return contains(read_file(folder / "quirk.yaml") + read_file(folder / "case.txt"), found[1]);
}

TEST_CASE("the table of field problems says of each what there is to see") {
  std::map<std::string, fs::path> folders;
  for (const auto& folder : field_problem_folders()) folders[name_of(folder)] = folder;
  const auto rows = field_problem_rows();
  REQUIRE(rows.size() >= 57);
  std::set<std::string> listed;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    INFO(row.id << " | " << row.title << " | " << row.shown);
    CHECK(row.id == "FP-" + std::to_string(i + 1));
    listed.insert(row.id);
    const bool is_quirk = row.shown.starts_with("quirk switch");
    const bool is_shown = is_quirk || row.shown.starts_with("reproduced");
    CHECK((is_shown || row.shown.starts_with("out of reach, because ")));
    REQUIRE(folders.contains(row.id) == is_shown);
    if (!is_shown) continue;
    const auto lines = lines_of(read_file(folders[row.id] / "README.md"));
    CHECK((!lines.empty() && lines.front() == "# " + row.id + ": " + row.title));
    if (is_quirk) CHECK(names_its_knob(folders[row.id], row.shown));
  }
  for (const auto& [name, folder] : folders) CHECK(listed.contains(name));
}

}  // namespace
}  // namespace provphone::e2e::issues_test
