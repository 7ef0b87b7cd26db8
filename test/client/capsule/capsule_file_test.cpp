#include "client/capsule/file.hpp"
#include "client/capsule/gz_lines.hpp"
#include "client/capsule/lines.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace capsule_file_test {

using namespace provphone;
using namespace provphone::client;
using namespace provphone::client::capsule;

namespace {

namespace fs = std::filesystem;

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = fs::temp_directory_path() / "capsule-test-XXXXXX";
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string file(const char* name) const { return path_ / name; }
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
  }

 private:
  fs::path path_;
};

// A phone that sets a password by hand, and is woken.
void hear_something(Recorder& recorder) {
  drive::Handset phone;
  const resync::Time start{};
  recorder.taken(start, 0, drive::Stimulus{resync::Event{resync::PoweredOn{}}}, phone);
  recorder.taken(start + std::chrono::seconds(1), 0,
                 drive::Stimulus{drive::SetByHand{{{"Password_1_", "hunter2x"}}}}, phone);
  phone.phone.machine.due = start + std::chrono::seconds(2);
  recorder.taken(start + std::chrono::milliseconds(2'001), 0,
                 drive::Stimulus{resync::Event{resync::DeadlineReached{}}}, phone);
}

Manifest manifest_with(SecretsAre secrets) {
  Manifest manifest;
  manifest.program = "provphone";
  manifest.command = "run";
  manifest.secrets = secrets;
  manifest.phones = 1;
  manifest.seed = 7;
  manifest.end = resync::Time{std::chrono::seconds(3)};
  manifest.verdict = "pass";
  manifest.trace_hash = "0123456789abcdef";
  manifest.course_hash = "fedcba9876543210";
  return manifest;
}

void write(const std::string& name, SecretsAre secrets) {
  Recorder recorder("salt");
  hear_something(recorder);
  auto file = CapsuleFile::open(name);
  REQUIRE(file);
  file->add_trace_line(R"({"t":1,"phone":"000e08000000","event":"powered_on"})");
  Source source{"phones: [{set: {Password_1_: hunter2x}}]",
                "lab.yaml",
                {"seed=7"},
                nullptr,
                {{"base.xml", "<Password_1_>hunter2x</Password_1_>"}},
                {}};
  resync::WallClock wall{resync::sys_seconds{std::chrono::seconds(1'000)}, {}, {}};
  wall.known = resync::ClockIsKnown::once_told;
  wall.zone.changes = {{resync::sys_seconds{std::chrono::seconds(5)}, std::chrono::seconds(3600)}};
  REQUIRE(file->finish(manifest_with(secrets), source, wall, recorder));
}

std::string all_of(const std::string& name) {
  auto file = open_to_read(name);
  REQUIRE(file);
  std::string all;
  for (std::string line; read_line(file.get(), line);) all += line + '\n';
  return all;
}

std::string refusal_of(std::initializer_list<std::string_view> texts) {
  CapsuleLines lines;
  for (const auto text : texts) {
    const auto taken = lines.take(text);
    if (!taken) return taken.error().detail;
  }
  return {};
}

constexpr std::string_view a_manifest =
    R"({"capsule":1,"program":"p","command":"run","recorded":"","secrets":"kept","phones":2,)"
    R"("seed":0,"end":9,"verdict":"pass","trace_hash":"","course_hash":""})";

}  // namespace

TEST_CASE("a capsule is read as it was written") {
  const Folder folder;
  const auto name = folder.file("a.capsule");
  write(name, SecretsAre::kept);
  CHECK(folder.count() == 1);
  CHECK(CapsuleReader::is_capsule(name));
  auto reader = CapsuleReader::open(name);
  REQUIRE(reader);
  const auto& capsule = reader->capsule();
  CHECK(capsule.manifest.seed == 7);
  CHECK(capsule.manifest.end == resync::Time{std::chrono::seconds(3)});
  CHECK(capsule.manifest.course_hash == "fedcba9876543210");
  CHECK(capsule.source.with == std::vector<std::string>{"seed=7"});
  REQUIRE(capsule.source.files.size() == 1);
  CHECK(capsule.source.files[0].octets == "<Password_1_>hunter2x</Password_1_>");
  CHECK(capsule.wall.known == resync::ClockIsKnown::once_told);
  REQUIRE(capsule.wall.zone.changes.size() == 1);
  CHECK(capsule.wall.zone.changes[0].offset == std::chrono::seconds(3600));
  REQUIRE(capsule.tape.entries.size() == 3);
  CHECK(std::get<Woken>(capsule.tape.entries[2].what).due == resync::Time{std::chrono::seconds(2)});
  std::string line;
  REQUIRE(reader->next(line));
  CHECK(line.find("powered_on") != std::string::npos);
  CHECK_FALSE(reader->next(line));
}

TEST_CASE("secrets are in a capsule only where somebody wants them there") {
  const Folder folder;
  write(folder.file("kept"), SecretsAre::kept);
  write(folder.file("replaced"), SecretsAre::replaced);
  CHECK(all_of(folder.file("kept")).find("hunter2x") != std::string::npos);
  const auto replaced = all_of(folder.file("replaced"));
  CHECK(replaced.find("hunter2x") == std::string::npos);
  CHECK(fs::status(folder.file("kept")).permissions() ==
        (fs::perms::owner_read | fs::perms::owner_write));
  // The same stand-in in the scenario, in its file and on the tape.
  const auto put = Secrets("salt").stand_in("hunter2x");
  std::size_t times = 0;
  for (auto at = replaced.find(put); at != std::string::npos; at = replaced.find(put, at + 1))
    ++times;
  CHECK(times == 3);
}

TEST_CASE("a capsule that is not finished leaves nothing behind") {
  const Folder folder;
  {
    auto file = CapsuleFile::open(folder.file("a.capsule"));
    REQUIRE(file);
    file->add_trace_line("{}");
  }
  CHECK(folder.count() == 0);
  CHECK_FALSE(CapsuleFile::open(folder.file("no/such/folder")));
}

TEST_CASE("what is no capsule, or not all of one, is refused with its place") {
  const Folder folder;
  const auto whole = folder.file("whole");
  write(whole, SecretsAre::kept);
  std::ifstream in(whole, std::ios::binary);
  const std::string octets((std::istreambuf_iterator<char>(in)), {});
  std::ofstream(folder.file("cut"), std::ios::binary) << octets.substr(0, octets.size() / 2);
  std::ofstream(folder.file("log")) << "127.0.0.1 - - [27/Nov/2026:10:00:00 +0000]\n";
  std::ofstream(folder.file("empty")) << "";
  for (const auto* name : {"cut", "log", "empty"}) {
    const auto reader = CapsuleReader::open(folder.file(name));
    INFO(name);
    REQUIRE_FALSE(reader);
    CHECK(reader.error().detail.find(std::string(name) + ":") != std::string::npos);
    CHECK(reader.error().detail.find("expected ") != std::string::npos);
  }
  CHECK_FALSE(CapsuleReader::is_capsule(folder.file("log")));
  CHECK_FALSE(CapsuleReader::is_capsule(folder.file("missing")));
  CHECK_FALSE(CapsuleReader::open(folder.file("missing")));
}

TEST_CASE("lines of a capsule are held to each other") {
  CHECK(refusal_of({a_manifest, "[0,0,[\"powered_on\"]]", trace_follows}).empty());
  CHECK(refusal_of({"{\"capsule\":99}"}) ==
        "expected a capsule of version 1 at most, and this one has 99");
  CHECK(refusal_of({"{\"body\":0}"}) == "expected the manifest of a capsule first");
  CHECK(refusal_of({"{\"capsule\":1}"}) == "expected a line of a capsule");
  CHECK(refusal_of({a_manifest, "nothing"}) == "expected a line of a capsule");
  CHECK(refusal_of({a_manifest, "[5,0,[\"powered_on\"]]", "[4,0,[\"powered_off\"]]"}) ==
        "expected a time that is not before the last line's");
  CHECK(refusal_of({a_manifest, "[0,2,[\"powered_on\"]]"}) ==
        "expected the number of a phone that the manifest counts");
  CHECK(
      refusal_of({a_manifest, R"([0,0,["ended","work",0,1,{"status":200,"body":0,"bytes":1}]])"}) ==
      "expected the place of what was asked, and of a body");
  // Of a later program: passed over.
  CHECK(refusal_of({a_manifest, "{\"weather\":\"fine\"}"}).empty());
}

}  // namespace capsule_file_test
