#pragma once

#include "client/capsule/capsule.hpp"
#include "client/input/temporary_folder.hpp"
#include "client/scenario/scenario.hpp"

#include <string>
#include <utility>
#include <vector>

namespace provphone::client::replay {

// The files that a capsule's scenario names, in a folder of their own as long as this lives.
class FilesOnDisk {
 public:
  // Fails with unreadable_file where they cannot be written.
  static Result<FilesOnDisk> make(const capsule::Capsule& capsule);

  // What the scenario names is read from there; a file that the capsule does not have is no file.
  void take_place_in(scenario::Scenario& scenario) const;

 private:
  explicit FilesOnDisk(input::TemporaryFolder folder) : folder_(std::move(folder)) {}
  std::string path_of(const std::string& name) const;

  input::TemporaryFolder folder_;
  std::vector<std::pair<std::string, std::string>> paths_;  // by name
};

}  // namespace provphone::client::replay
