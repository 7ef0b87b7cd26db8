#include "test/e2e/page.hpp"
#include "test/e2e/page_session.hpp"
#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// Every command line that a page has people type, typed.
namespace provphone::e2e::pages_test {
namespace {

namespace fs = std::filesystem;

const fs::path project = PROVPHONE_SOURCE_DIR;

const std::map<std::string, Sheet>& sheets() {
  static const auto all = read_sheets(project / "fixtures/pages/commands.txt");
  return all;
}

// Paths of the pages that have commands.
std::vector<std::string> pages() {
  std::vector<std::string> names{"README.md", "CONTRIBUTING.md"};
  for (const auto& each : fs::recursive_directory_iterator(project / "docs")) {
    if (each.path().extension() == ".md")
      names.push_back(fs::relative(each.path(), project).string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void type_page(const std::string& name, const std::string& text) {
  const auto page = read_page(name, text);
  DYNAMIC_SECTION(name) {
    for (const auto& each : page.complaints) UNSCOPED_INFO(each);
    CHECK(page.complaints.empty());
    const auto at = sheets().find(name);
    const auto sheet = at == sheets().end() ? Sheet{} : at->second;
    if (!page.commands.empty() || !sheet.directions.empty()) type_all_of(page, sheet);
  }
}

// Those below a folder, but for what another case has.
void type_pages(const std::string& folder) {
  std::size_t typed = 0;
  for (const auto& name : pages()) {
    const auto slash = name.rfind('/');
    if ((slash == std::string::npos ? "" : name.substr(0, slash)) != folder) continue;
    type_page(name, read_file(project / name));
    ++typed;
  }
  CHECK(typed > 0);
}

// The examples of every command, as a page.
std::string examples() {
  Workspace workspace;
  std::string page;
  const auto add = [&](const Flags& command) {
    bool is_example = false;
    for (const auto& line : lines_of(provphone(workspace, with(command, {"--help"})).out)) {
      if (line.starts_with("Example"))
        is_example = true;
      else if (!line.starts_with("  "))
        is_example = false;
      else if (is_example)
        page += (line.starts_with("   ") ? "    " : "    $ ") + line.substr(2) + "\n";
    }
  };
  bool is_listed = false;
  for (const auto& line : lines_of(provphone(workspace, {"--help"}).out)) {
    if (is_listed && line.empty()) break;
    if (is_listed) add({line.substr(2, line.find(' ', 2) - 2)});
    is_listed = is_listed || line == "Commands:";
  }
  return "\n" + page;
}

}  // namespace

TEST_CASE("what the pages at the top have people type does what they say") {
  type_pages("");
  type_pages("docs");
}

TEST_CASE("what the how-tos have people type does what they say") {
  type_pages("docs/how-to");
}

TEST_CASE("what the pages of checks have people type does what they say") {
  type_pages("docs/checks");
}

TEST_CASE("what reference and rules have people type does what they say") {
  type_pages("docs/reference");
  type_pages("docs/behaviour");
}

TEST_CASE("the examples of every command's help do what they say") {
  type_page("--help", examples());
}

TEST_CASE("no page with commands, and no line about one, is forgotten") {
  const std::vector<std::string> typed{
      "", "docs", "docs/how-to", "docs/checks", "docs/reference", "docs/behaviour"};
  auto names = pages();
  for (const auto& name : names) {
    const auto slash = name.rfind('/');
    INFO(name);
    CHECK(std::count(typed.begin(), typed.end(),
                     slash == std::string::npos ? "" : name.substr(0, slash)) == 1);
  }
  names.push_back("--help");
  for (const auto& [name, sheet] : sheets()) {
    INFO("fixtures/pages/commands.txt: there is no page " << name);
    CHECK(std::count(names.begin(), names.end(), name) == 1);
  }
}

TEST_CASE("commands of a page are told from what is shown beside them") {
  const auto page = read_page("p.md",
                              "```sh\n# for people\none \\\n  two\ncat <<'XML'\n<a>\nXML\n```\n"
                              "\n    $ three\n    its answer\n\n```\nprovphone four\n```\n"
                              "```yaml\na: 1\n```\n- no block\n    $ five\n");
  REQUIRE(page.commands.size() == 3);
  CHECK(page.commands[0].text == "one \\\n  two");
  CHECK(page.commands[0].line == 3);
  CHECK(page.commands[1].text == "cat <<'XML'\n<a>\nXML");
  CHECK(page.commands[2].text == "three");
  REQUIRE(page.complaints.size() == 1);
  CHECK(page.complaints[0].starts_with("p.md:14: "));
  CHECK(page.yaml == std::vector<std::string>{"a: 1\n"});
}

}  // namespace provphone::e2e::pages_test
