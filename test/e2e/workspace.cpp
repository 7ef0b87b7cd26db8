#include "test/e2e/workspace.hpp"

#define CATCH_CONFIG_EXTERNAL_INTERFACES  // the listener's base class
#include <catch2/catch.hpp>
#include <stdlib.h>

#include <algorithm>
#include <fstream>
#include <iostream>

namespace provphone::e2e {
namespace {

namespace fs = std::filesystem;

std::vector<const Workspace*>& alive() {
  static std::vector<const Workspace*> workspaces;
  return workspaces;
}

void print_tail(const fs::path& file) {
  constexpr std::size_t tail_lines = 12;
  const auto lines = lines_of(read_file(file));
  if (lines.empty()) return;
  std::cerr << "---- " << file.string() << "\n";
  const auto first = lines.size() - std::min(lines.size(), tail_lines);
  for (auto i = first; i < lines.size(); ++i) std::cerr << lines[i].substr(0, 400) << "\n";
}

void print_logs(const fs::path& folder) {
  const std::vector<std::string> kinds{".log", ".err", ".out", ".jsonl"};
  const fs::recursive_directory_iterator end;
  for (fs::recursive_directory_iterator entry(folder); entry != end; ++entry) {
    // What a browser keeps there is its own, and not text.
    if (entry->path().filename() == "browser") entry.disable_recursion_pending();
    const auto extension = entry->path().extension().string();
    if (std::find(kinds.begin(), kinds.end(), extension) != kinds.end()) print_tail(entry->path());
  }
}

// Catch2 reports a failed assertion before it leaves the scope, while the workspaces still stand.
struct LogPrinter : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;

  void testCaseStarting(const Catch::TestCaseInfo& info) override {
    printed_ = false;
    TestEventListenerBase::testCaseStarting(info);
  }

  bool assertionEnded(const Catch::AssertionStats& stats) override {
    if (stats.assertionResult.isOk() || printed_) return false;
    printed_ = true;
    for (const auto* workspace : alive()) print_logs(workspace->path());
    return false;
  }

 private:
  bool printed_ = false;
};

CATCH_REGISTER_LISTENER(LogPrinter)

}  // namespace

Workspace::Workspace() {
  std::string name = (fs::temp_directory_path() / "provphone-e2e-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) FAIL("no temporary folder could be made at " << name);
  path_ = name;
  fs::permissions(path_, fs::perms{0755});
  alive().push_back(this);
  // What commands keep for the next one is this test's, and nobody's at home.
  ::setenv("PROVPHONE_CACHE", (path_ / "cache").c_str(), 1);
}

Workspace::~Workspace() {
  alive().erase(std::remove(alive().begin(), alive().end(), this), alive().end());
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

fs::path Workspace::make_folder(const std::string& name) {
  const auto folder = path_ / (name + "-" + std::to_string(++made_));
  fs::create_directories(folder);
  return folder;
}

fs::path Workspace::write(const std::string& name, std::string_view content) const {
  const auto file = path_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  stream.close();
  if (!stream) FAIL("cannot write " << file);
  return file;
}

std::string Workspace::run(std::vector<std::string> argv) {
  INFO("command: " << argv.front());
  require_installed(argv.front());
  Process process(path_, "command-" + std::to_string(++made_), argv);
  const auto status = process.wait(patience);
  INFO("stderr: " << process.err());
  REQUIRE(status.has_value());
  REQUIRE(*status == 0);
  return process.out();
}

}  // namespace provphone::e2e
