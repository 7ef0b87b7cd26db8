#pragma once

#include "test/e2e/process.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::e2e {

// A temporary folder that servers of any user may read. It vanishes with its owner; when an
// assertion fails before that, the tails of the logs in it are printed.
class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path path(const std::string& name) const { return path_ / name; }

  // A folder of its own for each caller: `nginx-1`, `nginx-2`, ...
  std::filesystem::path make_folder(const std::string& name);

  // Writes a file, its folders included, and returns where it stands.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

  // Runs a command to its end in the workspace and returns its standard output; anything but exit
  // status 0 fails the test.
  std::string run(std::vector<std::string> argv);

 private:
  std::filesystem::path path_;
  int made_ = 0;
};

}  // namespace provphone::e2e
