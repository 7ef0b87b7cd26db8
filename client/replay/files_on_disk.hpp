#pragma once

#include "client/capsule/capsule.hpp"
#include "client/scenario/scenario.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace provphone::client::replay {

// The files that a capsule's scenario names, in a folder of their own as long as this lives.
class FilesOnDisk {
 public:
  explicit FilesOnDisk(const capsule::Capsule& capsule);
  ~FilesOnDisk();
  FilesOnDisk(const FilesOnDisk&) = delete;
  FilesOnDisk& operator=(const FilesOnDisk&) = delete;

  // What the scenario names is read from there; a file that the capsule does not have is no file.
  void take_place_in(scenario::Scenario& scenario) const;

 private:
  std::string path_of(const std::string& name) const;

  std::filesystem::path folder_;
  std::vector<std::pair<std::string, std::string>> paths_;  // by name
};

}  // namespace provphone::client::replay
