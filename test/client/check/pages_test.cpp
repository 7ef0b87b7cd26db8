#include "client/check/checks.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <sstream>

// docs/checks/ and the catalogue say the same, and each check's page says what comes of it.
namespace provphone::pages_test {
namespace {

using Row = std::pair<std::string, std::string>;  // id, severity

std::vector<std::filesystem::path> check_pages() {
  std::vector<std::filesystem::path> pages;
  for (const auto& page :
       std::filesystem::directory_iterator(std::string(PROVPHONE_ROOT) + "/docs/checks"))
    pages.push_back(page.path());
  return pages;
}

std::set<Row> documented() {
  std::set<Row> rows;
  const std::regex row(R"(\| (CHK-[A-Z0-9-]+) \| ([a-z]+) \| .*)");
  for (const auto& page : check_pages()) {
    std::ifstream file(page);
    for (std::string line; std::getline(file, line);) {
      std::smatch found;
      if (!std::regex_match(line, found, row)) continue;
      INFO(found[1] << " stands twice");
      CHECK(rows.insert({found[1], found[2]}).second);
    }
  }
  return rows;
}

std::vector<std::string> ids_in(const std::string& text) {
  const std::regex id("CHK-[A-Z0-9-]+");
  return {std::sregex_token_iterator(text.begin(), text.end(), id), std::sregex_token_iterator()};
}

// What stands below a heading `## CHK-A, CHK-B`, by id and page.
struct Section {
  std::string id, page, body;
};

std::vector<Section> sections_of(const std::filesystem::path& page) {
  std::vector<Section> sections;
  std::vector<std::string> ids;
  std::string body;
  const auto close = [&] {
    for (const auto& id : ids) sections.push_back({id, page.filename().string(), body});
    body.clear();
  };
  std::ifstream file(page);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("## ")) {
      body += line + '\n';
      continue;
    }
    close();
    ids = ids_in(line);
  }
  close();
  return sections;
}

// The paragraphs from `**Gain.**`, say, to the next label; empty where there are none.
std::string labelled(const std::string& body, const std::string& label) {
  const auto start = "**" + label + ".**";
  const auto at = body.find(start);
  if (at == std::string::npos) return {};
  const auto from = at + start.size();
  return body.substr(from, std::min(body.find("\n**", from), body.size()) - from);
}

// Words of a sentence, and not a label alone.
bool says_something(const std::string& text) {
  constexpr std::size_t least_words = 3;
  std::istringstream words(text);
  return std::distance(std::istream_iterator<std::string>(words), {}) >=
         std::ptrdiff_t{least_words};
}

// What is wanting in a section, in words; empty: nothing.
std::string want_of(const std::string& body) {
  std::string want;
  if (!says_something(labelled(body, "Gain"))) want += "what an attacker gains; ";
  const auto repeat = labelled(body, "Repeat");
  if (!says_something(repeat) || repeat.find('`') == std::string::npos)
    want += "a command that repeats it; ";
  const auto mend = labelled(body, "Mend");
  // Where one of them has no part in it, a bullet says that.
  for (const std::string server : {"nginx", "Apache", "PHP"}) {
    const std::regex bullet("\n\\* ((nginx|Apache|PHP), )*" + server + "\\b");
    if (!std::regex_search(mend, bullet)) want += "how to mend it in " + server + "; ";
  }
  return want;
}

TEST_CASE("every check has its row in docs/checks, with its severity, and every row its check") {
  std::set<Row> built;
  for (const auto* check : client::check::all_checks())
    built.insert({std::string(check->id), std::string(name(check->severity))});
  CHECK(documented() == built);
}

TEST_CASE("the page of every check says what an attacker gains, how to repeat and how to mend it") {
  std::map<std::string, Section> by_id;
  for (const auto& page : check_pages()) {
    for (auto& section : sections_of(page)) {
      INFO(section.id << " stands in two headings");
      CHECK(by_id.emplace(section.id, section).second);
    }
  }
  for (const auto* check : client::check::all_checks()) {
    INFO(check->id);
    const auto found = by_id.find(std::string(check->id));
    CHECK(found != by_id.end());
    if (found == by_id.end()) continue;
    INFO(found->second.page);
    CHECK(want_of(found->second.body) == "");
    by_id.erase(found);
  }
  for (const auto& [id, section] : by_id) FAIL_CHECK(section.page << " explains " << id);
}

TEST_CASE("a page that leaves out one of the three is told from one that has them") {
  const std::string gain = "**Gain.** An attacker reads it.\n\n";
  const std::string repeat = "**Repeat.** Ask as here: `curl -s URL`\n\n";
  const std::string mend = "**Mend.** Close it.\n\n* nginx: `a;`.\n* Apache, PHP: play no part.\n";
  CHECK(want_of(gain + repeat + mend) == "");
  CHECK(want_of(repeat + mend) == "what an attacker gains; ");
  CHECK(want_of("**Gain.**\n\n" + repeat + mend) == "what an attacker gains; ");
  CHECK(want_of(gain + mend) == "a command that repeats it; ");
  CHECK(want_of(gain + "**Repeat.** Ask for the file.\n\n" + mend) ==
        "a command that repeats it; ");
  CHECK(want_of(gain + repeat + "**Mend.** nginx, Apache and PHP.\n") ==
        "how to mend it in nginx; how to mend it in Apache; how to mend it in PHP; ");
  CHECK(want_of(gain + repeat + "**Mend.** So.\n\n* nginx: `a;`.\n* Apache: `A`.\n") ==
        "how to mend it in PHP; ");
}

}  // namespace
}  // namespace provphone::pages_test
