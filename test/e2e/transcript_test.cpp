#include "test/e2e/transcript.hpp"

#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

// What people see of provphone, octet by octet.
namespace provphone::e2e::transcript_test {
namespace {

namespace fs = std::filesystem;

const fs::path transcripts = PROVPHONE_SOURCE_DIR "/fixtures/transcripts";

void repeat_all(const std::string& folder, std::size_t least_commands) {
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(transcripts / folder))
    files.push_back(each.path());
  std::sort(files.begin(), files.end());
  std::size_t commands = 0;
  for (const auto& file : files) commands += repeat_transcript(file);
  CHECK(commands >= least_commands);
}

std::vector<std::string> commands() {
  Workspace workspace;
  std::vector<std::string> names;
  bool is_listed = false;
  for (const auto& line : lines_of(provphone(workspace, {"--help"}).out)) {
    if (is_listed && line.empty()) break;
    if (is_listed) names.push_back(line.substr(2, line.find(' ', 2) - 2));
    is_listed = is_listed || line == "Commands:";
  }
  return names;
}

TEST_CASE("every command has a transcript of its help and of wrong usage") {
  const auto names = commands();
  CHECK(names.size() >= 16);
  for (const auto& name : names) {
    INFO(name);
    const auto text = read_file(transcripts / "usage/driving" / (name + ".txt")) +
                      read_file(transcripts / "usage/reading" / (name + ".txt"));
    CHECK(text.find("$ provphone " + name + " --help\n") != std::string::npos);
    CHECK(text.find("\n? 2\n") != std::string::npos);
  }
}

TEST_CASE("commands that drive phones and servers explain themselves as recorded") {
  repeat_all("usage/driving", 600);
}

TEST_CASE("commands that read and reckon explain themselves as recorded") {
  repeat_all("usage/reading", 450);
}

TEST_CASE("rules and profiles and parameters are read as recorded") {
  repeat_all("texts", 200);
}

TEST_CASE("scenarios with mistakes in them are refused as recorded") {
  repeat_all("scenarios", 200);
}

TEST_CASE("forecasts come out as recorded, in every form") {
  repeat_all("forecast", 40);
}

TEST_CASE("explanations come out as recorded, in every form") {
  repeat_all("explain", 50);
}

TEST_CASE("results of fleets are reported as recorded, in every form") {
  repeat_all("report", 30);
}

TEST_CASE("phones and servers on the loopback interface say what is recorded") {
  repeat_all("network", 120);
}

TEST_CASE("the demonstration shows what is recorded") {
  repeat_all("demo", 5);
}

}  // namespace
}  // namespace provphone::e2e::transcript_test
