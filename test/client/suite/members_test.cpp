#include "client/suite/members.hpp"

#include "client/suite/trials.hpp"
#include "macro/enum_array.hpp"

#include <catch2/catch.hpp>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace members_test {

using namespace provphone;
using namespace provphone::client::suite;
namespace fs = std::filesystem;

namespace {

struct SuiteFolder {
  fs::path path = fs::temp_directory_path() / ("provphone-suite-" + std::to_string(getpid()));

  SuiteFolder() { fs::create_directories(path); }
  ~SuiteFolder() { fs::remove_all(path); }
  SuiteFolder(const SuiteFolder&) = delete;
  SuiteFolder& operator=(const SuiteFolder&) = delete;

  void write(const std::string& name) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name) << "phones: [{}]\n";
  }
};

const std::vector<std::string> five{"d/a.yaml", "d/b.yaml", "d/c/d.yaml", "d/e.yml", "d/f.yaml"};

std::vector<Trial> that_ended(const std::vector<Ending>& endings) {
  std::vector<Trial> trials;
  for (const auto ending : endings) trials.emplace_back().ending = ending;
  return trials;
}

}  // namespace

TEST_CASE("the scenarios of a folder are its YAML files at any depth, but for parts") {
  const SuiteFolder folder;
  for (const auto* name : {"b.yaml", "a.yml", "deep/er/c.yaml", "_part.yaml", "_parts/d.yaml",
                           ".git/e.yaml", ".f.yaml", "readme.md", "g.yaml.orig"})
    folder.write(name);
  // Its run says that there is nothing; the link itself is not passed over.
  fs::create_symlink(folder.path / "nowhere", folder.path / "gone.yaml");
  const auto found = scenarios_below(folder.path.string());
  REQUIRE(found);
  std::vector<std::string> names;
  for (const auto& file : *found)
    names.push_back(fs::path(file).lexically_relative(folder.path).string());
  CHECK(names == std::vector<std::string>{"a.yml", "b.yaml", "deep/er/c.yaml", "gone.yaml"});
  const auto missing = scenarios_below((folder.path / "none").string());
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code == Errc::unreadable_file);
}

TEST_CASE("a pattern chooses scenarios by their names below the folder") {
  struct Row {
    std::string pattern;
    std::size_t left;
  };
  for (const auto& [pattern, left] : std::vector<Row>{{"", 5},
                                                      {"a", 4},  // of `.yaml`
                                                      {"^/a", 1},
                                                      {"c/", 1},
                                                      {"^d", 0},  // the folder itself
                                                      {"a[.]|b[.]", 2},
                                                      {"nothing", 0}}) {
    INFO(pattern);
    const auto those = chosen(five, 1, pattern);
    REQUIRE(those);
    CHECK(those->size() == left);
  }
  const auto wrong = chosen(five, 1, "(");
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == Errc::bad_argument);
}

TEST_CASE("a shuffled order has all scenarios, follows from its seed, and is another for another") {
  const auto once = shuffled(five, 7);
  CHECK(once == shuffled(five, 7));
  CHECK(std::is_permutation(once.begin(), once.end(), five.begin(), five.end()));
  std::size_t different = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    if (shuffled(five, seed) != once) ++different;
  CHECK(different > 15);
  // An order may not change from one release to the next.
  CHECK(shuffled({"a", "b", "c", "d"}, 1) == shuffled({"a", "b", "c", "d"}, 1));
  CHECK(shuffled({}, 7).empty());
}

TEST_CASE("a scenario is driven by what it is for") {
  struct Row {
    std::string yaml;
    std::uint64_t phones;
    Driver driver;
  };
  for (const auto& [yaml, phones, driver] : std::vector<Row>{
           {"phones: [{}]", 1, Driver::run},
           {"phones: [{count: 1000}]", 1'000, Driver::run},
           {"phones: [{inventory: phones.csv}]", 1'001, Driver::fleet},
           {"phones: [{count: 9999}]\nserver: {latency: 5ms}", 9'999, Driver::forecast},
           {"phones: [{}]\nserver: {}", 1, Driver::forecast},
           {"phones: [", 0, Driver::run},
           {"", 0, Driver::run},
           {"- server", 0, Driver::run}}) {
    INFO(yaml);
    CHECK(driver_for(yaml, phones) == driver);
  }
  for (const auto driver : every<Driver>) CHECK(driver_named(name(driver)) == driver);
  CHECK_FALSE(driver_named("walk"));
}

TEST_CASE("the exit status of a folder is that of its worst scenario") {
  using enum Ending;
  struct Row {
    std::vector<Ending> endings;
    int status;
  };
  for (const auto& [endings, status] : std::vector<Row>{{{passed, passed}, 0},
                                                        {{passed, failed}, 1},
                                                        {{void_run, passed}, 3},
                                                        {{void_run, failed}, 1},
                                                        {{refused, failed, void_run}, 2},
                                                        {{broken, refused}, 4},
                                                        {{passed, left_out}, 3},
                                                        {{failed, left_out}, 1},
                                                        {{left_out, left_out}, 3}}) {
    CHECK(exit_of(that_ended(endings)) == status);
  }
  for (const int status : {0, 1, 2, 3, 4})
    CHECK(exit_of(that_ended({ending_of(status)})) == status);
  CHECK(ending_of(139) == broken);
}

}  // namespace members_test
