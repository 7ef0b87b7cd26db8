#include "macro/remedy.hpp"

#include "macro/enum_array.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <map>
#include <string>

namespace remedy_test {
namespace {

using namespace provphone;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The last column of the table of errors, by code.
std::map<std::string, std::string> documented_remedies() {
  std::map<std::string, std::string> remedies;
  std::ifstream page(PROVPHONE_ROOT "/docs/errors.md");
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| `")) continue;
    const auto code = line.substr(3, line.find('`', 3) - 3);
    const auto end = line.rfind('|');
    const auto begin = line.rfind('|', end - 1);
    remedies[code] = trimmed(line.substr(begin + 1, end - begin - 1));
  }
  return remedies;
}

}  // namespace

TEST_CASE("the page of errors and the program name the same remedy for every code") {
  const auto documented = documented_remedies();
  REQUIRE(documented.size() == provphone::enum_size<Errc>);
  for (const auto code : provphone::every<Errc>) {
    INFO(name(code));
    CHECK(documented.at(std::string(name(code))) == remedy(code));
    CHECK_FALSE(remedy(code).empty());
  }
}

}  // namespace remedy_test
