#include "client/serve/files.hpp"

#include "test/client/serve/world.hpp"

#include <catch2/catch.hpp>

#include <sys/stat.h>

namespace provphone::client::serve::files_test {
namespace {

namespace fs = std::filesystem;

std::string content_of(const std::optional<OpenFile>& file) {
  if (!file) return "nothing";
  std::string content(static_cast<std::size_t>(file->size()), '\0');
  return file->read(0, content.data(), content.size()) ? content : "unreadable";
}

}  // namespace

TEST_CASE("a request target becomes a path without query, signs and empty segments", "[serve]") {
  const auto [target, path] = GENERATE(table<std::string, std::string>({
      {"/a.xml", "/a.xml"},
      {"/", "/"},
      {"/a.xml?mac=000e08abcdef", "/a.xml"},
      {"/a.xml?x=../..", "/a.xml"},
      {"/a%20b%2Exml", "/a b.xml"},
      {"//a///b/./c/", "/a/b/c"},
      {"/%7e", "/~"},
      {"/..a/b..", "/..a/b.."},
      {"http://127.0.0.1:8080/a.xml?b", "/a.xml"},
      {"http://127.0.0.1", "/"},
  }));
  CHECK(path_of_target(target) == path);
}

TEST_CASE("a request target that climbs or is malformed has no path", "[serve]") {
  const auto target =
      GENERATE(as<std::string>{}, "", "*", "a.xml", "/..", "/../x", "/a/../b", "/%2e%2e/x",
               "/.%2E/x", "/a%2f..%2fx", "/%", "/%4", "/%4g", "/%00", "/a%00.xml", "http://h/../x");
  CHECK_FALSE(path_of_target(target));
}

TEST_CASE("a TFTP file name is taken as it is, with or without its slash", "[serve]") {
  CHECK(path_of_file_name("a.xml") == "/a.xml");
  CHECK(path_of_file_name("/a/b.xml") == "/a/b.xml");
  CHECK(path_of_file_name("/a%20b?c") == "/a%20b?c");
  CHECK_FALSE(path_of_file_name("../x"));
  CHECK_FALSE(path_of_file_name("/a/../../x"));
}

TEST_CASE("only regular files inside the directory are found", "[serve]") {
  const Folder outside;
  outside.write("secret", "secret");
  const Folder folder;
  folder.write("a.xml", "a");
  folder.write("deep/b.xml", "b");
  fs::create_symlink(folder.path("deep/b.xml"), folder.path("inside"));
  fs::create_symlink(outside.path("secret"), folder.path("outside"));
  fs::create_symlink(outside.path(), folder.path("door"));
  fs::create_symlink("loop", folder.path("loop"));
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  fs::create_directories(folder.path() + "-twin");
  const auto directory = Directory::open(folder.path()).value();
  CHECK(content_of(directory.find("/a.xml")) == "a");
  CHECK(content_of(directory.find("/deep/b.xml")) == "b");
  CHECK(content_of(directory.find("/inside")) == "b");
  for (const char* path : {"/outside", "/door/secret", "/loop", "/pipe", "/deep", "/", "/c.xml",
                           "/a.xml/b", "/deep/../a.xml/.."}) {
    INFO(path);
    CHECK_FALSE(directory.find(path));
  }
  fs::remove_all(folder.path() + "-twin");
}

TEST_CASE("a file that has been cut short meanwhile cannot be read", "[serve]") {
  const Folder folder;
  folder.write("a.xml", "0123456789");
  const auto file = Directory::open(folder.path()).value().find("/a.xml");
  REQUIRE(file);
  folder.write("a.xml", "0123");
  char buffer[10];
  CHECK_FALSE(file->read(0, buffer, sizeof buffer));
  CHECK(file->read(2, buffer, 2));
}

TEST_CASE("uploads stay below their folder", "[serve]") {
  const Folder outside;
  const Folder folder;
  const auto directory = Directory::open(folder.path()).value();
  CHECK_FALSE(directory.takes_uploads());
  CHECK(directory.store_upload("/a.xml", "1") == Stored::refused);
  fs::create_directory(folder.path("uploads"));
  CHECK(directory.takes_uploads());
  CHECK(directory.store_upload("/a.xml", "1") == Stored::created);
  CHECK(directory.store_upload("/a.xml", "2") == Stored::replaced);
  CHECK(directory.store_upload("/uploads/b/c.xml", "3") == Stored::created);
  CHECK(folder.read("uploads/a.xml") == "2");
  CHECK(folder.read("uploads/b/c.xml") == "3");

  fs::create_symlink(outside.path(), folder.path("uploads/door"));
  fs::create_symlink(outside.path("x"), folder.path("uploads/window"));
  for (const char* path : {"/door/x", "/window", "/", "/uploads", "/a.xml/x", "/b"}) {
    INFO(path);
    CHECK(directory.store_upload(path, "4") == Stored::refused);
  }
  CHECK(fs::is_empty(outside.path()));
}

TEST_CASE("a folder of uploads that is a link takes none", "[serve]") {
  const Folder outside;
  const Folder folder;
  fs::create_symlink(outside.path(), folder.path("uploads"));
  const auto directory = Directory::open(folder.path()).value();
  CHECK_FALSE(directory.takes_uploads());
  CHECK(directory.store_upload("/a.xml", "1") == Stored::refused);
  CHECK(fs::is_empty(outside.path()));
}

TEST_CASE("a directory that is none is an error that names it", "[serve]") {
  const Folder folder;
  folder.write("a.xml", "a");
  for (const char* name : {"nothing", "a.xml"}) {
    const auto directory = Directory::open(folder.path(name));
    REQUIRE_FALSE(directory);
    CHECK(directory.error().code == Errc::unreadable_file);
    CHECK(directory.error().detail.find(folder.path(name)) != std::string::npos);
  }
}

}  // namespace provphone::client::serve::files_test
