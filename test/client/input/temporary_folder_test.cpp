#include "client/input/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

namespace provphone::client::input::temporary_folder_test {

namespace fs = std::filesystem;

// TMPDIR as long as this lives.
class TemporaryPlace {
 public:
  explicit TemporaryPlace(const std::string& place) {
    if (const char* const named = std::getenv("TMPDIR")) before_ = named;
    setenv("TMPDIR", place.c_str(), 1);
  }
  ~TemporaryPlace() {
    if (before_)
      setenv("TMPDIR", before_->c_str(), 1);
    else
      unsetenv("TMPDIR");
  }
  TemporaryPlace(const TemporaryPlace&) = delete;
  TemporaryPlace& operator=(const TemporaryPlace&) = delete;

 private:
  std::optional<std::string> before_;
};

TEST_CASE("a temporary folder goes away with its last owner, and what is in it") {
  std::string path;
  {
    auto made = TemporaryFolder::make("test");
    REQUIRE(made);
    const auto owner = *std::move(made);
    path = owner.path();
    CHECK(path.find("provphone-test-") != std::string::npos);
    fs::create_directory(path + "/below");
    std::ofstream(path + "/below/file") << "text";
    CHECK(fs::exists(path + "/below/file"));
    CHECK(fs::status(path).permissions() == fs::perms::owner_all);
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("where no temporary folder can be made, that is said, and what to do") {
  const TemporaryPlace nowhere("/nowhere/at/all");
  const auto made = TemporaryFolder::make("test");
  REQUIRE_FALSE(made);
  CHECK(made.error().code == Errc::unreadable_file);
  CHECK(made.error().detail ==
        "no temporary folder could be made in /nowhere/at/all: No such file or directory; TMPDIR "
        "may name another place");
}

}  // namespace provphone::client::input::temporary_folder_test
