#include "client/report/output.hpp"

#include "client/report/table.hpp"

#include <catch2/catch.hpp>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace output_test {
namespace {

namespace fs = std::filesystem;
using namespace provphone;
using client::report::OutputFile;

struct Folder {
  Folder() { REQUIRE(mkdtemp(path.data()) != nullptr); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const char* name) const { return path + "/" + name; }
  std::string path = (fs::temp_directory_path() / "provphone-test-XXXXXX").string();
};

std::string read(const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(name).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a result file appears only when it is complete") {
  const Folder folder;
  const auto name = folder.file("result.json");
  auto output = OutputFile::open(name);
  REQUIRE(output);
  output->write_line("{");
  output->write_line("}");
  CHECK_FALSE(fs::exists(name));
  REQUIRE(output->finish());
  CHECK(read(name) == "{\n}\n");
  CHECK_FALSE(fs::exists(name + ".partial"));
}

TEST_CASE("a file that nothing was written to leaves nothing behind, and no name opens none") {
  const Folder folder;
  const auto name = folder.file("result.json");
  {
    const auto output = OutputFile::open_if_named(name);
    REQUIRE(output);
    REQUIRE(*output);
    CHECK(fs::exists(name + ".partial"));
  }
  CHECK_FALSE(fs::exists(name + ".partial"));
  {
    auto output = OutputFile::open(name);
    output->write_line("half");
  }
  CHECK(fs::exists(name + ".partial"));
  const auto none = OutputFile::open_if_named("");
  REQUIRE(none);
  CHECK_FALSE(*none);
}

TEST_CASE("an older result stays until the new one is complete") {
  const Folder folder;
  const auto name = folder.file("result.json");
  REQUIRE(client::report::write_output(name, "old"));
  auto output = OutputFile::open(name);
  REQUIRE(output);
  output->write_line("new");
  CHECK(read(name) == "old\n");
  REQUIRE(output->finish());
  CHECK(read(name) == "new\n");
}

TEST_CASE("a file that cannot be written is named in the error") {
  const Folder folder;
  const auto opened = OutputFile::open(folder.file("missing/result.json"));
  REQUIRE_FALSE(opened);
  CHECK(opened.error().code == Errc::unreadable_file);
  CHECK(opened.error().detail.find("missing/result.json") != std::string::npos);
  const auto folder_itself = client::report::write_output(folder.path, "text");
  REQUIRE_FALSE(folder_itself);
  CHECK(fs::is_directory(folder.path));
}

TEST_CASE("a device is written to and stays what it is") {
  REQUIRE(client::report::write_output("/dev/null", "text"));
  CHECK(fs::is_character_file("/dev/null"));
  const auto full = client::report::write_output("/dev/full", "text");
  REQUIRE_FALSE(full);
  CHECK(full.error().detail.find("No space left") != std::string::npos);
  CHECK(fs::is_character_file("/dev/full"));
}

TEST_CASE("a link to a result keeps pointing where it did") {
  const Folder folder;
  REQUIRE(client::report::write_output(folder.file("real.json"), "old"));
  fs::create_symlink("real.json", folder.file("link.json"));
  REQUIRE(client::report::write_output(folder.file("link.json"), "new"));
  CHECK(fs::is_symlink(folder.file("link.json")));
  CHECK(read(folder.file("real.json")) == "new\n");
}

TEST_CASE("a table lines its columns up and breaks long cells") {
  CHECK(client::report::format_table({{"phone", "how"}, {"lobby", "tftp"}, {"x", "http"}}) ==
        "  phone  how\n"
        "  -----  ----\n"
        "  lobby  tftp\n"
        "  x      http\n");
  const auto text = client::report::format_table({{"a", "b"}, {std::string(50, 'y'), "one two"}});
  CHECK(text.find("\n  " + std::string(44, 'y') + "  one two\n  yyyyyy\n") != std::string::npos);
}

}  // namespace output_test
