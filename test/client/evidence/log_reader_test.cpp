#include "client/evidence/log_reader.hpp"

#include "test/client/evidence/read_lines.hpp"

#include <catch2/catch.hpp>
#include <zlib.h>

#include <filesystem>
#include <fstream>

namespace log_reader_test {
namespace {

using namespace provphone;
using namespace provphone::client::evidence;
namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "provphone-evidence-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const std::string& text) const {
    const auto name = (path_ / "log").string();
    std::ofstream(name, std::ios::binary) << text;
    return name;
  }
  std::string packed(const std::string& text) const {
    const auto name = (path_ / "log.gz").string();
    gzFile file = gzopen(name.c_str(), "wb");
    REQUIRE(file != nullptr);
    CHECK(gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
          static_cast<int>(text.size()));
    CHECK(gzclose(file) == Z_OK);
    return name;
  }

 private:
  fs::path path_;
};

struct Reading {
  Result<void> result{};
  LogReport report{};
  Gathered gathered{};
};

Reading read(const std::string& name, const LogTerms& terms = {}) {
  Reading made;
  Gathering gathering;
  made.result = read_log(name, terms, gathering, made.report);
  made.gathered = gathering.finish({});
  return made;
}

std::string line(int second, const std::string& path) {
  return fmt::format(
      "10.1.0.7 - - [27/Nov/2026:10:00:{:02} +0000] \"GET {} HTTP/1.1\" 200 4000 \"-\" "
      "\"Cisco-CP-8841-3PCC/11.3.2 (000e08012345)\"\n",
      second, path);
}

std::string refused(const std::string& name, const LogTerms& terms = {}) {
  const auto made = read(name, terms);
  REQUIRE_FALSE(made.result);
  return made.result.error().detail;
}

}  // namespace

TEST_CASE("a log is what its lines look like") {
  const Folder folder;
  struct Row {
    std::string text;
    LogKind kind;
  };
  const Row rows[] = {
      {line(1, "/x"), LogKind::access},
      {"Nov 27 10:00:01 CP-8841-3PCC 00:0e:08:01:23:45 -- x\n", LogKind::syslog},
      {R"({"t":1,"protocol":"http","path":"/x","phone":"127.0.0.1","status":200})",
       LogKind::record},
      {R"({"t":1,"phone":"000e08000001","event":"syslog","text":"x"})", LogKind::trace},
      {R"({"msec":1,"path":"/x","remote_addr":"a"})", LogKind::access_json},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto made = read(folder.file(row.text));
    INFO((made.result ? "" : made.result.error().detail));
    REQUIRE(made.result);
    CHECK(made.report.kinds == std::map<LogKind, std::size_t>{{row.kind, 1}});
    CHECK(made.report.used == 1);
    CHECK(made.report.misfit_count == 0);
  }
}

TEST_CASE("what does not fit is counted, the first five named, and the rest read") {
  const Folder folder;
  auto text = line(1, "/x");
  for (int i = 0; i < 6; ++i) text += "nonsense\n";
  text += line(2, "/y");
  const auto name = folder.file(text);
  const auto made = read(name);
  REQUIRE(made.result);
  CHECK(made.report.lines == 8);
  CHECK(made.report.used == 2);
  CHECK(made.report.misfit_count == 6);
  REQUIRE(made.report.misfits.size() == 5);
  CHECK(made.report.misfits[0].starts_with(name + ":2: expected a line of the format combined"));
}

TEST_CASE("a last line without its end is no misfit") {
  const Folder folder;
  const auto text = line(1, "/x") + line(2, "/y");
  const auto made = read(folder.file(text.substr(0, text.size() - 30)));
  REQUIRE(made.result);
  CHECK(made.report.cut_off == 1);
  CHECK(made.report.misfit_count == 0);
  CHECK(made.report.misfits.empty());
  CHECK(made.report.used == 1);
}

TEST_CASE("a packed log is read as it is, and told where it breaks off") {
  const Folder folder;
  std::string text;
  for (int i = 0; i < 60; ++i) text += line(i, "/" + std::to_string(i));
  const auto name = folder.packed(text);
  const auto made = read(name);
  REQUIRE(made.result);
  CHECK(made.report.used == 60);
  fs::resize_file(name, fs::file_size(name) - 20);
  CHECK(refused(name).starts_with("cannot read " + name + " to its end: "));
}

TEST_CASE("what is no log is refused with what was expected") {
  const Folder folder;
  const auto name = folder.file("");
  CHECK(refused(name) == name + " is empty");
  CHECK(refused(folder.file("\n \n")) == name + " is empty");
  CHECK(refused(folder.file("hello\nworld\n")).starts_with(name + ":1: expected an access log"));
  CHECK(refused(folder.file(std::string("a\0b\n", 4))).starts_with(name + " is not a text"));
  CHECK(refused(folder.file("\xd4\xc3\xb2\xa1 and so on")).starts_with(name + " is a capture"));
  CHECK(refused(folder.file("BZh9")).starts_with(name + " is packed by bzip2"));
  CHECK(refused(fs::path(name).parent_path().string()).find("it is a directory") !=
        std::string::npos);
  CHECK(refused(name + ".not").starts_with("cannot read "));
  CHECK(refused(folder.file("Nov 27 10:00:01 host cron[1]: x\n"))
            .find("nothing in it is of a phone") != std::string::npos);
}

TEST_CASE("a given format is what an access log is read by") {
  const Folder folder;
  LogTerms terms;
  terms.format = *parse_access_format("$msec $remote_addr $request_method $request_uri");
  const auto name = folder.file("1764234001.250 10.1.0.7 GET /000e08012345.xml\nelse\n");
  const auto made = read(name, terms);
  REQUIRE(made.result);
  CHECK(made.report.used == 1);
  CHECK(made.report.misfits[0].starts_with(name + ":2: expected a line of the format $msec"));
  CHECK(made.gathered.seen.resolution == std::chrono::milliseconds(1));
}

TEST_CASE("a long line is read in parts, and times that go back are counted") {
  const Folder folder;
  const auto text =
      line(50, "/x") + std::string(200'000, 'a') + "\n" + line(40, "/y") +
      "10.1.0.7 - - [27/Nov/2026:09:00:00 +0000] \"GET /z HTTP/1.1\" 200 1 \"-\" \"-\"\n";
  const auto made = read(folder.file(text));
  REQUIRE(made.result);
  CHECK(made.report.used == 3);
  CHECK(made.report.misfit_count == 4);
  CHECK(made.report.clock_jumps == 1);
  CHECK(shown(*made.report.from) == "2026-11-27T09:00:00.000");
}

}  // namespace log_reader_test
